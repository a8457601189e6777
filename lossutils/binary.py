r"""Losses of two classes, from probabilities and from logits; each element is a sample."""

import numpy as np

from lossutils._reduction import quiet, sample_gradients, sample_losses
from lossutils._validation import check_reduction, logit_pair, number, probability_pair
from lossutils.stable import log1p_exp_neg_abs, sigmoid_pair


def _weighted(weight, y, term):
    """Return weight y term, with the small weight last: it may make a share too small."""
    if weight == 1:  # the usual case, without a product
        return y * term
    return y * term * weight if weight < 1 else weight * y * term


def _weighted_over(weight, y, p):
    """Return weight y / p."""
    if weight == 1:
        return y / p
    share = weight * y
    if weight == 0 or weight > 1:
        return share / p
    # First the share, unless it is too small for its digits: y / p may be too large.
    return np.where(share < np.finfo(y.dtype).tiny, y / p * weight, share / p)


def bce(y, p, weights):
    """Return the binary cross-entropy of each element; Dice + BCE takes it from here.

    `weights` are those of class 1 and of class 0.
    """
    # A class that the target gives no weight adds 0, even where its logarithm is infinite.
    log_p = np.log(np.where(y == 0, 1, p))
    log_not_p = np.log1p(-np.where(y == 1, 0, p))
    return -_weighted(weights[0], y, log_p) - _weighted(weights[1], 1 - y, log_not_p)


def bce_grad(y, p, weights):
    """Return its derivative with respect to each element of p."""
    # Here too: 0 / 0 of a class without weight is 0.
    one = _weighted_over(weights[0], y, np.where(y == 0, 1, p))
    return _weighted_over(weights[1], 1 - y, np.where(y == 1, 1, 1 - p)) - one


def _weights(pos_weight):
    """Return the weights of the two classes; a loss is half where they are halved."""
    weight = number("pos_weight", pos_weight, "> 0")
    # A large weight brings back what float32 has lost of a surprise near 0.
    return {"weights": (weight, 1.0), "scaled": ("weights",), "wide": weight > 4}


@quiet
def binary_cross_entropy(y_true, p_pred, *, pos_weight=1.0, reduction="mean"):
    r"""Binary cross-entropy, also called BCE, log loss or logistic loss.

    Parameters
    ----------
    y_true : array_like
        Targets in [0, 1], any shape; booleans, and soft labels between 0 and 1, are allowed.
    p_pred : array_like
        Probabilities of class 1, in [0, 1], in the shape of `y_true`.
    pos_weight : float, default 1.0
        Weight > 0 of the positive class.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In nats, infinite where the truth has probability 0; for "none" in the shape of `p_pred`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = -\frac1n \sum_i \left[ w\,y_i \log p_i + (1 - y_i) \log(1 - p_i) \right]

    with w = `pos_weight`. Nothing is clipped (PyTorch limits each logarithm to -100). Where you
    have logits, use `binary_cross_entropy_with_logits`, which is finite for all of them.

    References
    ----------
    .. [1] Good, I. J., "Rational decisions", 1952, doi:10.1111/j.2517-6161.1952.tb00104.x.

    Examples
    --------
    >>> round(float(binary_cross_entropy([1], [0.1])), 4)
    2.3026
    """
    check_reduction(reduction)
    knobs = _weights(pos_weight)
    y_true, p_pred = probability_pair(y_true, p_pred)
    return sample_losses(bce, y_true, p_pred, reduction, **knobs)


@quiet
def binary_cross_entropy_grad(y_true, p_pred, *, pos_weight=1.0, reduction="mean"):
    r"""Gradient of the binary cross-entropy with respect to `p_pred`.

    Takes and raises what `binary_cross_entropy` does.

    Returns
    -------
    ndarray
        In the shape of `p_pred`; "none" differentiates each sample's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial p_i}
              = -\frac1n \left( \frac{w\,y_i}{p_i} - \frac{1 - y_i}{1 - p_i} \right)

    Examples
    --------
    >>> binary_cross_entropy_grad([1, 0], [0.5, 0.75], reduction="sum")
    array([-2.,  4.])
    """
    check_reduction(reduction)
    knobs = _weights(pos_weight)
    y_true, p_pred = probability_pair(y_true, p_pred)
    return sample_gradients(bce_grad, y_true, p_pred, reduction, **knobs)


def _surprises(z):
    """Return -log(sigmoid(z)) and -log(sigmoid(-z)), the surprise of class 1 and class 0."""
    tail, ramp = log1p_exp_neg_abs(z), np.maximum(z, 0)
    one, zero = ramp - z, ramp  # max(z, 0) - z is max(-z, 0), without rounding
    one += tail  # in place, here and below: a sixth of the time of the whole loss
    zero += tail
    return one, zero


