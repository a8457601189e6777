"""A chapter has the parts that a reader relies on, and every page can be reached."""

import re
from itertools import pairwise

import pytest
import yaml

import lossutils
from tools.book import BOOK, load

CHAPTERS = sorted(BOOK.glob("[0-9][0-9]_*.ipynb"))


def text_of(path):
    return "\n\n".join(c["source"] for c in load(path)["cells"] if c["cell_type"] == "markdown")


@pytest.fixture(params=CHAPTERS, ids=lambda p: p.stem)
def chapter(request):
    return text_of(request.param)


def test_a_chapter_opens_with_objectives_prerequisites_and_time(chapter):
    opening = chapter.split("\n## ")[0]
    assert ":class: objectives" in opening, "open with an admonition of the class objectives"
    objectives = re.findall(r"(?m)^- ", opening)
    assert 3 <= len(objectives) <= 5, f"{len(objectives)} objectives: 3 to 5"
    assert "**You need:**" in opening, "say what a reader needs: **You need:** ..."
    assert re.search(r"\*\*Time:\*\* \d+ minutes to read, \d+ minutes to teach", opening), (
        "say how long it takes: **Time:** N minutes to read, N minutes to teach"
    )


def test_a_chapter_closes_with_recap_and_further_reading(chapter):
    recap = re.search(r"(?ms)^## Recap\n(.*?)(?=^## |\Z)", chapter)
    assert recap, "no section '## Recap'"
    assert len(re.findall(r"(?m)^\s*(?:-|\d\.) ", recap[1])) == 5, "a recap has five lines"
    reading = re.search(r"(?ms)^## Further reading\n(.*)\Z", chapter)
    assert reading, "the last section must be '## Further reading'"
    assert len(re.findall(r"\{cite:", reading[1])) >= 3, "cite at least three sources"


def test_a_chapter_asks_before_it_tells(chapter):
    questions = len(re.findall(r":class: predict", chapter))
    assert questions >= 2, f"{questions} admonitions of the class predict: ask at least two"


def test_headings_skip_no_level(chapter):
    levels = [len(m) for m in re.findall(r"(?m)^(#{1,6}) ", chapter)]
    assert levels[0] == 1, "the first heading is the title: write it with one #"
    assert levels.count(1) == 1, "one title, with one #; every other heading has more"
    steps = [b - a for a, b in pairwise(levels)]
    assert max(steps) <= 1, f"a heading skips a level, as from ## to ####: {levels}"


def test_every_page_is_in_the_table_of_contents():
    toc = yaml.safe_load((BOOK.parent / "_toc.yml").read_text(encoding="utf-8"))
    listed = {toc["root"]} | {c["file"] for part in toc["parts"] for c in part["chapters"]}
    pages = {f"book/{p.stem}" for p in (*BOOK.glob("*.ipynb"), *BOOK.glob("*.md"))}
    assert pages <= listed, f"list these in _toc.yml: {sorted(pages - listed)}"
    assert listed <= pages, f"take these out of _toc.yml, or add them: {sorted(listed - pages)}"


def test_the_reference_page_has_every_public_name():
    api = (BOOK / "api.md").read_text(encoding="utf-8")
    missing = [name for name in lossutils.__all__ if not re.search(rf"lossutils\.{name}\b", api)]
    assert not missing, f"add to book/api.md: {missing}"


def test_every_citation_has_an_entry_that_can_be_looked_up():
    bib = (BOOK / "references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"(?m)^@\w+\{([^,]+),", bib))
    texts = [text_of(p) for p in BOOK.glob("*.ipynb")]
    texts += [p.read_text(encoding="utf-8") for p in BOOK.glob("*.md")]
    cited = {
        key.strip()
        for text in texts
        for group in re.findall(r"\{cite:[a-z]+\}`([^`]+)`", text)
        for key in group.split(",")
    }
    assert cited <= keys, f"add to book/references.bib, or mend: {sorted(cited - keys)}"
    assert all(re.search(r"\b(doi|eprint|isbn|url)\s*=", e) for e in bib.split("\n@")[1:]), (
        "every entry needs a DOI, arXiv number, ISBN or address"
    )
