r"""Binary cross-entropy, from probabilities.

Each element is a sample. The kernels below are the formulas.
"""

import numpy as np

from lossutils._reduction import sample_gradients, sample_losses
from lossutils._validation import check_reduction, number, probability_pair


def _bce(y, p, pos_weight):
    # A class that the target gives no weight adds 0, even where its logarithm is infinite.
    log_p = np.log(np.where(y == 0, 1, p))
    log_not_p = np.log1p(-np.where(y == 1, 0, p))
    return pos_weight * y * (0 - log_p) - (1 - y) * log_not_p


def _bce_grad(y, p, pos_weight):
    # Here too: 0 / 0 of a class without weight is 0.
    return (1 - y) / np.where(y == 1, 1, 1 - p) - pos_weight * y / np.where(y == 0, 1, p)


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
        In nats; infinite where the truth has probability 0.

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
    pos_weight = number("pos_weight", pos_weight, "> 0")
    y_true, p_pred = probability_pair(y_true, p_pred)
    return sample_losses(_bce, y_true, p_pred, reduction, pos_weight=pos_weight)


def binary_cross_entropy_grad(y_true, p_pred, *, pos_weight=1.0, reduction="mean"):
    r"""Gradient of the binary cross-entropy with respect to `p_pred`.

    Parameters
    ----------
    y_true, p_pred, pos_weight, reduction
        As in `binary_cross_entropy`; "none" differentiates each sample's own loss.

    Returns
    -------
    ndarray
        In the shape of `p_pred`.

    Raises
    ------
    TypeError, ValueError
        As in `binary_cross_entropy`.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial p_i}
              = -\frac1n \left( \frac{w\,y_i}{p_i} - \frac{1 - y_i}{1 - p_i} \right)

    References
    ----------
    See `binary_cross_entropy`.

    Examples
    --------
    >>> binary_cross_entropy_grad([1, 0], [0.5, 0.75], reduction="sum")
    array([-2.,  4.])
    """
    check_reduction(reduction)
    pos_weight = number("pos_weight", pos_weight, "> 0")
    y_true, p_pred = probability_pair(y_true, p_pred)
    return sample_gradients(_bce_grad, y_true, p_pred, reduction, pos_weight=pos_weight)
