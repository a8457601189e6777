r"""Focal loss from logits; each element is a sample."""

import numpy as np

from lossutils._reduction import sample_gradients, sample_losses
from lossutils._validation import check_reduction, logit_pair
from lossutils.focal import _checked_knobs
from lossutils.stable import _log1p_exp_neg_abs, _sigmoid_pair


def _surprises(z):
    """Return -log(sigmoid(z)) and -log(sigmoid(-z)), the surprise of class 1 and class 0."""
    tail = _log1p_exp_neg_abs(z)
    return np.maximum(-z, 0) + tail, np.maximum(z, 0) + tail


def _focal_logits(y, z, weights, gamma):
    one, zero = _surprises(z)
    # (1 - p)^gamma = exp(-gamma * surprise of class 0), and the other way round.
    loss_one = weights[0] * y * np.exp(-gamma * zero) * one
    return loss_one + weights[1] * (1 - y) * np.exp(-gamma * one) * zero


def _focal_logits_grad(y, z, weights, gamma):
    one, zero = _surprises(z)
    p, not_p = _sigmoid_pair(z)
    slope_one = np.exp(-gamma * zero) * (gamma * p * one + not_p)
    slope_zero = np.exp(-gamma * one) * (gamma * not_p * zero + p)
    return weights[1] * (1 - y) * slope_zero - weights[0] * y * slope_one


def focal_loss_with_logits(y_true, logits, *, alpha=0.25, gamma=2.0, reduction="mean"):
    r"""Focal loss of logits.

    Parameters
    ----------
    y_true : array_like
        Targets in [0, 1], any shape; booleans, and soft labels between 0 and 1, are allowed.
    logits : array_like
        Finite real scores before the sigmoid, in the shape of `y_true`.
    alpha : float or None, default 0.25
        Weight in [0, 1] of class 1; class 0 has 1 - alpha. None: no weighting.
    gamma : float, default 2.0
        Focusing exponent >= 0; 0 is plain cross-entropy.
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
    `focal_loss` with :math:`p = \sigma(z)`, both logarithms taken stably:

    .. math:: \log p = -\operatorname{softplus}(-z), \quad
              \log(1 - p) = -\operatorname{softplus}(z)

    References
    ----------
    .. [1] T.-Y. Lin et al., "Focal loss for dense object detection", 2017, arXiv:1708.02002.

    Examples
    --------
    >>> round(float(focal_loss_with_logits([1], [0.0], alpha=None)), 4)  # log(2) / 4
    0.1733
    """
    check_reduction(reduction)
    knobs = _checked_knobs(alpha, gamma)
    y_true, logits = logit_pair(y_true, logits)
    return sample_losses(_focal_logits, y_true, logits, reduction, **knobs)


def focal_loss_with_logits_grad(y_true, logits, *, alpha=0.25, gamma=2.0, reduction="mean"):
    r"""Gradient of the focal loss of logits with respect to `logits`.

    Parameters
    ----------
    y_true, logits, alpha, gamma, reduction
        As in `focal_loss_with_logits`; "none" differentiates each sample's own loss.

    Returns
    -------
    ndarray
        In the shape of `logits`.

    Raises
    ------
    TypeError, ValueError
        As in `focal_loss_with_logits`.

    Notes
    -----
    For class 1 with :math:`p = \sigma(z)`, and with the opposite sign and -z for class 0,

    .. math:: \alpha (1 - p)^\gamma \left( \gamma\,p \log p - (1 - p) \right)

    References
    ----------
    See `focal_loss_with_logits`.

    Examples
    --------
    >>> focal_loss_with_logits_grad([1, 0], [0.0, 0.0], alpha=None, gamma=0, reduction="sum")
    array([-0.5,  0.5])
    """
    check_reduction(reduction)
    knobs = _checked_knobs(alpha, gamma)
    y_true, logits = logit_pair(y_true, logits)
    return sample_gradients(_focal_logits_grad, y_true, logits, reduction, **knobs)
