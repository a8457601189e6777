"""Every link, image and fragment of the built files leads somewhere."""

from functools import cache
from urllib.parse import unquote, urlsplit

import pytest

from .conftest import SITE, html_pages, parsed


@cache
def fragments(path):
    return {tag["id"] for tag in parsed(path.relative_to(SITE).as_posix()).select("[id]")}


def broken(page):
    """Yield the links of one page that lead nowhere."""
    for tag in parsed(page.relative_to(SITE).as_posix()).select("[href], [src]"):
        target = tag.get("href") or tag.get("src") or ""
        parts = urlsplit(target)
        if parts.scheme in ("http", "https", "mailto", "data"):
            continue
        path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not path.is_file():
            yield f"{target}: no such file"
        elif parts.fragment and path.suffix == ".html":
            name = unquote(parts.fragment)
            if name != "top" and name not in fragments(path):
                yield f"{target}: no such place on that page"


@pytest.mark.parametrize("name", html_pages() or ["(no site)"])
def test_links_lead_somewhere(name):
    problems = list(broken(SITE / name))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", html_pages() or ["(no site)"])
def test_nothing_is_loaded_from_elsewhere(name):
    loaded = [tag.get("src") or tag.get("href") for tag in parsed(name).select("[src], link")]
    outside = [u for u in loaded if u and u.startswith(("http:", "https:", "//"))]
    assert not outside, f"{name} loads {outside}"


@pytest.mark.parametrize("name", html_pages() or ["(no site)"])
def test_no_id_occurs_twice_on_a_page(name):
    ids = [tag["id"] for tag in parsed(name).select("[id]") if not tag.find_parent("svg")]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    assert not twice, f"a link to these may lead to the wrong place: {twice}"


def test_every_page_of_the_book_is_linked_from_the_contents():
    landing = parsed("book/index.html")
    linked = {a["href"].split("#")[0] for a in landing.select("#contents a")} | {"index.html"}
    pages = {p.name for p in (SITE / "book").glob("*.html")}
    assert pages <= linked, f"not in the contents: {pages - linked}"
