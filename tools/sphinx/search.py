"""The search: Sphinx's index, made smaller, with every name under which people know a loss.

A Sphinx extension. `site/static/search.js` reads what this writes, and the page
`site/theme/search.html` shows it. Nothing is fetched, so the search also works from a disk.
"""

import hashlib
import json
import re
import tomllib
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tools.book import SITE

NAMES = SITE / "search_names.toml"
SCRIPT = SITE / "static" / "search.js"
EXERCISE = re.compile(r"ex-(\d+)-(\d+)")
OPENING, CLOSING = "Search.setIndex(", ")"
# Titles of boxes that every chapter has, and solutions, which would be given away.
NOT_LISTED = ("Solution to ",)


def read_index(text):
    """Return what Sphinx's ``searchindex.js`` holds."""
    return json.loads(text[len(OPENING) : -len(CLOSING)])


def smaller(index, numbers):
    """Return what the search page needs of Sphinx's index.

    `numbers` gives the section numbers of a page: ``{page: {"#heading": (3, 2)}}``.
    """
    pages = index["docnames"]
    sections = []
    for title, places in sorted(index["alltitles"].items()):
        for page, anchor in places:
            if anchor and not title.startswith(NOT_LISTED):
                number = number_text(numbers.get(pages[page], {}).get(f"#{anchor}"))
                if exercise := EXERCISE.fullmatch(anchor):
                    number, title = f"Exercise {exercise[1]}.{exercise[2]}", title.strip(" ()")
                sections.append([number, title, page, anchor])
    return {
        "pages": pages,
        "titles": [plain(title) for title in index["titles"]],
        "chapters": [number_text(numbers.get(page, {}).get("")) for page in pages],
        "terms": index["terms"],
        "titleterms": index["titleterms"],
        "sections": sections,
        "glossary": glossary(index),
        "functions": functions(index),
    }


def plain(title):
    """Return a page's title without its number and without marks."""
    return BeautifulSoup(
        re.sub(r'<span class="section-number">.*?</span>', "", title), "html.parser"
    ).get_text()


def number_text(number):
    """Return a section's number as it is shown, such as ``3.2``."""
    return ".".join(map(str, number or ()))


def glossary(index):
    """Return ``[term, page, anchor]`` of every entry of the glossary."""
    terms = [
        [term, page, anchor]
        for term, places in index["indexentries"].items()
        for page, anchor, _ in places
        if anchor.startswith("term-")
    ]
    return sorted(terms)


def figures(pages, numbers, captions):
    """Return ``[number, caption, page, anchor]`` of every figure."""
    return [
        [f"Figure {number_text(number)}", captions[anchor], place, anchor]
        for place, page in enumerate(pages)
        for anchor, number in numbers.get(page, {}).get("figure", {}).items()
        if anchor in captions
    ]


def functions(index):
    """Return ``[name, page, anchor]`` of every function and class that the API page documents."""
    return sorted(
        [name, page, f"{module}.{name}"]
        for module, objects in index["objects"].items()
        for page, _, _, _, name in objects
    )


def losses(index, entries):
    """Return, for each loss, its names and where to read about it.

    Parameters
    ----------
    index : dict
        What `smaller` returned.
    entries : list of dict
        The file of names.

    Raises
    ------
    ExtensionError
        If a place does not exist.
    """
    sections = {
        (index["pages"][page], anchor): (number, title)
        for number, title, page, anchor in index["sections"]
    }
    terms = {term.lower(): [page, anchor] for term, page, anchor in index["glossary"]}
    known = {name: [page, anchor] for name, page, anchor in index["functions"]}
    found = []
    for entry in entries:
        page, _, anchor = entry["at"].partition("#")
        missing = [
            place
            for place, there in (
                (entry["at"], (page, anchor) in sections),
                (entry.get("glossary"), entry.get("glossary", "").lower() in terms),
                (entry.get("api"), entry.get("api") in known),
            )
            if place and not there
        ]
        if missing:
            raise ExtensionError(f"{NAMES.name} leads to {missing}: there is no such place")
        number, heading = sections[page, anchor]
        title = f"{heading}: {entry['title']}" if "title" in entry else heading
        places = [["section", title, index["pages"].index(page), anchor, number]]
        if "glossary" in entry:
            term = entry["glossary"]
            places.append(["glossary", term, *terms[term.lower()], ""])
        if "api" in entry:
            places.append(["function", entry["api"], *known[entry["api"]], ""])
        found.append({"names": entry["names"], "places": places})
    return found


def write_index(app, exception):
    """Put the smaller index with the names in the place of Sphinx's own."""
    if exception is not None or app.builder.format != "html" or app.tags.has("part"):
        return
    path = Path(app.outdir) / "searchindex.js"
    index = smaller(read_index(path.read_text(encoding="utf-8")), app.env.toc_secnumbers)
    labels = app.env.get_domain("std").labels.values()
    captions = {anchor: caption for _, anchor, caption in labels}
    index["figures"] = figures(index["pages"], app.env.toc_fignumbers, captions)
    entries = tomllib.loads(NAMES.read_text(encoding="utf-8"))["loss"]
    index["losses"] = losses(index, entries)
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"{OPENING}{text}{CLOSING};\n", encoding="utf-8")


def only_for_all_pages(app):
    """Make no index of a part of the pages, and look for none that Sphinx could add to."""
    if app.tags.has("part"):
        app.builder.search = False


def page_context(app, pagename, templatename, context, doctree):
    """Give the search page what it shows before anybody has searched."""
    if pagename == "search":
        context["search_version"] = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:8]


def setup(app: Sphinx):
    """Register with Sphinx."""
    app.connect("builder-inited", only_for_all_pages)
    app.connect("html-page-context", page_context)
    # Before the sizes of the finished site are looked at by anybody else.
    app.connect("build-finished", write_index, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