def _bce_logits(y, z, weights):
    # max(z, 0) - z y + tail is shorter, but subtracts what it has added: of a small loss only
    # the rounding is left. Here no term is below 0.
    one, zero = _surprises(z)
    if weights == (1, 1):  # the usual case, in place and without two products
        one *= y
        zero *= 1 - y
    else:
        one, zero = _weighted(weights[0], y, one), _weighted(weights[1], 1 - y, zero)
    one += zero
    return one


def _bce_logits_grad(y, z, weights):
    # With weights of 1 this is sigmoid(z) - y, here without its cancellation near y = 1.
    p, not_p = sigmoid_pair(z)
    if weights == (1, 1):
        return (1 - y) * p - y * not_p
    return _weighted(weights[1], 1 - y, p) - _weighted(weights[0], y, not_p)


@quiet
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
        In nats, finite for every finite logit; for "none" in the shape of `logits`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With w = `pos_weight`, the mean of

    .. math:: w\,y\,\operatorname{softplus}(-z) + (1 - y)\,\operatorname{softplus}(z)

    With weight 1 that is :math:`\max(z, 0) - z\,y + \log(1 + e^{-|z|})`, the form that PyTorch
    computes. It subtracts what it has added; here all terms are >= 0, so that a loss near 0
    keeps its digits.

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
    knobs = _weights(pos_weight)
    y_true, logits = logit_pair(y_true, logits)
    return sample_losses(_bce_logits, y_true, logits, reduction, **knobs)


@quiet
def binary_cross_entropy_with_logits_grad(y_true, logits, *, pos_weight=1.0, reduction="mean"):
    r"""Gradient of the binary cross-entropy of logits with respect to `logits`.

    Takes and raises what `binary_cross_entropy_with_logits` does.

    Returns
    -------
    ndarray
        In the shape of `logits`; "none" differentiates each sample's own loss.

    Notes
    -----
    With weight 1 it is :math:`(\sigma(z_i) - y_i) / n`; with weight w on the positives,

    .. math:: \frac1n \left[ (1 - y_i)\,\sigma(z_i) - w\,y_i\,\sigma(-z_i) \right]

    Examples
    --------
    >>> binary_cross_entropy_with_logits_grad([1, 0], [2.3, -1.5], reduction="sum").round(6)
    array([-0.091123,  0.182426])
    """
    check_reduction(reduction)
    knobs = _weights(pos_weight)
    y_true, logits = logit_pair(y_true, logits)
    return sample_gradients(_bce_logits_grad, y_true, logits, reduction, **knobs)


def _focal_knobs(alpha, gamma):
    gamma = number("gamma", gamma, ">= 0")
    # (1 - p)^gamma would leave the range of float32 before the loss does.
    knobs = {"gamma": gamma, "scaled": ("weights",), "wide": gamma > 32}
    if alpha is None:
        return {"weights": (1.0, 1.0), **knobs}
    alpha = number("alpha", alpha, "in [0, 1]")
    return {"weights": (alpha, 1 - alpha), **knobs}


def _two_sides(y, p, weights):
    """Return p_t = p of class 1 and 1 - p_t = p of class 0; p_t is 1 where nothing counts."""
    return np.where((y == 0) | (weights[0] == 0), 1, p), np.where(
        (y == 1) | (weights[1] == 0), 0, p
    )


def _power_of_not(p, gamma):
    """Return (1 - p)^gamma."""
    # 1 - p is rounded, and a large power multiplies the rounding: the logarithm is not.
    return (1 - p) ** gamma if gamma <= 2 else np.exp(gamma * np.log1p(-p))


def _focal(y, p, weights, gamma):
    p_one, p_zero = _two_sides(y, p, weights)
    one = _weighted(weights[0], y, _power_of_not(p_one, gamma) * np.log(p_one))
    return -one - _weighted(weights[1], 1 - y, p_zero**gamma * np.log1p(-p_zero))


def _focal_slope(power, p_t, not_p_t, log_p_t, gamma):
    # d/dp_t of -(1 - p_t)^gamma log p_t; log(p_t) / (1 - p_t) tends to -1 where p_t is 1.
    ratio = np.where(not_p_t == 0, -1, log_p_t / np.where(not_p_t == 0, 1, not_p_t))
    fading = gamma * ratio if gamma else 0.0
    return power * (fading - 1 / p_t)


def _focal_grad(y, p, weights, gamma):
    p_one, p_zero = _two_sides(y, p, weights)
    power = _power_of_not(p_one, gamma)
    one = _focal_slope(power, p_one, 1 - p_one, np.log(p_one), gamma)
    power = p_zero**gamma
    zero = _focal_slope(power, 1 - p_zero, p_zero, np.log1p(-p_zero), gamma)
    # For class 0, p_t = 1 - p: the derivative with respect to p changes sign.
    return _weighted(weights[0], y, one) - _weighted(weights[1], 1 - y, zero)


