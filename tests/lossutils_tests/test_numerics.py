"""Kinds of numerical faults: each kind in every function that could have it.

Right values are closed forms, symmetries, or fractions and decimals of enough digits. What
`test_precision.py` compares on many inputs is not said again here.
"""

import math
from decimal import Decimal, localcontext
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


def test_dice_of_sixteen_million_float32_numbers():
    n = 4096 * 4096
    miss = 1 - float(F32(0.999))
    loss = lossutils.dice_loss(np.ones(n, F32), np.full(n, 0.999, F32), smooth=0.0)
    assert loss == pytest.approx(miss / (2 - miss), rel=2e-7)


@pytest.mark.parametrize("squared", [False, True])
def test_long_embeddings_of_float32_are_added_like_float64(squared):
    d = 1 << 22
    a, p, n = (np.full((1, d), x, F32) for x in (0.3, 0.4, 0.3))
    step = float(F32(0.4) - F32(0.3))
    exact = d * step**2 if squared else math.sqrt(d) * step
    assert lossutils.triplet_loss(a, p, n, squared=squared) == pytest.approx(exact + 1, rel=4e-7)
    assert lossutils.contrastive_loss([1], a, p) == pytest.approx(d * step**2 / 2, rel=4e-7)


# --- integers ---

BIG = 2**53
WHOLE = [  # (truth, prediction, prediction - truth), each exact in its own type
    (np.array([16777217]), F32([16777216]), -1),
    (np.int32([2000000001]), F32([2000000000]), -1),
    (np.array([BIG + 1]), np.array([BIG]), -1),
    (np.array([BIG]), np.array([BIG + 1]), 1),
    (np.array([BIG + 1]), np.array([float(BIG)]), -1),
    (np.array([float(BIG)]), np.array([BIG + 1]), 1),
    (np.array([-BIG - 1]), np.array([-float(BIG)]), 1),
    (np.array([2**60 + 1]), np.array([2.0**60]), -1),
    (np.array([2**60 + 1]), F32([2.0**60]), -1),
    (np.uint64([2**64 - 1]), np.uint64([2**64 - 3]), -2),
    (np.array([2**62]), np.uint64([2**63 + 1]), 2**62 + 1),
    (np.array([-1]), np.uint64([2**63]), 2**63 + 1),
    (np.int64([-(2**63)]), np.int64([2**63 - 1]), 2**64 - 1),
    (np.array([16777219]), F32([0.5]), 0.5 - 16777219),
]


@pytest.mark.parametrize(("y", "p", "e"), WHOLE)
def test_regression_takes_the_difference_of_exact_integers(y, p, e):
    dtype = np.float32 if p.dtype == F32 else np.float64
    assert lossutils.mae_loss(y, p) == dtype(abs(e))
    assert lossutils.mse_loss(y, p) == dtype(e) ** 2
    exact = e * e / 2 if abs(e) < 5 else 5 * abs(e) - 12.5
    assert lossutils.huber_loss(y, p, delta=5) == pytest.approx(exact, rel=1e-7)
    assert lossutils.pinball_loss(y, p) == dtype(abs(e) / 2)
    far = abs(e) + math.log1p(math.exp(-2 * min(abs(e), 300))) - math.log(2)
    assert lossutils.log_cosh_loss(y, p) == pytest.approx(far, rel=1e-6)
    assert lossutils.mae_loss_grad(y, p)[0] == math.copysign(1, e)
    assert lossutils.mse_loss_grad(y, p)[0] == dtype(2 * e)
    assert lossutils.mse_loss(y, p).dtype == dtype


def test_other_differences_of_exact_integers():
    a, b, c = np.array([[BIG + 1, 0]]), np.array([[BIG, 0]]), np.array([[BIG - 2, 0]])
    assert lossutils.contrastive_loss([1], a, b) == 0.5
    assert lossutils.contrastive_loss([1], a, b.astype(float)) == 0.5
    assert lossutils.triplet_loss(a, c, b) == 3
    assert lossutils.triplet_loss(a, c, b, squared=True) == 9
    assert lossutils.triplet_loss(a.astype(np.uint64), c, b.astype(F32)) == 3
    assert lossutils.hinge_loss([-1], [BIG + 1], margin=1) == BIG + 2
    assert lossutils.hinge_loss([1], np.array([BIG - 1]), margin=float(BIG)) == 1
    assert lossutils.hinge_loss([1], np.array([BIG + 1]), margin=float(BIG)) == 0
    assert lossutils.hinge_loss([1], np.array([BIG + 3]), margin=float(BIG + 4)) == 1
    assert lossutils.hinge_loss_grad([1], np.array([BIG + 1]), margin=float(BIG + 2)) == -1
    assert lossutils.squared_hinge_loss([1], np.array([BIG + 1]), margin=float(BIG + 4)) == 9


