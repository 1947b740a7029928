"""Words of English grammar that the rules of this room need. Cue words are not here: they are data of the ontology."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARTICLES = _words("the a an")
# Between names in a row.
JOINS = ARTICLES | _words(", and or & as well")
# Between a head and what belongs to it: A of B.
OF = _words("of by from at for")
BE = _words("is are was were be been being get gets got")
AUXILIARIES = BE | _words("has have had will would can could may might should must not never also did do does")
# Participles that do not end in -ed.
PARTICIPLES = _words("held run kept seen set made shown given sent drawn put taken hit cut")
# In a quotation these are the speaker; the others are at the head of what somebody says.
FIRST_PERSON = _words("i we us our me my")
THIRD_PERSON = _words("he she it they")
PEOPLE = _words("he she")
# After these, a word of saying is a noun ("its claims") or is not said ("did not say").
NO_SAYING = ARTICLES | _words("its their these those his her our my no not never s any some such")
PAPERS = _words("document report assessment paper letter notice review")
# What takes up somebody who was named before.
TAKES_UP = THIRD_PERSON | _words("the spokesperson spokeswoman spokesman")
# What a full stop after does not end a sentence.
ABBREVIATIONS = _words(
    "mr mrs ms dr prof st rev hon vs v eg ie al approx dept gov sen rep insp sgt supt det cllr jr sr ltd co "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
# These are words too: short for something only before a number.
BEFORE_NUMBERS = _words("no nos")
