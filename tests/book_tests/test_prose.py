"""Every number that a sentence shows is computed, and is what the cell computed."""

import re
import tomllib

import pytest

from tools import prose
from tools.book import BOOK, all_published, load

ALLOWED = tomllib.loads((BOOK / "prose_numbers.toml").read_text(encoding="utf-8"))["allow"]
# 0.5, 1e-7, 95% and 95 %; not 3.2 in a file name, a label or a longer word.
NUMBER = re.compile(r"(?<![\w./-])\d[\d,]*(?:\.\d+(?:e-?\d+)?|e-\d+|(?:\.\d+)?\s?\\?%)(?![\w/])")
NOT_PROSE = [
    re.compile(r"(?ms)^(`{3,}).*?^\1"),  # code blocks and directives with data
    re.compile(r"`[^`\n]*`"),  # code
    re.compile(r"https?://\S+|\(\S*\.(?:html|md|ipynb)\S*\)"),  # addresses
    re.compile(r"(?m)^:[a-z-]+:.*$"),  # options of a directive
    re.compile(r"(?m)^\(.*\)=$"),  # labels
]


def prose_of(path):
    """Yield the pieces of prose of a page, captions and alt texts included."""
    if path.suffix == ".md":
        yield path.read_text(encoding="utf-8")
        return
    for cell in load(path)["cells"]:
        if cell["cell_type"] == "markdown":
            yield cell["source"]
        mystnb = cell["metadata"].get("mystnb", {})
        yield mystnb.get("figure", {}).get("caption", "")
        yield mystnb.get("image", {}).get("alt", "")


def typed_numbers(text):
    """Return the numbers in a piece of prose that carry no marker."""
    text = prose.MARKER.sub(" ", text)
    for pattern in NOT_PROSE:
        text = pattern.sub(" ", text)
    return [match[0] for match in NUMBER.finditer(text)]


def allowed(path):
    return {entry["text"] for entry in ALLOWED if entry["page"] == path.stem}


def test_marked_numbers_are_what_the_cells_computed():
    problems = prose.fill(BOOK, check=True)
    assert not problems, "\n".join(str(p) for p in problems)


def test_numbers_in_prose_are_computed(page_path):
    typed = {n for text in prose_of(page_path) for n in typed_numbers(text)} - allowed(page_path)
    assert not typed, (
        f"{sorted(typed)} typed into {page_path.name}: publish the value and add a marker, or, "
        "if it sets up an example, list it with its reason in book/prose_numbers.toml"
    )


@pytest.mark.parametrize("entry", ALLOWED, ids=lambda e: f"{e['page']}:{e['text']}")
def test_exceptions_have_a_reason_and_are_needed(entry):
    assert len(entry["reason"]) > 10, "say why this number is typed and not computed"
    pages = (*BOOK.glob("*.ipynb"), *BOOK.glob("*.md"), *BOOK.glob("slides/*.md"))
    named = [path for path in pages if path.stem == entry["page"]]
    found = [n for path in named for text in prose_of(path) for n in typed_numbers(text)]
    assert entry["text"] in found, "no longer in the text: take it off the list"


@pytest.mark.parametrize("path", sorted(BOOK.glob("slides/*.md")), ids=lambda p: p.stem)
def test_numbers_on_slides_are_pulled_by_name(path):
    text = re.sub(r"\{\{.*?\}\}|(?m:^(?:Minutes|Run):.*$)", " ", path.read_text(encoding="utf-8"))
    typed = set(typed_numbers(text)) - allowed(path)
    assert not typed, f"{sorted(typed)} typed into {path.name}: write {{{{chapter.name:.4f}}}}"


def test_every_published_value_can_be_reached():
    values = all_published(BOOK)
    assert values, "no notebook publishes a value"
    assert all(isinstance(v, (int, float, str)) for v in values.values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MSE is 0.05 here", ["0.05"]),
        ("MSE is 0.0500<!--v mse:.4f--> here", []),
        ("**95%**<!--v share:.0%--> of it", []),
        ("about 95% of it", ["95%"]),
        ("$0.5 e^2$", ["0.5"]),
        ("`delta=1.5`", []),
        ("chapter 3, version 2", []),
        ("see [x](a/b.html)", []),
        ("below 1e-7", ["1e-7"]),
    ],
)
def test_the_lint_finds_typed_numbers(text, found):
    assert typed_numbers(text) == found
