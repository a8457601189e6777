"""Gradients against finite differences, at kinks, and at the minimizer of each loss."""

import numpy as np
import pytest

import lossutils
from lossutils import assert_gradient_matches, numerical_gradient

from .cases import CASES, SETTINGS, label


def replaced(data, position, value):
    return (*data[:position], value, *data[position + 1 :])


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(("case", "knobs"), SETTINGS, ids=label)
def test_finite_differences(case, knobs, reduction):
    data = case.draw(5, **knobs)
    knobs = {**knobs, "reduction": reduction}
    gradients = case.gradients(*data, **knobs)
    for position, gradient in zip(case.predictions, gradients, strict=True):
        # Probability losses are steep near 0: the truncation error of the differences is
        # relative to the largest slope.
        assert_gradient_matches(
            lambda x, k=position: case.loss(*replaced(data, k, x), **knobs),
            gradient,
            data[position],
            atol=1e-7 * max(1, np.abs(gradient).max()),
        )
        assert np.abs(gradient).max() > 0


@pytest.mark.parametrize(("case", "knobs"), SETTINGS, ids=label)
def test_none_differentiates_each_sample_s_own_loss(case, knobs):
    data = case.draw(6, **knobs)
    own = case.gradients(*data, **knobs, reduction="none")
    of_sum = case.gradients(*data, **knobs, reduction="sum")
    of_mean = case.gradients(*data, **knobs)
    for g, total, average in zip(own, of_sum, of_mean, strict=True):
        np.testing.assert_array_equal(g, total)
        np.testing.assert_allclose(
            average * case.denominator(*data, **knobs), total, rtol=1e-13, atol=1e-16
        )


# --- kinks: the stated subgradient ---


@pytest.mark.parametrize(
    ("name", "data", "knobs", "subgradient"),
    [
        ("mae_loss", ([1.0, 2.0], [1.0, 3.0]), {}, [0, 0.5]),
        ("pinball_loss", ([1.0, 2.0], [1.0, 3.0]), {"quantile": 0.9}, [0, 0.05]),
        ("huber_loss", ([0.0, 0.0], [2.0, -2.0]), {"delta": 2}, [1, -1]),
        ("hinge_loss", ([1, -1], [1.0, -1.0]), {}, [0, 0]),
        ("hinge_loss", ([1, -1], [0.5, -0.5]), {"margin": 0.5}, [0, 0]),
        ("squared_hinge_loss", ([1, -1], [1.0, -1.0]), {}, [0, 0]),
        # A dissimilar pair at the same place: no direction is better than another.
        ("contrastive_loss", (0, [1.0, 2.0], [1.0, 2.0]), {}, np.zeros((2, 2))),
        ("contrastive_loss", (1, [1.0, 2.0], [1.0, 2.0]), {}, np.zeros((2, 2))),
        ("contrastive_loss", (0, [0.0, 0.0], [3.0, 4.0]), {"margin": 5}, np.zeros((2, 2))),
        # Anchor and positive coincide: only the pull of the negative is left.
        (
            "triplet_loss",
            ([0.0, 0.0], [0.0, 0.0], [0.3, 0.4]),
            {},
            [[0.6, 0.8], [0, 0], [-0.6, -0.8]],
        ),
        (
            "triplet_loss",
            ([0.0, 0.0], [3.0, 4.0], [0.0, 0.0]),
            {},
            [[-0.6, -0.8], [0.6, 0.8], [0, 0]],
        ),
        ("triplet_loss", ([0.0, 0.0], [0.0, 0.0], [0.0, 0.0]), {}, np.zeros((3, 2))),
        # The boundary: D(a, p) - D(a, n) + margin is exactly 0.
        ("triplet_loss", ([0.0, 0.0], [3.0, 4.0], [6.0, 0.0]), {}, np.zeros((3, 2))),
        ("triplet_loss", ([0.0], [1.0], [2.0]), {"squared": True, "margin": 3}, np.zeros((3, 1))),
        ("dice_loss", ([0, 0], [0.0, 0.0]), {"smooth": 0}, [0, 0]),
    ],
)
def test_subgradient_at_a_kink(name, data, knobs, subgradient):
    gradient = getattr(lossutils, f"{name}_grad")(*data, **knobs)
    np.testing.assert_allclose(gradient, subgradient, rtol=1e-15)


# In probability space the zero lies on the border of the domain, where the slope points outward.
PROBABILITY_SPACE = {
    "binary_cross_entropy",
    "focal_loss",
    "categorical_cross_entropy",
    "sparse_categorical_cross_entropy",
    "kl_divergence",
    "dice_loss",
    "dice_bce_loss",
}


