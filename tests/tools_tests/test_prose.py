"""Prose numbers: filled in as a reader should see them, checked, and never quietly wrong."""

import json

import nbformat
import pytest

from tools import prose
from tools.book import RECORD, all_published, key

VALUES = {
    "regression.mse": 0.05,
    "regression.share": 0.9524,
    "regression.change": -0.25,
    "regression.samples": 19534,
    "regression.tiny": "1.5e-23",
    "regression.winner": "cross-entropy",
    "regression.sentence": "two words",
}


def filled(text, here="regression"):
    """Return what a sentence becomes, and the problems in words."""
    problems = []
    return prose.substitute(text, VALUES, here, "page", problems), [str(p) for p in problems]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("MSE is <!--v mse-->.", "MSE is 0.05<!--v mse-->."),
        ("MSE is 9.9<!--v mse:.4f-->.", "MSE is 0.0500<!--v mse:.4f-->."),
        ("takes 9%<!--v share:.0%-->", "takes 95%<!--v share:.0%-->"),
        ("takes **9%**<!--v share:.0%-->", "takes **95%**<!--v share:.0%-->"),
        ("takes *9%*<!--v share:.0%-->", "takes *95%*<!--v share:.0%-->"),
        ("in code `0`<!--v change:.2f-->", "in code `-0.25`<!--v change:.2f-->"),
        ("in words 0<!--v change:.2f-->", "in words −0.25<!--v change:.2f-->"),
        ("in bold **0**<!--v change:.2f-->", "in bold **−0.25**<!--v change:.2f-->"),
        ("in math $0$<!--v change:.2f-->", "in math $-0.25$<!--v change:.2f-->"),
        (r"in math $9\%$<!--v share:.1%-->", r"in math $95.2\%$<!--v share:.1%-->"),
        ("in code `9%`<!--v share:.1%-->", "in code `95.2%`<!--v share:.1%-->"),
        ("one in 1<!--v samples:,d-->", "one in 19,534<!--v samples:,d-->"),
        ("no more than 1<!--v tiny-->", "no more than 1.5e−23<!--v tiny-->"),
        ("1<!--v change:.0e-->", "−2e−01<!--v change:.0e-->"),
        ("the winner is x<!--v winner-->", "the winner is cross-entropy<!--v winner-->"),
        ("(1<!--v mse-->)", "(0.05<!--v mse-->)"),
        ("| 1<!--v mse--> | 2<!--v share:.0%--> |", "| 0.05<!--v mse--> | 95%<!--v share:.0%--> |"),
        (r"costs \$1<!--v samples-->", r"costs \$19534<!--v samples-->"),
    ],
)
def test_a_number_is_set_within_its_marks(old, new):
    assert filled(old) == (new, [])


@pytest.mark.parametrize(
    "sign", ["≈", "=", "n=", "0.1–", "0.1/", "~", "±", "×", "—", "“", "€", "£", "−¥", "₩"]
)
def test_what_joins_a_number_to_its_left_neighbor_stays(sign):
    assert filled(f"x {sign}9<!--v mse-->") == (f"x {sign}0.05<!--v mse-->", [])


@pytest.mark.parametrize("sign", ["–", ",", ";", "/", ":"])
def test_two_joined_numbers_keep_what_joins_them(sign):
    text = f"from 1<!--v mse:.2f-->{sign}2<!--v share:.2f--> on"
    assert filled(text) == (f"from 0.05<!--v mse:.2f-->{sign}0.95<!--v share:.2f--> on", [])


def test_filling_in_twice_changes_nothing_more():
    once, _ = filled("**1**<!--v mse:.4f--> and −2<!--v change:.2f-->, $3$<!--v share:.0%-->")
    assert filled(once) == (once, [])
    assert (
        once == "**0.0500**<!--v mse:.4f--> and −0.25<!--v change:.2f-->, $95\\%$<!--v share:.0%-->"
    )


def test_another_chapter_is_named_before_a_dot():
    new, problems = filled("1<!--v regression.mse:.2f-->", here="errata")
    assert (new, problems) == ("0.05<!--v regression.mse:.2f-->", [])


def test_an_unknown_name_says_what_to_do_and_leaves_the_text():
    text = "1<!--v mae:.2f-->"
    new, problems = filled(text)
    assert new == text
    assert problems == ["page: no cell publishes 'regression.mae': publish it, or mend the marker"]


def test_a_name_of_this_chapter_is_not_looked_for_in_another():
    assert "'errata.mse'" in filled("1<!--v mse-->", here="errata")[1][0]


