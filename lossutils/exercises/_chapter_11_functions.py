"""Right and wrong functions for the exercises of chapter 11."""

import numpy as np

from lossutils.exercises.model import Probe


def _arrays(*values):
    return [np.asarray(value, dtype=float) for value in values]


def _count_probes():
    rng = np.random.default_rng(11)
    found = [
        ("a single sample", [2], [0.5], 1e-6),
        ("a single sample", [1], [-1.0], 1e-6),
        ("hand-size", [1, 3], [0.0, 1.0], 1e-6),
        ("a count of zero", [0], [1.5], 1e-6),
        ("a count of zero", [0, 2], [-3.0, 0.25], 1e-6),
        ("rates near zero", [0, 1], [-40.0, -800.0], 1e-6),
        ("large counts", [900, 1100], [7.0, 6.5], 1e-6),
        ("float32", np.int64([1, 4]), np.float32([0.5, 1.25]), 1e-4),
    ]
    for size in (5, 9):
        found.append(("random", rng.poisson(2, size), rng.normal(size=size), 1e-6))
    return tuple(
        Probe(kind, {"counts": np.array(counts), "z": np.array(z)}, tolerance)
        for kind, counts, z, tolerance in found
    )


COUNT_PROBES = _count_probes()


def counts(counts, z):
    """Return the right value."""
    k, z = _arrays(counts, z)
    return np.sum(np.exp(z) - k * z) / z.size


def counts_grad(counts, z):
    """Return the right gradient."""
    k, z = _arrays(counts, z)
    return (np.exp(z) - k) / z.size


def counts_of_rate(counts, z):
    """Take z for the rate and not for its logarithm."""
    k, z = _arrays(counts, z)
    # People write the plain logarithm: below zero it is nan for them too.
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.mean(z - k * np.log(z))


def counts_flipped(counts, z):
    """Forget the minus sign."""
    return -globals()["counts"](counts, z)


def counts_no_exp(counts, z):
    """Forget the exponential."""
    k, z = _arrays(counts, z)
    return np.mean(z - k * z)


def counts_factorial(counts, z):
    """Keep the constant (Stirling's form is enough to be told apart)."""
    k, z = _arrays(counts, z)
    log_factorial = np.array([np.sum(np.log(np.arange(1, n + 1))) for n in k.ravel()])
    return np.mean(np.exp(z) - k * z + log_factorial.reshape(k.shape))


def counts_squared(counts, z):
    """Fall back on the squared error."""
    k, z = _arrays(counts, z)
    return np.mean((np.exp(z) - k) ** 2)


def counts_sum(counts, z):
    """Add up."""
    return globals()["counts"](counts, z) * np.size(z)


def counts_grad_of_rate(counts, z):
    """Differentiate with respect to the rate."""
    k, z = _arrays(counts, z)
    return (1 - k / np.exp(z)) / z.size


def counts_grad_no_exp(counts, z):
    """Take the logit for the prediction."""
    k, z = _arrays(counts, z)
    return (z - k) / z.size


def counts_grad_flipped(counts, z):
    """Take truth minus prediction."""
    return -counts_grad(counts, z)


def counts_grad_sum(counts, z):
    """Forget the 1/n."""
    return counts_grad(counts, z) * np.size(z)


def counts_grad_twice(counts, z):
    """Apply the slope of the exponential once too often."""
    k, z = _arrays(counts, z)
    return (np.exp(z) - k) * np.exp(z) / z.size
