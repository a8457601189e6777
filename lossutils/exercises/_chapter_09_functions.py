"""Right and wrong functions for the exercises of chapter 9."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe


def _labels_and_logits():
    rng = np.random.default_rng(90)
    yield "a single sample", [[2.0, 0.0]], [0], -100
    yield "hand-size", [[0.0, 1.0], [2.0, 0.0]], [1, -100], -100
    yield "hand-size", [[1.0, 0.0, 0.0], [0.0, 3.0, 0.0]], [2, 1], -100
    for ignore in (-100, 255, -1):
        logits, labels = rng.normal(scale=2, size=(6, 3)), rng.integers(0, 3, 6)
        labels[[1, 4]] = ignore
        yield "random", logits, labels, ignore
    yield "class 0 ignored", rng.normal(size=(4, 3)), [0, 1, 2, 0], 0
    yield "logits of a thousand", [[1000.0, 0.0], [0.0, 1000.0]], [1, -100], -100
    yield "nobody left", [[1.0, 2.0], [0.0, 0.5]], [-100, -100], -100


MASKED_PROBES = tuple(
    Probe(kind, {"logits": np.array(z), "labels": np.array(y), "ignore": ignore})
    for kind, z, y, ignore in _labels_and_logits()
)


def _charges(logits, labels, counts):
    log_p = lu.log_softmax(logits[counts])
    return -log_p[np.arange(counts.sum()), labels[counts]]


def masked(logits, labels, ignore):
    """Return the right value of cross-entropy without the ignored samples."""
    counts = labels != ignore
    return _charges(logits, labels, counts).mean() if counts.any() else 0.0


def masked_over_all(logits, labels, ignore):
    """Divide by all samples."""
    counts = labels != ignore
    return _charges(logits, labels, counts).sum() / len(labels) if counts.any() else 0.0


def masked_sum(logits, labels, ignore):
    """Take the sum."""
    counts = labels != ignore
    return _charges(logits, labels, counts).sum() if counts.any() else 0.0


def masked_nan(logits, labels, ignore):
    """Return nan if nobody is left."""
    return masked(logits, labels, ignore) if np.any(labels != ignore) else np.nan


def masked_negative(logits, labels, ignore):
    """Leave out negative labels, whatever is to be ignored."""
    counts = (labels >= 0) & (labels < logits.shape[1])
    return _charges(logits, labels, counts).mean() if counts.any() else 0.0


def masked_naive(logits, labels, ignore):
    """Form the probabilities first."""
    counts = labels != ignore
    if not counts.any():
        return 0.0
    with np.errstate(all="ignore"):
        odds = np.exp(logits[counts])
        p = odds / odds.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(counts.sum()), labels[counts]]))


def masked_flipped(logits, labels, ignore):
    """Forget the minus sign."""
    return -masked(logits, labels, ignore)


def _errors():
    rng = np.random.default_rng(91)
    yield "a single sample", [0.0], [2.0], 2.0, 1.0
    yield "hand-size", [1.0, 3.0], [2.0, 1.0], 1.0, 1.0
    yield "zero error", [1.0, 2.0], [1.0, 2.5], 0.5, 1.0
    for size in (3, 5, 9):
        knob, upstream = rng.uniform(0.5, 3), rng.uniform(2, 4)
        yield "random", rng.normal(size=size), rng.normal(scale=3, size=size), knob, upstream
    yield "an upstream below zero", [0.0, 1.0], [1.5, -1.0], 1.5, -2.0
    yield "errors of ten thousand", [0.0, 0.0], [1e4, -1.0], 2.0, 0.5
    yield "two axes", [[0.0, 1.0], [2.0, 4.0]], [[1.0, 1.5], [0.0, 4.5]], 1.0, 3.0


CAUCHY_PROBES = tuple(
    Probe(kind, {"y_true": np.array(y), "y_pred": np.array(p), "scale": scale})
    for kind, y, p, scale, _ in _errors()
)
BACKWARD_PROBES = tuple(
    Probe(
        kind,
        {"y_true": np.array(y), "y_pred": np.array(p), "scale": scale, "upstream": upstream},
    )
    for kind, y, p, scale, upstream in _errors()
)


def cauchy(y_true, y_pred, scale):
    """Return the right value of Cauchy loss."""
    return np.mean(np.log1p(((y_pred - y_true) / scale) ** 2))


def cauchy_sum(y_true, y_pred, scale):
    """Take the sum."""
    return cauchy(y_true, y_pred, scale) * np.size(y_true)


def cauchy_outer_square(y_true, y_pred, scale):
    """Divide by the scale after the square."""
    return np.mean(np.log1p((y_pred - y_true) ** 2 / scale))


def cauchy_no_one(y_true, y_pred, scale):
    """Forget the one in the logarithm."""
    with np.errstate(divide="ignore"):
        return np.mean(np.log(((y_pred - y_true) / scale) ** 2))


def cauchy_logarithm_last(y_true, y_pred, scale):
    """Take the logarithm of the mean."""
    return np.log1p(np.mean(((y_pred - y_true) / scale) ** 2))


def backward(y_true, y_pred, scale, upstream):
    """Return the right gradient of Cauchy loss, times what arrives."""
    error = y_pred - y_true
    return upstream * 2 * error / (scale**2 + error**2) / np.size(error)


def backward_alone(y_true, y_pred, scale, upstream):
    """Forget what arrives."""
    return backward(y_true, y_pred, scale, 1.0) + 0 * upstream


def backward_sum(y_true, y_pred, scale, upstream):
    """Forget the 1/n."""
    return backward(y_true, y_pred, scale, upstream) * np.size(y_true)


def backward_rows(y_true, y_pred, scale, upstream):
    """Divide by the rows only."""
    return backward(y_true, y_pred, scale, upstream) * np.size(y_true) / len(y_true)


def backward_flipped(y_true, y_pred, scale, upstream):
    """Truth minus prediction."""
    return -backward(y_true, y_pred, scale, upstream)


def backward_no_inner(y_true, y_pred, scale, upstream):
    """Forget the inner derivative."""
    ratio = (y_pred - y_true) / scale
    return upstream / (1 + ratio**2) / np.size(ratio)


def backward_no_scale(y_true, y_pred, scale, upstream):
    """Forget to differentiate the division by the scale."""
    return scale * backward(y_true, y_pred, scale, upstream)


def backward_half(y_true, y_pred, scale, upstream):
    """Forget the 2 of the square."""
    return backward(y_true, y_pred, scale, upstream) / 2
