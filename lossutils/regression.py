r"""Losses for real-valued targets; each element is a sample."""

import math

import numpy as np

from lossutils._reduction import quiet, sample_gradients, sample_losses
from lossutils._validation import check_reduction, number, real_pair

# Errors are homogeneous: half the targets, predictions and delta are half the error.
_ERRORS = ("truth", "prediction")


def _error(y_true, y_pred):
    e = y_pred - y_true
    e += 0.0  # -0.0 becomes 0.0; in place, here and below, costs half as much
    return e


def _squared(y_true, y_pred):
    return (y_pred - y_true) ** 2


def _squared_grad(y_true, y_pred):
    e = _error(y_true, y_pred)
    e *= 2
    return e


@quiet
def mse_loss(y_true, y_pred, *, reduction="mean"):
    r"""Mean squared error, also called L2 or quadratic loss.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions: finite real numbers, both of one shape.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the elements; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In the squared unit of the target; for "none" in the shape of `y_pred`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac1n \sum_i (y_i - \hat y_i)^2

    Its minimizer is the mean. It is the negative log-likelihood of Gaussian noise, up to a
    constant and a scale.

    References
    ----------
    .. [1] Bishop, C. M., "Pattern Recognition and Machine Learning", Springer, 2006.

    Examples
    --------
    >>> y_true = [2.5, 1.0, 3.2, 0.5, 4.1]
    >>> y_pred = [2.3, 1.2, 3.0, 0.8, 3.9]
    >>> round(float(mse_loss(y_true, y_pred)), 4)
    0.05
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_losses(_squared, y_true, y_pred, reduction, scaled=_ERRORS, degree=2)


@quiet
def mse_loss_grad(y_true, y_pred, *, reduction="mean"):
    r"""Gradient of the mean squared error with respect to `y_pred`.

    Takes and raises what `mse_loss` does.

    Returns
    -------
    ndarray
        In the shape of `y_pred`; "none" differentiates each element's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac2n (\hat y_i - y_i)

    Examples
    --------
    >>> mse_loss_grad([2.5, 1.0, 3.2, 0.5, 4.1], [2.3, 1.2, 3.0, 0.8, 3.9]).round(4)
    array([-0.08,  0.08, -0.08,  0.12, -0.08])
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_squared_grad, y_true, y_pred, reduction, scaled=_ERRORS)


def _absolute(y_true, y_pred):
    return np.abs(y_pred - y_true)


def _absolute_grad(y_true, y_pred):
    return np.sign(_error(y_true, y_pred))


@quiet
def mae_loss(y_true, y_pred, *, reduction="mean"):
    r"""Mean absolute error, also called L1 loss or least absolute deviations.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions: finite real numbers, both of one shape.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the elements; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In the unit of the target; for "none" in the shape of `y_pred`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac1n \sum_i |y_i - \hat y_i|

    Its minimizer is the median. It is the negative log-likelihood of Laplace noise, up to a
    constant and a scale.

    References
    ----------
    .. [1] Bishop, C. M., "Pattern Recognition and Machine Learning", Springer, 2006.

    Examples
    --------
    >>> round(float(mae_loss([1, 2, 3, 4, 5], [1.1, 2.2, 2.9, 4.1, 15.0])), 4)
    2.1
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_losses(_absolute, y_true, y_pred, reduction, scaled=_ERRORS)


@quiet
def mae_loss_grad(y_true, y_pred, *, reduction="mean"):
    r"""Gradient of the mean absolute error with respect to `y_pred`.

    Takes and raises what `mae_loss` does.

    Returns
    -------
    ndarray
        In the shape of `y_pred`; "none" differentiates each element's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac1n \operatorname{sign}(\hat y_i - y_i)

    At the kink, where the error is 0, any number in [-1/n, 1/n] is a subgradient; this is 0.

    Examples
    --------
    >>> mae_loss_grad([1, 2, 3, 4, 5], [1.1, 2.2, 2.9, 4.1, 15.0])
    array([ 0.2,  0.2, -0.2,  0.2,  0.2])
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_absolute_grad, y_true, y_pred, reduction)


def _huber(y_true, y_pred, delta):
    e = np.abs(y_pred - y_true)
    # With q = min(|e|, delta), q (|e| - q / 2) is both branches in one formula.
    q = np.minimum(e, delta)
    return q * (e - q / 2)


def _huber_grad(y_true, y_pred, delta):
    return np.clip(_error(y_true, y_pred), -delta, delta)


@quiet
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
        In the squared unit of the target; for "none" in the shape of `y_pred`.

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
    scaled = (*_ERRORS, "delta")
    return sample_losses(_huber, y_true, y_pred, reduction, scaled=scaled, degree=2, delta=delta)


