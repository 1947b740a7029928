"""Web addresses as people type them: accepted, or refused for the real reason."""

from __future__ import annotations

import pytest

from graphkit.model.addresses import address_doubt, address_fault

RIGHT = [
    "https://example.org", "http://example.org/", "https://example.org/a?b=c&d=e#part", "https://example.org:8080/x",
    "https://en.wikipedia.org/wiki/Lamp_(street)", "https://example.org/a%20b", "https://8.8.8.8/", "https://münchen.de/ä",
    "https://xn--mnchen-3ya.de/", "https://web.archive.org/web/2021/https://example.org/", "http://localhost:8000/a",
    "https://example.org/a@b", "https://exa_mple.org/",
]  # fmt: skip
# Address to a part of the message and of the solution.
WRONG = {
    "www.example.org/a": ("no scheme", "type https://www.example.org/a"),
    "//example.org/a": ("no scheme", "type https://example.org/a"),
    "example": ("no scheme", "http:// or https://"),
    "http:/example.org": ("does not begin", "type https://example.org"),
    "htps://example.org": ("does not begin", "type https://example.org"),
    "HTTP://example.org/A": ("capitals", "type http://example.org/A"),
    "https://http://example.org/": ("two schemes", "type http://example.org/"),
    "<https://example.org>": ("begins with '<'", "type https://example.org"),
    "javascript:alert(1)": ("javascript:", "page on the web"),
    "file:///etc/hosts": ("file:", "page on the web"),
    "mailto:reader@example.org": ("mailto:", "page on the web"),
    "ftp://example.org/a": ("ftp:", "page on the web"),
    "data:text/html,x": ("data:", "page on the web"),
    "https://reader:secret@example.org/": ("password", "type https://example.org/"),
    "HTTPS://reader:secret@example.org/": ("capitals", "type https://example.org/"),
    "reader:secret@example.org": ("reader:", "page on the web"),
    "https://example.org/a b": ("a space at position 22", "%20"),
    "https://exa mple.org/": ("a space", "remove it"),
    "https://example.org/a\u200bb": ("'\\u200b'", "remove it"),
    "https://example.org/<b>": ("'<'", "%3C"),
    "https://example.org/%zz": ("hexadecimal", "%25"),
    "https://": ("no host", "example.org"),
    "https:///a": ("no host", "example.org"),
    "https://example/": ("not the name of a host", "example.org"),
    "https://example..org/": ("not the name of a host", "example.org"),
    "https://-example.org/": ("not the name of a host", "example.org"),
    "https://example.org:80x/": ("port", "correct"),
    "https://[example/": ("cannot be read", "correct"),
    "https://example.org/a#:~:text=lamps": ("#:~:text=", "type https://example.org/a"),
    "https://example.org/lamps[1]": ("not an IRI", "write %5B for ["),
    "(https://example.org/a)": ("begins with '('", "type https://example.org/a"),
    "[lamps](https://example.org/a)": ("begins with '[lamps]('", "type https://example.org/a"),
    "URL: https://example.org/a": ("begins with 'URL: '", "type https://example.org/a"),
    "https://example.org/a; https://example.org/b": ("2 addresses", "such as https://example.org/a"),
    "https://example.org/a (read 2021)": ("a space", "type https://example.org/a"),
    "https:\\\\example.org\\a": ("does not begin", "type https://example.org/a"),
    "C:\\papers\\a.pdf": ("name of a file", "page on the web"),
    "minutes.pdf": ("name of a file", "page on the web"),
    "reader@example.org": ("e-mail", "page on the web"),
    "doi:10.1000/182": ("DOI", "type https://doi.org/10.1000/182"),
    "https://web.archive.org/web/2021/http://reader:secret@example.org/": ("password", "2021/http://example.org/"),
    "https://\u0435xample.org/": ("cyrillic small letter ie", "Latin letter"),
    "https://256.1.1.1/": ("not the name of a host", "example.org"),
}


@pytest.mark.parametrize("url", RIGHT)
def test_an_address_that_readers_can_open_is_accepted(url: str) -> None:
    assert address_fault(url) is None


@pytest.mark.parametrize("url", WRONG)
def test_any_other_address_is_refused_for_its_real_reason(url: str) -> None:
    fault = address_fault(url)
    assert fault
    assert [part in text for part, text in zip(WRONG[url], fault, strict=True)] == [True, True], fault
    assert "secret" not in " ".join(fault)


@pytest.mark.parametrize(
    ("url", "message", "solution"),
    [
        ("http://localhost/", "not on the public web", "page on the web"),
        ("http://127.0.0.1:1/", "not on the public web", "page on the web"),
        ("http://10.0.0.1/", "not on the public web", "page on the web"),
        ("http://[::1]/", "not on the public web", "page on the web"),
        ("https://wiki.local/", "not on the public web", "page on the web"),
        ("https://example.org/a.", "ends with '.'", "type https://example.org/a"),
        ("https://example.org/a,", "ends with ','", "type https://example.org/a"),
        ("https://example.org/a)", "ends with ')'", "type https://example.org/a"),
        ("https://example.org/a...", "ends with '.'", "type https://example.org/a"),
        ("https://example.org/a?b=c&token=x", "has a 'token'", "without it"),
        ("https://example.org/a_(b)", "", ""),
    ],
)
def test_an_address_that_is_probably_wrong_is_doubted(url: str, message: str, solution: str) -> None:
    assert address_fault(url) is None
    doubt = address_doubt(url) or ("", "")
    assert message in doubt[0]
    assert solution in doubt[1]
    assert bool(message) == bool(doubt[0])
