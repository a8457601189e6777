"""Tree, list and table say what the rows say: all of them, in order, and nothing else."""

import re
from dataclasses import replace

import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup

from lossutils.course import choosing
from lossutils.course.choosing import (
    ROWS,
    TASKS,
    draw_tree,
    nested_list,
    recommend,
    reference_table,
)

PAGES = {number: f"{number:02d}_page.html" for number in range(1, 12)}
UNTESTED = replace(
    ROWS[0], situation="never tried", experiment=None, figure=None, supported="untested"
)
REFUTED = replace(ROWS[0], situation="tried & failed", supported="no")


def soup(html):
    return BeautifulSoup(html, "html.parser")


@pytest.fixture
def tree():
    figure = draw_tree()
    yield [text.get_text() for text in figure.axes[0].texts]
    plt.close(figure)


@pytest.fixture
def more_rows(monkeypatch):
    monkeypatch.setattr(choosing, "ROWS", (*ROWS[:3], UNTESTED, REFUTED, *ROWS[3:]))


def lines_of(html):
    """Return (task, situation, loss, verdict) of each row of the nested list."""
    found = []
    for task in soup(html).ul.find_all("li", recursive=False):
        for row in task.ul.find_all("li"):
            text = re.fullmatch(r"(.*) → (.*) \((.*)\)", row.get_text())
            found.append((task.strong.get_text(), *text.groups()))
    return found


def test_the_tree_has_every_row_in_order(tree):
    expected = []
    for task, answer in TASKS.items():
        expected.append(f"{answer}: {task}")
        for row in ROWS:
            if row.task == task:
                expected += [row.situation, row.loss]
    assert tree[1:-3] == expected
    assert tree[0].endswith("?")
    assert tree[-3:] == ["supported:", "yes", "partly"]


def test_the_tree_marks_each_row_with_its_verdict():
    figure = draw_tree()
    dots = [line for line in figure.axes[0].lines if line.get_marker() not in ("None", None)]
    colors = [dot.get_color() for dot in dots[: len(ROWS)]]
    assert colors == [choosing.VERDICTS[row.supported][0]["color"] for row in ROWS]
    plt.close(figure)


def test_no_text_of_the_tree_leaves_the_figure_or_covers_another():
    figure = draw_tree()
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    right = figure.bbox.x1
    assert all(box.x0 >= 0 and box.x1 <= right for box in boxes)
    pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i]]
    assert not any(a.overlaps(b) for a, b in pairs)
    plt.close(figure)


def test_the_tree_is_narrow_and_its_letters_are_large_enough_for_a_phone():
    figure = draw_tree()
    width = figure.get_size_inches()[0]
    smallest = min(text.get_fontsize() for text in figure.axes[0].texts)
    shown_at = min(1, 350 / (96 * width))  # 350 CSS pixels are left on a small phone
    assert smallest * 96 / 72 * shown_at >= 9
    plt.close(figure)


def test_the_list_says_what_the_tree_says(tree):
    rows = lines_of(nested_list())
    said = [text for row in rows for text in row[1:3]]
    tasks = {f"{answer}: {task}" for task, answer in TASKS.items()}
    assert [text for text in tree[1:-3] if text not in tasks] == said
    assert {row[0] for row in rows} == tasks


def test_list_and_recommend_agree():
    for (heading, situation, loss, verdict), row in zip(lines_of(nested_list()), ROWS, strict=True):
        assert heading == f"{TASKS[row.task]}: {row.task}"
        found = recommend(row.task, situation=situation)
        assert (found.loss, found.supported) == (loss, verdict)


def test_the_table_has_every_row_with_its_evidence_and_its_link():
    groups = soup(reference_table(PAGES)).find_all("tbody")
    for tr, row in zip(groups, ROWS, strict=True):
        assert tr.th.get_text() == f"{row.task}, {row.situation}"
        loss, use, avoid, found = [td.get_text() for td in tr.find_all("td")]
        assert (loss, use, avoid) == (row.loss, row.use_when, row.avoid_when)
        assert found.endswith(row.evidence)
        assert found.startswith("Partly" if row.supported == "partly" else "Supported by")
        assert tr.a["href"] == row.link(PAGES)
        assert tr.a.get_text() == f"chapter {row.chapter}: {row.experiment}"


def test_table_cells_have_heads():
    table = soup(reference_table(PAGES)).table
    heads = [th["scope"] for th in table.thead.find_all("th")]
    assert heads == ["col"] * 3
    for group in table.find_all("tbody"):
        name, cells, found = group.find_all("tr")
        assert (name.th["scope"], name.th["colspan"]) == ("rowgroup", "3")
        assert len(cells.find_all("td")) == 3
        assert found.td["colspan"] == "3"


@pytest.mark.usefixtures("more_rows")
def test_a_row_without_support_says_so_everywhere():
    table = {group.th.get_text(): group for group in soup(reference_table(PAGES)).find_all("tbody")}
    untested = table["regression, never tried"]
    assert untested.a is None
    assert "Not tested in this book." in untested.get_text()
    assert "Not supported by chapter 3" in table["regression, tried & failed"].get_text()
    assert ("a number: regression", "never tried", "MSE", "untested") in lines_of(nested_list())
    figure = draw_tree()
    key = [text.get_text() for text in figure.axes[0].texts][-4:]
    assert key == ["yes", "partly", "no", "untested"]
    plt.close(figure)
