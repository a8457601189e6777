"""Dice: probes and answers of exercise 6.5."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe


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
