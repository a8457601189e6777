r"""Losses for real-valued targets: squared and absolute error.

Each element is a sample. The kernels below are the formulas; they reuse
the memory of the error e, their own array.
"""

import numpy as np

from lossutils._reduction import sample_gradients, sample_losses
from lossutils._validation import check_reduction, real_pair


def _squared(y_true, y_pred):
    e = y_pred - y_true
    e *= e
    return e


def _squared_grad(y_true, y_pred):
    e = y_pred - y_true
    e *= 2
    return e


def _absolute(y_true, y_pred):
    e = y_pred - y_true
    return np.abs(e, out=e)


def _absolute_grad(y_true, y_pred):
    return np.sign(y_pred - y_true)


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
        In the squared unit of the target.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac1n \sum_i (y_i - \hat y_i)^2

    Its minimizer is the mean. It is the negative log-likelihood of Gaussian noise, up to a
    constant and a scale. The gradient is `mse_loss_grad`.

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
    return sample_losses(_squared, y_true, y_pred, reduction)


def mse_loss_grad(y_true, y_pred, *, reduction="mean"):
    r"""Gradient of the mean squared error with respect to `y_pred`.

    Parameters
    ----------
    y_true, y_pred, reduction
        As in `mse_loss`; "none" differentiates each element's own loss.

    Returns
    -------
    ndarray
        In the shape of `y_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `mse_loss`.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac2n (\hat y_i - y_i)

    References
    ----------
    See `mse_loss`.

    Examples
    --------
    >>> mse_loss_grad([2.5, 1.0, 3.2, 0.5, 4.1], [2.3, 1.2, 3.0, 0.8, 3.9]).round(4)
    array([-0.08,  0.08, -0.08,  0.12, -0.08])
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_squared_grad, y_true, y_pred, reduction)


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
        In the unit of the target.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac1n \sum_i |y_i - \hat y_i|

    Its minimizer is the median. It is the negative log-likelihood of Laplace noise, up to a
    constant and a scale. The gradient is `mae_loss_grad`.

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
    return sample_losses(_absolute, y_true, y_pred, reduction)


def mae_loss_grad(y_true, y_pred, *, reduction="mean"):
    r"""Gradient of the mean absolute error with respect to `y_pred`.

    Parameters
    ----------
    y_true, y_pred, reduction
        As in `mae_loss`; "none" differentiates each element's own loss.

    Returns
    -------
    ndarray
        In the shape of `y_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `mae_loss`.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac1n \operatorname{sign}(\hat y_i - y_i)

    At the kink, where the error is 0, any number in [-1/n, 1/n] is a subgradient; this is 0.

    References
    ----------
    See `mae_loss`.

    Examples
    --------
    >>> mae_loss_grad([1, 2, 3, 4, 5], [1.1, 2.2, 2.9, 4.1, 15.0])
    array([ 0.2,  0.2, -0.2,  0.2,  0.2])
    """
    check_reduction(reduction)
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_absolute_grad, y_true, y_pred, reduction)
