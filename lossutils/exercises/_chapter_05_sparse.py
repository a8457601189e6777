"""Right and wrong functions for chapter 5's exercise on sparse cross-entropy."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe

# float32 keeps about seven digits; a mean of a few numbers leaves four for sure.
_FLOAT32 = 1e-4


def photos():
    """Return ``(kind, labels, logits, tolerance)``."""
    rng = np.random.default_rng(50)
    found = [
        ("a single sample", [1], [[0.5, 1.5, -1.0]], 1e-6),
        ("a single sample", [0], [[0.0, 2.0]], 1e-6),
        ("hand-size", [2, 0], [[2.0, 1.0, -1.0], [0.5, 1.5, 0.25]], 1e-6),
        ("hand-size", [1, 1, 0], [[1.0, 0.5, 0.0], [0.0, 0.0, 0.5], [2.0, 3.0, 1.0]], 1e-6),
    ]
    for n, classes in ((4, 3), (5, 3), (6, 4), (9, 5)):
        z = rng.normal(scale=2, size=(n, classes))
        found.append(("random", rng.integers(0, classes, size=n), z, 1e-6))
    found += [
        ("fifty classes", [7, 49, 0], rng.normal(size=(3, 50)), 1e-6),
        ("whole numbers", [0, 2], [[3, 1, 0], [0, 2, -1]], 1e-6),
        ("float32", [0, 1], np.float32([[0.5, 1.5, 0.0], [0.25, 2.0, 1.0]]), _FLOAT32),
        ("logits of a thousand", [0, 1], [[1000.0, 998.0, 0.0], [1001.0, 1000.0, 999.5]], 1e-6),
        ("logits of a thousand", [2, 0], [[-1000.0, 1000.0, 0.0], [-999.0, -1000.0, -998.0]], 1e-6),
    ]
    return [(kind, np.array(y), np.array(z), tolerance) for kind, y, z, tolerance in found]


SPARSE_PROBES = tuple(
    Probe(kind, {"labels": y, "logits": z}, tolerance) for kind, y, z, tolerance in photos()
)


def log_p(logits):
    """Return the log-probabilities."""
    return lu.log_softmax(np.asarray(logits, dtype=float))


def _naive(logits):
    with np.errstate(all="ignore"):
        powers = np.exp(np.asarray(logits, dtype=float))
        return powers / powers.sum(axis=1, keepdims=True)


def true_entries(table, labels):
    """Return what each row has at its label."""
    return table[np.arange(len(labels)), labels]


def one_hot(labels, logits):
    """Return the truth as rows."""
    return np.eye(np.shape(logits)[1])[labels]


def sparse(labels, logits):
    """Return the right value."""
    return lu.sparse_categorical_cross_entropy_with_logits(labels, logits)


def sparse_grad(labels, logits):
    """Return the right gradient."""
    return lu.sparse_categorical_cross_entropy_with_logits_grad(labels, logits)


def sparse_naive(labels, logits):
    """Take the softmax literally."""
    with np.errstate(all="ignore"):
        return -np.log(true_entries(_naive(logits), labels)).mean()


def sparse_log_of_softmax(labels, logits):
    """Take the logarithm of a safe softmax."""
    p = lu.softmax(np.asarray(logits, dtype=float))
    with np.errstate(divide="ignore"):
        return -np.log(true_entries(p, labels)).mean()


def sparse_naive_lse(labels, logits):
    """Take the log-sum-exp literally."""
    z = np.asarray(logits, dtype=float)
    with np.errstate(over="ignore"):
        return (np.log(np.exp(z).sum(axis=1)) - true_entries(z, labels)).mean()


def sparse_sum(labels, logits):
    """Add up."""
    return -true_entries(log_p(logits), labels).sum()


def sparse_over_classes(labels, logits):
    """Divide by n times C."""
    return sparse(labels, logits) / np.shape(logits)[1]


def sparse_only_score(labels, logits):
    """Forget the log-sum-exp."""
    return -true_entries(np.asarray(logits, dtype=float), labels).mean()


def sparse_pairs(labels, logits):
    """Read every row at every label."""
    return -log_p(logits)[:, labels].mean()


def sparse_first(labels, logits):
    """Read the first column."""
    return -log_p(logits)[:, 0].mean()


def sparse_no_log(labels, logits):
    """Forget the logarithm."""
    return -true_entries(np.exp(log_p(logits)), labels).mean()


def sparse_flipped(labels, logits):
    """Forget the minus."""
    return -sparse(labels, logits)


def sparse_grad_sum(labels, logits):
    """Forget the 1/n."""
    return lu.sparse_categorical_cross_entropy_with_logits_grad(labels, logits, reduction="sum")


def sparse_grad_naive(labels, logits):
    """Take the softmax literally."""
    return (_naive(logits) - one_hot(labels, logits)) / len(labels)


def sparse_grad_axis(labels, logits):
    """Take the softmax down the columns."""
    z = np.asarray(logits, dtype=float)
    powers = np.exp(z - z.max(axis=0))
    return (powers / powers.sum(axis=0) - one_hot(labels, logits)) / len(labels)


def sparse_grad_softmax(labels, logits):
    """Subtract nothing."""
    return np.exp(log_p(logits)) / len(labels)


def sparse_grad_columns(labels, logits):
    """Subtract one from whole columns."""
    p = np.exp(log_p(logits))
    p[:, labels] -= 1
    return p / len(labels)


def sparse_grad_flipped(labels, logits):
    """Take truth minus prediction."""
    return -sparse_grad(labels, logits)


def sparse_grad_of_p(labels, logits):
    """Differentiate with respect to the probabilities."""
    with np.errstate(all="ignore"):
        return -one_hot(labels, logits) / np.exp(log_p(logits)) / len(labels)