@pytest.mark.parametrize("top", [BIG + 1, 2**62 + 1, np.uint64(2**64 - 1)])
def test_softmax_takes_the_difference_of_exact_integers(top):
    z = np.array([[top, top - type(top)(1)]])
    p = 1 / (1 + math.exp(-1))
    np.testing.assert_allclose(lossutils.softmax(z), [[p, 1 - p]], rtol=1e-15)
    np.testing.assert_allclose(lossutils.log_softmax(z), np.log([[p, 1 - p]]), rtol=1e-15)
    loss = lossutils.sparse_categorical_cross_entropy_with_logits
    assert loss([1], z) == pytest.approx(-math.log(1 - p), rel=1e-15)
    np.testing.assert_allclose(
        lossutils.categorical_cross_entropy_with_logits_grad([[0, 1]], z), [[p, -p]], rtol=1e-15
    )


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


# --- cancellation ---


def exact_bce(y, z, w):
    """Compute in decimals, with as many digits as it takes."""
    with localcontext() as context:
        context.prec = 600
        y, z, w = Decimal(float(y)), Decimal(float(z)), Decimal(float(w))
        return float(w * y * (1 + (-z).exp()).ln() + (1 - y) * (1 + z.exp()).ln())


@pytest.mark.parametrize(
    ("y", "z", "w"),
    [
        (F32(1), F32(-1.0906912), 1e-6),
        (F32(1), F32(-1.0906912), 1e-8),
        (1.0, -3.0, 1e-17),
        (F32(0.9999999), F32(44.390453), 1),
        (1 - 2**-53, 40.0, 1),
        (F32(1), F32(-80), 1e-30),
        (1.0, -1e-300, 1e-300),
        (0.5, 0.0, 1e-20),
        (1e-12, -60.0, 1),
        (1 - 2**-40, 700.0, 1e-9),
        (F32(1e-6), F32(-100), 3),
    ],
)
def test_bce_with_logits_subtracts_nothing(y, z, w):
    eps = float(np.finfo(type(z)).eps)
    loss = lossutils.binary_cross_entropy_with_logits([y], [z], pos_weight=w)
    assert loss == pytest.approx(exact_bce(y, z, w), rel=4 * eps)


@pytest.mark.parametrize(
    ("dtype", "temperature"),
    [(F32, 0.07), (F32, 0.05), (F32, 0.03), (float, 0.02), (float, 0.01), (float, 0.03), (F32, 1)],
)
def test_the_gradient_of_info_nce_keeps_what_is_left_to_learn(dtype, temperature):
    """By symmetry all entries have one size, p / tau with p the probability of the wrong key."""
    eye = np.eye(2, dtype=dtype)
    p = 1 / (1 + math.exp(1 / temperature))
    signs = np.array([[-1, 1], [1, -1]])
    rtol = 4 * np.finfo(dtype).eps * (1 + 1 / temperature)
    for gradient in lossutils.info_nce_loss_grad(
        eye, eye, temperature=temperature, reduction="sum"
    ):
        np.testing.assert_allclose(gradient, signs * p / temperature, rtol=rtol)


def exact_kl(p, q):
    with localcontext() as context:
        context.prec = 60
        p, q = ([Decimal(float(x)) for x in row] for row in (p, q))
        return float(sum(a * (a / b).ln() for a, b in zip(p, q, strict=True) if a))


def test_kl_of_nearly_equal_distributions():
    p = F32([0.28447443, 0.3603647, 0.35516086])
    q = F32([0.28447837, 0.36034784, 0.3551738])
    assert lossutils.kl_divergence(p, q) == pytest.approx(exact_kl(p, q), rel=1e-6)


