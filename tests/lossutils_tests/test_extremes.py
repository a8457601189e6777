"""Where formulas written naively overflow, divide by zero or give NaN.

Expected values are what mathematics gives, infinity included. Warnings are errors in this
suite, so a stray RuntimeWarning fails a test as well.
"""

import math
import sys

import numpy as np
import pytest

import lossutils

from .cases import CASES, REDUCTIONS, label

INF = np.inf
LN2 = math.log(2)
# The largest logits of each dtype whose losses can still be represented.
HUGE = [(np.float64, 1e4), (np.float64, 1e308), (np.float32, 1e4), (np.float32, 3e38)]
LOGIT_LOSSES = [case for case in CASES if case.name.endswith("with_logits")]

huge = pytest.mark.parametrize(("dtype", "big"), HUGE)


def check(name, data, value, gradient, **knobs):
    """Compare the value of each sample and the gradient of their sum with exact numbers."""
    loss, grad = getattr(lossutils, name), getattr(lossutils, f"{name}_grad")
    np.testing.assert_allclose(loss(*data, reduction="none", **knobs), value, rtol=1e-6)
    np.testing.assert_allclose(grad(*data, reduction="sum", **knobs), gradient, rtol=1e-6)


@huge
def test_binary_cross_entropy_with_logits(dtype, big):
    y, z = [1, 1, 0, 0], np.array([big, -big, big, -big], dtype)
    check("binary_cross_entropy_with_logits", (y, z), [0, big, big, 0], [0, -1, 1, 0])


def test_binary_cross_entropy_counts_positives_twice():
    value, gradient = [2 * LN2, LN2], [-1, 0.5]
    check("binary_cross_entropy_with_logits", ([1, 0], [0, 0]), value, gradient, pos_weight=2)
    check("binary_cross_entropy", ([1, 0], [0.5, 0.5]), value, [-4, 2], pos_weight=2)


@huge
def test_focal_loss_with_logits(dtype, big):
    y, z = [1, 1, 0, 0], np.array([big, -big, big, -big], dtype)
    value = np.array([0, 0.25 * big, 0.75 * big, 0], dtype)
    check("focal_loss_with_logits", (y, z), value, [0, -0.25, 0.75, 0])
    for gamma in (0, 0.5, 1):
        value = np.array([0, big, big, 0], dtype)
        check("focal_loss_with_logits", (y, z), value, [0, -1, 1, 0], alpha=None, gamma=gamma)


@huge
def test_cross_entropy_with_logits(dtype, big):
    labels = [0, 1, 2]
    z = np.array([[big, 0, 0], [big, 0, -big], [-big, -big, -big]], dtype)
    gradient = [[0, 0, 0], [1, -1, 0], [1 / 3, 1 / 3, -2 / 3]]
    value = np.array([0, big, math.log(3)], dtype)
    check("sparse_categorical_cross_entropy_with_logits", (labels, z), value, gradient)
    check("categorical_cross_entropy_with_logits", (np.eye(3)[labels], z), value, gradient)


@huge
@pytest.mark.parametrize("n", [2, 8])
def test_mean_is_finite_where_the_sum_overflows(dtype, big, n):
    z = np.full(n, big, dtype)
    assert lossutils.binary_cross_entropy_with_logits(np.zeros(n), z) == pytest.approx(big)
    assert lossutils.mae_loss(np.zeros(n, dtype), z) == pytest.approx(big)
    assert lossutils.hinge_loss(-np.ones(n), z) == pytest.approx(1 + big)
    labels, rows = np.zeros(n, int), np.tile(np.array([0, big], dtype), (n, 1))
    loss = lossutils.sparse_categorical_cross_entropy_with_logits
    assert loss(labels, rows) == pytest.approx(big)
    assert loss(labels, rows, class_weight=[1, 5]) == pytest.approx(big)
    far = z[:, None]
    assert lossutils.triplet_loss(0 * far, far, 0 * far) == pytest.approx(1 + big)


@pytest.mark.parametrize("case", LOGIT_LOSSES, ids=label)
@huge
def test_gradient_with_logits_is_finite_even_where_the_loss_is_not(case, dtype, big):
    for seed in range(3):
        data = case.draw(seed, dtype)
        z = np.sign(data[1]) * dtype(big)
        for reduction in REDUCTIONS:
            gradient = case.grad(data[0], z, reduction=reduction)
            assert gradient.dtype == dtype
            assert np.abs(gradient).max() <= 1
            assert not np.isnan(case.loss(data[0], z, reduction=reduction)).any()


