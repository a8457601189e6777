"""The decision table, and the function that looks a row up."""

from dataclasses import FrozenInstanceError, replace

import pytest

import lossutils
from lossutils.course.choosing import ROWS, TASKS, chapter_pages, recommend

# Task, situation and loss of every row, as the table in the book lists them.
TABLE = """
regression   | clean, Gaussian errors | MSE
regression   | outliers               | MAE or Huber
regression   | some outliers          | Huber
binary       | balanced               | BCE with logits
binary       | imbalanced             | focal, or weighted BCE
binary       | margin wanted          | hinge
multi-class  | balanced               | sparse CCE
multi-class  | imbalanced             | weighted CCE or focal
multi-class  | many classes           | sparse CCE
segmentation | balanced pixels        | BCE
segmentation | imbalanced pixels      | Dice or focal
segmentation | several objects        | Dice + BCE
similarity   | pairs                  | contrastive
similarity   | triplets               | triplet
similarity   | distributions          | KL
"""
EXPECTED = [tuple(map(str.strip, line.split("|"))) for line in TABLE.strip().splitlines()]


PAGES = {number: f"{number:02d}_page.html" for number in range(1, 12)}


def row_id(row):
    return f"{row.task}: {row.situation}"


def test_table_lists_every_row_once_and_in_order():
    assert [(row.task, row.situation, row.loss) for row in ROWS] == EXPECTED


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_row_is_complete(row):
    for text in (row.task, row.situation, row.loss, row.use_when, row.avoid_when):
        assert text == text.strip() != ""
    assert row.function
    for name in row.function:
        assert name in lossutils.__all__
        assert f"{name}_grad" in lossutils.__all__
    assert 3 <= row.chapter <= 8
    assert row.evidence.endswith(".")
    assert row.supported in {"yes", "partly", "no", "untested"}
    assert (row.experiment is None) == (row.supported == "untested") == (row.link(PAGES) is None)


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_recommend_returns_the_row(row):
    assert recommend(row.task, situation=row.situation) is row


def test_rows_cannot_be_changed():
    with pytest.raises(AttributeError, match="cannot assign"):
        ROWS[0].loss = "MAE"


def test_a_link_leads_to_the_figure_or_to_the_heading():
    outliers, clean = ROWS[1], ROWS[0]
    assert outliers.link(PAGES) == "03_page.html#fig-robust-fit"
    assert clean.link(PAGES) == "03_page.html#when-mse-wins-clean-noise"


def test_a_row_without_an_experiment_has_no_link():
    assert replace(ROWS[0], experiment=None, figure=None, supported="untested").link(PAGES) is None


def test_the_pages_are_those_of_the_notebooks(tmp_path):
    for name in ("03_lines.ipynb", "11_end.ipynb", "errata.ipynb", "04_notes.md"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert chapter_pages(tmp_path) == {3: "03_lines.html", 11: "11_end.html"}


def test_every_task_has_rows_and_every_row_a_task():
    assert list(dict.fromkeys(row.task for row in ROWS)) == list(TASKS)


def test_advice_with_a_condition_names_it():
    """Doubts that the experiments raised, and that a shorter sentence could lose."""
    said = {(row.task, row.situation): row for row in ROWS}
    assert "moved threshold" in said["binary", "imbalanced"].evidence
    assert "two classes" in said["multi-class", "imbalanced"].evidence
    assert "if the model fits" in said["multi-class", "imbalanced"].evidence
    assert "margins" in said["similarity", "pairs"].evidence
    assert "margins" in said["similarity", "triplets"].evidence
    assert "focal_loss_with_logits" not in said["multi-class", "imbalanced"].function
    for key in (("regression", "some outliers"), *list(said)[3:6], *list(said)[12:14]):
        assert said[key].supported == "partly"


def test_beginning_of_a_situation_is_enough():
    assert recommend("binary", situation="margin").loss == "hinge"
    assert recommend("regression", situation="outliers").loss == "MAE or Huber"


@pytest.mark.parametrize(
    ("task", "situation", "error", "parts"),
    [
        ("clustering", "pairs", ValueError, ("task", "'regression', 'binary'", "'clustering'")),
        ("", "pairs", ValueError, ("task", "'regression'", "''")),
        (None, "pairs", ValueError, ("task", "'regression'", "None")),
        (3, "pairs", TypeError, ("task", "a string", "int")),
        ("binary", "outliers", ValueError, ("situation", "'margin wanted'", "'outliers'")),
        ("binary", None, ValueError, ("situation", "'balanced', 'imbalanced'", "None")),
        ("binary", "", ValueError, ("situation", "'balanced'", "''")),
        ("binary", ["balanced"], TypeError, ("situation", "a string", "list")),
    ],
)
def test_errors_list_what_is_allowed(task, situation, error, parts):
    with pytest.raises(error) as caught:
        recommend(task, situation=situation)
    for part in parts:
        assert part in str(caught.value)


def test_an_ambiguous_beginning_is_refused(monkeypatch):
    rows = (ROWS[0], replace(ROWS[0], situation="clean and few"))
    monkeypatch.setattr("lossutils.course.choosing.ROWS", rows)
    with pytest.raises(ValueError, match=r"situation must be one of .*; got 'clean'"):
        recommend("regression", situation="clean")


def test_a_row_cannot_be_changed():
    row = recommend("regression", situation="outliers")
    with pytest.raises(FrozenInstanceError):
        row.loss = "MSE"