@pytest.mark.parametrize("case", [c for c in CASES if c.name not in PROBABILITY_SPACE], ids=label)
def test_gradient_is_zero_where_the_loss_is(case):
    for gradient in case.gradients(*case.perfect(*case.draw(7)), reduction="sum"):
        np.testing.assert_array_equal(gradient, np.zeros_like(gradient))


def test_kl_gains_nothing_by_moving_mass_where_the_distributions_agree():
    p = np.array([0.5, 0.3, 0.2])
    np.testing.assert_allclose(lossutils.kl_divergence_grad(p, p), [-1, -1, -1], rtol=1e-15)


# --- minimizers: what each loss asks for ---

SAMPLE = np.array([0.3, 9.5, 1.2, 2.5, 0.9, 4.1, 3.3, 1.7, 2.1])


def best_constant(loss, candidates, **knobs):
    values = [loss(SAMPLE, np.full_like(SAMPLE, c), **knobs) for c in candidates]
    return candidates[int(np.argmin(values))]


def test_mse_is_minimized_by_the_mean():
    mean = SAMPLE.mean()
    gradient = lossutils.mse_loss_grad(SAMPLE, np.full_like(SAMPLE, mean))
    assert gradient.sum() == pytest.approx(0, abs=1e-14)
    candidates = mean + np.linspace(-1, 1, 201)
    assert best_constant(lossutils.mse_loss, candidates) == pytest.approx(mean)


def test_mae_is_minimized_by_the_median():
    candidates = np.sort(np.append(SAMPLE, np.linspace(0, 10, 101)))
    assert best_constant(lossutils.mae_loss, candidates) == np.median(SAMPLE)


@pytest.mark.parametrize("quantile", [0.125, 0.25, 0.5, 0.75, 0.875])
def test_pinball_is_minimized_by_the_quantile(quantile):
    candidates = np.sort(np.append(SAMPLE, np.linspace(0, 10, 101)))
    best = best_constant(lossutils.pinball_loss, candidates, quantile=quantile)
    assert best == np.quantile(SAMPLE, quantile)


@pytest.mark.parametrize("delta", [0.01, 1e3])
def test_huber_is_minimized_near_the_median_or_at_the_mean(delta):
    target = np.median(SAMPLE) if delta < 1 else SAMPLE.mean()
    candidates = target + np.linspace(-0.5, 0.5, 101)
    best = best_constant(lossutils.huber_loss, candidates, delta=delta)
    assert best == pytest.approx(target)


def test_binary_cross_entropy_is_minimized_by_the_frequency():
    y = np.array([1, 0, 0, 1, 0, 0, 0, 0])
    assert lossutils.binary_cross_entropy_grad(y, np.full(8, 0.25)).sum() == pytest.approx(0)
    logit = np.log(0.25 / 0.75)
    gradient = lossutils.binary_cross_entropy_with_logits_grad(y, np.full(8, logit))
    assert gradient.sum() == pytest.approx(0, abs=1e-15)
    losses = [lossutils.binary_cross_entropy(y, np.full(8, p)) for p in (0.2, 0.25, 0.3)]
    assert np.argmin(losses) == 1


def test_cross_entropy_is_minimized_by_the_class_frequencies():
    labels = np.array([0, 0, 0, 1, 2, 2, 0, 1])
    frequencies = np.bincount(labels) / 8
    logits = np.tile(np.log(frequencies), (8, 1))
    gradient = lossutils.sparse_categorical_cross_entropy_with_logits_grad(labels, logits)
    np.testing.assert_allclose(gradient.sum(axis=0), np.zeros(3), atol=1e-15)
    loss = lossutils.sparse_categorical_cross_entropy
    best = loss(labels, np.tile(frequencies, (8, 1)))
    for step in ([0.02, -0.02, 0], [0, 0.02, -0.02], [-0.02, 0, 0.02]):
        assert loss(labels, np.tile(frequencies + step, (8, 1))) > best


def test_kl_is_minimized_where_the_distributions_agree():
    p = np.array([0.5, 0.3, 0.2])
    others = np.random.default_rng(0).dirichlet(np.ones(3), 50)
    assert min(lossutils.kl_divergence(p, q) for q in others) > lossutils.kl_divergence(p, p)


def test_numerical_gradient_agrees_along_the_simplex():
    """Move probability from one class to another, so that every point is a distribution."""
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])
    directions = np.array([[1, -1, 0], [0, 1, -1]])
    along = numerical_gradient(lambda u: lossutils.kl_divergence(p, q + u @ directions), [0.0, 0.0])
    np.testing.assert_allclose(along, directions @ lossutils.kl_divergence_grad(p, q), rtol=1e-8)
