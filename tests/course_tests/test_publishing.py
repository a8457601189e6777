"""Published values: rounded, plain, and stored as the record that MyST-NB's `glue` writes."""

import ast
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from lossutils.course import publishing as module
from lossutils.course.publishing import _storable, publish, show

RECORD = "application/papermill.record/text/plain"


@pytest.fixture
def shown(monkeypatch):
    """Return the list that collects what would be displayed, as (data, metadata, raw)."""
    calls = []

    def display(data, *, raw, metadata):
        calls.append((data, metadata, raw))

    monkeypatch.setattr(module, "display", display)
    return calls


def stored(shown):
    """Return the published values by name, as prose and slides read them."""
    return {
        metadata["scrapbook"]["name"]: ast.literal_eval(data[RECORD]) for data, metadata, _ in shown
    }


def test_the_record_is_the_one_that_glue_stores():
    values = {
        "ratio": 0.25,
        "whole": 3,
        "minus": -1.5,
        "big": 12345678901234567890,
        "word": "MSE é",
    }
    source = [
        "from lossutils.course import publish",
        "from myst_nb import glue",
        f"publish(**{values!r})",
        "\n".join(f"glue({name!r}, {value!r}, display=False)" for name, value in values.items()),
    ]
    cells = [nbformat.v4.new_code_cell(text) for text in source]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    published, glued = notebook.cells[2].outputs, notebook.cells[3].outputs
    assert len(published) == len(values)
    assert published == glued


def test_a_value_is_displayed_as_a_raw_record_under_its_name(shown):
    publish(mse=0.05)
    assert shown == [
        (
            {RECORD: "0.05"},
            {"scrapbook": {"name": "mse", "mime_prefix": "application/papermill.record/"}},
            True,
        )
    ]


def test_several_values_keep_their_order(shown):
    publish(b=1, a=2.5, c="x")
    assert list(stored(shown).items()) == [("b", 1), ("a", 2.5), ("c", "x")]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (2 / 3, 4, 0.6667),
        (2 / 3, 0, 1.0),
        (2 / 3, 10, 0.6666666667),
        (2 / 3, np.int64(2), 0.67),
        (95.2381, 4, 95.2381),
        (-0.00004, 4, 0.0),
        (-0.0, 4, 0.0),
        (1e300, 4, 1e300),
        (Fraction(1, 3), 4, 0.3333),
    ],
)
def test_floats_are_rounded(shown, value, decimals, expected):
    publish(decimals=decimals, x=value)
    assert stored(shown) == {"x": expected}
    assert isinstance(stored(shown)["x"], float)


@pytest.mark.parametrize("value", [-0.0, -1e-9, np.float64(-0.0)])
def test_there_is_no_minus_zero(shown, value):
    publish(x=value)
    assert shown[0][0] == {RECORD: "0.0"}


def test_four_decimals_are_the_default(shown):
    publish(x=0.123456)
    assert stored(shown) == {"x": 0.1235}


@pytest.mark.parametrize("value", [5, 0, -7, 10**20])
def test_integers_are_stored_whole(shown, value):
    publish(decimals=0, n=value)
    assert shown[0][0] == {RECORD: repr(value)}


@pytest.mark.parametrize("value", ["", "1.5e-23", "it's", 'say "x"', "ŷ − y", "a\nb"])
def test_strings_are_stored_as_they_are(shown, value):
    publish(text=value)
    assert stored(shown) == {"text": value}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(0.25), "0.25"),
        (np.float32(0.1), "0.1"),
        (np.float16(0.5), "0.5"),
        (np.int64(3), "3"),
        (np.uint8(200), "200"),
    ],
)
def test_numpy_scalars_become_plain_numbers(shown, value, expected):
    publish(x=value)
    assert shown[0][0] == {RECORD: expected}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, np.float32("nan")])
