"""The notebooks and pages of the book, parsed once."""

import json
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[2] / "book"


def load(path):
    """Return a notebook as a dict, with every source joined to one string."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def pytest_generate_tests(metafunc):
    """Run a test that asks for a `notebook` once for each, under its name."""
    if "notebook_path" in metafunc.fixturenames:
        paths = sorted(BOOK.glob("*.ipynb"))
        metafunc.parametrize("notebook_path", paths, ids=[p.stem for p in paths])
    if "page_path" in metafunc.fixturenames:
        paths = sorted([*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")])
        metafunc.parametrize("page_path", paths, ids=[p.stem for p in paths])


@pytest.fixture
def notebook(notebook_path):
    return load(notebook_path)


@pytest.fixture
def code_cells(notebook):
    return [c for c in notebook["cells"] if c["cell_type"] == "code" and c["source"].strip()]


@pytest.fixture
def shown_cells(code_cells):
    """The code cells that a reader of the page sees."""
    return [c for c in code_cells if "remove-cell" not in c["metadata"].get("tags", [])]
