"""The notebooks and pages of the book, parsed once."""

import pytest

from tools.book import load, notebooks, pages


def pytest_generate_tests(metafunc):
    """Run a test that asks for a `notebook` once for each, under its name."""
    if "notebook_path" in metafunc.fixturenames:
        paths = notebooks()
        metafunc.parametrize("notebook_path", paths, ids=[p.stem for p in paths])
    if "page_path" in metafunc.fixturenames:
        paths = pages()
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
