"""Losses of embeddings: what belongs together comes together, the rest goes apart."""

import numpy as np

from lossutils._embedding import as_embeddings, as_pair_labels, scale_rows, separate
from lossutils._reduction import gradient_factor, reduce_values
from lossutils._validation import check_reduction, number
from lossutils.info_nce import info_nce_loss, info_nce_loss_grad
from lossutils.triplet import triplet_loss, triplet_loss_grad

__all__ = [
    "contrastive_loss",
    "contrastive_loss_grad",
    "info_nce_loss",
    "info_nce_loss_grad",
    "triplet_loss",
    "triplet_loss_grad",
]


def contrastive_loss(is_similar, embedding_a, embedding_b, *, margin=1.0, reduction="mean"):
    r"""Contrastive loss of labeled pairs, also called pairwise margin loss.

    Parameters
    ----------
    is_similar : array_like of int or bool
        1 for a similar pair, 0 for a dissimilar one; shape (n,), or () for one pair.
    embedding_a, embedding_b : array_like of float
        Embeddings of the two partners, shape (n, d), or (d,) for one pair.
    margin : float, default 1.0
        Distance from which on a dissimilar pair costs nothing; > 0.
    reduction : {"mean", "sum", "none"}, default "mean"
        How the losses of the pairs are combined.

    Returns
    -------
    float or numpy.ndarray
        The loss in squared units of the embedding, >= 0; for "none" in the shape of
        `is_similar`.

    Raises
    ------
    ValueError
        If a label is not 0 or 1, an embedding is not finite, the shapes do not fit, `margin`
        is not > 0 or `reduction` is unknown.
    TypeError
        If an argument is not made of real numbers.

    Notes
    -----
    With the Euclidean distance :math:`D = \|a - b\|`:

    .. math:: \ell = \tfrac12\left[y D^2 + (1 - y) \max(0, m - D)^2\right] \qquad
        \frac{\partial \ell}{\partial a} = y (a - b) - (1 - y) \max(0, m - D) \frac{a - b}{D}

    and the opposite for b. At D = 0 a dissimilar pair has no direction to part in: the
    subgradient 0 is chosen. Labels are the other way round in some libraries.

    References
    ----------
    Hadsell, Chopra and LeCun, "Dimensionality reduction by learning an invariant mapping",
    2006, doi:10.1109/CVPR.2006.100.

    Examples
    --------
    >>> from lossutils import contrastive_loss
    >>> round(float(contrastive_loss(1, [1.0, 2.0, 3.0], [1.1, 2.1, 2.9])), 4)
    0.015
    >>> float(contrastive_loss(0, [1.0, 2.0, 3.0], [5.0, 6.0, 7.0]))
    0.0
    """
    similar, a, b, margin, shape = _check(is_similar, embedding_a, embedding_b, margin, reduction)
    _, length, scale = separate(a, b)
    with np.errstate(over="ignore", under="ignore"):  # a square out of range is inf or 0
        length *= scale
        losses = np.where(similar, length, np.maximum(margin - length, 0)) ** 2 / 2
    return reduce_values(losses.reshape(shape)[()], reduction)


def contrastive_loss_grad(is_similar, embedding_a, embedding_b, *, margin=1.0, reduction="mean"):
    r"""Gradient of `contrastive_loss` with respect to both embeddings.

    Parameters
    ----------
    is_similar, embedding_a, embedding_b, margin, reduction
        As in `contrastive_loss`.

    Returns
    -------
    tuple of numpy.ndarray
        ``(d_a, d_b)``, each in the shape of its embedding; "none" gives those of "sum".

    Raises
    ------
    ValueError, TypeError
        As in `contrastive_loss`.

    Notes
    -----
    With the unit vector :math:`u = (a - b) / D`, and 0 at D = 0: for a it is :math:`D u` of
    a similar pair and :math:`-\max(0, m - D)\, u` of another; for b the opposite.

    References
    ----------
    Hadsell, Chopra and LeCun, "Dimensionality reduction by learning an invariant mapping",
    2006, doi:10.1109/CVPR.2006.100.

    Examples
    --------
    >>> from lossutils import contrastive_loss_grad
    >>> d_a, d_b = contrastive_loss_grad(0, [0.5, 0.0], [0.0, 0.0], margin=2.0)
    >>> d_a
    array([-1.5, -0. ])
    """
    similar, a, b, margin, _ = _check(is_similar, embedding_a, embedding_b, margin, reduction)
    difference, length, scale = separate(a, b)
    factor = gradient_factor(reduction, len(length))
    with np.errstate(over="ignore", under="ignore"):
        push = np.maximum(margin - scale * length, 0)
        d_a = scale_rows(
            difference,
            np.where(similar, 1, length),
            np.where(similar, scale, -push) * factor,
        )
    d_a = d_a.reshape(np.shape(embedding_a))
    return d_a, -d_a


def _check(is_similar, embedding_a, embedding_b, margin, reduction):
    check_reduction(reduction)
    margin = number("margin", margin, "> 0")
    (a, b), shape = as_embeddings(embedding_a=embedding_a, embedding_b=embedding_b)
    similar = as_pair_labels("is_similar", is_similar, shape=shape, other="embedding_a")
    return similar, a, b, margin, shape
