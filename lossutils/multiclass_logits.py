r"""Multi-class cross-entropy, from logits."""

from lossutils._classes import (
    class_knobs,
    label_pair,
    logit_grad,
    logit_loss,
    one_hot_pair,
)
from lossutils._reduction import sample_gradients, sample_losses


def categorical_cross_entropy_with_logits(
    y_onehot, logits, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Categorical cross-entropy of logits, also called softmax cross-entropy.

    Parameters
    ----------
    y_onehot : array_like
        One-hot rows (or any distributions), shape (..., C), summing to 1 on the last axis.
    logits : array_like
        Finite real scores before the softmax, shape (..., C).
    class_weight : array_like, optional
        C finite weights >= 0, one for each class.
    label_smoothing : float, default 0.0
        Share in [0, 1] of the target that is spread over all classes.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In nats; finite wherever the true value is.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    `categorical_cross_entropy`, its weighted mean included, with

    .. math:: \log p_{ic} = z_{ic} - \operatorname{logsumexp}(z_i)

    PyTorch divides by n where targets are probabilities.

    References
    ----------
    .. [1] Bridle, J. S., "Probabilistic interpretation of feedforward classification network
       outputs", 1990, doi:10.1007/978-3-642-76153-9_28 (softmax).

    Examples
    --------
    >>> round(float(categorical_cross_entropy_with_logits([[1, 0]], [[0.0, 0.0]])), 4)  # log 2
    0.6931
    """
    truth, scores = one_hot_pair(y_onehot, "logits", logits)
    knobs = class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_losses(logit_loss, truth, scores, reduction, axes=1, **knobs)


def categorical_cross_entropy_with_logits_grad(
    y_onehot, logits, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Gradient of the categorical cross-entropy of logits with respect to `logits`.

    Parameters
    ----------
    y_onehot, logits, class_weight, label_smoothing, reduction
        As in `categorical_cross_entropy_with_logits`; "none" differentiates each sample's own loss.

    Returns
    -------
    ndarray
        In the shape of `logits`.

    Raises
    ------
    TypeError, ValueError
        As in `categorical_cross_entropy_with_logits`.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial z_{ic}} = \frac1n (p_{ic} - y_{ic})

    with p the softmax; with weights, times :math:`w_i` and over their sum.

    References
    ----------
    See `categorical_cross_entropy_with_logits`.

    Examples
    --------
    >>> categorical_cross_entropy_with_logits_grad([[1, 0]], [[0.0, 0.0]])
    array([[-0.5,  0.5]])
    """
    truth, scores = one_hot_pair(y_onehot, "logits", logits)
    knobs = class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_gradients(logit_grad, truth, scores, reduction, axes=1, **knobs)


def sparse_categorical_cross_entropy_with_logits(
    labels, logits, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Sparse categorical cross-entropy of logits; PyTorch calls it cross_entropy.

    Parameters
    ----------
    labels : array_like
        Integers in [0, C), shape (...), one for each row.
    logits : array_like
        Finite real scores before the softmax, shape (..., C).
    class_weight : array_like, optional
        C finite weights >= 0, one for each class.
    label_smoothing : float, default 0.0
        Share in [0, 1] of the target that is spread over all classes.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In nats; finite wherever the true value is.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac{1}{\sum_i w_{y_i}} \sum_i w_{y_i}
              \left( \operatorname{logsumexp}(z_i) - z_{i y_i} \right)

    An untrained model of C classes should start near log C.

    References
    ----------
    .. [1] Bridle, J. S., "Probabilistic interpretation of feedforward classification network
       outputs", 1990, doi:10.1007/978-3-642-76153-9_28 (softmax).

    Examples
    --------
    >>> loss = sparse_categorical_cross_entropy_with_logits([3], [[0.0] * 10])
    >>> round(float(loss), 4)  # log 10
    2.3026
    """
    truth, scores = label_pair(labels, "logits", logits)
    knobs = class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_losses(logit_loss, truth, scores, reduction, axes=1, **knobs)


def sparse_categorical_cross_entropy_with_logits_grad(
    labels, logits, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Gradient of the sparse categorical cross-entropy of logits with respect to `logits`.

    Parameters
    ----------
    labels, logits, class_weight, label_smoothing, reduction
        As in `sparse_categorical_cross_entropy_with_logits`; "none" differentiates each
        sample's own loss.

    Returns
    -------
    ndarray
        In the shape of `logits`.

    Raises
    ------
    TypeError, ValueError
        As in `sparse_categorical_cross_entropy_with_logits`.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial z_{ic}} = \frac1n (p_{ic} - [c = y_i])

    with p the softmax; with weights, times :math:`w_{y_i}` and over their sum.

    References
    ----------
    See `sparse_categorical_cross_entropy_with_logits`.

    Examples
    --------
    >>> grad = sparse_categorical_cross_entropy_with_logits_grad
    >>> grad([0], [[0.0, 0.0]])
    array([[-0.5,  0.5]])
    """
    truth, scores = label_pair(labels, "logits", logits)
    knobs = class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_gradients(logit_grad, truth, scores, reduction, axes=1, **knobs)
