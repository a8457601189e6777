"""A figure has a caption, a name of its own, and an alt text that says what it shows."""

import re

from tools.book import BOOK, load


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
        assert figure.get("caption"), f"{first!r}: write mystnb.figure.caption in its metadata"
        assert figure.get("name", "").startswith("fig-"), (
            f"{first!r}: write mystnb.figure.name, as fig-..., in its metadata"
        )
        where = f"{figure['name']}, mystnb.image.alt in the metadata of its cell"
        assert alt, f"{where} is missing: write what the figure shows, in a sentence"
        assert len(alt) >= 30, f"{where} is {alt!r}: say more, what does the figure show?"
        assert not re.search(r"\.(svg|png)$", alt), (
            f"{where} is a file name: write what the figure shows"
        )
        assert plain(alt) != plain(figure["caption"]), (
            f"{where} repeats the caption: write what somebody who sees the figure learns from it"
        )
        assert not alt.lower().startswith(
            ("plot of", "figure of", "image of", "a plot", "graph")
        ), f"{where} names the kind of picture: state the finding instead"


def test_a_cell_draws_one_figure_at_most(code_cells):
    for cell in figure_cells(code_cells):
        count = sum("image/svg+xml" in out.get("data", {}) for out in cell["outputs"])
        assert count == 1, f"{cell['source'].splitlines()[0]!r} draws {count} figures: one a cell"


def test_figure_names_are_unique():
    names = [
        cell["metadata"]["mystnb"]["figure"]["name"]
        for path in sorted(BOOK.glob("*.ipynb"))
        for cell in figure_cells(load(path)["cells"])
    ]
    twice = sorted({n for n in names if names.count(n) > 1})
    assert not twice, f"give each figure a name of its own; used more than once: {twice}"


def test_links_to_figures_have_words(page_path):
    text = page_path.read_text(encoding="utf-8")
    bare = re.findall(r"\[\]\(#fig-[\w-]+\)", text)
    assert not bare, f"{page_path.name}: {bare} would print the whole caption: write [words](#...)"


def test_figures_are_narrow_enough_for_a_phone(code_cells):
    for cell in figure_cells(code_cells):
        for out in cell["outputs"]:
            svg = "".join(out.get("data", {}).get("image/svg+xml", ""))
            width = re.search(r'width="([\d.]+)pt"', svg)
            if width:
                first = cell["source"].splitlines()[0]
                assert float(width[1]) <= 480, (
                    f"{first!r} draws {width[1]} pt wide: make figsize at most 6.6 in (480 pt)"
                )


def prints(cell):
    """Tell whether a cell shows text or a table."""
    return any(
        out.get("name") == "stdout" or "text/html" in out.get("data", {})
        for out in cell.get("outputs", [])
    )


def words_after(cells, index):
    """Return the sentences after a cell, up to the next heading or figure, without markers."""
    found = []
    for cell in cells[index + 1 :]:
        text = re.sub(r"<!--.*?-->", "", cell["source"])
        if cell["cell_type"] == "markdown" and not text.startswith("#"):
            found += text.split()
        elif cell["cell_type"] == "markdown" or figure_cells([cell]):
            break
    return found


def test_what_a_figure_shows_is_also_said_in_words_and_numbers(notebook, shown_cells):
    cells = notebook["cells"]
    for number, cell in enumerate(shown_cells):
        if not figure_cells([cell]):
            continue
        name = cell["metadata"]["mystnb"]["figure"]["name"]
        words = words_after(cells, cells.index(cell))
        assert len(words) >= 7, f"{name}: say after the figure what is seen there"
        around = shown_cells[max(0, number - 2) : number + 3]
        # Its numbers are printed near it; or, for a picture of shapes, it is described at length.
        assert any(map(prints, around)) or len(words) >= 60, (
            f"{name}: print its numbers in a cell beside it, or describe it in 60 words or more"
        )
