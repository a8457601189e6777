r"""Multi-class cross-entropy, from probabilities."""

from lossutils._classes import (
    class_knobs,
    label_pair,
    one_hot_pair,
    probability_grad,
    probability_loss,
)
from lossutils._reduction import sample_gradients, sample_losses


def categorical_cross_entropy(
    y_onehot, p_pred, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Categorical cross-entropy, also called CCE or multi-class log loss.

    Parameters
    ----------
    y_onehot : array_like
        One-hot rows (or any distributions), shape (..., C), summing to 1 on the last axis.
    p_pred : array_like
        Probabilities, shape (..., C), summing to 1 on the last axis.
    class_weight : array_like, optional
        C finite weights >= 0, one for each class.
    label_smoothing : float, default 0.0
        Share in [0, 1] of the target that is spread over all classes.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In nats; infinite where the truth has probability 0.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = -\frac{1}{\sum_i w_i} \sum_i \sum_c w_c\,y_{ic} \log p_{ic},
              \qquad w_i = \sum_c w_c\,y_{ic}

    Without weights the divisor is n. So one-hot rows and labels agree; PyTorch divides by n
    where targets are probabilities. Smoothing s replaces y by (1 - s) y + s / C in the sum.

    References
    ----------
    .. [1] Szegedy, C. et al., "Rethinking the Inception architecture for computer vision",
       2016, arXiv:1512.00567 (label smoothing).

    Examples
    --------
    >>> round(float(categorical_cross_entropy([[1, 0, 0]], [[0.8, 0.15, 0.05]])), 4)
    0.2231
    """
    truth, scores = one_hot_pair(y_onehot, "p_pred", p_pred)
    knobs = class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_losses(probability_loss, truth, scores, reduction, axes=1, **knobs)


def categorical_cross_entropy_grad(
    y_onehot, p_pred, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Gradient of the categorical cross-entropy with respect to `p_pred`.

    Parameters
    ----------
    y_onehot, p_pred, class_weight, label_smoothing, reduction
        As in `categorical_cross_entropy`; "none" differentiates each sample's own loss.

    Returns
    -------
    ndarray
        In the shape of `p_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `categorical_cross_entropy`.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial p_{ic}} = -\frac1n \frac{y_{ic}}{p_{ic}}

    with weights and smoothing as in the loss; each :math:`p_{ic}` is a free coordinate.

    References
    ----------
    See `categorical_cross_entropy`.

    Examples
    --------
    >>> categorical_cross_entropy_grad([[1, 0, 0]], [[0.8, 0.15, 0.05]])
    array([[-1.25,  0.  ,  0.  ]])
    """
    truth, scores = one_hot_pair(y_onehot, "p_pred", p_pred)
    knobs = class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_gradients(probability_grad, truth, scores, reduction, axes=1, **knobs)


def sparse_categorical_cross_entropy(
    labels, p_pred, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Sparse categorical cross-entropy: categorical cross-entropy of integer labels.

    Parameters
    ----------
    labels : array_like
        Integers in [0, C), shape (...), one for each row.
    p_pred : array_like
        Probabilities, shape (..., C), summing to 1 on the last axis.
    class_weight : array_like, optional
        C finite weights >= 0, one for each class.
    label_smoothing : float, default 0.0
        Share in [0, 1] of the target that is spread over all classes.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In nats; infinite where the truth has probability 0.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = -\frac{1}{\sum_i w_{y_i}} \sum_i w_{y_i} \log p_{i y_i}

    Equal to `categorical_cross_entropy` of the one-hot rows, which it never builds.

    References
    ----------
    .. [1] Szegedy, C. et al., "Rethinking the Inception architecture for computer vision",
       2016, arXiv:1512.00567 (label smoothing).

    Examples
    --------
    >>> p = [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.2, 0.6, 0.2], [0.8, 0.1, 0.1], [0.3, 0.3, 0.4]]
    >>> round(float(sparse_categorical_cross_entropy([0, 2, 1, 0, 2], p)), 4)
    0.4727
    """
    truth, scores = label_pair(labels, "p_pred", p_pred)
    knobs = class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_losses(probability_loss, truth, scores, reduction, axes=1, **knobs)


def sparse_categorical_cross_entropy_grad(
    labels, p_pred, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Gradient of the sparse categorical cross-entropy with respect to `p_pred`.

    Parameters
    ----------
    labels, p_pred, class_weight, label_smoothing, reduction
        As in `sparse_categorical_cross_entropy`; "none" differentiates each sample's own loss.

    Returns
    -------
    ndarray
        In the shape of `p_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `sparse_categorical_cross_entropy`.

    Notes
    -----
    :math:`-1 / (n\,p_{i y_i})` for the true class of a row, 0 for the others.

    References
    ----------
    See `sparse_categorical_cross_entropy`.

    Examples
    --------
    >>> sparse_categorical_cross_entropy_grad([0], [[0.8, 0.15, 0.05]])
    array([[-1.25,  0.  ,  0.  ]])
    """
    truth, scores = label_pair(labels, "p_pred", p_pred)
    knobs = class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_gradients(probability_grad, truth, scores, reduction, axes=1, **knobs)
