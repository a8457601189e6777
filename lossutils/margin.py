r"""Losses of a score against a label -1 or +1; each element is a sample.

Right is not enough, it must be right by a margin.
"""

import numpy as np

from lossutils._reduction import quiet, sample_gradients, sample_losses
from lossutils._validation import (
    as_real,
    as_sign,
    check_reduction,
    difference,
    loses_integers,
    number,
    same_shape,
    to_float,
)

# Half the score and half the margin are half the gap, which is what both losses measure.
_GAP = ("prediction", "margin")


def _checked_scores(y_sign, scores, margin, reduction):
    """Return labels -1 and +1 and scores, of one shape and dtype, and the margin."""
    check_reduction(reduction)
    margin = number("margin", margin, "> 0")
    y = as_sign("y_sign", y_sign, other="scores")
    s = as_real("scores", scores)
    same_shape("y_sign", y, "scores", s)
    if loses_integers(s, np.float64):
        # m - y s = 0 - y (s - y m), as y is -1 or +1; the difference rounds no integer.
        s, margin = difference(s, margin * y.astype(np.float64)), 0.0
    return *to_float(y, s), margin


def _hinge(y, s, margin):
    return np.maximum(margin - y * s, 0)


def _hinge_grad(y, s, margin):
    # float32 may round the margin down, onto a score that is below it: then the next one counts.
    limit = y.dtype.type(margin)
    limit = np.nextafter(limit, y.dtype.type(np.inf)) if float(limit) < margin else limit
    return np.where(y * s < limit, -y, 0)


@quiet
def hinge_loss(y_sign, scores, *, margin=1.0, reduction="mean"):
    r"""Hinge loss, also called the maximum-margin or SVM loss.

    Parameters
    ----------
    y_sign : array_like
        True labels -1 or +1, any shape.
    scores : array_like
        Finite real scores in the shape of `y_sign`; positive means +1.
    margin : float, default 1.0
        A right score nearer to zero than this still costs something; > 0.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In the unit of the score, >= 0; for "none" in the shape of `scores`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac1n \sum_i \max(0,\, m - y_i s_i)

    References
    ----------
    .. [1] Cortes, C. and Vapnik, V., "Support-vector networks", 1995, doi:10.1007/BF00994018.

    Examples
    --------
    >>> hinge_loss([1, 1, 1], [2.0, 0.5, -1.0], reduction="none")
    array([0. , 0.5, 2. ])
    """
    y, s, margin = _checked_scores(y_sign, scores, margin, reduction)
    return sample_losses(_hinge, y, s, reduction, scaled=_GAP, margin=margin)


@quiet
def hinge_loss_grad(y_sign, scores, *, margin=1.0, reduction="mean"):
    r"""Gradient of the hinge loss with respect to `scores`.

    Takes and raises what `hinge_loss` does.

    Returns
    -------
    ndarray
        In the shape of `scores`; "none" differentiates each sample's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial s_i}
              = \frac1n \begin{cases} -y_i & y_i s_i < m \\ 0 & y_i s_i \ge m \end{cases}

    At the kink :math:`y_i s_i = m` the subgradient 0 is chosen.

    Examples
    --------
    >>> hinge_loss_grad([1, 1, -1, 1], [2.0, 0.5, 0.5, 1.0], reduction="sum")
    array([ 0., -1.,  1.,  0.])
    """
    y, s, margin = _checked_scores(y_sign, scores, margin, reduction)
    return sample_gradients(_hinge_grad, y, s, reduction, margin=margin)


def _squared_hinge(y, s, margin):
    return np.maximum(margin - y * s, 0) ** 2


def _squared_hinge_grad(y, s, margin):
    gap = margin - y * s
    return np.where(gap > 0, -2 * y * gap, 0)


@quiet
def squared_hinge_loss(y_sign, scores, *, margin=1.0, reduction="mean"):
    r"""Squared hinge loss, also called the L2-SVM loss.

    Parameters
    ----------
    y_sign : array_like
        True labels -1 or +1, any shape.
    scores : array_like
        Finite real scores in the shape of `y_sign`; positive means +1.
    margin : float, default 1.0
        A right score nearer to zero than this still costs something; > 0.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In the squared unit of the score, >= 0; for "none" in the shape of `scores`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    .. math:: L = \frac1n \sum_i \max(0,\, m - y_i s_i)^2

    References
    ----------
    .. [1] Cortes, C. and Vapnik, V., "Support-vector networks", 1995, doi:10.1007/BF00994018.

    Examples
    --------
    >>> squared_hinge_loss([1, 1, 1], [2.0, 0.5, -1.0], reduction="none")
    array([0.  , 0.25, 4.  ])
    """
    y, s, margin = _checked_scores(y_sign, scores, margin, reduction)
    return sample_losses(_squared_hinge, y, s, reduction, scaled=_GAP, degree=2, margin=margin)


@quiet
def squared_hinge_loss_grad(y_sign, scores, *, margin=1.0, reduction="mean"):
    r"""Gradient of the squared hinge loss with respect to `scores`.

    Takes and raises what `squared_hinge_loss` does.

    Returns
    -------
    ndarray
        In the shape of `scores`; "none" differentiates each sample's own loss.

    Notes
    -----
    .. math:: \frac{\partial L}{\partial s_i} = -\frac2n\, y_i \max(0,\, m - y_i s_i)

    There is no kink: at :math:`y_i s_i = m` both slopes are 0.

    Examples
    --------
    >>> squared_hinge_loss_grad([1, 1, -1], [2.0, 0.5, 0.5], reduction="sum")
    array([ 0., -1.,  3.])
    """
    y, s, margin = _checked_scores(y_sign, scores, margin, reduction)
    return sample_gradients(_squared_hinge_grad, y, s, reduction, scaled=_GAP, margin=margin)