def test_loss_beyond_the_largest_float_is_infinite():
    largest = 1.7e308
    check("mse_loss", ([0.0], [1e200]), [INF], [2e200])
    check("mae_loss", ([-largest], [largest]), [INF], [1])
    check("squared_hinge_loss", ([1], [-1e200]), [INF], [-2e200])
    check(
        "sparse_categorical_cross_entropy_with_logits",
        ([0], [[-largest, largest]]),
        [INF],
        [[-1, 1]],
    )
    assert lossutils.mse_loss([0.0, 0.0], [1e200, 1.0]) == INF
    assert lossutils.mse_loss(np.float32([0]), np.float32([1e30])) == INF


@huge
def test_regression_and_hinge_are_linear_far_out(dtype, big):
    y, y_hat = np.zeros(2, dtype), np.array([big, -big], dtype)
    check("mae_loss", (y, y_hat), [big, big], [1, -1])
    check("huber_loss", (y, y_hat), [big - 0.5, big - 0.5], [1, -1])
    check("log_cosh_loss", (y, y_hat), [big - LN2, big - LN2], [1, -1])
    check("pinball_loss", (y, y_hat), [0.75 * big, 0.25 * big], [0.75, -0.25], quantile=0.25)
    check("hinge_loss", ([-1, -1], y_hat), [1 + big, 0], [1, 0])


def test_huber_with_a_huge_delta_is_half_the_square():
    check("huber_loss", ([0.0], [3.0]), [4.5], [3], delta=sys.float_info.max)


def test_log_cosh_keeps_small_errors():
    """Near 0 it is e^2 / 2; subtracting log 2 from numbers near it would leave noise."""
    check("log_cosh_loss", ([0.0], [1e-6]), [0.5e-12], [1e-6])


def test_tiny_losses_with_logits_are_kept():
    tiny = np.exp(-50)
    check("binary_cross_entropy_with_logits", ([0, 1], [-50.0, 50.0]), [tiny, tiny], [tiny, -tiny])
    # log(1 + e^-50) is 0 unless the 1 stays out of the sum.
    name = "categorical_cross_entropy_with_logits"
    check(name, ([[1, 0]], [[50.0, 0.0]]), [tiny], [[-tiny, tiny]])
    check(f"sparse_{name}", ([0], [[50.0, 0.0]]), [tiny], [[-tiny, tiny]])


# --- probabilities of exactly 0 and 1 ---


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_binary_cross_entropy_of_certain_predictions(dtype):
    y, p = [0, 0, 1, 1], np.array([0, 1, 0, 1], dtype)
    check("binary_cross_entropy", (y, p), [0, INF, INF, 0], [1, INF, -INF, -1])
    check("binary_cross_entropy", (y, p), [0, INF, INF, 0], [1, INF, -INF, -3], pos_weight=3)
    check("binary_cross_entropy", (2 * [0.5], p[:2]), [INF, INF], [-INF, INF])
    assert lossutils.binary_cross_entropy(y, p) == INF


def test_bce_does_not_clip():
    """Clipping to 1e-7 would cap the loss at 16.12 and leave no gradient."""
    assert lossutils.binary_cross_entropy(1, 1e-300) == pytest.approx(300 * math.log(10))
    assert lossutils.binary_cross_entropy_grad(1, 1e-300) == pytest.approx(-1e300)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gamma", [0, 0.5, 1, 2])
def test_focal_loss_of_certain_predictions(dtype, gamma):
    y, p = [0, 0, 1, 1], np.array([0, 1, 0, 1], dtype)
    # Where p_t is 1 only gamma = 0 (cross-entropy) has a slope left.
    end = 1 if gamma == 0 else 0
    check("focal_loss", (y, p), [0, INF, INF, 0], [end, INF, -INF, -end], alpha=None, gamma=gamma)


