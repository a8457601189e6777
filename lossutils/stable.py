r"""Functions that keep their precision where the textbook formula loses it.

Each is equal to its formula, and finite wherever the formula's true value is.
"""

import numpy as np

from lossutils._softmax import log_softmax, logsumexp, softmax
from lossutils._validation import as_real, same_shape, to_float

__all__ = [
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "sigmoid",
    "softmax",
    "softplus",
    "xlogy",
]


def _log1p_exp_neg_abs(x):
    # exp never sees a positive number, so it cannot overflow; log1p keeps exp(-40).
    return np.log1p(np.exp(-np.abs(x)))


def _softplus(x):
    return np.maximum(x, 0) + _log1p_exp_neg_abs(x)


def _sigmoid_pair(x):
    """Return sigmoid(x) and sigmoid(-x), which is 1 - sigmoid(x) without its cancellation."""
    # sigmoid(x) = e^min(x, 0) / (1 + e^-|x|), and e^-|x| = e^min(x, 0) e^min(-x, 0).
    p, not_p = np.exp(np.clip(x, -np.inf, 0)), np.exp(np.clip(-x, -np.inf, 0))
    total = 1 + p * not_p
    return p / total, not_p / total


def _log_sigmoid(x):
    # log(sigmoid(x)) = -softplus(-x)
    return np.minimum(x, 0) - _log1p_exp_neg_abs(x)


def _xlogy(x, y):
    # Where x is 0 the term is 0 whatever y is, so the logarithm of 1 stands in.
    # log(0) is -inf and a product beyond the largest float infinite: these are the answers.
    with np.errstate(divide="ignore", over="ignore"):
        return x * np.log(np.where(x == 0, 1, y))


def softplus(x):
    r"""Softplus, a smooth ramp: log(1 + exp(x)).

    Parameters
    ----------
    x : array_like
        Finite real numbers, any shape.

    Returns
    -------
    ndarray or scalar
        Values > 0 (0 after underflow), in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not finite real numbers.

    Notes
    -----
    Computed as :math:`\max(x, 0) + \log(1 + e^{-|x|})`. The derivative is the sigmoid.

    Examples
    --------
    >>> round(float(softplus(0.0)), 4)
    0.6931
    >>> float(softplus(-1000.0)), float(softplus(1000.0))
    (0.0, 1000.0)
    """
    (x,) = to_float(as_real("x", x), truths=0)
    return _softplus(x)


def sigmoid(x):
    r"""Logistic sigmoid, also called expit: 1 / (1 + exp(-x)).

    Parameters
    ----------
    x : array_like
        Finite real numbers, any shape.

    Returns
    -------
    ndarray or scalar
        Probabilities in [0, 1], in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not finite real numbers.

    Notes
    -----
    :math:`\sigma(x) = 1 / (1 + e^{-x}) = e^x / (1 + e^x)`; each side uses the form whose
    exponential cannot overflow. The derivative is :math:`\sigma(x)\,\sigma(-x)`.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])
    """
    (x,) = to_float(as_real("x", x), truths=0)
    return _sigmoid_pair(x)[0]


def log_sigmoid(x):
    r"""Logarithm of the sigmoid, also called log-expit.

    Parameters
    ----------
    x : array_like
        Finite real numbers, any shape.

    Returns
    -------
    ndarray or scalar
        Log-probabilities <= 0 in nats, in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not finite real numbers.

    Notes
    -----
    :math:`\log\sigma(x) = \min(x, 0) - \log(1 + e^{-|x|})`. Taking the sigmoid first loses
    everything below about -745, where it is 0. Note :math:`\log(1-\sigma(x))=\log\sigma(-x)`.

    Examples
    --------
    >>> float(log_sigmoid(-1000.0))
    -1000.0
    """
    (x,) = to_float(as_real("x", x), truths=0)
    return _log_sigmoid(x)


def xlogy(x, y):
    r"""Product x log(y), with 0 log(y) = 0 even at y = 0.

    Parameters
    ----------
    x : array_like
        Finite real numbers, any shape.
    y : array_like
        Finite numbers >= 0, in the shape of `x`.

    Returns
    -------
    ndarray or scalar
        In the shape of `x`; infinite where y = 0 and x is not.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain, or the shapes differ.

    Notes
    -----
    The convention is the limit :math:`x \log x \to 0`: an outcome that never happens adds
    nothing to an expected surprise.

    Examples
    --------
    >>> xlogy([0.0, 1.0], [0.0, 0.0])
    array([  0., -inf])
    """
    x, y = as_real("x", x), as_real("y", y)
    same_shape("x", x, "y", y)
    if y.min() < 0:
        raise ValueError(f"y must be >= 0; got min {y.min()}")
    return _xlogy(*to_float(x, y, truths=0))