def test_what_is_not_finite_is_an_error_that_says_what_to_do(shown, value):
    with pytest.raises(ValueError, match=r"loss must be finite, or published as text; got -?\w+"):
        publish(loss=value)
    assert shown == []


@pytest.mark.parametrize(
    "value",
    [
        True,
        np.bool_(True),
        None,
        1j,
        b"x",
        Decimal("0.1"),
        [1.0],
        (1,),
        {"a": 1},
        np.array(1.0),
        np.ones(2),
    ],
    ids=lambda value: f"{type(value).__name__} {value}",
)
def test_what_is_no_value_is_rejected_by_type(shown, value):
    expected = f"share must be a number or a string; got {type(value).__name__}$"
    with pytest.raises(TypeError, match=expected):
        publish(share=value)
    assert shown == []


def test_nothing_to_publish_is_an_error(shown):
    with pytest.raises(TypeError, match="needs at least one name=value; got none"):
        publish()
    with pytest.raises(TypeError, match="needs at least one name=value; got none"):
        publish(decimals=2)
    assert shown == []


@pytest.mark.parametrize("decimals", [-1, 11, 2.0, "4", None, True])
def test_decimals_out_of_range_are_rejected(shown, decimals):
    with pytest.raises(ValueError, match="decimals must be an integer from 0 to 10; got "):
        publish(decimals=decimals, x=1.0)
    assert shown == []


def test_values_are_by_name_only():
    with pytest.raises(TypeError, match="positional"):
        publish(0.5)


def test_a_numpy_string_is_stored_as_a_plain_one():
    assert _storable("name", np.str_("1.5e-23"), 4) == "1.5e-23"
    assert type(_storable("name", np.str_("x"), 4)) is str


# --- show ----------------------------------------------------------------------------------------


def test_a_row_is_printed_and_its_value_stored(shown, capsys):
    show("MSE", 0.05, name="mse")
    assert capsys.readouterr().out == "MSE 0.0500\n"
    assert stored(shown) == {"mse": 0.05}


@pytest.mark.parametrize(
    ("arguments", "options", "row"),
    [
        (("MSE", 0.05), {}, "MSE 0.0500"),
        (("MSE", 0.05), {"width": 10}, "MSE       0.0500"),
        (("share", 0.5, "4.0%"), {}, "share  50%"),
        (("stuck", np.int64(5), "2d"), {}, "stuck  5"),
        (("dtype", "float32", ""), {}, "dtype float32"),
        (("a row as it is",), {}, "a row as it is"),
    ],
)
def test_rows_look_as_they_are_asked_to(shown, capsys, arguments, options, row):
    show(*arguments, **options)
    assert capsys.readouterr().out == row + "\n"
    assert shown == []


def test_a_row_of_several_values_keeps_them_all(shown, capsys):
    show("small 0.1 0.25", keep={"promised_small": 0.1, "got_small": 0.123456}, decimals=2)
    assert capsys.readouterr().out == "small 0.1 0.25\n"
    assert stored(shown) == {"promised_small": 0.1, "got_small": 0.12}


def test_a_value_and_more_can_be_kept_together(shown):
    show("MSE", 0.05, name="mse", keep={"n": 3})
    assert stored(shown) == {"mse": 0.05, "n": 3}


def test_show_says_what_is_wrong(shown):
    with pytest.raises(TypeError, match=r"^label must be a string; got float$"):
        show(0.05)
    with pytest.raises(TypeError, match=r"^value must be given, to be stored as 'mse'; got None$"):
        show("MSE", name="mse")
    with pytest.raises(ValueError, match="mse must be finite"):
        show("MSE", float("nan"), name="mse")
    assert shown == []


def test_what_the_course_offers_is_there():
    from lossutils import course

    for name in course.__all__:
        assert getattr(course, name) is not None
        assert name in dir(course)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = course.nothing


def test_the_mathematics_imports_nothing_of_the_course():
    code = "import sys, lossutils; assert 'lossutils.course' not in sys.modules; print('ok')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "ok\n"
