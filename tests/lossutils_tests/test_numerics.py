"""Kinds of numerical faults: each kind in every function that could have it.

Right values are closed forms, symmetries, or fractions and decimals of enough digits. What
`test_precision.py` compares on many inputs is not said again here.
"""

import math
from fractions import Fraction

import numpy as np
import pytest

import lossutils

from .cases import CASES, label

F32, INF, NAN = np.float32, math.inf, math.nan


def both(name, *data, **knobs):
    """Return the loss and its gradients, as arrays."""
    gradients = getattr(lossutils, f"{name}_grad")(*data, **knobs)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    return [np.asarray(getattr(lossutils, name)(*data, **knobs)), *gradients]


# --- knobs ---

KNOBS = [
    (case, knob, value)
    for case in CASES
    for knob, value in {
        "delta": 0.5,
        "quantile": 0.25,
        "pos_weight": 2.0,
        "alpha": 0.75,
        "gamma": 1.5,
        "label_smoothing": 0.25,
        "margin": 1.5,
        "smooth": 0.5,
        "dice_weight": 0.25,
        "temperature": 0.5,
    }.items()
    if f"{knob}=" in case.signature
]
TYPES = (
    np.float16,
    np.float32,
    np.longdouble,
    Fraction,
    np.array,
    lambda x: np.array(x, np.float16),
    lambda x: np.array(x, np.longdouble),
)


@pytest.mark.parametrize(("case", "knob", "value"), KNOBS, ids=label)
def test_a_knob_of_any_real_type_is_the_same_knob(case, knob, value):
    for dtype in (np.float64, np.float32):
        data = case.draw(1, dtype)
        expected = both(case.name, *data, **{knob: value})
        for make in TYPES:
            with np.errstate(all="raise"):
                given = both(case.name, *data, **{knob: make(value)})
            for one, other in zip(given, expected, strict=True):
                assert one.dtype == dtype
                np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("case", "knob", "value"), KNOBS, ids=label)
def test_infinity_and_nan_are_refused_in_any_type(case, knob, value):
    data = case.draw(1)
    bad = [make(x) for x in (INF, -INF, NAN) for make in TYPES if make is not Fraction]
    bad += [10**400, Fraction(10**400), np.longdouble("1e4000"), np.array(INF)]
    for wrong in bad:
        for function in (case.loss, case.grad):
            with np.errstate(all="raise"), pytest.raises(ValueError, match=f"^{knob} must be"):
                function(*data, **{knob: wrong})


@pytest.mark.parametrize(("case", "knob", "value"), KNOBS, ids=label)
def test_what_is_no_single_real_number_is_refused_as_a_knob(case, knob, value):
    data = case.draw(1)
    for wrong in (np.array([value]), np.array(True), np.ma.masked, 1j, np.complex64(1), "1", None):
        if wrong is None and knob == "alpha":  # which means that nothing is weighted
            continue
        with pytest.raises(TypeError, match=f"^{knob} must be"):
            case.loss(*data, **{knob: wrong})


def test_a_fraction_too_small_for_a_float_is_no_number_above_0():
    with pytest.raises(ValueError, match="temperature must be a finite number > 0"):
        lossutils.info_nce_loss(np.eye(2), np.eye(2), temperature=Fraction(1, 10**400))


@pytest.mark.parametrize("make", TYPES)
def test_knobs_of_the_gradient_check(make):
    def square(x):
        return np.sum(x**2)

    with np.errstate(all="raise"):
        expected = lossutils.numerical_gradient(square, [1.0], step=0.125)
        np.testing.assert_array_equal(
            lossutils.numerical_gradient(square, [1.0], step=make(0.125)), expected
        )
        lossutils.assert_gradient_matches(square, [2.0], [1.0], rtol=make(0.25), atol=make(0.5))


def test_class_weights_of_any_precision():
    data, expected = ([0, 1], [[0.25, 0.75], [0.5, 0.5]]), {}
    for make in (float, np.float16, np.float32, np.longdouble):
        weight = [make(0.5), make(2)]
        value = both("sparse_categorical_cross_entropy", *data, class_weight=weight)
        expected = expected or value
        for one, other in zip(value, expected, strict=True):
            np.testing.assert_array_equal(one, other)
    with pytest.raises(ValueError, match="class_weight must be finite"):
        lossutils.sparse_categorical_cross_entropy(*data, class_weight=[np.float16(INF), 1])


def test_an_axis_may_be_an_array_without_axes():
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(
        lossutils.softmax(x, axis=np.array(0)), lossutils.softmax(x, axis=0)
    )
