r"""Losses of several classes, from probabilities and from logits.

Rows are samples, classes are on the last axis, the truth is one-hot rows or labels. With
class weights w and label smoothing s, row i gives class c the *share*
(1 - s) w_c y_ic + s w_c / C; the loss is the sum over c of the share times -log p_ic.
The first part is `own`, that of the true class; the second is `spread` over all classes.
"""

import numpy as np

from lossutils._reduction import quiet, row_totals, sample_gradients, sample_losses
from lossutils._validation import (
    as_class_weight,
    as_distribution,
    as_labels,
    as_probability,
    as_real,
    check_reduction,
    check_rows,
    number,
    same_shape,
    shifted_rows,
    to_float,
)
from lossutils.stable import log_softmax_rows, softmax_pair


def _checked_scores(name, scores):
    if name == "p_pred":
        return as_distribution("p_pred", scores)
    return shifted_rows(as_real(name, scores, min_axes=1))


def _one_hot_pair(y_onehot, name, scores):
    """Return one-hot (or soft) rows and the scores called `name`, of one shape and dtype."""
    y_onehot = as_probability("y_onehot", y_onehot, hint=f": are y_onehot and {name} swapped?")
    scores = _checked_scores(name, scores)
    same_shape("y_onehot", y_onehot, name, scores)
    check_rows("y_onehot", y_onehot)
    return to_float(y_onehot, scores)


def _label_pair(labels, name, scores):
    """Return integer labels and the scores called `name`, one label for each row."""
    (scores,) = to_float(_checked_scores(name, scores), truths=0)
    *shape, classes = scores.shape
    return as_labels("labels", labels, shape=tuple(shape), classes=classes, other=name), scores


def _class_knobs(truth, scores, class_weight, label_smoothing, reduction):
    """Return `own` and `spread` of the kernels, and what "mean" divides by."""
    check_reduction(reduction)
    smoothing = number("label_smoothing", label_smoothing, "in [0, 1]")
    classes = scores.shape[-1]
    weight, divisor = as_class_weight(class_weight, classes), None
    # A large weight brings back what float32 has lost of a surprise near 0.
    wide = weight is not None and bool(weight.max() > 4)
    if weight is None:
        weight = np.ones(classes, dtype=scores.dtype)
    elif reduction == "mean":
        weight, divisor = _relative_weights(truth, weight, smoothing)
    spread = weight * (smoothing / classes) if smoothing else None
    own = weight * (1 - smoothing)
    scaled = ("own", "spread")
    return {"own": own, "spread": spread, "divisor": divisor, "scaled": scaled, "wide": wide}


# Weights up to 2^960 leave room for the sum of all samples that fit in memory. From 2^-64 on
# they make no tiny probability vanish.
_SAFE = -64, 960


def _relative_weights(truth, weight, smoothing):
    """Return weights and their sum over the truth, both divided by one power of two.

    That changes no weighted mean. It is 1, unless the products or the sum could leave the
    range of floats.
    """

    def of_rows(weight):
        return truth @ weight if truth.dtype.kind == "f" else weight[truth]

    total = np.max(of_rows(weight))
    power = int(np.frexp(total)[1]) if np.isfinite(total) else 1025
    excess = power - min(max(power, _SAFE[0]), _SAFE[1])
    if smoothing:  # which gives a share to classes that the truth does not have
        excess = max(excess, int(np.frexp(weight.max())[1]) - 1000)
    # Without it the weight of such a class counts for nothing, and may be any.
    weight = np.minimum(np.ldexp(weight, -excess), np.finfo(np.float64).max)
    divisor = float(np.sum(of_rows(weight)))
    if divisor == 0:
        raise ValueError(
            "class_weight must be > 0 for a class of the truth, or there is nothing to "
            "average; got weights that sum to 0"
        )
    return weight, divisor


def _times(share, log_p):
    # A class without a share adds 0, even where its log-probability is -inf.
    return share * np.where(share == 0, 0, log_p)


def _cross_entropy(truth, log_p, own, spread):
    if truth.ndim == 1:
        total = _times(own[truth], log_p[np.arange(len(truth)), truth])
    else:
        total = row_totals(_times(own * truth, log_p))
    if spread is not None:
        total = total + row_totals(_times(spread, log_p))
    return 0 - total


def _shares(truth, rows, own, spread):
    if truth.ndim == 1:
        shares = np.zeros(rows.shape, dtype=np.result_type(rows, own))
        shares[np.arange(len(truth)), truth] = own[truth]
    else:
        shares = own * truth
    return shares if spread is None else shares + spread


def _probability_loss(truth, p, own, spread):
    """Return the cross-entropy of each row of probabilities."""
    return _cross_entropy(truth, np.log(p), own, spread)


def _probability_grad(truth, p, own, spread):
    """Return its gradient, -share / p; 0 for a class without a share."""
    shares = _shares(truth, p, own, spread)
    return (0 - shares) / np.where(shares == 0, 1, p)


def _logit_loss(truth, z, own, spread):
    """Return the cross-entropy of each row of logits."""
    log_p = log_softmax_rows(z)
    losses = _cross_entropy(truth, log_p, own, spread)
    if np.isfinite(losses).all():
        return losses
    # A gap may be beyond the largest float, and a share of it not. Half of it is not either;
    # there log p is the gap to all its digits.
    gap = z / 2 - z.max(axis=-1, keepdims=True) / 2
    half = np.where(np.isfinite(log_p), log_p / 2, gap)
    return np.where(np.isfinite(losses), losses, 2 * _cross_entropy(truth, half, own, spread))