def test_focal_loss_with_a_class_of_weight_zero():
    """A class of weight 0 contributes 0, however wrong the prediction is."""
    check("focal_loss", ([1, 0], [0.0, 0.5]), [0, 0.25 * LN2], [0, LN2 + 0.5], alpha=0)
    check("focal_loss", ([0, 1], [1.0, 0.5]), [0, 0.25 * LN2], [0, -LN2 - 0.5], alpha=1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_of_certain_predictions(dtype):
    labels = [0, 0, 1]
    p = np.array([[1, 0, 0], [0, 0.5, 0.5], [0, 0.5, 0.5]], dtype)
    value = [0, INF, LN2]
    gradient = [[-1, 0, 0], [-INF, 0, 0], [0, -2, 0]]
    check("sparse_categorical_cross_entropy", (labels, p), value, gradient)
    check("categorical_cross_entropy", (np.eye(3)[labels], p), value, gradient)


def test_smoothing_makes_every_zero_probability_infinitely_wrong():
    data, knobs = ([0], [[1.0, 0.0, 0.0]]), {"label_smoothing": 0.3}
    check("sparse_categorical_cross_entropy", data, [INF], [[-0.8, -INF, -INF]], **knobs)


def test_a_long_row_of_float32_may_round():
    """Its sum is off by 5e-4, more than a short row's may be: eps * n is 1.2e-3."""
    row = np.full((1, 10_000), 1.0005e-4, np.float32)
    loss = lossutils.sparse_categorical_cross_entropy([0], row)
    assert loss == pytest.approx(-math.log(1.0005e-4))


def test_class_of_weight_zero_contributes_nothing():
    knobs = {"class_weight": [0, 1]}
    data = ([0, 1], [[0.0, 1.0], [0.5, 0.5]])
    check("sparse_categorical_cross_entropy", data, [0, LN2], [[0, 0], [0, -2]], **knobs)
    assert lossutils.sparse_categorical_cross_entropy(*data, **knobs) == pytest.approx(LN2)


def test_kl_divergence_at_zero_probabilities():
    p = [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 1, 0]]
    q = [[0.5, 0.25, 0.25], [1, 0, 0], [0, 1, 0]]
    gradient = [[-1, -2, 0], [-0.5, -INF, 0], [0, -1, 0]]
    check("kl_divergence", (p, q), [0.5 * LN2, INF, 0], gradient)


def test_kl_divergence_of_tiny_probabilities():
    """The quotient p / q would overflow, and p log(p / q) with it."""
    tiny = 1e-320
    value = lossutils.kl_divergence([0.5, 0.5], [tiny, 1.0])
    assert value == pytest.approx(0.5 * (math.log(0.5) - math.log(tiny)) + 0.5 * math.log(0.5))
    assert lossutils.kl_divergence([tiny, 1.0], [0.5, 0.5]) == pytest.approx(LN2)


# --- empty masks ---


def test_dice_of_two_empty_masks():
    empty = np.zeros((2, 3))
    # smooth > 0: (0 + 1) / (0 + 1). smooth = 0: 0 / 0, defined as perfect agreement.
    assert lossutils.dice_loss(empty, empty) == 0
    assert lossutils.dice_loss(empty, empty, smooth=0) == 0
    np.testing.assert_array_equal(lossutils.dice_loss_grad(empty, empty, smooth=0), empty)
    # smooth = 1: the quotient is 1 / (1 + sum p), so its slope at 0 is 1.
    np.testing.assert_array_equal(lossutils.dice_loss_grad(empty, empty), empty + 1)


def test_one_empty_image_among_others():
    truth, p = np.array([[0, 0], [1, 0]]), np.array([[0, 0], [0.5, 0.5]])
    check("dice_loss", (truth, p), [0, 0.5], [[0, 0], [-0.75, 0.25]], smooth=0, axis=1)


def test_empty_truth_with_a_prediction_is_wholly_wrong_without_smoothing():
    check("dice_loss", ([0, 0], [0.5, 0.25]), 1, [0, 0], smooth=0)


def test_dice_bce_is_as_exact_as_bce():
    data = ([1, 0], [0.0, 0.0])
    assert lossutils.dice_bce_loss(*data) == INF
    assert lossutils.dice_bce_loss_grad(*data)[0] == -INF
    # Without its share the infinite term is gone, not 0 * inf: N = 1 and D = 2 are left.
    check("dice_bce_loss", data, 0.5, [-0.75, 0.25], dice_weight=1)


# --- embeddings ---


