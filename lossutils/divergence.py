r"""How far one distribution is from another; rows are samples, outcomes are on the last axis."""

import numpy as np

from lossutils._reduction import quiet, row_totals, sample_gradients, sample_losses
from lossutils._validation import as_distribution, check_reduction, same_shape, to_float


def _distribution_pair(p_true, q_pred):
    """Return two arrays of distributions, of one shape and dtype."""
    p, q = as_distribution("p_true", p_true), as_distribution("q_pred", q_pred)
    same_shape("p_true", p, "q_pred", q)
    return to_float(p, q)


# A divergence below this is the difference of terms that nearly cancel.
_NEAR = 0.1
# A row of float32 may miss 1 by so much, and a divergence be below 0 by that.
_ROUNDING = 8 * float(np.finfo(np.float32).eps)


def _kl(p, q):
    # Where p is 0 the term is 0, and log 1 stands in for both logarithms. Two logarithms,
    # because p / q would overflow for the smallest q.
    log_p, log_q = (np.log(np.where(p == 0, 1, x)) for x in (p, q))
    values = row_totals(p * (log_p - log_q))
    near = values < _NEAR
    if near.any():
        values[near] = _kl_near(p[near].astype(np.float64), q[near].astype(np.float64))
    return values


def _kl_near(p, q):
    """Return the divergence of rows that are nearly the same."""
    # p log(p / q) = (p - q) + p (d - log(1 + d)) with d = (q - p) / p. The first terms nearly
    # cancel in the sum over the row, but near q they are exact; the others are all >= 0.
    gap = q - p
    d = gap / np.where(p == 0, 1, p)
    log = np.where(
        np.abs(d) < 0.5,
        np.log1p(d),
        np.log(np.where(p == 0, 1, q)) - np.log(np.where(p == 0, 1, p)),
    )
    excess = np.where(p == 0, gap, gap - p * log)
    values = np.maximum(excess, 0).sum(axis=-1) - gap.sum(axis=-1)
    # Rows of floats do not quite sum to 1, which alone makes this negative.
    return np.where((values < 0) & (values > -_ROUNDING), 0, values)


def _kl_grad(p, q):
    # Taken from 0, so that an idle outcome has slope 0.0 and not -0.0.
    return 0 - p / np.where(p == 0, 1, q)


@quiet
def kl_divergence(p_true, q_pred, *, reduction="mean"):
    r"""Kullback-Leibler divergence of `q_pred` from `p_true`, also called relative entropy.

    It is the price, in nats for each draw, of taking Q for the truth when P is. It is no
    distance: swapping the arguments gives another number.

    Parameters
    ----------
    p_true : array_like
        The true distributions P, in [0, 1], shape (..., C), summing to 1 on the last axis.
    q_pred : array_like
        The predicted distributions Q, in the shape of `p_true`, the same domain.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the rows; "none" keeps one value for each. "mean" divides by the number of rows,
        as PyTorch's "batchmean".

    Returns
    -------
    scalar or ndarray
        In nats, infinite where an outcome with p > 0 has q = 0; for "none" in the shape of
        `p_true` without its last axis.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac1n \sum_i \sum_c p_{ic} \log\frac{p_{ic}}{q_{ic}}

    A term with :math:`p_{ic} = 0` is 0, whatever :math:`q_{ic}` is; nothing is clipped. The
    cross-entropy is the entropy of P plus this, so both have the same gradient. Where
    rounding alone keeps two rows from summing to the same, a value below 0 is 0.

    References
    ----------
    .. [1] Kullback, S. and Leibler, R. A., "On information and sufficiency", 1951,
       doi:10.1214/aoms/1177729694.

    Examples
    --------
    >>> p, q = [0.5, 0.3, 0.2], [0.33, 0.33, 0.34]
    >>> round(float(kl_divergence(p, q)), 4), round(float(kl_divergence(q, p)), 4)
    (0.073, 0.0747)
    >>> float(kl_divergence([0.5, 0.5], [1.0, 0.0]))
    inf
    """
    check_reduction(reduction)
    p, q = _distribution_pair(p_true, q_pred)
    return sample_losses(_kl, p, q, reduction, axes=1)


@quiet
def kl_divergence_grad(p_true, q_pred, *, reduction="mean"):
    r"""Gradient of the Kullback-Leibler divergence with respect to `q_pred`.

    Takes and raises what `kl_divergence` does.

    Returns
    -------
    ndarray
        In the shape of `q_pred`; "none" differentiates each row's own divergence.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial q_{ic}} = -\frac1n \frac{p_{ic}}{q_{ic}}

    It is 0 where :math:`p_{ic} = 0`, and minus infinity where only :math:`q_{ic}` is. Each
    :math:`q_{ic}` is a free coordinate: the sum of 1 is not enforced along the way.

    Examples
    --------
    >>> kl_divergence_grad([0.5, 0.5, 0.0], [0.25, 0.75, 0.0]).round(4)
    array([-2.    , -0.6667,  0.    ])
    """
    check_reduction(reduction)
    p, q = _distribution_pair(p_true, q_pred)
    # Half of p is half of the slope.
    return sample_gradients(_kl_grad, p, q, reduction, axes=1, scaled=("truth",))
