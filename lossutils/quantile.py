r"""The loss whose minimizer is a quantile."""

import numpy as np

from lossutils._reduction import sample_gradients, sample_losses
from lossutils._validation import check_reduction, number, real_pair


def _pinball(y_true, y_pred, quantile):
    e = y_pred - y_true
    return np.maximum((1 - quantile) * e, -quantile * e)


def _pinball_grad(y_true, y_pred, quantile):
    e = y_pred - y_true
    return np.where(e > 0, 1 - quantile, -quantile * (e < 0))


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
        In the unit of the target.

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
    return sample_losses(_pinball, y_true, y_pred, reduction, quantile=quantile)


def pinball_loss_grad(y_true, y_pred, *, quantile=0.5, reduction="mean"):
    r"""Gradient of the pinball loss with respect to `y_pred`.

    Parameters
    ----------
    y_true, y_pred, quantile, reduction
        As in `pinball_loss`; "none" differentiates each element's own loss.

    Returns
    -------
    ndarray
        In the shape of `y_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `pinball_loss`.

    Notes
    -----
    :math:`-\tau / n` below the target, :math:`(1 - \tau) / n` above it. At the kink, where the
    error is 0, any number between the two is a subgradient; this is 0.

    References
    ----------
    See `pinball_loss`.

    Examples
    --------
    >>> pinball_loss_grad([10.0, 10.0], [8.0, 12.0], quantile=0.75, reduction="sum")
    array([-0.75,  0.25])
    """
    check_reduction(reduction)
    quantile = number("quantile", quantile, "in (0, 1)")
    y_true, y_pred = real_pair(y_true, y_pred)
    return sample_gradients(_pinball_grad, y_true, y_pred, reduction, quantile=quantile)