@quiet
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
        In nats, infinite where the truth has probability 0 (and weight); for "none" in the shape
        of `p_pred`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    The mean over the samples of

    .. math:: -\alpha_t (1 - p_t)^\gamma \log p_t

    with :math:`p_t, \alpha_t` = p, alpha for class 1 and 1 - p, 1 - alpha for class 0. A soft
    label mixes the two terms.

    References
    ----------
    .. [1] Lin, T.-Y. et al., "Focal loss for dense object detection", 2017, arXiv:1708.02002.

    Examples
    --------
    >>> y = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    >>> p = [0.1, 0.2, 0.15, 0.1, 0.05, 0.12, 0.08, 0.11, 0.85, 0.9]
    >>> round(float(focal_loss(y, p)), 6)
    0.001513
    """
    check_reduction(reduction)
    knobs = _focal_knobs(alpha, gamma)
    y_true, p_pred = probability_pair(y_true, p_pred)
    return sample_losses(_focal, y_true, p_pred, reduction, **knobs)


@quiet
def focal_loss_grad(y_true, p_pred, *, alpha=0.25, gamma=2.0, reduction="mean"):
    r"""Gradient of the focal loss with respect to `p_pred`.

    Takes and raises what `focal_loss` does.

    Returns
    -------
    ndarray
        In the shape of `p_pred`; "none" differentiates each sample's own loss.

    Notes
    -----
    For class 1, and with the opposite sign and 1 - p for class 0, over n for "mean",

    .. math:: \alpha (1 - p)^\gamma \left( \gamma \frac{\log p}{1 - p} - \frac1p \right)

    Examples
    --------
    >>> focal_loss_grad([1, 0], [0.5, 0.5], alpha=0.5, gamma=0, reduction="sum")
    array([-1.,  1.])
    """
    check_reduction(reduction)
    knobs = _focal_knobs(alpha, gamma)
    y_true, p_pred = probability_pair(y_true, p_pred)
    return sample_gradients(_focal_grad, y_true, p_pred, reduction, **knobs)


def _focal_logits(y, z, weights, gamma):
    one, zero = _surprises(z)
    # (1 - p)^gamma = exp(-gamma * surprise of class 0), and the other way round.
    loss_one = _weighted(weights[0], y, np.exp(-gamma * zero) * one)
    return loss_one + _weighted(weights[1], 1 - y, np.exp(-gamma * one) * zero)


def _focal_logits_grad(y, z, weights, gamma):
    one, zero = _surprises(z)
    p, not_p = sigmoid_pair(z)
    slope_one = np.exp(-gamma * zero) * (gamma * p * one + not_p)
    slope_zero = np.exp(-gamma * one) * (gamma * not_p * zero + p)
    return _weighted(weights[1], 1 - y, slope_zero) - _weighted(weights[0], y, slope_one)


@quiet
def focal_loss_with_logits(y_true, logits, *, alpha=0.25, gamma=2.0, reduction="mean"):
    r"""Focal loss of logits, also called sigmoid focal loss.

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
        In nats, finite for every finite logit; for "none" in the shape of `logits`.

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
    .. [1] Lin, T.-Y. et al., "Focal loss for dense object detection", 2017, arXiv:1708.02002.

    Examples
    --------
    >>> round(float(focal_loss_with_logits([1], [0.0], alpha=None)), 4)  # log(2) / 4
    0.1733
    """
    check_reduction(reduction)
    knobs = _focal_knobs(alpha, gamma)
    y_true, logits = logit_pair(y_true, logits)
    return sample_losses(_focal_logits, y_true, logits, reduction, **knobs)


@quiet
def focal_loss_with_logits_grad(y_true, logits, *, alpha=0.25, gamma=2.0, reduction="mean"):
    r"""Gradient of the focal loss of logits with respect to `logits`.

    Takes and raises what `focal_loss_with_logits` does.

    Returns
    -------
    ndarray
        In the shape of `logits`; "none" differentiates each sample's own loss.

    Notes
    -----
    For class 1 with :math:`p = \sigma(z)`, and with the opposite sign and -z for class 0, over n
    for "mean",

    .. math:: \alpha (1 - p)^\gamma \left( \gamma\,p \log p - (1 - p) \right)

    Examples
    --------
    >>> focal_loss_with_logits_grad([1, 0], [0.0, 0.0], alpha=None, gamma=0, reduction="sum")
    array([-0.5,  0.5])
    """
    check_reduction(reduction)
    knobs = _focal_knobs(alpha, gamma)
    y_true, logits = logit_pair(y_true, logits)
    return sample_gradients(_focal_logits_grad, y_true, logits, reduction, **knobs)
