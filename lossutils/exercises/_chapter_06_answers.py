"""Right and wrong functions for the exercises of chapter 6."""

import numpy as np

import lossutils as lu
from lossutils.exercises._model import Probe


def _hinge_data():
    rng = np.random.default_rng(60)
    yield "a single sample", [1], [0.5]
    yield "hand-size", [-1], [0.5]
    yield "hand-size", [1, -1], [3.0, 0.25]
    for size in (4, 5, 9):
        yield "random", rng.choice([-1, 1], size), rng.normal(scale=2, size=size)
    yield "whole numbers", [1, -1, 1], [0, -3, 2]
    yield "scores at the margin", [1, -1, 1], [1.0, -2.0, 0.5]
    yield "scores of ten thousand", [1, -1], [-1e4, -1e4]


HINGE_PROBES = tuple(
    Probe(kind, {"y_sign": np.array(y), "scores": np.array(s), "margin": margin})
    for kind, y, s in _hinge_data()
    for margin in (1.0, 0.5, 2.0)
)


def squared_hinge(y_sign, scores, margin):
    """Return the right value."""
    return lu.squared_hinge_loss(y_sign, scores, margin=margin)


def squared_hinge_grad(y_sign, scores, margin):
    """Return the right gradient."""
    return lu.squared_hinge_loss_grad(y_sign, scores, margin=margin)


def not_squared(y_sign, scores, margin):
    """Forget the square."""
    return lu.hinge_loss(y_sign, scores, margin=margin)


def squared_without_maximum(y_sign, scores, margin):
    """Charge samples that are right by more than the margin."""
    return np.mean((margin - y_sign * scores) ** 2)


def squared_last(y_sign, scores, margin):
    """Square the mean."""
    return lu.hinge_loss(y_sign, scores, margin=margin) ** 2


def margin_of_one(y_sign, scores, margin):
    """Ask for a margin of one, whatever was asked for."""
    return lu.squared_hinge_loss(y_sign, scores)


def label_free(y_sign, scores, margin):
    """Take every label for +1."""
    return np.mean(np.maximum(0, margin - np.asarray(scores)) ** 2)


def votes_grad(y_sign, scores, margin):
    """Return the gradient of the hinge that is not squared."""
    return lu.hinge_loss_grad(y_sign, scores, margin=margin)


def never_silent_grad(y_sign, scores, margin):
    """Let satisfied samples pull back."""
    return -2 * y_sign * (margin - y_sign * scores) / len(scores)


def unsigned_grad(y_sign, scores, margin):
    """Forget the label that the chain rule brings."""
    return -2 * np.maximum(0, margin - y_sign * scores) / len(scores)


def flipped_grad(y_sign, scores, margin):
    """Push everybody the wrong way."""
    return -squared_hinge_grad(y_sign, scores, margin)


def half_grad(y_sign, scores, margin):
    """Forget the 2."""
    return squared_hinge_grad(y_sign, scores, margin) / 2


def _tables():
    rng = np.random.default_rng(61)
    yield "one row", [[0.5, 0.5]], [[0.75, 0.25]]
    yield "hand-size", [[0.5, 0.3, 0.2]], [[0.33, 0.33, 0.34]]
    yield "hand-size", [[0.5, 0.5], [0.25, 0.75]], [[0.25, 0.75], [0.25, 0.75]]
    for shape in ((2, 3), (3, 4), (5, 2)):
        yield (
            "random",
            rng.dirichlet(np.ones(shape[1]), shape[0]),
            rng.dirichlet(np.ones(shape[1]), shape[0]),
        )
    yield "a zero in p", [[1.0, 0.0], [0.5, 0.5]], [[0.25, 0.75], [0.75, 0.25]]
    yield "a zero in both", [[0.0, 0.5, 0.5]], [[0.0, 0.75, 0.25]]
    yield "a zero in q", [[0.5, 0.5], [0.5, 0.5]], [[1.0, 0.0], [0.25, 0.75]]


KL_PROBES = tuple(Probe(kind, {"p": np.array(p), "q": np.array(q)}) for kind, p, q in _tables())


def kl(p, q):
    """Return the right value."""
    return lu.kl_divergence(p, q)


def kl_naive(p, q):
    """Let 0 log 0 be nan."""
    with np.errstate(all="ignore"):
        return np.mean(np.sum(p * np.log(p / q), axis=-1))


def kl_clipped(p, q):
    """Hide infinity behind a small number."""
    p, q = np.maximum(p, 1e-12), np.maximum(q, 1e-12)
    return np.mean(np.sum(p * np.log(p / q), axis=-1))


def kl_swapped(p, q):
    """Average over the model."""
    return lu.kl_divergence(q, p)


def kl_cross_entropy(p, q):
    """Forget the entropy."""
    return lu.categorical_cross_entropy(p, q)


def kl_bits(p, q):
    """Use base 2."""
    return kl(p, q) / np.log(2)


def kl_summed(p, q):
    """Add the rows up."""
    return kl(p, q) * len(p)


def kl_every_element(p, q):
    """Divide by the elements and not by the rows."""
    return kl(p, q) / np.shape(p)[-1]


def _masks():
    rng = np.random.default_rng(62)
    yield "a single image", [[[1, 0]]], [[[0.5, 0.25]]]
    yield "hand-size", [[[1, 0], [0, 1]]], [[[0.5, 0.0], [0.25, 1.0]]]
    for shape in ((2, 3, 3), (3, 2, 4), (4, 5, 5)):
        yield "random", rng.integers(0, 2, shape), rng.random(shape)
    yield "an empty mask", [[[0, 0]], [[1, 0]]], [[[0.1, 0.3]], [[0.5, 0.5]]]
    yield "sizes that differ", [[[1, 1, 1, 1]], [[0, 0, 0, 1]]], [[[1.0] * 4], [[0.0] * 4]]