@quiet
def huber_loss_grad(y_true, y_pred, *, delta=1.0, reduction="mean"):
    r"""Gradient of the Huber loss with respect to `y_pred`.

    Takes and raises what `huber_loss` does.

    Returns
    -------
    ndarray
        In the shape of `y_pred`; "none" differentiates each element's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial \hat y_i}
              = \frac1n \max(-\delta, \min(\delta, \hat y_i - y_i))

    There is no kink: both branches have the slope delta where they meet.

    Examples
    --------
    >>> huber_loss_grad([1, 2, 3, 4, 5], [1.1, 2.2, 2.9, 4.1, 15.0]).round(4)
    array([ 0.02,  0.04, -0.02,  0.02,  0.2 ])
    """
    check_reduction(reduction)
    delta = number("delta", delta, "> 0")
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_huber_grad, y_true, y_pred, reduction, delta=delta)


def _log_cosh(y_true, y_pred):
    e = np.abs(y_pred - y_true)
    # cosh e = 1 + 2 sinh^2(e / 2) keeps the e^2 / 2 of a tiny error; for larger ones
    # cosh e = (e^e + e^-e) / 2, with e^e taken out of the logarithm, cannot overflow.
    near = np.log1p(2 * np.sinh(np.minimum(e, 1) / 2) ** 2)
    return np.where(e < 1, near, e + np.log1p(np.exp(-2 * e)) - math.log(2))


def _log_cosh_grad(y_true, y_pred):
    return np.tanh(_error(y_true, y_pred))


@quiet
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
        About e^2 / 2 for small errors e, about abs(e) - log 2 for large ones; for "none" in the
        shape of `y_pred`.

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
    # Errors that overflow are far out, where the loss is the absolute error: homogeneous too.
    return sample_losses(_log_cosh, y_true, y_pred, reduction, scaled=_ERRORS)


@quiet
def log_cosh_loss_grad(y_true, y_pred, *, reduction="mean"):
    r"""Gradient of the log-cosh loss with respect to `y_pred`.

    Takes and raises what `log_cosh_loss` does.

    Returns
    -------
    ndarray
        In the shape of `y_pred`; "none" differentiates each element's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac1n \tanh(\hat y_i - y_i)

    Examples
    --------
    >>> log_cosh_loss_grad([0.0, 0.0], [0.0, 1000.0])
    array([0. , 0.5])
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_log_cosh_grad, y_true, y_pred, reduction)


def _pinball(y_true, y_pred, quantile):
    e = y_pred - y_true
    return np.maximum((1 - quantile) * e, -quantile * e) + 0.0  # not -0.0


def _pinball_grad(y_true, y_pred, quantile):
    e = y_pred - y_true
    return np.where(e > 0, 1 - quantile, 0 - quantile * (e < 0))


@quiet
def pinball_loss(y_true, y_pred, *, quantile=0.5, reduction="mean"):
    r"""Pinball loss, also called quantile or check loss.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions: finite real numbers, both of one shape.
    quantile : float, default 0.5
        The quantile to predict, strictly between 0 and 1.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the elements; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In the unit of the target; for "none" in the shape of `y_pred`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With :math:`\tau` the quantile, the mean over the elements of

    .. math:: \max(\tau (y - \hat y), (\tau - 1)(y - \hat y))

    Being too low costs :math:`\tau` for each unit, being too high :math:`1 - \tau`. At 0.5 it
    is half the absolute error.

    References
    ----------
    .. [1] Koenker, R. and Bassett, G., "Regression quantiles", 1978, doi:10.2307/1913643.

    Examples
    --------
    >>> pinball_loss([10.0, 10.0], [8.0, 12.0], quantile=0.75, reduction="none")
    array([1.5, 0.5])
    """
    check_reduction(reduction)
    quantile = number("quantile", quantile, "in (0, 1)")
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_losses(_pinball, y_true, y_pred, reduction, scaled=_ERRORS, quantile=quantile)


@quiet
def pinball_loss_grad(y_true, y_pred, *, quantile=0.5, reduction="mean"):
    r"""Gradient of the pinball loss with respect to `y_pred`.

    Takes and raises what `pinball_loss` does.

    Returns
    -------
    ndarray
        In the shape of `y_pred`; "none" differentiates each element's own loss.

    Notes
    -----
    :math:`-\tau / n` below the target, :math:`(1 - \tau) / n` above it. At the kink, where the
    error is 0, any number between the two is a subgradient; this is 0.

    Examples
    --------
    >>> pinball_loss_grad([10.0, 10.0], [8.0, 12.0], quantile=0.75, reduction="sum")
    array([-0.75,  0.25])
    """
    check_reduction(reduction)
    quantile = number("quantile", quantile, "in (0, 1)")
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_pinball_grad, y_true, y_pred, reduction, quantile=quantile)