@pytest.mark.parametrize(
    ("dtype", "scale"),
    [
        # 1e-160 and 1e-22: the square is a number, with a few digits only.
        *((np.float64, scale) for scale in (1e300, 3e307, 1e-160, 1e-300, 1e-309)),
        *((np.float32, scale) for scale in (1e37, 6e37, 1e-22, 1e-37)),
    ],
)
def test_distances_neither_overflow_nor_vanish(dtype, scale):
    anchor, positive, negative = np.array([[[0, 0]], [[3, 4]], [[0, 0]]]).astype(dtype)
    data = tuple((a * dtype(scale)).astype(dtype) for a in (anchor, positive, negative))
    d = 5 * float(scale)
    loss = lossutils.triplet_loss(*data)
    assert loss == pytest.approx(d + 1 if scale < 1 else d, rel=1e-6)
    d_a, d_p, d_n = lossutils.triplet_loss_grad(*data)
    np.testing.assert_allclose(d_p, [[0.6, 0.8]], rtol=1e-6)
    np.testing.assert_allclose(d_a, [[-0.6, -0.8]], rtol=1e-6)
    np.testing.assert_array_equal(d_n, [[0, 0]])
    pair = data[:2]
    # Similar: half the square, which leaves the range of floats; its gradient does not.
    assert lossutils.contrastive_loss([1], *pair) == pytest.approx(INF if scale > 1 else 0)
    d_a, d_b = lossutils.contrastive_loss_grad([1], *pair)
    np.testing.assert_allclose(d_b, [[3 * scale, 4 * scale]], rtol=1e-6)
    np.testing.assert_array_equal(d_a, -d_b)
    # Dissimilar: beyond the margin nothing; close together the full push.
    assert lossutils.contrastive_loss([0], *pair) == pytest.approx(0 if scale > 1 else 0.5)
    _, d_b = lossutils.contrastive_loss_grad([0], *pair)
    np.testing.assert_allclose(d_b, [[0, 0]] if scale > 1 else [[-0.6, -0.8]], rtol=1e-6)


def test_distances_beyond_the_largest_float():
    """The distance 3e308 is no float, but what does not depend on its size is still exact."""
    a, b = np.array([[1.5e308, 0.0]]), np.array([[-1.5e308, 0.0]])
    right, still = [[1, 0]], [[0, 0]]
    assert lossutils.contrastive_loss([0], a, b) == 0
    assert lossutils.contrastive_loss([1], a, b) == INF
    np.testing.assert_array_equal(lossutils.contrastive_loss_grad([0], a, b), [still, still])
    assert lossutils.triplet_loss(a, b, a) == INF
    d_a, d_p, d_n = lossutils.triplet_loss_grad(a, b, a)
    np.testing.assert_array_equal([d_a, -d_p, d_n], [right, right, still])
    assert lossutils.triplet_loss(a, a, b) == 0
    np.testing.assert_array_equal(lossutils.triplet_loss_grad(a, a, b), [still, still, still])


def test_distances_beyond_the_largest_float_in_many_dimensions():
    d = 1000
    a, b = np.full((1, d), 1e308), np.full((1, d), -1e308)
    each = np.full((1, d), 1 / math.sqrt(d))
    d_a, d_p, d_n = lossutils.triplet_loss_grad(a, b, a)
    np.testing.assert_allclose([d_a, d_p, d_n], [each, -each, 0 * each], rtol=1e-12)


def test_a_row_longer_than_a_block_of_memory():
    n = 40_000  # classes; a block has 131 072 bytes
    name = "sparse_categorical_cross_entropy_with_logits"
    gradient = np.full((2, n), 1 / n) - np.eye(2, n)
    check(name, ([0, 1], np.zeros((2, n))), [math.log(n)] * 2, gradient)


