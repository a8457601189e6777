"""Losses of a predicted mask: Dice from `lossutils.dice`, and Dice with cross-entropy."""

import math

import numpy as np

from lossutils._validation import number
from lossutils.binary import binary_cross_entropy, binary_cross_entropy_grad
from lossutils.dice import (
    _check,
    _dice,
    _dice_slope,
    _factor,
    _reduce,
    dice_loss,
    dice_loss_grad,
)

__all__ = ["dice_bce_loss", "dice_bce_loss_grad", "dice_loss", "dice_loss_grad"]


def dice_bce_loss(y_true, p_pred, *, dice_weight=0.5, smooth=1.0, axis=None, reduction="mean"):
    r"""Weighted sum of `dice_loss` and binary cross-entropy, also called BCE-Dice loss.

    Parameters
    ----------
    y_true, p_pred : array_like of float
        As in `dice_loss`.
    dice_weight : float, default 0.5
        Share of the Dice loss, in [0, 1]; the cross-entropy has the rest.
    smooth, axis, reduction : optional
        As in `dice_loss`.

    Returns
    -------
    float or numpy.ndarray
        The loss, >= 0, a mixture of a number without unit and of nats; for "none" one value
        for each sample. Infinite where the truth has probability 0, unless ``dice_weight=1``.

    Raises
    ------
    ValueError, TypeError
        As in `dice_loss`, and if `dice_weight` is not in [0, 1].

    Notes
    -----
    .. math:: \ell = w\,\ell_{\text{Dice}} + (1 - w)\,\ell_{\text{BCE}}

    The cross-entropy is the mean over the elements of each sample. The gradient is the same
    sum of the two gradients. A term of weight 0 is left out, even where it is infinite.

    References
    ----------
    Milletari, Navab and Ahmadi, "V-Net", 2016, arXiv:1606.04797.

    Examples
    --------
    >>> from lossutils import dice_bce_loss
    >>> round(float(dice_bce_loss([1, 0], [0.5, 0.5], smooth=0.0)), 4)  # (1/2 + ln 2) / 2
    0.5966
    """
    dice_weight = number("dice_weight", dice_weight, "in [0, 1]")
    y, p, smooth, axes = _check(y_true, p_pred, smooth, axis, reduction)
    losses, _ = _dice(y, p, smooth, axes)
    if dice_weight < 1:
        bce = binary_cross_entropy(y, p, reduction="none")
        bce = np.mean(bce, axis=axes, dtype=np.float64, keepdims=True)
        losses = dice_weight * losses + (1 - dice_weight) * bce
    return _reduce(losses, axes, reduction, p.dtype)


def dice_bce_loss_grad(y_true, p_pred, *, dice_weight=0.5, smooth=1.0, axis=None, reduction="mean"):
    r"""Gradient of `dice_bce_loss` with respect to `p_pred`.

    Parameters
    ----------
    y_true, p_pred, dice_weight, smooth, axis, reduction
        As in `dice_bce_loss`.

    Returns
    -------
    numpy.ndarray
        Gradient of the reduced loss, in the shape of `p_pred`; "none" gives that of "sum".

    Raises
    ------
    ValueError, TypeError
        As in `dice_bce_loss`.

    Notes
    -----
    :math:`w` times the gradient of Dice plus :math:`1 - w` times that of cross-entropy.

    References
    ----------
    Milletari, Navab and Ahmadi, "V-Net", 2016, arXiv:1606.04797.

    Examples
    --------
    >>> from lossutils import dice_bce_loss_grad
    >>> dice_bce_loss_grad([1, 0], [0.5, 0.5], smooth=0.0)
    array([-0.875,  0.625])
    """
    dice_weight = number("dice_weight", dice_weight, "in [0, 1]")
    y, p, smooth, axes = _check(y_true, p_pred, smooth, axis, reduction)
    factor = _factor(p, axes, reduction)
    gradient = _dice_slope(y, p, smooth, axes, dice_weight * factor)
    if dice_weight < 1:
        pixels = math.prod(p.shape[i] for i in axes)
        bce = binary_cross_entropy_grad(y, p, reduction="sum")
        gradient += (1 - dice_weight) * factor / pixels * bce
    return gradient
