r"""Robust losses for regression: quadratic near the target, linear far from it."""

import math

import numpy as np

from lossutils._reduction import sample_gradients, sample_losses
from lossutils._validation import check_reduction, number, real_pair


def _huber(y_true, y_pred, delta):
    e = y_pred - y_true
    np.abs(e, out=e)
    # With q = min(|e|, delta), q (|e| - q / 2) is both branches in one formula.
    q = np.minimum(e, delta)
    e -= q / 2
    e *= q
    return e


def _huber_grad(y_true, y_pred, delta):
    e = y_pred - y_true
    return np.clip(e, -delta, delta, out=e)


def _log_cosh(y_true, y_pred):
    e = np.abs(y_pred - y_true)
    # cosh e = 1 + 2 sinh^2(e / 2) keeps the e^2 / 2 of a tiny error; for larger ones
    # cosh e = (e^e + e^-e) / 2, with e^e taken out of the logarithm, cannot overflow.
    near = np.log1p(2 * np.sinh(np.minimum(e, 1) / 2) ** 2)
    return np.where(e < 1, near, e + np.log1p(np.exp(-2 * e)) - math.log(2))


def _log_cosh_grad(y_true, y_pred):
    return np.tanh(y_pred - y_true)


def huber_loss(y_true, y_pred, *, delta=1.0, reduction="mean"):
    r"""Huber loss: squared error near the target, absolute error beyond `delta`.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions: finite real numbers, both of one shape.
    delta : float, default 1.0
        Where the straight line begins, > 0, in the unit of the target.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the elements; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In the squared unit of the target.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With :math:`e = \hat y - y`, the mean over the elements of

    .. math:: \tfrac12 e^2 \text{ for } |e| \le \delta, \quad
              \delta |e| - \tfrac12 \delta^2 \text{ beyond}

    PyTorch's ``smooth_l1_loss(beta=delta)`` is this divided by delta.

    References
    ----------
    .. [1] Huber, P. J., "Robust estimation of a location parameter", 1964,
       doi:10.1214/aoms/1177703732.

    Examples
    --------
    >>> round(float(huber_loss([1, 2, 3, 4, 5], [1.1, 2.2, 2.9, 4.1, 15.0])), 4)
    1.907
    """
    check_reduction(reduction)
    delta = number("delta", delta, "> 0")
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_losses(_huber, y_true, y_pred, reduction, delta=delta)


def huber_loss_grad(y_true, y_pred, *, delta=1.0, reduction="mean"):
    r"""Gradient of the Huber loss with respect to `y_pred`.

    Parameters
    ----------
    y_true, y_pred, delta, reduction
        As in `huber_loss`; "none" differentiates each element's own loss.

    Returns
    -------
    ndarray
        In the shape of `y_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `huber_loss`.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial \hat y_i}
              = \frac1n \max(-\delta, \min(\delta, \hat y_i - y_i))

    There is no kink: both branches have the slope delta where they meet.

    References
    ----------
    See `huber_loss`.

    Examples
    --------
    >>> huber_loss_grad([1, 2, 3, 4, 5], [1.1, 2.2, 2.9, 4.1, 15.0]).round(4)
    array([ 0.02,  0.04, -0.02,  0.02,  0.2 ])
    """
    check_reduction(reduction)
    delta = number("delta", delta, "> 0")
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_huber_grad, y_true, y_pred, reduction, delta=delta)


def log_cosh_loss(y_true, y_pred, *, reduction="mean"):
    r"""Log-cosh loss: a smooth relative of Huber without a knob.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions: finite real numbers, both of one shape.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the elements; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        About e^2 / 2 for small errors e, about abs(e) - log 2 for large ones.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac1n \sum_i \log\cosh(\hat y_i - y_i)

    Computed so that neither tiny nor huge errors lose digits.

    References
    ----------
    .. [1] Barron, J. T., "A general and adaptive robust loss function", 2019,
       arXiv:1701.03077 (the family of such losses).

    Examples
    --------
    >>> round(float(log_cosh_loss([0.0], [1000.0])), 4)  # 1000 - log 2
    999.3069
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_losses(_log_cosh, y_true, y_pred, reduction)


def log_cosh_loss_grad(y_true, y_pred, *, reduction="mean"):
    r"""Gradient of the log-cosh loss with respect to `y_pred`.

    Parameters
    ----------
    y_true, y_pred, reduction
        As in `log_cosh_loss`; "none" differentiates each element's own loss.

    Returns
    -------
    ndarray
        In the shape of `y_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `log_cosh_loss`.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac1n \tanh(\hat y_i - y_i)

    References
    ----------
    See `log_cosh_loss`.

    Examples
    --------
    >>> log_cosh_loss_grad([0.0, 0.0], [0.0, 1000.0])
    array([0. , 0.5])
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_log_cosh_grad, y_true, y_pred, reduction)
