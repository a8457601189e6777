"""Right and wrong functions for chapter 4's exercise on logits."""

import numpy as np

import lossutils as lu


def _arrays(*values):
    return [np.asarray(value, dtype=float) for value in values]


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def logits(y_true, logits):
    """Return the right value of BCE with logits."""
    return lu.binary_cross_entropy_with_logits(y_true, logits)


def logits_grad(y_true, logits):
    """Return its right gradient."""
    return lu.binary_cross_entropy_with_logits_grad(y_true, logits)


def logits_naive(y_true, logits):
    """Take the sigmoid first."""
    y, z = _arrays(y_true, logits)
    p = _sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def logits_clipped(y_true, logits):
    """Clip the probability."""
    y, z = _arrays(y_true, logits)
    p = np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def logits_overflow(y_true, logits):
    """Leave the large exponential in the logarithm."""
    y, z = _arrays(y_true, logits)
    return np.mean(np.log1p(np.exp(z)) - z * y)


def logits_plain_log(y_true, logits):
    """Add 1 before taking the logarithm."""
    y, z = _arrays(y_true, logits)
    return np.mean(np.maximum(z, 0) - z * y + np.log(1 + np.exp(-np.abs(z))))


def logits_cancel(y_true, logits):
    """Take out z instead of its positive part."""
    y, z = _arrays(y_true, logits)
    return np.mean((1 - y) * z + np.logaddexp(0, -z))


def logits_hard(y_true, logits):
    """Treat a label that is not 1 as 0."""
    y, z = _arrays(y_true, logits)
    return lu.binary_cross_entropy_with_logits((y == 1).astype(float), z)


def logits_no_tail(y_true, logits):
    """Forget the logarithm."""
    y, z = _arrays(y_true, logits)
    return np.mean(np.maximum(z, 0) - z * y)


def logits_no_ramp(y_true, logits):
    """Forget the maximum."""
    y, z = _arrays(y_true, logits)
    return np.mean(np.log1p(np.exp(-np.abs(z))) - z * y)


def logits_for_zero(y_true, logits):
    """Charge each sample as class 0."""
    y, z = _arrays(y_true, logits)
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) + 0 * y)


def logits_sum(y_true, logits):
    """Take the sum."""
    return lu.binary_cross_entropy_with_logits(y_true, logits, reduction="sum")


def logits_grad_sum(y_true, logits):
    """Forget the mean's 1/n."""
    return lu.binary_cross_entropy_with_logits_grad(y_true, logits, reduction="sum")


def logits_grad_flipped(y_true, logits):
    """Truth minus prediction."""
    return -lu.binary_cross_entropy_with_logits_grad(y_true, logits)


def logits_grad_overflow(y_true, logits):
    """Divide one overflowing exponential by another."""
    y, z = _arrays(y_true, logits)
    return (np.exp(z) / (1 + np.exp(z)) - y) / y.size


def logits_grad_squared(y_true, logits):
    """Multiply by the sigmoid's slope once too often."""
    y, z = _arrays(y_true, logits)
    p = lu.sigmoid(z)
    return (p - y) * p * (1 - p) / y.size


def logits_grad_no_sigmoid(y_true, logits):
    """Subtract the truth from the logit."""
    y, z = _arrays(y_true, logits)
    return (z - y) / y.size
