"""Kinds of numerical faults: each kind in every function that could have it.

Right values are closed forms, symmetries, or fractions and decimals of enough digits. What
`test_precision.py` compares on many inputs is not said again here.
"""

import math
from fractions import Fraction

import numpy as np
import pytest

import lossutils

from .cases import CASES, REDUCTIONS, STABLE, label

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
    first = lossutils.softmax(x, axis=0)
    np.testing.assert_array_equal(lossutils.softmax(x, axis=np.array(0)), first)


# --- np.seterr of the caller ---


@pytest.mark.parametrize("case", CASES, ids=label)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_loss_is_silent_whatever_the_caller_has_set(case, dtype):
    """Random data times 1, tiny and large, where the domain of an argument allows it."""
    for seed in range(3):
        data = case.draw(seed, dtype)
        for scale in (1, 1e-30, 1e30):
            moved = list(data)
            if case.name.endswith(("logits", "mse_loss", "mae_loss", "huber_loss", "hinge_loss")):
                moved[1] = moved[1] * dtype(scale)
            for reduction in REDUCTIONS:
                with np.errstate(all="raise"):
                    raised = both(case.name, *moved, reduction=reduction)
                expected = both(case.name, *moved, reduction=reduction)
                for one, other in zip(raised, expected, strict=True):
                    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("case", STABLE, ids=label)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_stable_function_is_silent_whatever_the_caller_has_set(case, dtype):
    largest = np.finfo(dtype).max
    for numbers in ([0, 1000], [largest, -largest], [1e-30, 1], [0, -90], [largest, largest]):
        x = np.array([numbers], dtype)
        data = (x,) if case.arguments == 1 else (x, abs(x))
        with np.errstate(all="raise"):
            result = case.function(*data)
        np.testing.assert_array_equal(result, case.function(*data))


def test_a_tiny_temperature_is_silent():
    with np.errstate(all="raise"):
        assert lossutils.info_nce_loss(np.eye(2), np.eye(2), temperature=1e-3) == 0
        assert lossutils.info_nce_loss(np.eye(2, dtype=F32), np.eye(2), temperature=1e-300) == 0


# --- sums ---


@pytest.mark.parametrize(
    "name", ["mse_loss", "mae_loss", "huber_loss", "binary_cross_entropy", "log_cosh_loss"]
)
def test_sixteen_million_float32_numbers_are_added_like_float64(name):
    n = 4096 * 4096
    y, p = np.ones(n, F32), np.full(n, 0.999, F32)
    loss = getattr(lossutils, name)
    assert loss(y, p) == pytest.approx(float(loss([1.0], p[:1].astype(float))), rel=2e-7, abs=3e-9)


def test_long_rows_of_float32_are_added_like_float64():
    classes = 1 << 22
    rows = np.full((1, classes), 0.1, F32)
    rows[0, 0] = 0
    exact = math.log((classes - 1) * math.exp(float(F32(0.1))) + 1)
    assert lossutils.logsumexp(rows)[0] == pytest.approx(exact, rel=2e-7)
    loss = lossutils.sparse_categorical_cross_entropy_with_logits([0], rows)
    assert loss == pytest.approx(exact, rel=2e-7)
    odd = 1 << 20 | 1
    p, q = np.full(odd, 1 / odd), np.full(odd, 0.9 / (odd - 1))
    q[0] = 0.1
    exact = p[0] * math.log(p[0] / 0.1) + (odd - 1) * p[1] * math.log(p[1] / q[1])
    assert lossutils.kl_divergence(p.astype(F32), q.astype(F32)) == pytest.approx(exact, rel=1e-5)


# --- infinity ---


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_stable_functions_have_their_limits_at_infinity(dtype):
    x = np.array([-INF, INF], dtype)
    np.testing.assert_array_equal(lossutils.sigmoid(x), [0, 1])
    np.testing.assert_array_equal(lossutils.softplus(x), [0, INF])
    np.testing.assert_array_equal(lossutils.log_sigmoid(x), [-INF, 0])
    rows = np.array([[-INF, 0, INF], [-INF, 1, -INF], [0, 0, -INF]], dtype)
    np.testing.assert_array_equal(lossutils.softmax(rows), [[0, 0, 1], [0, 1, 0], [0.5, 0.5, 0]])
    half = math.log(2)
    expected = np.array([[-INF, -INF, 0], [-INF, 0, -INF], [-half, -half, -INF]], dtype)
    np.testing.assert_allclose(lossutils.log_softmax(rows), expected, rtol=1e-6)
    expected = np.array([INF, 1, half], dtype)
    np.testing.assert_allclose(lossutils.logsumexp(rows), expected, rtol=1e-6)
    np.testing.assert_array_equal(lossutils.softmax(rows.T, axis=0), lossutils.softmax(rows).T)
    assert lossutils.sigmoid(INF) == 1
    for function in (lossutils.sigmoid, lossutils.softmax, lossutils.logsumexp):
        assert function(x).dtype == dtype


def test_logsumexp_of_infinite_numbers_only():
    np.testing.assert_array_equal(lossutils.logsumexp([[-INF, -INF], [INF, INF]]), [-INF, INF])
    np.testing.assert_array_equal(lossutils.softmax([[INF], [-INF]]), [[1], [1]])


@pytest.mark.parametrize("row", [[INF, INF], [-INF, -INF], [INF, 0, INF]])
def test_softmax_without_a_limit_is_refused(row):
    for function in (lossutils.softmax, lossutils.log_softmax):
        with pytest.raises(ValueError, match="x must have one largest number along axis"):
            function([row, np.zeros(len(row))])
