"""Squared hinge: probes and the answers of exercise 6.2."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe


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
