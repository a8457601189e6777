r"""Losses of a score against a label -1 or +1; each element is a sample.

Right is not enough, it must be right by a margin.
"""

import numpy as np

from lossutils._reduction import sample_gradients, sample_losses
from lossutils._validation import as_real, as_sign, check_reduction, number, same_shape, to_float


def _sign_pair(y_sign, scores):
    """Return labels -1 and +1 and scores, of one shape and dtype."""
    y = as_sign("y_sign", y_sign, other="scores")
    s = as_real("scores", scores)
    same_shape("y_sign", y, "scores", s)
    return to_float(y, s)


def _hinge(y, s, margin):
    return np.maximum(margin - y * s, 0)


def _hinge_grad(y, s, margin):
    # Multiplying by the condition would leave -0.0 at the idle samples.
    return np.where(y * s < margin, -y, 0)


def hinge_loss(y_sign, scores, *, margin=1.0, reduction="mean"):
    r"""Hinge loss, also called the maximum-margin or SVM loss.

    Parameters
    ----------
    y_sign : array_like of float
        True labels -1 or +1, any shape.
    scores : array_like of float
        Real scores in the shape of `y_sign`; positive means +1.
    margin : float, default 1.0
        A right score nearer to zero than this still costs something; > 0.
    reduction : {"mean", "sum", "none"}, default "mean"
        How the losses of the samples are combined; every element is a sample.

    Returns
    -------
    float or numpy.ndarray
        The loss in units of the score, >= 0; for "none" in the shape of `scores`.

    Raises
    ------
    ValueError
        If a label is not -1 or +1, a score is not finite, the shapes differ, `margin` is
        not > 0 or `reduction` is unknown.
    TypeError
        If an argument is not made of real numbers.

    Notes
    -----
    .. math:: \ell = \max(0,\, m - y s) \qquad
        \frac{\partial \ell}{\partial s} = \begin{cases} -y & y s < m \\ 0 & y s \ge m \end{cases}

    At the kink :math:`y s = m` the subgradient 0 is chosen.

    References
    ----------
    Cortes and Vapnik, "Support-vector networks", 1995, doi:10.1007/BF00994018.

    Examples
    --------
    >>> from lossutils import hinge_loss
    >>> hinge_loss([1, 1, 1], [2.0, 0.5, -1.0], reduction="none")
    array([0. , 0.5, 2. ])
    """
    check_reduction(reduction)
    margin = number("margin", margin, "> 0")
    y, s = _sign_pair(y_sign, scores)
    return sample_losses(_hinge, y, s, reduction, margin=margin)


def hinge_loss_grad(y_sign, scores, *, margin=1.0, reduction="mean"):
    r"""Gradient of `hinge_loss` with respect to the scores.

    Parameters
    ----------
    y_sign, scores, margin, reduction
        As in `hinge_loss`.

    Returns
    -------
    numpy.ndarray
        Gradient of the reduced loss, in the shape of `scores`; "none" gives that of "sum".

    Raises
    ------
    ValueError, TypeError
        As in `hinge_loss`.

    Notes
    -----
    :math:`-y` where :math:`y s < m`, else 0, the kink included; over n for "mean".

    References
    ----------
    Cortes and Vapnik, "Support-vector networks", 1995, doi:10.1007/BF00994018.

    Examples
    --------
    >>> from lossutils import hinge_loss_grad
    >>> hinge_loss_grad([1, 1, -1, 1], [2.0, 0.5, 0.5, 1.0], reduction="sum")
    array([ 0., -1.,  1.,  0.])
    """
    check_reduction(reduction)
    margin = number("margin", margin, "> 0")
    y, s = _sign_pair(y_sign, scores)
    return sample_gradients(_hinge_grad, y, s, reduction, margin=margin)


def _squared_hinge(y, s, margin):
    return np.maximum(margin - y * s, 0) ** 2


def _squared_hinge_grad(y, s, margin):
    gap = margin - y * s
    return np.where(gap > 0, -2 * y * gap, 0)


def squared_hinge_loss(y_sign, scores, *, margin=1.0, reduction="mean"):
    r"""Squared hinge loss, also called the L2-SVM loss.

    Parameters
    ----------
    y_sign : array_like of float
        True labels -1 or +1, any shape.
    scores : array_like of float
        Real scores in the shape of `y_sign`; positive means +1.
    margin : float, default 1.0
        A right score nearer to zero than this still costs something; > 0.
    reduction : {"mean", "sum", "none"}, default "mean"
        How the losses of the samples are combined; every element is a sample.

    Returns
    -------
    float or numpy.ndarray
        The loss in squared units of the score, >= 0; for "none" in the shape of `scores`.

    Raises
    ------
    ValueError, TypeError
        As in `hinge_loss`.

    Notes
    -----
    .. math:: \ell = \max(0,\, m - y s)^2 \qquad
        \frac{\partial \ell}{\partial s} = -2 y \max(0,\, m - y s)

    It is smooth: at :math:`y s = m` both slopes are 0.

    References
    ----------
    Cortes and Vapnik, "Support-vector networks", 1995, doi:10.1007/BF00994018.

    Examples
    --------
    >>> from lossutils import squared_hinge_loss
    >>> squared_hinge_loss([1, 1, 1], [2.0, 0.5, -1.0], reduction="none")
    array([0.  , 0.25, 4.  ])
    """
    check_reduction(reduction)
    margin = number("margin", margin, "> 0")
    y, s = _sign_pair(y_sign, scores)
    return sample_losses(_squared_hinge, y, s, reduction, margin=margin)


def squared_hinge_loss_grad(y_sign, scores, *, margin=1.0, reduction="mean"):
    r"""Gradient of `squared_hinge_loss` with respect to the scores.

    Parameters
    ----------
    y_sign, scores, margin, reduction
        As in `squared_hinge_loss`.

    Returns
    -------
    numpy.ndarray
        Gradient of the reduced loss, in the shape of `scores`; "none" gives that of "sum".

    Raises
    ------
    ValueError, TypeError
        As in `hinge_loss`.

    Notes
    -----
    :math:`-2 y \max(0, m - y s)`; over n for "mean".

    References
    ----------
    Cortes and Vapnik, "Support-vector networks", 1995, doi:10.1007/BF00994018.

    Examples
    --------
    >>> from lossutils import squared_hinge_loss_grad
    >>> squared_hinge_loss_grad([1, 1, -1], [2.0, 0.5, 0.5], reduction="sum")
    array([ 0., -1.,  3.])
    """
    check_reduction(reduction)
    margin = number("margin", margin, "> 0")
    y, s = _sign_pair(y_sign, scores)
    return sample_gradients(_squared_hinge_grad, y, s, reduction, margin=margin)