@pytest.mark.parametrize("dtype", [np.float64, F32])
@pytest.mark.parametrize("apart", [1e-1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-14])
@pytest.mark.parametrize("classes", [2, 3, 100])
def test_kl_is_never_below_zero_and_keeps_its_digits(dtype, apart, classes):
    rng = np.random.default_rng(classes)
    p = rng.dirichlet(np.ones(classes), 40)
    q = p * (1 + apart * rng.normal(size=p.shape))
    p, q = (x.astype(dtype) for x in (p, q / q.sum(axis=1, keepdims=True)))
    values = lossutils.kl_divergence(p, q, reduction="none")
    assert (values >= 0).all()
    assert not np.signbit(values).any()
    exact = np.array([max(exact_kl(a, b), 0) for a, b in zip(p, q, strict=True)])
    rtol = 16 * np.finfo(dtype).eps / apart + 1e-6
    np.testing.assert_allclose(values, exact, rtol=rtol, atol=1e-22)


def test_kl_of_equal_distributions_with_zeros_is_zero():
    p = [[0.5, 0.0, 0.5], [1.0, 0.0, 0.0], [0.0, 0.1, 0.9]]
    np.testing.assert_array_equal(lossutils.kl_divergence(p, p, reduction="none"), [0, 0, 0])
    # A row that really sums to less is no rounding.
    assert lossutils.kl_divergence([0.5, 0.49995], [0.5, 0.5]) == pytest.approx(-5e-5, rel=1e-3)


def test_dice_keeps_a_tiny_overlap():
    """N / D = 2e-20 / 2; 1 minus the loss would be 0."""
    gradient = lossutils.dice_loss_grad([1.0, 0.0], [1e-20, 1.0], smooth=0.0)
    np.testing.assert_allclose(gradient, [-1, 5e-21], rtol=1e-15)


@pytest.mark.parametrize("smoothing", [1e-9, 1e-12, 1e-3])
def test_smoothing_keeps_the_small_share_of_a_certain_row(smoothing):
    """At p = (1, 0) the slopes are s / 2 and -s / 2: the shares of the others."""
    data, knobs = ([0], [[800.0, 0.0]]), {"label_smoothing": smoothing}
    gradient = lossutils.sparse_categorical_cross_entropy_with_logits_grad(*data, **knobs)
    np.testing.assert_allclose(gradient, [[smoothing / 2, -smoothing / 2]], rtol=1e-15)
    gradient = lossutils.categorical_cross_entropy_with_logits_grad([[1, 0]], data[1], **knobs)
    np.testing.assert_allclose(gradient, [[smoothing / 2, -smoothing / 2]], rtol=1e-15)


@pytest.mark.parametrize(("p", "gamma"), [(1e-17, 1e17), (1e-10, 1e10), (1e-9, 300.0), (0.1, 20.0)])
def test_a_large_power_does_not_multiply_rounding(p, gamma):
    """(1 - p)^gamma is exp(gamma log(1 - p)); 1 - 1e-17 is 1."""
    loss = lossutils.focal_loss([1.0], [p], alpha=None, gamma=gamma)
    assert loss == pytest.approx(math.exp(gamma * math.log1p(-p)) * -math.log(p), rel=1e-14)


def test_squared_triplets_far_from_an_anchor():
    """D_p^2 - D_n^2 = (n - p) (2 a - p - n), which the two squares have lost."""
    a, p, n = np.array([[1e9, 0.0]]), np.array([[0.0, 1e-3]]), np.array([[1e-9, 0.0]])
    loss = lossutils.triplet_loss(a, p, n, squared=True)
    exact = Fraction(1e9) ** 2 + Fraction(1e-3) ** 2 - (Fraction(1e9) - Fraction(1e-9)) ** 2 + 1
    assert loss == pytest.approx(float(exact), rel=1e-15)
    d_a, _, _ = lossutils.triplet_loss_grad(a, p, n, squared=True)
    np.testing.assert_array_equal(d_a, [[2e-9, -2e-3]])


# --- overflow and underflow on the way ---

HALF = [[0.5, 0.5], [0.5, 0.5]]
LN2 = math.log(2)


