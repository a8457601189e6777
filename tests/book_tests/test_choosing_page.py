"""Every row of the decision table leads to an experiment that the book has."""

import re

import pytest

from lossutils.course.choosing import (
    ROWS,
    TASKS,
    chapter_pages,
    nested_list,
    reference_table,
)
from tools.book import BOOK, load

PAGES = chapter_pages(BOOK)
CELLS = {path.stem: load(path)["cells"] for path in sorted(BOOK.glob("[0-9][0-9]_*.ipynb"))}
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r.task}, {r.situation}")


def page_of(row):
    return row.link(PAGES).split(".html#")[0]


@each_row
def test_the_experiment_is_a_section_of_the_chapter(row):
    page = page_of(row)
    assert int(page[:2]) == row.chapter
    text = "\n\n".join(c["source"] for c in CELLS[page] if c["cell_type"] == "markdown")
    headings = re.findall(r"(?m)^##+ (.*)$", text)
    assert row.experiment in headings, (
        f"{page} has no section {row.experiment!r}: mend ROWS in lossutils/course/choosing.py"
    )
    assert headings.count(row.experiment) == 1


@each_row
def test_the_figure_is_one_of_the_chapter(row):
    names = [
        c["metadata"].get("mystnb", {}).get("figure", {}).get("name") for c in CELLS[page_of(row)]
    ]
    assert row.figure is None or row.figure in names, (
        f"{page_of(row)} has no figure {row.figure!r}: mend ROWS in lossutils/course/choosing.py"
    )


@pytest.mark.parametrize("view", [nested_list(), reference_table(PAGES)], ids=["list", "table"])
def test_the_page_shows_what_the_rows_say_now(view):
    shown = [
        "".join(output.get("data", {}).get("text/html", ""))
        for cell in CELLS["08_choosing"]
        for output in cell.get("outputs", [])
    ]
    assert view in shown, "the page shows an older table: refresh book/08_choosing.ipynb"


def test_the_page_runs_every_recommendation_that_it_can():
    """The verdict cell compares rows with the side-by-side run; it must stay on the page."""
    code = "\n".join(c["source"] for c in CELLS["08_choosing"] if c["cell_type"] == "code")
    tested = re.findall(r'\("([\w-]+)", "([\w ]+)"\): \("', code)
    assert len(tested) >= 8
    assert {task for task, _ in tested} == {row.task for row in ROWS}
    assert 'assert ahead or row.supported != "yes"' in code


def test_the_slides_show_the_rows_as_they_are():
    deck = (BOOK / "slides" / "08_choosing.md").read_text(encoding="utf-8")
    marks = {"yes": "●", "partly": "◐", "no": "✕", "untested": "○"}
    for task in TASKS:
        shown = re.search(rf"(?m)^\| {task} \| (.*[●◐○✕]) \|$", deck)
        texts = [f"{r.loss} {marks[r.supported]}" for r in ROWS if r.task == task]
        assert shown, f"no slide has a line for {task}"
        assert shown[1].split(" · ") == texts
