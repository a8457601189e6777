"""Log-sum-exp and the softmax; `stable` offers them together with the other functions."""

import numpy as np

from lossutils._validation import as_axis, as_real, to_float


def _exponentials(rows):
    """Return x - max, e^(x - max) without its largest term, that term's index, and the sum.

    `rows` has two axes, classes last. The largest term is exactly 1. Left out of the sum it
    cannot swallow the others: 1 + 2e-22 rounds to 1, but log1p(2e-22) does not round to 0.
    """
    largest = np.arange(len(rows)), rows.argmax(axis=1)
    with np.errstate(over="ignore"):  # a gap beyond the largest float is -inf, whose exp is 0
        shifted = rows - rows[largest][:, None]
    others = np.exp(shifted)
    others[largest] = 0
    return shifted, others, largest, others.sum(axis=1, keepdims=True)


def _softmax_pair(rows):
    """Return the softmax p and 1 - p, which keeps its digits where p is nearly 1."""
    _, p, largest, rest = _exponentials(rows)
    total = 1 + rest
    p[largest] = 1
    p /= total
    not_p = 1 - p
    not_p[largest] = (rest / total)[:, 0]
    return p, not_p


def _log_softmax(rows):
    shifted, _, _, rest = _exponentials(rows)
    shifted -= np.log1p(rest)
    return shifted


def _logsumexp(rows):
    _, _, largest, rest = _exponentials(rows)
    return rows[largest] + np.log1p(rest[:, 0])


def _on_axis(function, x, axis):
    """Apply `function` of rows along any axis of any finite real array."""
    (x,) = to_float(as_real("x", x, min_axes=1), truths=0)
    x = np.moveaxis(x, as_axis(axis, x.ndim), -1)
    result = function(x.reshape(-1, x.shape[-1]))
    if result.ndim == 1:  # one number for each row: the axis is gone
        return result.reshape(x.shape[:-1])[()]
    return np.moveaxis(result.reshape(x.shape), -1, axis)


def logsumexp(x, *, axis=-1):
    r"""Log-sum-exp, the smooth maximum: log(sum(exp(x))) along an axis.

    Parameters
    ----------
    x : array_like
        Finite real numbers with at least one axis.
    axis : int, default -1
        The axis to sum over.

    Returns
    -------
    ndarray or scalar
        In the shape of `x` without `axis`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not finite real numbers, or has no such axis.

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
    return _on_axis(_logsumexp, x, axis)


def softmax(x, *, axis=-1):
    r"""Softmax, also called the normalized exponential: scores to probabilities.

    Parameters
    ----------
    x : array_like
        Finite real numbers with at least one axis.
    axis : int, default -1
        The axis of the classes.

    Returns
    -------
    ndarray
        Probabilities that sum to 1 along `axis`, in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not finite real numbers, or has no such axis.

    Notes
    -----
    :math:`p_c = e^{x_c} / \sum_k e^{x_k}`. Adding a constant to all scores changes nothing,
    so the maximum is subtracted first.

    Examples
    --------
    >>> softmax([1000.0, 1000.0])
    array([0.5, 0.5])
    """
    return _on_axis(lambda rows: _softmax_pair(rows)[0], x, axis)


def log_softmax(x, *, axis=-1):
    r"""Logarithm of the softmax, in nats.

    Parameters
    ----------
    x : array_like
        Finite real numbers with at least one axis.
    axis : int, default -1
        The axis of the classes.

    Returns
    -------
    ndarray
        Log-probabilities <= 0, in the shape of `x`.

    Raises
    ------
    TypeError, ValueError
        Where `x` is not finite real numbers, or has no such axis.

    Notes
    -----
    :math:`\log p_c = x_c - \operatorname{logsumexp}(x)`. Exact where the probability itself
    would round to 0.

    Examples
    --------
    >>> log_softmax([0.0, 1000.0])
    array([-1000.,     0.])
    """
    return _on_axis(_log_softmax, x, axis)