@pytest.mark.parametrize("dtype", [np.float64, F32])
@pytest.mark.parametrize(
    "weight",
    [
        [1e308, 1e308],
        [1e39, 1.0],
        [1e-50, 1e-50],
        [5e-324, 5e-324],
        [1.7e308, 1e-300],
        [1e-310, 1e300],
    ],
)
def test_class_weights_of_any_size(dtype, weight):
    """At p = 1/2 every weighted mean is log 2."""
    knobs, p = {"class_weight": weight}, np.array(HALF, dtype)
    share = [float(Fraction(w) / (Fraction(weight[0]) + Fraction(weight[1]))) for w in weight]
    share = np.array(share, dtype)
    for truth, name in (([0, 1], "sparse_categorical"), (np.eye(2), "categorical")):
        loss, slope = both(f"{name}_cross_entropy", truth, p, **knobs)
        assert loss == pytest.approx(LN2, rel=1e-6)
        np.testing.assert_allclose(slope, -np.diag(share) / 0.5, rtol=1e-6)
        loss, slope = both(f"{name}_cross_entropy_with_logits", truth, 0 * p, **knobs)
        assert loss == pytest.approx(LN2, rel=1e-6)
        np.testing.assert_allclose(slope, share[:, None] * (0.5 - np.eye(2)), rtol=1e-6)


@pytest.mark.parametrize("weight", [1e308, 1e39, 1e-45, 1e-320])
def test_pos_weights_of_any_size(weight):
    """Where y is 0 the weight counts for nothing; where it is 1, for a factor."""
    knobs = {"pos_weight": weight}
    for dtype in (np.float64, F32):
        y, z = np.zeros(1, dtype), np.full(1, -1, dtype)
        loss = lossutils.binary_cross_entropy_with_logits(y, z, **knobs)
        assert loss == pytest.approx(math.log1p(math.exp(-1)), rel=1e-6)
        loss = lossutils.binary_cross_entropy(y, y + 0.5, **knobs)
        assert loss == pytest.approx(LN2, rel=1e-6)
    # Of a thousand samples one is wrong by 1e-300, and nothing else costs.
    y, p = np.r_[1.0, np.zeros(999)], np.r_[1e-300, np.zeros(999)]
    exact = float(Fraction(weight) * Fraction(300 * math.log(10)) / 1000)
    loss = lossutils.binary_cross_entropy(y, p, **knobs)
    assert loss == pytest.approx(exact, rel=1e-6, abs=1e-323)


def test_gradients_of_means_of_numbers_beyond_the_largest_float():
    def of_four(name, y, x, **knobs):
        return getattr(lossutils, f"{name}_grad")(np.full(4, y), np.full(4, x), **knobs)

    def check(gradient, each):
        np.testing.assert_allclose(gradient, [each] * 4, rtol=1e-6)

    check(of_four("mse_loss", F32(0), F32(2e38)), 1e38)
    check(of_four("mse_loss", 0.0, 1.5e308), 7.5e307)
    check(of_four("mse_loss", -1e308, 1e308), 1e308)
    check(of_four("squared_hinge_loss", -1.0, 1.5e308), 7.5e307)
    check(of_four("squared_hinge_loss", F32(1), F32(-3e38)), -1.5e38)
    check(of_four("binary_cross_entropy", 1.0, 2e-309), -1.25e308)
    check(of_four("binary_cross_entropy", F32(1), F32(1e-39)), -2.5e38)
    check(of_four("binary_cross_entropy", 1.0, 0.5, pos_weight=1.5e308), -7.5e307)
    check(of_four("focal_loss", F32(1), F32(1e-39), gamma=0, alpha=None), -2.5e38)
    check(of_four("dice_bce_loss", F32(1), F32(1e-39), dice_weight=0), -2.5e38)
    p = np.tile(F32([1e-39, 1]), (4, 1))
    check(lossutils.sparse_categorical_cross_entropy_grad([0] * 4, p)[:, 0], -2.5e38)
    a = np.full((4, 1), 1e308)
    d_a, _ = lossutils.contrastive_loss_grad([1] * 4, a, -a)
    check(d_a[:, 0], 5e307)


