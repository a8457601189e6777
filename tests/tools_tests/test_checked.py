"""The record of a test run: it covers every cell, or it is not written."""

import json
import sys

import pytest

from tools import prose

sys.path.insert(0, str(prose.ROOT / "site" / "extensions"))

import course_meta

from tools import checked

SVG = {"image/svg+xml": "<svg/>"}
FRAMES = {"text/html": '<img src="data:image/svg+xml,a"><img src="data:image/svg+xml,b">'}


@pytest.fixture
def book(tmp_path):
    record = {"data": {prose.RECORD: "0.5"}, "metadata": {"scrapbook": {"name": "half"}}}
    outputs = [{"text": "0.5"}, {"data": SVG}, {"data": FRAMES}, record]
    cells = [
        {"cell_type": "markdown", "source": "is 0.5<!--v half:.1f-->, 0.50<!--v half:.2f-->"},
        {"cell_type": "code", "source": "draw()", "outputs": outputs},
        {"cell_type": "code", "source": "", "outputs": []},
    ]
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "01_small.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (folder / "page.md").write_text("again 0.5<!--v small.half:.1f-->", encoding="utf-8")
    return folder


def nbval_report(folder, *, failed=False):
    inside = "<failure/>" if failed else ""
    path = folder / "nbval.xml"
    path.write_text(
        f'<testsuite><testcase classname="book.01_small.ipynb" name="Cell 0">{inside}</testcase>'
        "</testsuite>"
    )
    return path


def test_outputs_figures_and_numbers_in_prose_are_counted(book, tmp_path):
    found = checked.record(nbval_report(tmp_path), book)
    assert found["compared"] == {"outputs": 2, "figures": 3, "prose": 3}
    assert set(found["notebooks"]) == {"01_small.ipynb"}


def test_a_cell_that_did_not_pass_is_an_error(book, tmp_path):
    with pytest.raises(ValueError, match=r"01_small.ipynb has 1 code cells, but 0 of them passed"):
        checked.record(nbval_report(tmp_path, failed=True), book)


def test_a_wrong_number_in_prose_is_an_error(book, tmp_path):
    (book / "page.md").write_text("again 0.7<!--v small.half:.1f-->", encoding="utf-8")
    with pytest.raises(ValueError, match=r"page.md: the prose says '0.7'"):
        checked.record(nbval_report(tmp_path), book)


def test_the_site_shows_the_record_only_for_the_notebooks_that_were_run(
    book, tmp_path, monkeypatch
):
    record = checked.record(nbval_report(tmp_path), book)
    stored = tmp_path / "checked.json"
    stored.write_text(json.dumps(record), encoding="utf-8")
    monkeypatch.setattr(course_meta, "CHECKED", stored)
    digests = course_meta.notebook_digests
    monkeypatch.setattr(course_meta, "notebook_digests", lambda: digests(book))
    assert course_meta.checked_record() == record["compared"]
    (book / "01_small.ipynb").write_text("{}", encoding="utf-8")
    assert course_meta.checked_record() is None


def test_without_a_record_the_site_claims_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(course_meta, "CHECKED", tmp_path / "none.json")
    assert course_meta.checked_record() is None
