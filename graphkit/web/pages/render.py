"""Templates. Every value in them is untrusted text: it is made visible and escaped."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from graphkit.analysis.disagreements import leading
from graphkit.model.dates import date_words
from graphkit.model.text import as_json, counted, escaped, host_of, shortened, visible, web_link
from graphkit.web.pages.links import Link, network_address, path_of, root_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from graphkit.web.pages.context import DatasetMetadata, PageContext

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
NAV = (
    ("questions", "Questions"), ("query", "Query"), ("network", "Network"), ("entities", "Entities"),
    ("sources", "Sources"), ("disputes", "Disagreements"), ("schema", "Schema"), ("about", "About"),
)  # fmt: skip
MARKS = {
    "asserts": "+",
    "denies": "−",
    "plans": "→",
    "rules-out": "⊘",
    "doubts": "?",
    "concedes": "±",
    "retracts": "↩",
    "declines": "…",
}


@cache
def environment() -> Environment:
    """Return the templates."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("graphkit.web.pages"),
        autoescape=True,
        finalize=_finish,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.globals |= {"nav": NAV, "marks": MARKS, "content_policy": POLICY, "leading": leading}
    made.filters |= {
        "code": _code,
        "data": _data,
        "counted": counted,
        "when": date_words,
        "web": web_link,
        "host": host_of,
        "short": shortened,
    }
    return made


def render(template: str, path: str, *, context: PageContext | None = None, **values: object) -> bytes:
    """Fill in a template.

    Args:
        path: The path of the page from the root of the site, without a suffix.
    """
    root = root_of(path)

    def anchor(thing: Link | str) -> Markup:
        link = thing if isinstance(thing, Link) else context.link(thing) if context else Link("", thing, "")
        return _anchor(link.label, link.path, root)

    def href(name: str) -> str:
        return f"{root}{path_of(name)}.html"

    made = environment().get_template(f"{template}.html")
    section = {"id": "entities", "source": "sources", "dispute": "disputes"}.get(path.partition("/")[0], path)
    text = made.render(
        path=path,
        root=root,
        a=anchor,
        href=href,
        context=context,
        network=network_address(path, str(values.get("title", ""))),
        section=section.partition("/")[0],
        **values,
    )
    return text.encode("utf-8", "replace")


def masthead(path: str, site: DatasetMetadata) -> str:
    """Return the masthead of a view that is a page of the site."""
    section = "network"
    return environment().get_template("masthead.html").render(root=root_of(path), site=site, path=path, section=section)


def head_of_story(path: str, title: str, summary: str, site: DatasetMetadata) -> str:
    """Return what the head of the page of a story says to other programs."""
    return environment().get_template("story_head.html").render(path=path, title=title, summary=summary, site=site)


# Most pages name the same things again and again.
@lru_cache(8192)
def _anchor(label: str, path: str, root: str) -> Markup:
    """Return a label as a link to a page; a path of ours needs no escaping."""
    from markupsafe import Markup

    text = escaped(label)
    return Markup(f'<a href="{root}{path}.html">{text}</a>' if path else text)  # noqa: S704 - escaped


def _finish(value: object) -> object:
    """Make a value visible, on one line."""
    return value if hasattr(value, "__html__") else visible(value)


def _code(text: str) -> Markup:
    """Keep the lines of a text, with each hidden character as its code point."""
    from markupsafe import Markup

    return Markup("\n".join(_line(line) for line in text.split("\n")))  # noqa: S704 - escaped


def _line(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return " " * indent + escaped(line)


def _data(value: object) -> Markup:
    """Return data as JSON that cannot end its element."""
    from markupsafe import Markup

    return Markup(as_json(value))  # noqa: S704 - escaped