def test_one_huge_row_leaves_the_others_exact():
    a, b = np.array([[1.5e308, 0.0], [3.0, 4.0]]), np.array([[-1.5e308, 0.0], [0.0, 0.0]])
    similar = lossutils.contrastive_loss([0, 1], a, b, reduction="none")
    np.testing.assert_allclose(similar, [0, 12.5], rtol=1e-15)
    d_a, _ = lossutils.contrastive_loss_grad([0, 1], a, b, reduction="sum")
    np.testing.assert_allclose(d_a, [[0, 0], [3, 4]], rtol=1e-15)
    losses = lossutils.triplet_loss(a, b, a, reduction="none")
    np.testing.assert_allclose(losses, [INF, 6], rtol=1e-15)
    d_a, _, _ = lossutils.triplet_loss_grad(a, b, a, reduction="sum")
    np.testing.assert_allclose(d_a, [[1, 0], [0.6, 0.8]], rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_near_pair_and_one_that_needs_scaling_are_compared_at_one_scale(dtype):
    far = np.finfo(dtype).max / 2
    zero, near, large = (np.array([[x]], dtype=dtype) for x in (0, far / 8, far))
    assert lossutils.triplet_loss(zero, large, near) == pytest.approx(0.875 * far)
    assert lossutils.triplet_loss(zero, near, large) == 0


def test_squared_triplets_beyond_the_largest_float():
    a, p, n = (np.array([[x * 1e308]]) for x in (1.0, -1.0, -0.9))
    assert lossutils.triplet_loss(a, p, n, squared=True) == INF
    assert lossutils.triplet_loss(a, n, p, squared=True) == 0
    d_a, d_p, d_n = lossutils.triplet_loss_grad(a, p, n, squared=True)
    # 2 (n - p) can be written, 2 (p - a) and 2 (a - n) cannot.
    np.testing.assert_allclose([d_a, d_p, d_n], [[[2e307]], [[-INF]], [[INF]]], rtol=1e-12)


def test_coincident_embeddings():
    same = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert lossutils.contrastive_loss([0, 0], same, same, margin=2) == 2
    assert lossutils.contrastive_loss([1, 1], same, same) == 0
    assert lossutils.triplet_loss(same, same, same, margin=0.5) == 0.5
    zeros = np.zeros_like(same)
    for gradient in (
        *lossutils.contrastive_loss_grad([0, 1], same, same),
        *lossutils.triplet_loss_grad(same, same, same),
        *lossutils.triplet_loss_grad(same, same, same, squared=True),
    ):
        np.testing.assert_array_equal(gradient, zeros)
    # All queries see all keys alike: chance level, ln n.
    ones = np.ones((3, 2))
    assert lossutils.info_nce_loss(ones, ones) == pytest.approx(math.log(3))


def test_info_nce_with_huge_similarities():
    big = np.array([[1e150, 0.0], [0.0, 1e150]])
    assert lossutils.info_nce_loss(big, big) == 0
    # Every query matches the wrong key: the loss is the similarity itself.
    assert lossutils.info_nce_loss(big, big[::-1], temperature=1) == pytest.approx(1e300)
    d_q, d_k = lossutils.info_nce_loss_grad(big, big[::-1], temperature=1, reduction="sum")
    # Each query is drawn to its key and away from the other; each key likewise.
    np.testing.assert_allclose(d_q, [[1e150, -1e150], [-1e150, 1e150]])
    np.testing.assert_allclose(d_k, [[-1e150, 1e150], [1e150, -1e150]])


def test_info_nce_at_a_tiny_temperature():
    eye = np.eye(3)
    assert lossutils.info_nce_loss(eye, eye, temperature=1e-300) == 0
    for gradient in lossutils.info_nce_loss_grad(eye, eye, temperature=1e-300):
        np.testing.assert_array_equal(gradient, np.zeros((3, 3)))


# --- the stable functions themselves ---


@huge
def test_stable_functions_far_out(dtype, big):
    x = np.array([-big, 0, big], dtype)
    np.testing.assert_allclose(lossutils.softplus(x), np.array([0, LN2, big], dtype), rtol=1e-6)
    np.testing.assert_array_equal(lossutils.sigmoid(x), [0, 0.5, 1])
    np.testing.assert_allclose(
        lossutils.log_sigmoid(x), np.array([-big, -LN2, 0], dtype), rtol=1e-6
    )
    np.testing.assert_array_equal(lossutils.softmax(x), [0, 0, 1])
    assert lossutils.logsumexp(x) == dtype(big)
    lowest = -2 * big if big < 1e38 else -INF  # -2e308 is no longer a float
    np.testing.assert_allclose(lossutils.log_softmax(x), [lowest, -dtype(big), 0], rtol=1e-6)
    np.testing.assert_allclose(
        lossutils.logsumexp(np.array([-big, -big], dtype)), dtype(-big), rtol=1e-3
    )


def test_xlogy_is_zero_where_x_is():
    np.testing.assert_array_equal(lossutils.xlogy([0, 0, 2], [0, 5, 1]), [0, 0, 0])
    np.testing.assert_array_equal(lossutils.xlogy([1, -1.0], [0, 0]), [-INF, INF])
    np.testing.assert_array_equal(lossutils.xlogy([1e308, -1e308], [1e308, 1e308]), [INF, -INF])


def test_sigmoid_keeps_its_small_values():
    assert lossutils.sigmoid(-700.0) == pytest.approx(math.exp(-700), rel=1e-13)
    assert lossutils.softplus(-700.0) == pytest.approx(math.exp(-700), rel=1e-13)
    assert lossutils.log_sigmoid(40.0) == pytest.approx(-math.exp(-40), rel=1e-13)