DICE_PROBES = tuple(
    Probe(kind, {"masks": np.array(y, dtype=float), "p_pred": np.array(p), "smooth": smooth})
    for kind, y, p in _masks()
    for smooth in (1.0, 0.1)
)
_IMAGE = (1, 2)


def dice(masks, p_pred, smooth):
    """Return the right value."""
    return lu.dice_loss(masks, p_pred, smooth=smooth, axis=_IMAGE)


def dice_grad(masks, p_pred, smooth):
    """Return the right gradient."""
    return lu.dice_loss_grad(masks, p_pred, smooth=smooth, axis=_IMAGE)


def _parts(masks, p_pred, smooth):
    shared = np.sum(masks * p_pred, axis=_IMAGE, keepdims=True)
    sizes = np.sum(masks + p_pred, axis=_IMAGE, keepdims=True)
    return 2 * shared + smooth, sizes + smooth


def dice_batch(masks, p_pred, smooth):
    """Take the batch for one image."""
    return lu.dice_loss(masks, p_pred, smooth=smooth)


def dice_score(masks, p_pred, smooth):
    """Return the score, and not one minus it."""
    return 1 - dice(masks, p_pred, smooth)


def dice_once(masks, p_pred, smooth):
    """Forget the 2."""
    top, bottom = _parts(masks, p_pred, smooth)
    return np.mean(1 - ((top - smooth) / 2 + smooth) / bottom)


def dice_smooth_below(masks, p_pred, smooth):
    """Smooth the denominator only."""
    top, bottom = _parts(masks, p_pred, smooth)
    return np.mean(1 - (top - smooth) / bottom)


def dice_union(masks, p_pred, smooth):
    """Divide by the union."""
    top, bottom = _parts(masks, p_pred, smooth)
    shared = (top - smooth) / 2
    return np.mean(1 - (shared + smooth) / (bottom - shared))


def dice_summed(masks, p_pred, smooth):
    """Add the images up."""
    return dice(masks, p_pred, smooth) * len(masks)


def dice_squares(masks, p_pred, smooth):
    """Square the predictions in the denominator, as Milletari does."""
    return np.mean(1 - _parts(masks, p_pred, smooth)[0] / _parts(masks, p_pred**2, smooth)[1])


def dice_grad_batch(masks, p_pred, smooth):
    """Take the batch for one image."""
    return lu.dice_loss_grad(masks, p_pred, smooth=smooth)


def dice_grad_constant_size(masks, p_pred, smooth):
    """Forget that the denominator moves too."""
    return -2 * masks / _parts(masks, p_pred, smooth)[1] / len(masks)


def dice_grad_uphill(masks, p_pred, smooth):
    """Climb the score."""
    return -dice_grad(masks, p_pred, smooth)


def dice_grad_summed(masks, p_pred, smooth):
    """Forget to divide by the images."""
    return dice_grad(masks, p_pred, smooth) * len(masks)


GAUSSIAN_PROBES = tuple(
    Probe(kind, dict(zip(("mu_1", "sigma_1", "mu_2", "sigma_2"), values, strict=True)))
    for kind, values in (
        ("hand-size", (0.0, 1.0, 1.0, 1.0)),
        ("hand-size", (1.0, 0.5, 0.0, 1.0)),
        ("hand-size", (0.0, 1.0, 0.0, 2.0)),
        ("equal distributions", (3.0, 0.7, 3.0, 0.7)),
        ("negative centers", (-2.0, 3.0, -5.0, 0.5)),
        ("whole numbers", (1, 2, 4, 3)),
        ("narrow against wide", (0.0, 1e-3, 1.0, 1e3)),
        ("random", (0.3, 1.7, -1.2, 0.9)),
    )
)


def gaussian_kl(mu_1, sigma_1, mu_2, sigma_2):
    """Return the right value."""
    spread = (sigma_1**2 + (mu_1 - mu_2) ** 2) / (2 * sigma_2**2)
    return np.log(sigma_2 / sigma_1) + spread - 1 / 2


def gaussian_swapped(mu_1, sigma_1, mu_2, sigma_2):
    """Average over the second."""
    return gaussian_kl(mu_2, sigma_2, mu_1, sigma_1)


def gaussian_no_half(mu_1, sigma_1, mu_2, sigma_2):
    """Forget what the first one's own spread gives."""
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) + 1 / 2


def gaussian_flipped_log(mu_1, sigma_1, mu_2, sigma_2):
    """Turn the quotient in the logarithm around."""
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) - 2 * np.log(sigma_2 / sigma_1)


def gaussian_bare_distance(mu_1, sigma_1, mu_2, sigma_2):
    """Forget to divide the distance of the means."""
    right = gaussian_kl(mu_1, sigma_1, mu_2, sigma_2)
    return right + (mu_1 - mu_2) ** 2 / 2 * (1 - 1 / sigma_2**2)


def gaussian_log_of_variances(mu_1, sigma_1, mu_2, sigma_2):
    """Take the logarithm of the variances, and no half of it."""
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) + np.log(sigma_2 / sigma_1)


def gaussian_not_squared(mu_1, sigma_1, mu_2, sigma_2):
    """Take the widths for variances."""
    return gaussian_kl(mu_1, sigma_1**0.5, mu_2, sigma_2**0.5)


def gaussian_standard(mu_1, sigma_1, mu_2, sigma_2):
    """Use the chapter's formula, for the standard Gaussian."""
    return gaussian_kl(mu_1, sigma_1, 0.0, 1.0)
