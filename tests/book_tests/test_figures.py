"""A figure has a caption, a name of its own, and an alt text that says what it shows."""

import re

from .conftest import BOOK, load


def figure_cells(cells):
    return [
        cell
        for cell in cells
        if any("image/svg+xml" in out.get("data", {}) for out in cell.get("outputs", []))
    ]


def plain(text):
    return re.sub(r"[^a-z0-9 ]", "", text.lower()).strip()


def test_figures_have_caption_name_and_alt(code_cells):
    for cell in figure_cells(code_cells):
        mystnb = cell["metadata"].get("mystnb", {})
        figure, alt = mystnb.get("figure", {}), mystnb.get("image", {}).get("alt", "")
        first = cell["source"].splitlines()[0]
        assert figure.get("caption"), f"no caption in the cell metadata of {first!r}"
        assert figure.get("name", "").startswith("fig-"), f"no name (fig-...) for {first!r}"
        assert len(alt) >= 30, f"the alt text of {figure['name']} says too little: {alt!r}"
        assert not re.search(r"\.(svg|png)$", alt), f"{figure['name']}: the alt is a file name"
        assert plain(alt) != plain(figure["caption"]), f"{figure['name']}: alt equals caption"
        assert not alt.lower().startswith(
            ("plot of", "figure of", "image of", "a plot", "graph")
        ), f"{figure['name']}: the alt must state the finding, not the kind of picture"


def test_a_cell_draws_one_figure_at_most(code_cells):
    for cell in figure_cells(code_cells):
        count = sum("image/svg+xml" in out.get("data", {}) for out in cell["outputs"])
        assert count == 1, f"{cell['source'].splitlines()[0]!r} draws {count} figures"


def test_figure_names_are_unique():
    names = [
        cell["metadata"]["mystnb"]["figure"]["name"]
        for path in sorted(BOOK.glob("*.ipynb"))
        for cell in figure_cells(load(path)["cells"])
    ]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)


def test_figures_are_narrow_enough_for_a_phone(code_cells):
    for cell in figure_cells(code_cells):
        for out in cell["outputs"]:
            svg = "".join(out.get("data", {}).get("image/svg+xml", ""))
            width = re.search(r'width="([\d.]+)pt"', svg)
            if width:
                assert float(width[1]) <= 480, f"{width[1]} pt wide: at most 480 (6.6 in)"
