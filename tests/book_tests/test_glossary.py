"""Bold type means a definition: each term is defined once, where the glossary says."""

import re
from collections import Counter

import pytest

from tools.book import BOOK, load

# Bold is also the label of a line ("**Time:**") and the letter of an answer ("**a**").
LABEL_OR_LETTER = re.compile(r"You need:|Time:|[a-z]")
NOT_PROSE = [
    re.compile(r"(?ms)^(`{3,}).*?^\1"),  # code blocks
    re.compile(r"`[^`\n]*`"),  # code
    re.compile(r"\*\*[^*]+\*\*`?\$?<!--v[^>]*-->"),  # a bold number of a cell
]


def prose_of(path):
    """Return the text of a page, without the code and the numbers of its cells."""
    if path.suffix == ".md":
        text = path.read_text(encoding="utf-8")
    else:
        cells = load(path)["cells"]
        text = "\n\n".join(c["source"] for c in cells if c["cell_type"] == "markdown")
    for pattern in NOT_PROSE:
        text = pattern.sub(" ", text)
    return text


def bold_terms(text):
    """Return what is set in bold as a term, in small letters and on one line."""
    bold = (" ".join(b.split()) for b in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL))
    return [b.casefold() for b in bold if not LABEL_OR_LETTER.fullmatch(b)]


def read_glossary():
    """Return the label that each entry links to first, by term in small letters."""
    text = (BOOK / "glossary.md").read_text(encoding="utf-8")
    body = re.search(r"(?ms)^:::\{glossary\}\n(.*?)^:::$", text)[1]
    entries = re.findall(r"(?m)^(\S.*)\n((?: +.*\n?)+)", body)
    # The page that defines a term is linked by its label; {term}`...` links stay in the glossary.
    first = {t: re.search(r"\[(?:Chapter \d+|Notation)\]\(#([\w-]+)\)", d) for t, d in entries}
    return {term.casefold(): link and link[1] for term, link in first.items()}


def read_pages():
    """Return the bold terms of each page, by the label of the page."""
    pages = {}
    for path in sorted([*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")]):
        text = prose_of(path)
        label = re.match(r"\s*\(([\w-]+)\)=", text)
        pages[label[1] if label else path.stem.replace("_", "-")] = bold_terms(text)
    return pages


ENTRIES = read_glossary()
PAGES = read_pages()


def test_the_glossary_is_read():
    assert len(ENTRIES) > 100
    assert ENTRIES["gradient"] == "introduction"
    assert ENTRIES["nat"] == "notation"


@pytest.mark.parametrize("page", PAGES)
def test_every_bold_term_has_an_entry(page):
    missing = sorted(set(PAGES[page]) - set(ENTRIES))
    assert not missing, (
        f"bold on the page {page}, but not in book/glossary.md under exactly this name: {missing}; "
        "add an entry, or write it in italic if it is not a definition"
    )


@pytest.mark.parametrize("term", ENTRIES)
def test_a_term_is_bold_once_where_its_entry_says(term):
    home = ENTRIES[term]
    assert home, f"the entry '{term}' must end with a link such as [Chapter 3](#regression)"
    assert home in PAGES, f"the entry '{term}' links to #{home}, which is the label of no page"
    found = {page: n for page, bold in PAGES.items() if (n := Counter(bold)[term])}
    assert found == {home: 1}, (
        f"'{term}' must be bold once in the book, on the page #{home}; it is bold in {found}: "
        "keep the definition bold, and write the others plain or in italic with a link to it"
    )
