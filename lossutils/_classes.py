"""What the four multi-class cross-entropies share: their checks and their formulas.

Rows are samples, classes are on the last axis, the truth is one-hot rows or labels. With
class weights w and label smoothing s, row i gives class c the *share*
(1 - s) w_c y_ic + s w_c / C; the loss is the sum over c of the share times -log p_ic.
The first part is `own`, that of the true class; the second is `spread` over all classes.
"""

import numpy as np

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
    to_float,
)
from lossutils.stable import _exponentials, _log_softmax, _softmax_pair


def _checked_scores(name, scores):
    if name == "p_pred":
        return as_distribution("p_pred", scores)
    return as_real(name, scores, min_axes=1)


def one_hot_pair(y_onehot, name, scores):
    """Return one-hot (or soft) rows and the scores called `name`, of one shape and dtype."""
    y_onehot = as_probability("y_onehot", y_onehot, hint=f": are y_onehot and {name} swapped?")
    scores = _checked_scores(name, scores)
    same_shape("y_onehot", y_onehot, name, scores)
    check_rows("y_onehot", y_onehot)
    return to_float(y_onehot, scores)


def label_pair(labels, name, scores):
    """Return integer labels and the scores called `name`, one label for each row."""
    (scores,) = to_float(_checked_scores(name, scores), truths=0)
    *shape, classes = scores.shape
    return as_labels("labels", labels, shape=tuple(shape), classes=classes, other=name), scores


def class_knobs(truth, scores, class_weight, label_smoothing, reduction):
    """Return `own` and `spread` of the kernels, and what "mean" divides by."""
    check_reduction(reduction)
    smoothing = number("label_smoothing", label_smoothing, "in [0, 1]")
    classes = scores.shape[-1]
    weight, divisor = as_class_weight(class_weight, classes), None
    if weight is None:
        weight = np.ones(classes, dtype=scores.dtype)
    else:
        weight = weight.astype(scores.dtype)
        totals = truth @ weight if truth.ndim == scores.ndim else weight[truth]
        divisor = float(np.sum(totals, dtype=np.float64))
        if divisor == 0 and reduction == "mean":
            raise ValueError(
                "class_weight must be > 0 for a class of the truth, or there is nothing to "
                "average; got weights that sum to 0"
            )
    spread = weight * (smoothing / classes) if smoothing else None
    return {"own": weight * (1 - smoothing), "spread": spread, "divisor": divisor}


def _times(share, log_p):
    # A class without a share adds 0, even where its log-probability is -inf.
    return share * np.where(share == 0, 0, log_p)


def _cross_entropy(truth, log_p, own, spread):
    if truth.ndim == 1:
        total = _times(own[truth], log_p[np.arange(len(truth)), truth])
    else:
        total = _times(own * truth, log_p).sum(axis=-1)
    if spread is not None:
        total = total + _times(spread, log_p).sum(axis=-1)
    return 0 - total


def _shares(truth, rows, own, spread):
    if truth.ndim == 1:
        shares = np.zeros_like(rows)
        shares[np.arange(len(truth)), truth] = own[truth]
    else:
        shares = own * truth
    return shares if spread is None else shares + spread


def probability_loss(truth, p, own, spread):
    """Return the cross-entropy of each row of probabilities."""
    return _cross_entropy(truth, np.log(p), own, spread)


def probability_grad(truth, p, own, spread):
    """Return its gradient, -share / p; 0 for a class without a share."""
    shares = _shares(truth, p, own, spread)
    return (0 - shares) / np.where(shares == 0, 1, p)


def logit_loss(truth, z, own, spread):
    """Return the cross-entropy of each row of logits."""
    if truth.ndim == 1 and spread is None:  # only one log-probability of each row is needed
        shifted, _, _, rest = _exponentials(z)
        log_p = shifted[np.arange(len(truth)), truth] - np.log1p(rest[:, 0])
        return 0 - _times(own[truth], log_p)
    return _cross_entropy(truth, _log_softmax(z), own, spread)


def logit_grad(truth, z, own, spread):
    """Return its gradient: the softmax times all shares of the row, minus the shares."""
    p, not_p = _softmax_pair(z)
    # p sum(shares) - share = p (the other shares) - (1 - p) share, without its cancellation.
    if truth.ndim == 1 and spread is None:  # one share of each row is not 0
        true = np.arange(len(truth)), truth
        p *= own[truth][:, None]
        p[true] = -own[truth] * not_p[true]
        return p
    shares = _shares(truth, z, own, spread)
    p *= shares.sum(axis=-1, keepdims=True) - shares
    not_p *= shares
    p -= not_p
    return p