def test_means_of_numbers_beyond_the_largest_float():
    one = np.r_[1.0, np.zeros(999)]
    assert lossutils.mse_loss(0 * one, 1e155 * one) == pytest.approx(1e307)
    assert lossutils.mse_loss(F32(0 * one), F32(1e20 * one)) == pytest.approx(1e37)
    assert lossutils.squared_hinge_loss(-np.ones(1000), 1e155 * one) == pytest.approx(1e307)
    assert lossutils.huber_loss(0 * one, 1e155 * one, delta=1e300) == pytest.approx(5e306)
    assert lossutils.mae_loss([-1e308, 0], [1e308, 0]) == 1e308
    assert lossutils.log_cosh_loss([-1e308, 0], [1e308, 0]) == 1e308
    assert lossutils.pinball_loss([-1e308, 0], [1e308, 0]) == 5e307
    assert lossutils.hinge_loss([-1, 1], [1.5e308, 1.5e308], margin=1.5e308) == 1.5e308
    far, near = [[2e154], [0.0], [0.0], [0.0]], [[0.0]] * 4
    assert lossutils.contrastive_loss([1] * 4, far, near) == pytest.approx(5e307)
    assert lossutils.triplet_loss(far, near, far, squared=True) == pytest.approx(1e308)
    a, b = [[1.5e308], [0.0]], [[-1.5e308], [0.0]]
    assert lossutils.triplet_loss(a, b, a) == pytest.approx(1.5e308)
    # What is representable before the reduction stays: a sum beyond is infinite.
    assert lossutils.contrastive_loss([1], [[2e154]], [[0.0]]) == INF
    assert lossutils.mse_loss([0.0], [1e155]) == lossutils.mae_loss([-1e308], [1e308]) == INF


@pytest.mark.parametrize("dtype", [np.float64, F32])
def test_errors_beyond_the_largest_float(dtype):
    big = float(np.finfo(dtype).max) / 2
    y, p = np.full(1, -1.5 * big, dtype), np.full(1, 1.5 * big, dtype)
    for quantile in (0.9, 0.75, 0.99):
        exact = pytest.approx((1 - quantile) * 3 * big, rel=1e-6)
        assert lossutils.pinball_loss(y, p, quantile=quantile) == exact
        assert lossutils.pinball_loss(p, y, quantile=1 - quantile) == exact
    for delta in (1e-10, 0.25, 1e-3):
        for reduction in REDUCTIONS:
            loss = lossutils.huber_loss(y, p, delta=delta, reduction=reduction)
            assert loss == pytest.approx(3 * delta * big, rel=1e-6)
        np.testing.assert_array_equal(lossutils.huber_loss_grad(y, p, delta=delta), dtype(delta))
    z = np.array([[-1.5 * big, 1.5 * big]], dtype)
    for smoothing in (0.1, 1e-9, 0.5):
        knobs = {"label_smoothing": smoothing}
        exact = pytest.approx(smoothing / 2 * 3 * big, rel=1e-6)
        assert lossutils.sparse_categorical_cross_entropy_with_logits([1], z, **knobs) == exact
        assert lossutils.categorical_cross_entropy_with_logits([[0, 1]], z, **knobs) == exact


def test_scores_of_info_nce_that_overflow_on_the_way():
    eye = np.eye(2)
    exact = pytest.approx(math.log1p(math.exp(-4)))
    assert lossutils.info_nce_loss(1e154 * 2 * eye, 1e154 * 2 * eye, temperature=1e308) == exact
    # The product is 4e400, which divided by 1e308 is too much still.
    with pytest.raises(ValueError, match="must be finite"):
        lossutils.info_nce_loss(2e200 * eye, 2e200 * eye, temperature=1e39)
    assert lossutils.info_nce_loss(1e160 * eye, 1e160 * eye, temperature=1e308) == 0
    eye = np.eye(2, dtype=F32)
    assert lossutils.info_nce_loss(F32(2e25) * eye, F32(2e25) * eye, temperature=1e50) == exact
    far = np.array([[1e308], [-1e308]])
    d_q, d_k = lossutils.info_nce_loss_grad(0 * far, far, temperature=10, reduction="sum")
    np.testing.assert_allclose(d_q, [[-1e307], [1e307]])
    np.testing.assert_array_equal(d_k, [[0], [0]])


@pytest.mark.parametrize("smooth", [1e37, 1e39, 1e300])
def test_a_dice_knob_beyond_float32(smooth):
    loss, slope = both("dice_loss", F32([1, 0]), F32([0.5, 0.5]), smooth=smooth)
    tiny = float(np.finfo(F32).smallest_subnormal)
    assert loss == pytest.approx(1 / smooth, rel=1e-6, abs=tiny)
    np.testing.assert_allclose(slope, [-1 / smooth, 1 / smooth], rtol=1e-6, atol=tiny)


# --- minus zero ---

