"""w3id/.htaccess: redirects from the IRIs of a dataset to the files of a release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from graphkit.model.iris import BASE
from graphkit.release.metadata.facts import Facts
from graphkit.release.ontology import PAGE as ONTOLOGY

NAME = "w3id/.htaccess"
_PAGE = "landing/index.html"
# The paths below the base to the files that describe them; a path with a bar has others below it.
_FILES = {
    "dataset": "dcat.ttl", "dataset/void/": "void.ttl", "dataset/": "dcat.ttl", "graph/": "graph.trig",
    "ontology": "ontology.ttl", "ontology/": "ontology.ttl", "topics": "graph-flat.ttl", "codebook": "graph-flat.ttl",
    **{f"{kind}/": "graph-flat.ttl" for kind in ("id", "source", "statement", "proposition", "dispute", "rule",
                                                "concept", "codebook", "tombstone")},
}  # fmt: skip
_HEAD = """# Redirects of {base} to the files of version {version}.
# {where}
RewriteEngine On
RewriteBase {path}
"""
_HERE = (
    "Without home: in data/dataset.yaml, put this file beside the files of the release, on a server for that address."
)


def redirects(facts: Facts) -> str:
    """Return rules for mod_rewrite: programs get Turtle, and browsers the landing page."""
    home, version = facts.dataset.home, facts.dataset.version
    where = f"The files are at {home}{version}/" if home else _HERE
    start = f"{home}{version}/" if home else ""
    page = ONTOLOGY if any(file.name == ONTOLOGY for file in facts.files) else _PAGE
    return _HEAD.format(base=BASE, version=version, where=where, path=urlsplit(BASE).path) + "".join(
        _rules(start, version, page)
    )


def _rules(start: str, version: str, page: str) -> Iterator[str]:
    yield f"RewriteRule ^release/{re.escape(version)}/(.+)$ {start}$1 [R=303,L]\n"
    # The IRIs of a base that ends with # are all those of one document.
    for path, file in {"": "graph-flat.ttl"}.items() if BASE.endswith("#") else _FILES.items():
        pattern = f"^{path}{'.+' if path.endswith('/') else ''}$"
        yield "RewriteCond %{HTTP_ACCEPT} text/html\n"
        yield f"RewriteRule {pattern} {start}{page if path.startswith('ontology') else _PAGE} [R=303,L]\n"
        yield f"RewriteRule {pattern} {start}{file} [R=303,L]\n"
