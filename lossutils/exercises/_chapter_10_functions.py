"""Right and wrong functions for the exercises of chapter 10."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe


def epoch_probes():
    """Return probes ``(batch_means, batch_sizes)``."""
    rng = np.random.default_rng(100)
    found = [
        ("a single sample", [3.0], [1]),
        ("hand-size", [1.0, 4.0], [4, 2]),
        ("hand-size", [2.0, 2.5, 7.0], [4, 4, 1]),
        ("random", rng.uniform(0, 3, size=5), [32, 32, 32, 32, 7]),
        ("random", rng.uniform(0, 3, size=6), rng.integers(1, 40, size=6)),
        ("batches of one size", [0.5, 1.5, 4.0], [8, 8, 8]),
    ]
    return tuple(
        Probe(kind, {"batch_means": np.array(means), "batch_sizes": np.array(sizes)})
        for kind, means, sizes in found
    )


def epoch_mean(batch_means, batch_sizes):
    """Return the right mean over the samples."""
    return np.average(batch_means, weights=batch_sizes)


def epoch_mean_of_means(batch_means, batch_sizes):
    """Count each batch once."""
    return np.mean(batch_means)


def epoch_sum(batch_means, batch_sizes):
    """Divide by nothing."""
    return np.dot(batch_means, batch_sizes)


def epoch_by_batches(batch_means, batch_sizes):
    """Divide the sum by the number of batches."""
    return np.dot(batch_means, batch_sizes) / len(batch_sizes)


def epoch_full_batches(batch_means, batch_sizes):
    """Divide as if every batch were as large as the first."""
    return np.dot(batch_means, batch_sizes) / (len(batch_sizes) * batch_sizes[0])


def epoch_without_last(batch_means, batch_sizes):
    """Drop the last batch where there are several."""
    end = max(1, len(batch_sizes) - 1)
    return np.average(batch_means[:end], weights=batch_sizes[:end])


def loss_probes():
    """Return probes ``(y_true, logits)``; labels are 0 and 1 alone."""
    rng = np.random.default_rng(101)
    found = [
        ("a single sample", [1.0], [0.5]),
        ("a single sample", [0.0], [2.0]),
        ("hand-size", [1.0, 0.0, 0.0], [-1.0, 2.0, 0.25]),
        ("random", rng.permutation([0.0, 1.0] * 4), rng.normal(scale=2, size=8)),
        ("whole numbers", [1, 0, 1], [2, 1, -3]),
        ("two axes", [[0.0, 1.0], [1.0, 0.0]], [[0.5, -2.0], [2.0, 3.25]]),
        ("logits of a thousand", [1.0, 0.0], [-1000.0, 0.5]),
        ("logits of a thousand", [0.0, 1.0], [1000.0, 3.0]),
        # Right and sure: the exact charge is zero, and zero times infinity is near.
        ("logits of a thousand", [1.0, 0.0], [1000.0, -1000.0]),
    ]
    return tuple(Probe(k, {"y_true": np.array(y), "logits": np.array(z)}) for k, y, z in found)


def loss(y_true, logits):
    """Return the right value of BCE with logits."""
    return lu.binary_cross_entropy_with_logits(y_true, logits)


def _charged(y_true, p_one, p_zero):
    """Return the mean charge, from the probabilities of both classes."""
    y = np.asarray(y_true)
    return -np.mean(np.where(y == 1, np.log(p_one), np.log(p_zero)))


def loss_suspect(y_true, logits):
    """Repair nothing."""
    p = lu.sigmoid(lu.sigmoid(logits))
    return _charged(y_true, 1 - p, p)


def loss_unswapped(y_true, logits):
    """Repair the branches alone."""
    p = lu.sigmoid(lu.sigmoid(logits))
    return _charged(y_true, p, 1 - p)


def loss_once(y_true, logits):
    """Repair the sigmoid alone."""
    return lu.binary_cross_entropy_with_logits(1 - np.asarray(y_true), logits)


def loss_naive(y_true, logits):
    """Repair both, and leave the logarithm of zero."""
    p = lu.sigmoid(logits)
    with np.errstate(divide="ignore"):
        return _charged(y_true, p, 1 - p)


def loss_nan(y_true, logits):
    """Repair both, and multiply the logarithm of zero by zero."""
    y, p = np.asarray(y_true), lu.sigmoid(logits)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def loss_clipped(y_true, logits):
    """Repair both, and clip."""
    p = np.clip(lu.sigmoid(logits), 1e-7, 1 - 1e-7)
    return _charged(y_true, p, 1 - p)


def loss_clipped_finer(y_true, logits):
    """Repair both, and clip with a smaller number."""
    p = np.clip(lu.sigmoid(logits), 1e-12, 1 - 1e-12)
    return _charged(y_true, p, 1 - p)


def step_probes():
    """Return probes ``(x, y, w, rate)``."""
    rng = np.random.default_rng(102)
    found = [
        ("hand-size", [[1.0], [2.0]], [1.0, 3.0], [0.5], 0.1),
        ("hand-size", [[1.0, 0.0], [0.0, 2.0]], [1.0, 3.0], [0.0, 1.0], 0.5),
    ]
    for n, d in ((3, 2), (5, 3), (8, 1)):
        x, y, w = rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d)
        found.append(("random", x, y, w, 0.2))
    found.append(("a perfect model", [[1.0, 1.0], [2.0, 0.0]], [3.0, 2.0], [1.0, 2.0], 0.3))
    return tuple(
        Probe(kind, {"x": np.array(x), "y": np.array(y), "w": np.array(w), "rate": rate})
        for kind, x, y, w, rate in found
    )


def step(x, y, w, rate):
    """Return the right weights after one step."""
    return w - rate * 2 * x.T @ (x @ w - y) / len(y)


def _table(x, y, w):
    """Return the slope's sum over the table of all pairs."""
    return (2 * x.T @ (x @ w[:, np.newaxis] - y)).sum(axis=1)


def step_suspect(x, y, w, rate):
    """Repair nothing."""
    return w - rate * _table(x, y, w)


def step_sum(x, y, w, rate):
    """Repair the shape alone."""
    return w - rate * 2 * x.T @ (x @ w - y)


def step_pairs(x, y, w, rate):
    """Repair the mean alone."""
    return w - rate * _table(x, y, w) / len(y)


def step_mean_of_pairs(x, y, w, rate):
    """Take the mean over all pairs."""
    return w - rate * _table(x, y, w) / len(y) ** 2


def step_up(x, y, w, rate):
    """Go up instead of down."""
    return w + rate * 2 * x.T @ (x @ w - y) / len(y)


def step_half(x, y, w, rate):
    """Forget the 2 of the derivative."""
    return w - rate * x.T @ (x @ w - y) / len(y)
