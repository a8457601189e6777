"""Triplet loss: nearer to the positive than to the negative, by a margin."""

import numpy as np

from lossutils._embedding import as_embeddings, scale_rows, separate
from lossutils._reduction import gradient_factor, reduce_values
from lossutils._validation import check_reduction, number


def triplet_loss(anchor, positive, negative, *, margin=1.0, squared=False, reduction="mean"):
    r"""Triplet loss, also called triplet margin loss or ranking loss.

    Parameters
    ----------
    anchor, positive, negative : array_like of float
        Embeddings of shape (n, d), or (d,) for one triplet. The positive belongs with the
        anchor, the negative does not.
    margin : float, default 1.0
        How much farther than the positive the negative should be; > 0.
    squared : bool, default False
        Compare squared distances, as FaceNet does. The default compares the distances, as
        PyTorch's ``TripletMarginLoss`` does.
    reduction : {"mean", "sum", "none"}, default "mean"
        How the losses of the triplets are combined.

    Returns
    -------
    float or numpy.ndarray
        The loss in units of the embedding (squared units if `squared`), >= 0; for "none"
        one value for each triplet.

    Raises
    ------
    ValueError
        If an embedding is not finite, the shapes differ, `margin` is not > 0 or `reduction`
        is unknown.
    TypeError
        If an argument is not made of real numbers, or `squared` is no boolean.

    Notes
    -----
    With :math:`D_p = \|a - p\|` and :math:`D_n = \|a - n\|`:

    .. math:: \ell = \max(0,\, D_p - D_n + m), \qquad \text{squared: }
        \max(0,\, D_p^2 - D_n^2 + m)

    PyTorch adds 1e-6 to every coordinate of a difference (its ``eps``); here nothing is added.

    References
    ----------
    Schroff, Kalenichenko and Philbin, "FaceNet", 2015, arXiv:1503.03832.

    Examples
    --------
    >>> from lossutils import triplet_loss
    >>> float(triplet_loss([1.0, 2.0, 3.0], [1.1, 2.1, 2.9], [5.0, 6.0, 7.0]))
    0.0
    >>> float(triplet_loss([0.0, 0.0], [3.0, 4.0], [0.0, 2.0], squared=True))
    22.0
    """
    rows, shape, margin = _check(anchor, positive, negative, margin, squared, reduction)
    losses = _separate(*rows, margin, squared)[0]
    return reduce_values(losses.reshape(shape)[()], reduction)


def triplet_loss_grad(anchor, positive, negative, *, margin=1.0, squared=False, reduction="mean"):
    r"""Gradient of `triplet_loss` with respect to the three embeddings.

    Parameters
    ----------
    anchor, positive, negative, margin, squared, reduction
        As in `triplet_loss`.

    Returns
    -------
    tuple of numpy.ndarray
        ``(d_anchor, d_positive, d_negative)``, each in the shape of its embedding; "none"
        gives those of "sum".

    Raises
    ------
    ValueError, TypeError
        As in `triplet_loss`.

    Notes
    -----
    With the unit vectors :math:`u_p = (a - p)/D_p` and :math:`u_n = (a - n)/D_n`, where the
    loss is > 0:

    .. math:: \frac{\partial \ell}{\partial a} = u_p - u_n, \quad
        \frac{\partial \ell}{\partial p} = -u_p, \quad
        \frac{\partial \ell}{\partial n} = u_n

    With `squared`, :math:`2(a - p)` and :math:`2(a - n)` take the place of the unit vectors.
    Subgradients: 0 where the loss is 0, its kink included, and a unit vector of 0 where a
    distance is 0.

    References
    ----------
    Schroff, Kalenichenko and Philbin, "FaceNet", 2015, arXiv:1503.03832.

    Examples
    --------
    >>> from lossutils import triplet_loss_grad
    >>> d_anchor, d_positive, d_negative = triplet_loss_grad([0.0, 0.0], [3.0, 4.0], [0.0, 2.0])
    >>> d_anchor
    array([-0.6,  0.2])
    """
    rows, _, margin = _check(anchor, positive, negative, margin, squared, reduction)
    losses, to_positive, to_negative = _separate(*rows, margin, squared)
    common = max(to_positive[2], to_negative[2])
    factor = gradient_factor(reduction, len(losses))
    # The comparison with 0 leaves the triplets at the kink out.
    weight = np.where(losses > 0, factor, 0).astype(losses.dtype)
    with np.errstate(over="ignore", under="ignore"):
        for difference, length, scale in (to_positive, to_negative):
            if squared:
                difference *= (2 * scale / common * weight)[:, None]
            else:
                scale_rows(difference, length, weight)
        d_negative = to_negative[0]
        d_anchor = to_positive[0] - d_negative
        d_positive = np.negative(to_positive[0], out=to_positive[0])
        gradients = d_anchor, d_positive, d_negative
        if squared and common > 1:
            # Last, because what overflows here could not be subtracted above.
            gradients = tuple(common * gradient for gradient in gradients)
    return tuple(gradient.reshape(np.shape(anchor)) for gradient in gradients)


def _check(anchor, positive, negative, margin, squared, reduction):
    check_reduction(reduction)
    if not isinstance(squared, bool | np.bool_):
        raise TypeError(f"squared must be True or False; got {squared!r}")
    margin = number("margin", margin, "> 0")
    rows, shape = as_embeddings(anchor=anchor, positive=positive, negative=negative)
    return rows, shape, margin


def _separate(anchor, positive, negative, margin, squared):
    """Return the loss of each triplet, and what `separate` tells about both pairs."""
    to_positive, to_negative = separate(anchor, positive), separate(anchor, negative)
    common = max(to_positive[2], to_negative[2])
    d_p = to_positive[1] * (to_positive[2] / common)
    d_n = to_negative[1] * (to_negative[2] / common)
    gap = d_p - d_n
    with np.errstate(over="ignore", under="ignore"):
        if squared:
            # D_p^2 - D_n^2 in factors: two squares that overflow would leave inf - inf.
            gap = (gap * d_p + gap * d_n) * common
        return np.maximum(gap * common + margin, 0), to_positive, to_negative
