r"""Functions that keep their precision where the textbook formula loses it.

Each is equal to its formula, and finite wherever the formula's true value is. At infinity it
has its limit.
"""

import numpy as np

from lossutils._reduction import quiet, row_totals
from lossutils._validation import (
    as_axis,
    as_extended,
    as_real,
    first,
    same_shape,
    shifted_rows,
    to_float,
)


def log1p_exp_neg_abs(x):
    """Return log(1 + e^-|x|), what softplus adds to max(x, 0)."""
    # exp never sees a positive number, so it cannot overflow; log1p keeps exp(-40).
    return np.log1p(np.exp(-np.abs(x)))


@quiet
def softplus(x):
    r"""Softplus, a smooth ramp: log(1 + exp(x)).

    Parameters
    ----------
    x : array_like
        Real numbers, infinity included, any shape.

    Returns
    -------
    ndarray or scalar
        Values > 0 (0 after underflow), in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not real numbers, or is NaN.

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
    (x,) = to_float(as_extended("x", x)[0], truths=0)
    return np.maximum(x, 0) + log1p_exp_neg_abs(x)


def sigmoid_pair(x):
    """Return sigmoid(x) and sigmoid(-x), which is 1 - sigmoid(x) without its cancellation."""
    # sigmoid(x) = e^min(x, 0) / (1 + e^-|x|), and e^-|x| = e^min(x, 0) e^min(-x, 0).
    p, not_p = np.exp(np.clip(x, -np.inf, 0)), np.exp(np.clip(-x, -np.inf, 0))
    total = 1 + p * not_p
    return p / total, not_p / total


@quiet
def sigmoid(x):
    r"""Logistic sigmoid, also called expit: 1 / (1 + exp(-x)).

    Parameters
    ----------
    x : array_like
        Real numbers, infinity included, any shape.

    Returns
    -------
    ndarray or scalar
        Probabilities in [0, 1], in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not real numbers, or is NaN.

    Notes
    -----
    :math:`\sigma(x) = 1 / (1 + e^{-x}) = e^x / (1 + e^x)`; each side uses the form whose
    exponential cannot overflow. The derivative is :math:`\sigma(x)\,\sigma(-x)`.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])
    """
    (x,) = to_float(as_extended("x", x)[0], truths=0)
    return sigmoid_pair(x)[0]


@quiet
def log_sigmoid(x):
    r"""Logarithm of the sigmoid, also called log-expit.

    Parameters
    ----------
    x : array_like
        Real numbers, infinity included, any shape.

    Returns
    -------
    ndarray or scalar
        Log-probabilities <= 0 in nats, in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not real numbers, or is NaN.

    Notes
    -----
    :math:`\log\sigma(x) = \min(x, 0) - \log(1 + e^{-|x|})`. Taking the sigmoid first loses
    everything below about -745, where it is 0. Note :math:`\log(1-\sigma(x))=\log\sigma(-x)`.

    Examples
    --------
    >>> float(log_sigmoid(-1000.0))
    -1000.0
    """
    (x,) = to_float(as_extended("x", x)[0], truths=0)
    return np.minimum(x, 0) - log1p_exp_neg_abs(x)  # -softplus(-x)


def _exponentials(rows):
    """Return x - max, e^(x - max) without its largest term, that term's index, and the sum.

    `rows` has two axes, classes last. The largest term is exactly 1. Left out of the sum it
    cannot swallow the others: 1 + 2e-22 rounds to 1, but log1p(2e-22) does not round to 0.
    """
    largest = np.arange(len(rows)), rows.argmax(axis=1)
    # A gap beyond the largest float is -inf, whose exp is 0.
    shifted = rows - rows[largest][:, None]
    others = np.exp(shifted)
    others[largest] = 0
    return shifted, others, largest, row_totals(others).astype(rows.dtype)[:, None]


def _on_axis(function, x, axis, limit):
    """Apply `function` of rows along any axis of any real array.

    Rows with infinite numbers take the way of `limit`.
    """
    x, finite = as_extended("x", x, min_axes=1)
    x = np.moveaxis(x, as_axis(axis, x.ndim), -1)
    rows = x.reshape(-1, x.shape[-1])
    result = function(rows) if finite else limit(rows)
    if result.ndim == 1:  # one number for each row: the axis is gone
        return result.reshape(x.shape[:-1])[()]
    return np.moveaxis(result.reshape(x.shape), -1, axis)


def _logsumexp_rows(rows):
    (rows,) = to_float(rows, truths=0)
    _, _, largest, rest = _exponentials(rows)
    return rows[largest] + np.log1p(rest[:, 0])


def _logsumexp_limit(rows):
    # An infinite maximum is the limit. Ordinary numbers stand in where it is added to.
    top = rows.max(axis=1)
    ordinary = np.where(np.isinf(top)[:, None], 0, rows).astype(rows.dtype)
    return np.where(np.isinf(top), top, _logsumexp_rows(ordinary))


@quiet
def logsumexp(x, *, axis=-1):
    r"""Log-sum-exp, the smooth maximum: log(sum(exp(x))) along an axis.

    Parameters
    ----------
    x : array_like
        Real numbers, infinity included, with at least one axis.
    axis : int, default -1
        The axis to sum over.

    Returns
    -------
    ndarray or scalar
        In the shape of `x` without `axis`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not real numbers, is NaN, or has no such axis.

    Notes
    -----
    With :math:`m = \max_c x_c`, it is :math:`m + \log\sum_c e^{x_c - m}`: no exponential
    overflows, and the largest is 1, so that ``log1p`` of the others gives the rest.
    The gradient is the softmax.

    Examples
    --------
    >>> round(float(logsumexp([1000.0, 1000.0])), 4)
    1000.6931
    """
    return _on_axis(_logsumexp_rows, x, axis, _logsumexp_limit)


def _with_limit(function):
    """Return a function of rows of which only differences matter, that knows limits too."""

    def limit(rows):
        top = rows.max(axis=1, keepdims=True)
        at_top = rows == top
        # An infinite maximum takes everything; where it is there twice, nobody can tell which.
        ties = np.isinf(top[:, 0]) & (at_top.sum(axis=1) > 1)
        if ties.any():
            row = rows[first(ties)]
            raise ValueError(
                f"x must have one largest number along axis where that is infinite; got {row}"
            )
        taken = np.where(at_top, 0, -np.inf).astype(rows.dtype)
        return function(np.where(np.isinf(top), taken, rows))

    return limit


def softmax_pair(rows):
    """Return the softmax p and 1 - p, which keeps its digits where p is nearly 1."""
    _, others, largest, rest = _exponentials(rows)
    others[largest] = 1
    p = others / (1 + rest)
    not_p = 1 - p
    not_p[largest] = (rest / (1 + rest))[:, 0]
    return p, not_p


def _softmax_rows(rows):
    return softmax_pair(shifted_rows(rows))[0]


@quiet
def softmax(x, *, axis=-1):
    r"""Softmax, also called the normalized exponential: scores to probabilities.

    Parameters
    ----------
    x : array_like
        Real numbers, infinity included, with at least one axis.
    axis : int, default -1
        The axis of the classes.

    Returns
    -------
    ndarray
        Probabilities that sum to 1 along `axis`, in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not real numbers, is NaN or has no such axis, or where the largest number of
        a row is infinite and there twice: then there is no limit.

    Notes
    -----
    :math:`p_c = e^{x_c} / \sum_k e^{x_k}`. Adding a constant to all scores changes nothing,
    so the maximum is subtracted first.

    Examples
    --------
    >>> softmax([1000.0, 1000.0])
    array([0.5, 0.5])
    """
    return _on_axis(_softmax_rows, x, axis, _with_limit(_softmax_rows))


def log_softmax_rows(rows):
    """Return the logarithm of the softmax of each row."""
    shifted, _, _, rest = _exponentials(rows)
    return shifted - np.log1p(rest)


def _log_softmax_rows(rows):
    return log_softmax_rows(shifted_rows(rows))


@quiet
def log_softmax(x, *, axis=-1):
    r"""Logarithm of the softmax, in nats.

    Parameters
    ----------
    x : array_like
        Real numbers, infinity included, with at least one axis.
    axis : int, default -1
        The axis of the classes.

    Returns
    -------
    ndarray
        Log-probabilities <= 0, in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not real numbers, is NaN or has no such axis, or where the largest number of
        a row is infinite and there twice: then there is no limit.

    Notes
    -----
    :math:`\log p_c = x_c - \operatorname{logsumexp}(x)`. Exact where the probability itself
    would round to 0.

    Examples
    --------
    >>> log_softmax([0.0, 1000.0])
    array([-1000.,     0.])
    """
    return _on_axis(_log_softmax_rows, x, axis, _with_limit(_log_softmax_rows))


@quiet
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
    x, y = to_float(x, y, truths=0)
    # Where x is 0 the term is 0 whatever y is, so the logarithm of 1 stands in.
    # log(0) is -inf and a product beyond the largest float infinite: these are the answers.
    product = x * np.log(np.where(x == 0, 1, y))
    product += 0.0  # -1 log(1) is 0, not -0; in place, without another array
    return product
