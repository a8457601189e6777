"""Published values: rounded, plain, and stored as the record that MyST-NB's `glue` writes."""

import ast
from decimal import Decimal
from fractions import Fraction

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from lossutils import publish as module
from lossutils.publish import _storable, publish

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
        "from lossutils.publish import publish",
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
