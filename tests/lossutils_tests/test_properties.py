"""Facts that hold for every input, tried on inputs that hypothesis chooses."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import lossutils

from .cases import CASES, SETTINGS, STABLE, label
from .references import CLASSES

# The same examples on every run; no deadline, as machines differ in speed.
EXAMPLES = settings(derandomize=True, deadline=None, max_examples=15, database=None)
seeds = st.integers(0, 2**32 - 1)
numbers = st.floats(-50, 50, width=32)
vectors = hnp.arrays(np.float64, st.integers(1, 6), elements=numbers)
matrices = hnp.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=numbers)

all_cases = pytest.mark.parametrize("case", CASES, ids=label)
all_settings = pytest.mark.parametrize(("case", "knobs"), SETTINGS, ids=label)


@all_settings
@given(seed=seeds)
@EXAMPLES
def test_loss_is_never_negative(case, knobs, seed):
    assert np.all(case.loss(*case.draw(seed, **knobs), **knobs, reduction="none") >= 0)


@all_cases
@given(seed=seeds)
@EXAMPLES
def test_loss_is_zero_for_perfect_predictions(case, seed):
    perfect = case.perfect(*case.draw(seed))
    losses = case.loss(*perfect, reduction="none")
    np.testing.assert_allclose(losses, np.zeros_like(losses), atol=1e-15)


@all_settings
@given(seed=seeds)
@EXAMPLES
def test_sum_adds_and_mean_divides(case, knobs, seed):
    data = case.draw(seed, **knobs)
    total = np.sum(case.loss(*data, **knobs, reduction="none"))
    assert case.loss(*data, **knobs, reduction="sum") == pytest.approx(total, rel=1e-12)
    mean = total / case.denominator(*data, **knobs)
    assert case.loss(*data, **knobs) == pytest.approx(mean, rel=1e-12)


@all_settings
@given(seed=seeds)
@EXAMPLES
def test_order_of_samples_does_not_matter(case, knobs, seed):
    data = case.draw(seed, **knobs)
    order = np.random.default_rng(seed).permutation(len(data[0]))
    shuffled = tuple(a[order] for a in data)
    value = case.loss(*data, **knobs)
    assert case.loss(*shuffled, **knobs) == pytest.approx(value, rel=1e-12)
    gradients = case.gradients(*data, **knobs)
    for gradient, moved in zip(gradients, case.gradients(*shuffled, **knobs), strict=True):
        np.testing.assert_allclose(moved, gradient[order], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", [c for c in CASES if c.symmetric], ids=label)
@given(seed=seeds)
@EXAMPLES
def test_swapping_symmetric_arguments_changes_nothing(case, seed):
    data = list(case.draw(seed))
    value = case.loss(*data)
    i, j = case.symmetric
    data[i], data[j] = data[j], data[i]
    assert case.loss(*data) == pytest.approx(value, rel=1e-14)


@all_settings
@given(seed=seeds)
@EXAMPLES
def test_inputs_are_not_changed_and_not_returned(case, knobs, seed):
    data = case.draw(seed, **knobs)
    before = [a.copy() for a in data]
    for a in data:
        a.flags.writeable = False
    for reduction in ("mean", "none"):
        results = [
            case.loss(*data, **knobs, reduction=reduction),
            *case.gradients(*data, **knobs, reduction=reduction),
        ]
        assert not any(np.shares_memory(r, a) for r in results for a in data)
    for a, original in zip(data, before, strict=True):
        np.testing.assert_array_equal(a, original)


@all_settings
@given(seed=seeds)
@EXAMPLES
def test_float32_stays_float32(case, knobs, seed):
    data = case.draw(seed, np.float32, **knobs)
    exact = case.draw(seed, **knobs)
    for reduction in ("mean", "sum", "none"):
        value = case.loss(*data, **knobs, reduction=reduction)
        assert value.dtype == np.float32
        expected = case.loss(*exact, **knobs, reduction=reduction)
        np.testing.assert_allclose(value, expected, rtol=1e-4, atol=1e-5)
        gradients = case.gradients(*data, **knobs, reduction=reduction)
        expected = case.gradients(*exact, **knobs, reduction=reduction)
        for gradient, reference in zip(gradients, expected, strict=True):
            assert gradient.dtype == np.float32
            scale = np.abs(reference).max()
            np.testing.assert_allclose(gradient, reference, rtol=1e-3, atol=1e-4 * max(1, scale))


@all_cases
def test_mixed_precision_becomes_float64(case):
    data = case.draw(0)
    k = case.predictions[-1]
    mixed = (*(a.astype(np.float32) if a.dtype.kind == "f" else a for a in data[:k]), *data[k:])
    assert case.loss(*mixed).dtype == np.float64
    assert all(g.dtype == np.float64 for g in case.gradients(*mixed))


def test_integers_beside_float32_make_xlogy_float64():
    small = np.array([0.5, 2.0], np.float32)
    assert lossutils.xlogy([1, 2], small).dtype == lossutils.xlogy(small, [1, 2]).dtype == float
    assert lossutils.xlogy(small, small).dtype == np.float32


def test_one_embedding_of_integers_makes_all_float64():
    whole, others = np.array([[1, 2]]), np.array([[2.5, 4.0]], np.float32)
    for place in range(3):
        data = [others, others + 1, others + 2]
        data[place] = whole
        assert lossutils.triplet_loss(*data).dtype == np.float64
        assert {g.dtype for g in lossutils.triplet_loss_grad(*data)} == {np.dtype(np.float64)}
        if place < 2:
            assert lossutils.contrastive_loss([1], *data[:2]).dtype == np.float64


@all_cases
def test_integer_labels_leave_float32_predictions_alone(case):
    data = case.perfect(*case.draw(0))
    first = case.predictions[0]
    labels = tuple(np.asarray(a).astype(np.int64) for a in data[:first])
    predictions = tuple(np.asarray(a).astype(np.float32) for a in data[first:])
    assert case.loss(*labels, *predictions).dtype == np.float32
    assert all(g.dtype == np.float32 for g in case.gradients(*labels, *predictions))


BINARY = [c for c in CASES if c.name.startswith(("binary", "focal", "dice", "contrastive"))]


@pytest.mark.parametrize("case", BINARY, ids=label)
def test_booleans_are_binary_truths(case):
    truth, *rest = case.draw(0)
    truth = truth.round()
    assert case.loss(truth == 1, *rest) == case.loss(truth, *rest)
    same = zip(case.gradients(truth == 1, *rest), case.gradients(truth, *rest), strict=True)
    for gradient, expected in same:
        np.testing.assert_array_equal(gradient, expected)


@all_cases
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8])
def test_integers_become_float64(case, dtype):
    data = tuple(np.asarray(a).clip(-9, 9) for a in case.perfect(*case.draw(0)))
    if dtype is np.uint8:
        data = tuple(abs(a) for a in data)
    rounded = tuple(a.round().astype(dtype) for a in data)
    floats = tuple(a.astype(float) for a in rounded)
    # Labels of classes and pairs stay integers: they are no numbers to compute with.
    floats = tuple(
        r if o.dtype.kind == "i" else f for r, f, o in zip(rounded, floats, data, strict=True)
    )
    value = case.loss(*rounded, reduction="none")
    assert value.dtype == np.float64
    np.testing.assert_array_equal(value, case.loss(*floats, reduction="none"))
    for gradient, reference in zip(case.gradients(*rounded), case.gradients(*floats), strict=True):
        assert gradient.dtype == np.float64
        np.testing.assert_array_equal(gradient, reference)


@all_settings
@given(seed=seeds)
@EXAMPLES
def test_memory_layout_does_not_matter(case, knobs, seed):
    """Give every second element of reversed, column-ordered copies: same numbers, other strides."""
    data = case.draw(seed, **knobs)
    strided = tuple(np.asfortranarray(np.repeat(a, 2, axis=0)[::-1])[::-2] for a in data)
    assert case.loss(*strided, **knobs) == pytest.approx(case.loss(*data, **knobs), rel=1e-13)
    gradients = zip(case.gradients(*strided, **knobs), case.gradients(*data, **knobs), strict=True)
    for gradient, expected in gradients:
        np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-15)


@all_cases
def test_lists_and_torch_tensors_are_accepted(case):
    data = case.draw(8)
    value = case.loss(*data)
    assert case.loss(*(a.tolist() for a in data)) == pytest.approx(value, rel=1e-15)
    assert case.loss(*map(torch.tensor, data)) == value


@all_cases
def test_one_sample_is_a_batch_of_one(case):
    if case.name == "info_nce_loss":
        assert case.loss([1.0, 2.0], [3.0, 4.0]) == 0  # its own key is the only key
        assert case.gradients([1.0, 2.0], [3.0, 4.0])[0].shape == (2,)
        return
    data = case.draw(9)
    one, batch = tuple(a[0] for a in data), tuple(a[:1] for a in data)
    assert case.loss(*one) == pytest.approx(case.loss(*batch), rel=1e-15)
    for gradient, expected in zip(case.gradients(*one), case.gradients(*batch), strict=True):
        assert gradient.shape == expected[0].shape
        np.testing.assert_allclose(gradient, expected[0], rtol=1e-15)


# --- the functions that the losses stand on ---


@given(z=matrices, shift=numbers)
@EXAMPLES
def test_softmax_ignores_a_shift(z, shift):
    np.testing.assert_allclose(lossutils.softmax(z + shift), lossutils.softmax(z), rtol=1e-11)
    np.testing.assert_allclose(
        lossutils.logsumexp(z + shift), lossutils.logsumexp(z) + shift, rtol=1e-12, atol=1e-12
    )
    np.testing.assert_allclose(
        lossutils.log_softmax(z + shift), lossutils.log_softmax(z), rtol=1e-11, atol=1e-11
    )


@given(z=matrices)
@EXAMPLES
def test_softmax_gives_distributions(z):
    p = lossutils.softmax(z)
    np.testing.assert_allclose(p.sum(axis=-1), np.ones(len(z)), rtol=1e-13)
    np.testing.assert_allclose(np.log(p), lossutils.log_softmax(z), rtol=1e-9, atol=1e-13)


@given(z=vectors)
@EXAMPLES
def test_sigmoid_softplus_and_log_sigmoid_are_one_family(z):
    np.testing.assert_allclose(lossutils.sigmoid(z) + lossutils.sigmoid(-z), 1, rtol=1e-14)
    np.testing.assert_allclose(lossutils.softplus(z) - lossutils.softplus(-z), z, atol=1e-13)
    np.testing.assert_array_equal(lossutils.log_sigmoid(z), -lossutils.softplus(-z))


@pytest.mark.parametrize("case", STABLE, ids=label)
@given(seed=seeds)
@EXAMPLES
def test_stable_functions_keep_dtype_shape_and_inputs(case, seed):
    for dtype in (np.float32, np.float64):
        data = case.draw(seed, dtype)
        before = [a.copy() for a in data]
        for a in data:
            a.flags.writeable = False
        result = case.function(*data)
        assert result.dtype == dtype
        assert result.shape == (data[0].shape[:-1] if case.name == "logsumexp" else data[0].shape)
        for a, original in zip(data, before, strict=True):
            np.testing.assert_array_equal(a, original)


@pytest.mark.parametrize("case", STABLE, ids=label)
def test_stable_functions_turn_integers_into_float64(case):
    integers = [np.array([1, 2, 3])] * case.arguments
    result = case.function(*integers)
    assert result.dtype == np.float64
    floats = [a.astype(float) for a in integers]
    np.testing.assert_array_equal(result, case.function(*floats))


@pytest.mark.parametrize("case", [c for c in STABLE if not c.has_axis], ids=label)
def test_stable_functions_take_a_number(case):
    result = case.function(*[0.5] * case.arguments)
    assert result.shape == ()
    assert result == pytest.approx(case.scipy(*[0.5] * case.arguments), rel=1e-14)


# --- facts about one loss ---


@given(seed=seeds)
@EXAMPLES
def test_logits_form_equals_probability_form(seed):
    rng = np.random.default_rng(seed)
    y, z = rng.permutation(np.arange(8) % 2), 2 * rng.normal(size=8)
    for name, knobs in (("binary_cross_entropy", {"pos_weight": 2.5}), ("focal_loss", {})):
        p = lossutils.sigmoid(z)
        in_p = getattr(lossutils, name)(y, p, **knobs)
        assert getattr(lossutils, f"{name}_with_logits")(y, z, **knobs) == pytest.approx(in_p)
        # The chain rule through the sigmoid: dp/dz = p (1 - p).
        chained = getattr(lossutils, f"{name}_grad")(y, p, **knobs) * p * (1 - p)
        direct = getattr(lossutils, f"{name}_with_logits_grad")(y, z, **knobs)
        np.testing.assert_allclose(direct, chained, rtol=1e-10)


@given(seed=seeds)
@EXAMPLES
def test_gradient_of_cross_entropy_with_logits_sums_to_zero_in_each_row(seed):
    rng = np.random.default_rng(seed)
    labels, z = rng.integers(CLASSES, size=6), rng.normal(size=(6, CLASSES))
    gradient = lossutils.sparse_categorical_cross_entropy_with_logits_grad(labels, z)
    np.testing.assert_allclose(gradient.sum(axis=-1), np.zeros(6), atol=1e-15)


@given(seed=seeds)
@EXAMPLES
def test_kl_is_zero_for_equal_distributions_only(seed):
    p, q = np.random.default_rng(seed).dirichlet(np.ones(CLASSES), (2, 5))
    np.testing.assert_array_equal(lossutils.kl_divergence(p, p, reduction="none"), np.zeros(5))
    assert np.all(lossutils.kl_divergence(p, q, reduction="none") > 0)


@given(y=vectors, quantile=st.floats(0.01, 0.99))
@EXAMPLES
def test_pinball_at_half_is_half_of_mae_and_mirrors(y, quantile):
    y_hat = y[::-1] + 1
    half = lossutils.mae_loss(y, y_hat) / 2
    assert lossutils.pinball_loss(y, y_hat) == pytest.approx(half, rel=1e-12)
    mirrored = lossutils.pinball_loss(y_hat, y, quantile=1 - quantile)
    value = lossutils.pinball_loss(y, y_hat, quantile=quantile)
    assert value == pytest.approx(mirrored, rel=1e-9, abs=1e-12)


@given(y=vectors)
@EXAMPLES
def test_huber_and_log_cosh_lie_below_half_mse_and_mae(y):
    y_hat = np.zeros_like(y)
    half_mse = lossutils.mse_loss(y, y_hat) / 2
    mae = lossutils.mae_loss(y, y_hat)
    for loss in (lossutils.huber_loss, lossutils.log_cosh_loss):
        assert loss(y, y_hat) <= min(half_mse, mae) * (1 + 1e-12) + 1e-15


@given(seed=seeds)
@EXAMPLES
def test_moving_both_embeddings_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    a, p, n, shift = rng.normal(size=(4, 5, 3))
    assert lossutils.triplet_loss(a + shift, p + shift, n + shift) == pytest.approx(
        lossutils.triplet_loss(a, p, n), rel=1e-12
    )
    gradients = lossutils.triplet_loss_grad(a, p, n)
    np.testing.assert_allclose(sum(gradients), np.zeros((5, 3)), atol=1e-15)
    d_a, d_b = lossutils.contrastive_loss_grad([0, 1, 0, 1, 0], a, p, margin=4)
    np.testing.assert_array_equal(d_a, -d_b)
