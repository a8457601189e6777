"""The museum of bugs: every exhibit is complete, listed, and caught by its own check."""

import re

import pytest

from tools.book import BOOK, load

CELLS = load(BOOK / "10_pitfalls.ipynb")["cells"]
PARTS = ("Symptom", "Smallest cell", "Why", "Fix", "Check")


def exhibits():
    """Return the cells of each exhibit, by its label."""
    found, here = {}, None
    for cell in CELLS:
        if cell["cell_type"] == "markdown":
            heading = re.search(r"(?m)^(?:\(([a-z-]+)\)=\n)?(#{2,3}) (.*)$", cell["source"])
            label = re.search(r"(?m)^\((exhibit-[a-z-]+)\)=\n### Exhibit \d+:", cell["source"])
            here = label[1] if label else None if heading else here
        if here:
            found.setdefault(here, []).append(cell)
    return found


EXHIBITS = exhibits()


def test_there_are_fifteen_exhibits():
    assert len(EXHIBITS) == 15, sorted(EXHIBITS)


@pytest.mark.parametrize("label", EXHIBITS)
def test_an_exhibit_has_its_five_parts_in_order(label):
    prose = "\n".join(c["source"] for c in EXHIBITS[label] if c["cell_type"] == "markdown")
    found = re.findall(rf"(?m)^\*({'|'.join(PARTS)})\.\*", prose)
    assert tuple(found) == PARTS, f"{label} has {found}"


@pytest.mark.parametrize("label", EXHIBITS)
def test_the_check_of_an_exhibit_fails_on_the_bug_and_passes_on_the_repair(label):
    said = [
        "".join(out["text"])
        for cell in EXHIBITS[label]
        if cell["cell_type"] == "code" and re.search(r"(?m)^trial\(", cell["source"])
        for out in cell["outputs"]
        if out["output_type"] == "stream"
    ]
    assert len(said) == 1, f"{label}: one cell calls trial, not {len(said)}"
    assert "FAILS" in said[0], f"{label}: the check never failed"
    assert "passes" in said[0], f"{label}: the check never passed"


@pytest.mark.parametrize("label", EXHIBITS)
def test_an_exhibit_is_in_the_catalog_and_on_the_checklist(label):
    catalog = next(c["source"] for c in CELLS if "## The catalog" in c["source"])
    assert f"(#{label})" in catalog
    assert f"(#{label})" in (BOOK / "checklist.md").read_text(encoding="utf-8")