@pytest.mark.parametrize("text", ["1<!--v mse:d-->", "x<!--v winner:.2f-->", "1<!--v mse:.2f -->"])
def test_a_format_that_does_not_fit_is_named_and_the_text_left(text):
    new, problems = filled(text)
    assert new == text
    assert "is no format for regression." in problems[0]


@pytest.mark.parametrize(
    ("value", "spec", "expected"),
    [
        (0.0325, ".3f", True),
        (-0.075, ".2f", True),
        (0.645, ".0%", True),
        (0.0345, ".1%", True),
        (13.85, "+.1f", True),
        (0.0325, ".4f", False),
        (0.0326, ".3f", False),
        (0.5, ".0%", False),
        (5, ".0f", False),
        ("0.5", ".0f", False),
        (0.05, "", False),
        (1e26, ".2f", False),
        (1e28, ".0f", False),
        (1.7e308, ".1%", False),
        (5e-324, ".4f", False),
        (1e22 / 3, ".1f", False),
    ],
)
def test_a_value_halfway_between_two_shown_numbers_is_seen(value, spec, expected):
    assert prose.halfway(value, spec) is expected


@pytest.mark.parametrize(
    ("value", "spec", "shown"),
    [
        (-0.004, ".2f", "0.00"),
        (-0.0012, ".0%", "0%"),
        (-0.04, "+.1f", "+0.0"),
        (-0.4, ",.0f", "0"),
        (-1e-300, ".3f", "0.000"),
        (-0.004, ".3f", "−0.004"),
        (-0.004, ".0e", "−4e−03"),
        (-0.5, ".0%", "−50%"),
        (float("-inf"), ".2f", "−inf"),
    ],
)
def test_no_minus_stands_before_a_zero(value, spec, shown):
    assert prose.formatted(value, spec) == shown


@pytest.mark.parametrize("shown", ["9€", "9kg", "0.05s", "9°", "#9", "v1.2b", "2x"])
def test_what_stands_around_a_number_is_not_lost_but_named(shown):
    text = f"it costs {shown}<!--v mse:.2f--> a day"
    new, problems = filled(text)
    assert new == text
    assert f"{shown!r} is more than a number: put its unit behind the marker" in problems[0]


def test_a_value_that_would_be_rounded_twice_is_a_problem():
    problems = filled("is 0.05<!--v change:.1f-->")[1]
    assert len(problems) == 1
    assert "publish it with the decimals you show" in problems[0]


def test_a_value_of_several_words_would_grow_with_each_run_so_it_is_refused():
    new, problems = filled("it is two words<!--v sentence-->")
    assert new == "it is two words<!--v sentence-->"
    assert "not one number or word: write it by hand" in problems[0]


@pytest.mark.parametrize(
    "marker",
    ["<!--v mse error-->", "<!-- v mse-->", "<!--v mse-error-->", "<!--v mse", "<!--v -->"],
)
def test_a_broken_marker_is_a_problem_not_an_unchecked_number(marker):
    new, problems = filled(f"1{marker}")
    assert new == f"1{marker}"
    assert "is no marker: write <!--v name:.4f--> right after the number" in problems[0]


def test_other_comments_are_left_alone():
    assert filled("a <!-- very --> b <!--predict-->") == ("a <!-- very --> b <!--predict-->", [])


@pytest.mark.parametrize(
    ("path", "name"), [("03_regression.ipynb", "regression"), ("book/errata.ipynb", "errata")]
)
def test_a_chapter_is_reached_by_its_name_without_the_number(path, name):
    assert key(path) == name


# --- whole books ---------------------------------------------------------------------------------


def record(name, value):
    return {
        "output_type": "display_data",
        "metadata": {"scrapbook": {"name": name}},
        "data": {RECORD: repr(value)},
    }


def write_notebook(path, values, *texts):
    cells = [{"cell_type": "markdown", "metadata": {}, "id": f"m{i}", "source": [text]}
             for i, text in enumerate(texts)]  # fmt: skip
    cells.append({
        "cell_type": "code", "execution_count": 1, "id": "c", "metadata": {},
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": ["12<!--v mse-->\n"]},
            *(record(name, value) for name, value in values.items()),
        ],
        "source": ["x = 1  # 12<!--v mse-->"],
    })  # fmt: skip
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8")


def markdown_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]