ZEROS = {
    "mse_loss": [([0.0, 1.0], [-0.0, 1.0]), ([-0.0], [0.0]), ([-0.0], [-0.0])],
    "mae_loss": [([0.0, 1.0], [-0.0, 1.0]), ([-0.0], [0.0])],
    "huber_loss": [([0.0, 1.0], [-0.0, 1.0]), ([-0.0], [0.0])],
    "log_cosh_loss": [([0.0, 1.0], [-0.0, 1.0]), ([-0.0], [0.0])],
    "pinball_loss": [([0.0, 1.0], [-0.0, 1.0]), ([-0.0], [0.0]), ([3.0], [3.0])],
    "binary_cross_entropy": [([0.0, 1.0], [0.0, 1.0]), ([-0.0], [-0.0])],
    "binary_cross_entropy_with_logits": [([0.0, 1.0], [-1e4, 1e4]), ([-0.0], [-1e4])],
    "focal_loss": [([0.0, 1.0], [0.0, 1.0])],
    "focal_loss_with_logits": [([0.0, 1.0], [-1e4, 1e4])],
    "categorical_cross_entropy": [([[0, 1]], [[0.0, 1.0]]), ([[0, 1]], [[-0.0, 1.0]])],
    "categorical_cross_entropy_with_logits": [([[0, 1]], [[0.0, 1e4]])],
    "sparse_categorical_cross_entropy": [([1], [[0.0, 1.0]])],
    "sparse_categorical_cross_entropy_with_logits": [([1], [[0.0, 1e4]])],
    "hinge_loss": [([1, -1], [1.0, -1.0]), ([1], [9.0])],
    "squared_hinge_loss": [([1, -1], [1.0, -1.0]), ([1], [9.0])],
    "kl_divergence": [
        ([0.0, 1.0], [0.0, 1.0]),
        ([0.5, 0.5], [0.5, 0.5]),
        ([0.0, 1.0], [-0.0, 1.0]),
    ],
    "dice_loss": [([0.0, 1.0], [0.0, 1.0]), ([0.0], [-0.0])],
    "dice_bce_loss": [([0.0, 1.0], [0.0, 1.0])],
    "contrastive_loss": [
        ([1], [[1.0, 2.0]], [[1.0, 2.0]]),
        ([0], [[0.5, 0.0]], [[0.0, 0.0]]),
        ([0], [[9.0, -9.0]], [[0.0, 0.0]]),
        ([1], [[-0.0]], [[0.0]]),
    ],
    "triplet_loss": [
        ([[1.0, 2.0]], [[1.0, 2.0]], [[1.0, 2.0]]),
        ([[0.0, -0.0]], [[0.0, 0.0]], [[9.0, -9.0]]),
        ([[-0.0]], [[0.0]], [[0.0]]),
    ],
    "info_nce_loss": [([[1.0]], [[1.0]]), (np.eye(2) * 1e4, np.eye(2))],
}


@pytest.mark.parametrize("case", CASES, ids=label)
def test_no_minus_zero(case):
    for data in ZEROS[case.name]:
        for dtype in (np.float64, F32):
            arrays = [np.asarray(a) for a in data]
            arrays = [a if a.dtype.kind == "i" else a.astype(dtype) for a in arrays]
            for reduction in REDUCTIONS:
                for result in both(case.name, *arrays, reduction=reduction):
                    assert not np.signbit(result[result == 0]).any(), (data, reduction, result)


def test_no_minus_zero_at_a_weight_of_0():
    for name, data in (
        ("sparse_categorical_cross_entropy", ([0, 1], HALF)),
        ("sparse_categorical_cross_entropy_with_logits", ([0, 1], HALF)),
        ("categorical_cross_entropy", (np.eye(2), HALF)),
        ("categorical_cross_entropy_with_logits", (np.eye(2), HALF)),
    ):
        for result in both(name, *data, class_weight=[0, 1], reduction="none"):
            assert not np.signbit(result[result == 0]).any(), name
    for alpha in (0, 1):
        for result in both("focal_loss", [0, 1], [0.5, 0.5], alpha=alpha, reduction="none"):
            assert not np.signbit(result[result == 0]).any()
    for reduction in REDUCTIONS:
        knobs = {"squared": True, "reduction": reduction}
        for result in both("triplet_loss", [[1.0, 0]], [[1.0, 0]], [[9.0, -9.0]], **knobs):
            assert not np.signbit(result[result == 0]).any()


def test_no_minus_zero_from_xlogy():
    assert not np.signbit(lossutils.xlogy([-1.0, -0.0, 0.0, -3.0], [1.0, 5.0, 0.0, 1.0])).any()
