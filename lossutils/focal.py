r"""Focal loss from probabilities: cross-entropy with easy examples faded.

Each element is a sample. The kernels below are the formulas.
"""

import numpy as np

from lossutils._reduction import sample_gradients, sample_losses
from lossutils._validation import check_reduction, number, probability_pair


def _checked_knobs(alpha, gamma):
    gamma = number("gamma", gamma, ">= 0")
    if alpha is None:
        return {"weights": (1.0, 1.0), "gamma": gamma}
    alpha = number("alpha", alpha, "in [0, 1]")
    return {"weights": (alpha, 1 - alpha), "gamma": gamma}


def _two_sides(y, p, weights):
    """Return (weight, p_t) of class 1 and of class 0; p_t is 1 where the weight is 0."""
    on_one, on_zero = weights[0] * y, weights[1] * (1 - y)
    return on_one, np.where(on_one == 0, 1, p), on_zero, np.where(on_zero == 0, 0, p)


def _focal(y, p, weights, gamma):
    on_one, p_one, on_zero, p_zero = _two_sides(y, p, weights)
    one = on_one * (1 - p_one) ** gamma * (0 - np.log(p_one))
    return one - on_zero * p_zero**gamma * np.log1p(-p_zero)


def _slope(p_t, not_p_t, log_p_t, gamma):
    # d/dp_t of -(1 - p_t)^gamma log p_t; log(p_t) / (1 - p_t) tends to -1 where p_t is 1.
    ratio = np.where(not_p_t == 0, -1, log_p_t / np.where(not_p_t == 0, 1, not_p_t))
    fading = gamma * ratio if gamma else 0.0
    return not_p_t**gamma * (fading - 1 / p_t)


def _focal_grad(y, p, weights, gamma):
    on_one, p_one, on_zero, p_zero = _two_sides(y, p, weights)
    one = on_one * _slope(p_one, 1 - p_one, np.log(p_one), gamma)
    # For class 0, p_t = 1 - p: the derivative with respect to p changes sign.
    return one - on_zero * _slope(1 - p_zero, p_zero, np.log1p(-p_zero), gamma)


def focal_loss(y_true, p_pred, *, alpha=0.25, gamma=2.0, reduction="mean"):
    r"""Focal loss: cross-entropy in which easy samples count less.

    Parameters
    ----------
    y_true : array_like
        Targets in [0, 1], any shape; booleans, and soft labels between 0 and 1, are allowed.
    p_pred : array_like
        Probabilities of class 1, in [0, 1], in the shape of `y_true`.
    alpha : float or None, default 0.25
        Weight in [0, 1] of class 1; class 0 has 1 - alpha. None: no weighting.
    gamma : float, default 2.0
        Focusing exponent >= 0; 0 is plain cross-entropy.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In nats; infinite where the truth has probability 0 (and weight).

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: -\alpha_t (1 - p_t)^\gamma \log p_t

    with :math:`p_t, \alpha_t` = p, alpha for class 1 and 1 - p, 1 - alpha for class 0. A soft
    label mixes the two terms.

    References
    ----------
    .. [1] T.-Y. Lin et al., "Focal loss for dense object detection", 2017, arXiv:1708.02002.

    Examples
    --------
    >>> y = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    >>> p = [0.1, 0.2, 0.15, 0.1, 0.05, 0.12, 0.08, 0.11, 0.85, 0.9]
    >>> round(float(focal_loss(y, p)), 6)
    0.001513
    """
    check_reduction(reduction)
    knobs = _checked_knobs(alpha, gamma)
    y_true, p_pred = probability_pair(y_true, p_pred)
    return sample_losses(_focal, y_true, p_pred, reduction, **knobs)


def focal_loss_grad(y_true, p_pred, *, alpha=0.25, gamma=2.0, reduction="mean"):
    r"""Gradient of the focal loss with respect to `p_pred`.

    Parameters
    ----------
    y_true, p_pred, alpha, gamma, reduction
        As in `focal_loss`; "none" differentiates each sample's own loss.

    Returns
    -------
    ndarray
        In the shape of `p_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `focal_loss`.

    Notes
    -----
    For class 1, and with the opposite sign and 1 - p for class 0,

    .. math:: \alpha (1 - p)^\gamma \left( \gamma \frac{\log p}{1 - p} - \frac1p \right)

    References
    ----------
    See `focal_loss`.

    Examples
    --------
    >>> focal_loss_grad([1, 0], [0.5, 0.5], alpha=0.5, gamma=0, reduction="sum")
    array([-1.,  1.])
    """
    check_reduction(reduction)
    knobs = _checked_knobs(alpha, gamma)
    y_true, p_pred = probability_pair(y_true, p_pred)
    return sample_gradients(_focal_grad, y_true, p_pred, reduction, **knobs)
