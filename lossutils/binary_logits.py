r"""Binary cross-entropy from logits; each element is a sample."""

import numpy as np

from lossutils._reduction import sample_gradients, sample_losses
from lossutils._validation import check_reduction, logit_pair, number
from lossutils.stable import _log1p_exp_neg_abs, _sigmoid_pair


def _bce_logits(y, z, pos_weight):
    # Summed in this order max(z, 0) - z y is 0 where z is right, and the tail keeps its digits.
    tail = _log1p_exp_neg_abs(z)
    loss = np.clip(z, 0, np.inf)
    loss -= z * y
    loss += tail
    if pos_weight != 1:
        tail += np.clip(-z, 0, np.inf)  # -log(sigmoid(z))
        loss += (pos_weight - 1) * y * tail
    return loss


def _bce_logits_grad(y, z, pos_weight):
    # With weight 1 this is sigmoid(z) - y, here without its cancellation near y = 1.
    p, not_p = _sigmoid_pair(z)
    not_p *= pos_weight * y if pos_weight != 1 else y
    p *= 1 - y
    p -= not_p
    return p


def binary_cross_entropy_with_logits(y_true, logits, *, pos_weight=1.0, reduction="mean"):
    r"""Binary cross-entropy of logits, also called sigmoid cross-entropy.

    Parameters
    ----------
    y_true : array_like
        Targets in [0, 1], any shape; booleans, and soft labels between 0 and 1, are allowed.
    logits : array_like
        Finite real scores before the sigmoid, in the shape of `y_true`.
    pos_weight : float, default 1.0
        Weight > 0 of the positive class.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In nats; finite for every finite logit.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With weight 1, the mean of

    .. math:: \max(z, 0) - z\,y + \log(1 + e^{-|z|})

    References
    ----------
    .. [1] Bishop, C. M., "Pattern Recognition and Machine Learning", Springer, 2006.

    Examples
    --------
    >>> z = [2.3, -1.5, 0.8, -0.3, 1.7]
    >>> round(float(binary_cross_entropy_with_logits([1, 0, 1, 0, 1], z)), 4)
    0.278
    """
    check_reduction(reduction)
    pos_weight = number("pos_weight", pos_weight, "> 0")
    y_true, logits = logit_pair(y_true, logits)
    return sample_losses(_bce_logits, y_true, logits, reduction, pos_weight=pos_weight)


def binary_cross_entropy_with_logits_grad(y_true, logits, *, pos_weight=1.0, reduction="mean"):
    r"""Gradient of the binary cross-entropy of logits with respect to `logits`.

    Parameters
    ----------
    y_true, logits, pos_weight, reduction
        As in `binary_cross_entropy_with_logits`; "none" differentiates each sample's own loss.

    Returns
    -------
    ndarray
        In the shape of `logits`.

    Raises
    ------
    TypeError, ValueError
        As in `binary_cross_entropy_with_logits`.

    Notes
    -----
    With weight 1 it is :math:`(\sigma(z_i) - y_i) / n`; with weight w on the positives,

    .. math:: \frac1n \left[ (1 - y_i)\,\sigma(z_i) - w\,y_i\,\sigma(-z_i) \right]

    References
    ----------
    See `binary_cross_entropy_with_logits`.

    Examples
    --------
    >>> binary_cross_entropy_with_logits_grad([1, 0], [2.3, -1.5], reduction="sum").round(6)
    array([-0.091123,  0.182426])
    """
    check_reduction(reduction)
    pos_weight = number("pos_weight", pos_weight, "> 0")
    y_true, logits = logit_pair(y_true, logits)
    return sample_gradients(_bce_logits_grad, y_true, logits, reduction, pos_weight=pos_weight)