@pytest.fixture
def book(tmp_path):
    write_notebook(
        tmp_path / "03_regression.ipynb",
        {"mse": 0.05, "name": "MSE"},
        "# Title\nMSE is 9<!--v mse:.2f-->\nand more.",
        "Nothing here.",
    )
    write_notebook(tmp_path / "errata.ipynb", {"mse": 7}, "Here 0<!--v mse-->.")
    (tmp_path / "index.md").write_text("−1<!--v regression.mse:.1%--> ŷ\n", encoding="utf-8")
    return tmp_path


def test_published_values_are_collected_by_chapter(book):
    expected = {"regression.mse": 0.05, "regression.name": "MSE", "errata.mse": 7}
    assert all_published(book) == expected


def test_fill_writes_every_page_and_says_what_changed(book, capsys):
    assert prose.fill(book) == []
    assert markdown_of(book / "03_regression.ipynb") == [
        "# Title\nMSE is 0.05<!--v mse:.2f-->\nand more.",
        "Nothing here.",
    ]
    assert markdown_of(book / "errata.ipynb") == ["Here 7<!--v mse-->."]
    assert (book / "index.md").read_text(encoding="utf-8") == "5.0%<!--v regression.mse:.1%--> ŷ\n"
    assert capsys.readouterr().out.splitlines() == [
        "  03_regression.ipynb cell 0: 9 -> 0.05  (mse)",
        "  errata.ipynb cell 0: 0 -> 7  (mse)",
        "  index.md: −1 -> 5.0%  (regression.mse)",
    ]


def test_fill_leaves_code_and_outputs_alone(book):
    before = json.loads((book / "03_regression.ipynb").read_text(encoding="utf-8"))["cells"][-1]
    prose.fill(book)
    after = json.loads((book / "03_regression.ipynb").read_text(encoding="utf-8"))["cells"][-1]
    assert after == before
    assert "12<!--v mse-->" in after["source"][0]


def test_a_filled_notebook_is_stored_as_editors_store_it(book):
    path = book / "03_regression.ipynb"
    write_notebook(path, {"mse": 0.05}, "ŷ is 0<!--v mse-->\nand more.")
    prose.fill(book)
    stored = path.read_text(encoding="utf-8")
    assert "ŷ is 0.05<!--v mse-->" in stored
    assert stored == nbformat.writes(nbformat.reads(stored, as_version=4)) + "\n"


def test_a_filled_book_passes_the_check_and_a_second_fill_writes_nothing(book, capsys):
    prose.fill(book)
    capsys.readouterr()
    before = {p.name: p.read_bytes() for p in book.iterdir()}
    assert prose.fill(book, check=True) == []
    assert prose.fill(book) == []
    assert {p.name: p.read_bytes() for p in book.iterdir()} == before
    assert capsys.readouterr().out == ""


def test_check_names_the_place_and_both_numbers_and_writes_nothing(book):
    before = {p.name: p.read_bytes() for p in book.iterdir()}
    problems = [str(p) for p in prose.fill(book, check=True)]
    assert problems == [
        "03_regression.ipynb cell 0: the prose says '9', but mse is '0.05': "
        "run `make refresh`, then read the sentence again",
        "errata.ipynb cell 0: the prose says '0', but mse is '7': "
        "run `make refresh`, then read the sentence again",
        "index.md: the prose says '−1', but regression.mse is '5.0%': "
        "run `make refresh`, then read the sentence again",
    ]
    assert {p.name: p.read_bytes() for p in book.iterdir()} == before


def test_only_limits_the_notebooks_and_not_the_pages(book):
    prose.fill(book, only=[book / "errata.ipynb"])
    assert "9<!--v" in markdown_of(book / "03_regression.ipynb")[0]
    assert markdown_of(book / "errata.ipynb") == ["Here 7<!--v mse-->."]
    assert (book / "index.md").read_text(encoding="utf-8").startswith("5.0%")


def test_a_problem_does_not_stop_the_rest(book):
    (book / "index.md").write_text("1<!--v errata.mae-->, 2<!--v errata.mse-->", encoding="utf-8")
    problems = prose.fill(book)
    assert [p.where for p in problems] == ["index.md"]
    assert (book / "index.md").read_text() == "1<!--v errata.mae-->, 7<!--v errata.mse-->"


def test_the_command_fills_in_or_checks_and_reports_by_its_exit_code(book, monkeypatch, capsys):
    monkeypatch.setattr(prose, "BOOK", book)
    with pytest.raises(SystemExit) as stopped:
        prose.main(["--check"])
    assert stopped.value.code == 1
    assert capsys.readouterr().out.count("run `make refresh`") == 3
    for arguments in ([], ["--check"]):
        with pytest.raises(SystemExit) as stopped:
            prose.main(arguments)
        assert stopped.value.code == 0
