"""The tables of a page as its script reads them: rows leave out texts that the script restores."""

from __future__ import annotations

import re
from html import unescape


def keys_by_name(page: str) -> dict[str, str]:
    """Return the keys of the entities of a page by their names."""
    table = page.partition('<table id="entities">')[2]
    return {unescape(name): key for key, name in re.findall(r"<tr><th><a href=#([\w-]+)>(.*?)</a>", table)}


def heads_of(page: str) -> list[str]:
    """Return the HTML of the head of each relation, with the subject that a row leaves out."""
    table = page.partition('<table id="relations">')[2].partition("</table>")[0]
    heads: list[str] = []
    subject = ""
    for head in re.findall(r"<tbody(?! data-of)[^>]*><tr><th>(.*?)<tr", table):
        [(mark, given, verb)] = re.findall(r"^(<b.*?</b> )?(<a.*?</a> )?(<i>.*)", head, re.DOTALL)
        subject = given or subject
        heads.append(f"{mark}{subject}{verb}")
    return heads


def ends_of(page: str) -> list[list[str]]:
    """Return the keys of both ends of each relation, in the order of the table."""
    keys = keys_by_name(page)
    return [
        [key or keys[unescape(name)] for key, name in re.findall(r"<a(?: href=#([\w-]+))?>(.*?)</a>", head)]
        for head in heads_of(page)
    ]
