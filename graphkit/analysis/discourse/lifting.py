"""From a speaker to the organisation that speaks, and from a publisher to what it says itself."""

from __future__ import annotations

from graphkit.analysis.properties import Properties
from graphkit.model.iris import SP

_NEWS, _OPINION, _MEDIA = SP + "NewsArticle", SP + "OpinionPiece", SP + "newsMedia"
_ORGANISATIONS = {SP + "Organisation", SP + "PublicBody", SP + "Office"}


def organisations(properties: Properties, voices: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the voices of a statement that are organisations or offices, and speak for no other."""
    others = set(voices)
    last = sorted(voice for voice in others if not _speaks_for(properties, voice) & others - {voice})
    return tuple(voice for voice in last if _ORGANISATIONS & set(properties.all(voice, "rdf:type")))


def _speaks_for(properties: Properties, voice: str) -> set[str]:
    every = properties.all
    posts = (body for post in every(voice, "sp:post") for body in every(post, "sp:postAt"))
    return {*every(voice, "sp:speaksFor"), *every(voice, "sp:issuedBy"), *posts}


def told_by_the_publisher(properties: Properties, source: str, speaker: str) -> bool:
    """Return whether news media tell a story in their own words, which takes no side."""
    one = properties.one
    kind, sector = one(source, "sp:sourceKind"), one(speaker, "sp:sector")
    if sector:
        return sector == _MEDIA and kind != _OPINION
    return kind == _NEWS and speaker in _publishers(properties, source)


def _publishers(properties: Properties, source: str) -> set[str]:
    """Return the publishers of a source and of those that it copies."""
    every = properties.all
    return {who for each in (source, *every(source, "sp:origin")) for who in every(each, "dcterms:publisher")}