def _other_shares(shares):
    """Return for each class the sum of the shares of the others."""
    # The sum of all minus the own share keeps its digits, unless the own is nearly all of it.
    largest = np.arange(len(shares)), shares.argmax(axis=-1)
    top = shares[largest]
    shares[largest] = 0
    rest = row_totals(shares).astype(shares.dtype)
    shares[largest] = top
    others = (rest + top)[:, None] - shares
    others[largest] = rest
    return others


def _logit_grad(truth, z, own, spread):
    """Return its gradient: the softmax times all shares of the row, minus the shares."""
    p, not_p = softmax_pair(z)
    # p sum(shares) - share = p (the other shares) - (1 - p) share, without its cancellation.
    if truth.ndim == 1 and spread is None:  # one share of each row is not 0: a third faster
        true = np.arange(len(truth)), truth
        gradient = p * own[truth][:, None]
        gradient[true] = 0 - own[truth] * not_p[true]
        return gradient
    shares = _shares(truth, z, own, spread)
    return p * _other_shares(shares) - not_p * shares


@quiet
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
        In nats, infinite where the truth has probability 0; for "none" one value for each row.

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
    truth, scores = _one_hot_pair(y_onehot, "p_pred", p_pred)
    knobs = _class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_losses(_probability_loss, truth, scores, reduction, axes=1, **knobs)


@quiet
def categorical_cross_entropy_grad(
    y_onehot, p_pred, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Gradient of the categorical cross-entropy with respect to `p_pred`.

    Takes and raises what `categorical_cross_entropy` does.

    Returns
    -------
    ndarray
        In the shape of `p_pred`; "none" differentiates each sample's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial p_{ic}} = -\frac1n \frac{y_{ic}}{p_{ic}}

    with weights and smoothing as in the loss; each :math:`p_{ic}` is a free coordinate.

    Examples
    --------
    >>> categorical_cross_entropy_grad([[1, 0, 0]], [[0.8, 0.15, 0.05]])
    array([[-1.25,  0.  ,  0.  ]])
    """
    truth, scores = _one_hot_pair(y_onehot, "p_pred", p_pred)
    knobs = _class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_gradients(_probability_grad, truth, scores, reduction, axes=1, **knobs)


@quiet
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
        In nats, finite wherever the true value is; for "none" one value for each row.

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
    truth, scores = _one_hot_pair(y_onehot, "logits", logits)
    knobs = _class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_losses(_logit_loss, truth, scores, reduction, axes=1, **knobs)


@quiet
def categorical_cross_entropy_with_logits_grad(
    y_onehot, logits, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Gradient of the categorical cross-entropy of logits with respect to `logits`.

    Takes and raises what `categorical_cross_entropy_with_logits` does.

    Returns
    -------
    ndarray
        In the shape of `logits`; "none" differentiates each sample's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial z_{ic}} = \frac1n (p_{ic} - y_{ic})

    with p the softmax; with weights, times :math:`w_i` and over their sum. Of a probability
    below 2e-308, the smallest normal float, digits are lost.

    Examples
    --------
    >>> categorical_cross_entropy_with_logits_grad([[1, 0]], [[0.0, 0.0]])
    array([[-0.5,  0.5]])
    """
    truth, scores = _one_hot_pair(y_onehot, "logits", logits)
    knobs = _class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_gradients(_logit_grad, truth, scores, reduction, axes=1, **knobs)


@quiet
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
        In nats, infinite where the truth has probability 0; for "none" one value for each row.

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
    truth, scores = _label_pair(labels, "p_pred", p_pred)
    knobs = _class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_losses(_probability_loss, truth, scores, reduction, axes=1, **knobs)


@quiet
def sparse_categorical_cross_entropy_grad(
    labels, p_pred, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Gradient of the sparse categorical cross-entropy with respect to `p_pred`.

    Takes and raises what `sparse_categorical_cross_entropy` does.

    Returns
    -------
    ndarray
        In the shape of `p_pred`; "none" differentiates each sample's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial p_{ic}} = -\frac1n \frac{[c = y_i]}{p_{ic}}

    with weights and smoothing as in the loss; each :math:`p_{ic}` is a free coordinate.

    Examples
    --------
    >>> sparse_categorical_cross_entropy_grad([0], [[0.8, 0.15, 0.05]])
    array([[-1.25,  0.  ,  0.  ]])
    """
    truth, scores = _label_pair(labels, "p_pred", p_pred)
    knobs = _class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_gradients(_probability_grad, truth, scores, reduction, axes=1, **knobs)


@quiet
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
        In nats, finite wherever the true value is; for "none" one value for each row.

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
    truth, scores = _label_pair(labels, "logits", logits)
    knobs = _class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_losses(_logit_loss, truth, scores, reduction, axes=1, **knobs)


@quiet
def sparse_categorical_cross_entropy_with_logits_grad(
    labels, logits, *, class_weight=None, label_smoothing=0.0, reduction="mean"
):
    r"""Gradient of the sparse categorical cross-entropy of logits with respect to `logits`.

    Takes and raises what `sparse_categorical_cross_entropy_with_logits` does.

    Returns
    -------
    ndarray
        In the shape of `logits`; "none" differentiates each sample's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial z_{ic}} = \frac1n (p_{ic} - [c = y_i])

    with p the softmax; with weights, times :math:`w_{y_i}` and over their sum. Of a probability
    below 2e-308, the smallest normal float, digits are lost.

    Examples
    --------
    >>> grad = sparse_categorical_cross_entropy_with_logits_grad
    >>> grad([0], [[0.0, 0.0]])
    array([[-0.5,  0.5]])
    """
    truth, scores = _label_pair(labels, "logits", logits)
    knobs = _class_knobs(truth, scores, class_weight, label_smoothing, reduction)
    return sample_gradients(_logit_grad, truth, scores, reduction, axes=1, **knobs)
