r"""Losses of embeddings: what belongs together comes together, the rest goes apart."""

import numpy as np

from lossutils._reduction import (
    all_finite,
    gradient_factor,
    is_ordinary,
    quiet,
    reduce_values,
    row_dots,
)
from lossutils._validation import (
    as_array,
    as_real,
    check_reduction,
    finite_extent,
    first,
    number,
    same_shape,
    shifted,
    to_float,
)
from lossutils.stable import log_softmax_rows


def _as_embeddings(common_float, **embeddings):
    """Return the arguments as float rows (n, d), and the shape of one value for each row.

    `common_float` is `to_float`, or `shifted` where only differences matter.
    """
    arrays = [as_real(name, value, min_axes=1) for name, value in embeddings.items()]
    names = list(embeddings)
    if arrays[0].ndim > 2:
        raise ValueError(f"{names[0]} must have shape (n, d) or (d,); got {arrays[0].shape}")
    for name, array in zip(names[1:], arrays[1:], strict=True):
        same_shape(names[0], arrays[0], name, array)
    rows = [array.reshape(-1, array.shape[-1]) for array in common_float(*arrays, truths=0)]
    return rows, arrays[0].shape[:-1]


def _lengths(difference):
    """Return the Euclidean length of each row, in float64."""
    squared = row_dots(difference, difference)
    lengths = np.sqrt(squared)
    # A square leaves the range of floats long before the length does: scale those rows first.
    limits = np.finfo(difference.dtype)
    unsafe = (squared < limits.tiny / limits.eps) | ~np.isfinite(squared)
    if unsafe.any():
        rows = difference[unsafe].astype(np.float64)
        largest = np.abs(rows).max(axis=1, keepdims=True)
        largest[largest == 0] = 1
        # A row that has overflowed becomes NaN here, which `_separate` sees.
        with np.errstate(invalid="ignore"):
            rows /= largest
        lengths[unsafe] = largest[:, 0] * np.sqrt(row_dots(rows, rows))
    return lengths


def _separate(a, b):
    """Return (a - b) / scale, the lengths of its rows, and scale.

    The scale is 1, unless a distance comes near the largest float or is beyond it. Directions
    and comparisons need no more than the scaled distances.
    """
    difference = a - b
    lengths = _lengths(difference)
    large = ~(lengths < np.finfo(difference.dtype).max / 8)
    if not large.any():
        return difference, lengths, 1.0
    # A power of two costs no digits; this one leaves room for a sum over all coordinates.
    scale = np.where(large, 2.0 ** (1 + a.shape[1].bit_length()), 1)
    each = scale.astype(difference.dtype)[:, None]
    difference = a / each - b / each
    return difference, _lengths(difference), scale


def _scale_rows(difference, lengths, factor):
    """Divide each row by its length and multiply it by its factor, in place; 0 stays 0."""
    lengths = np.where(lengths == 0, 1, lengths)
    quotient = factor / lengths
    limits = np.finfo(difference.dtype)
    size = np.abs(quotient)
    if (((size >= limits.tiny) & (size <= limits.max)) | (factor == 0)).all():
        difference *= quotient.astype(difference.dtype)[:, None]
    else:
        # The quotient itself is out of range: one more pass over the rows keeps their digits.
        wide = difference / lengths[:, None]
        difference[...] = wide * factor[:, None]
    difference += 0  # not -0.0
    return difference


_SAFE = 2.0**400


def _units(lengths, scale=1.0):
    """Return a power of two for each length times scale, in which its square is no overflow."""
    if np.max(lengths) < _SAFE and np.max(scale) == 1:
        return 1.0
    powers = np.frexp(lengths)[1] + np.frexp(scale)[1]
    return np.ldexp(1.0, np.maximum(powers - 400, 0))


def _reduced(losses, units, power, reduction, dtype, shape):
    """Reduce losses, each given in its own unit to that power.

    The unit of the largest loss takes the place of the others, and is multiplied at the end:
    the mean of numbers beyond the largest float may be a float.
    """
    losses = losses.reshape(shape)
    if np.all(units == 1):
        return reduce_values(losses, reduction).astype(dtype)[()]
    units = np.broadcast_to(units, losses.size).reshape(shape)
    unit = units if reduction == "none" else np.max(units, where=losses > 0, initial=1.0)
    value = reduce_values(losses * np.where(losses > 0, units / unit, 0) ** power, reduction)
    for _ in range(power):
        value = value * unit
    return value.astype(dtype)[()]


def _as_pair_labels(name, value, *, shape, other):
    """Return one boolean for each pair, from labels 0 and 1."""
    array = as_array(name, value, "biuf")
    finite_extent(name, array)
    if array.shape != shape:
        raise ValueError(
            f"{name} must have one label for each pair of {other}, shape {shape}; got {array.shape}"
        )
    wrong = (array != 0) & (array != 1)
    if wrong.any():
        index = first(wrong)
        raise ValueError(
            f"{name} must be 0 or 1 (1 is similar); got {array[index]} at index {index}"
        )
    return array.reshape(-1) == 1


def _checked_pairs(is_similar, embedding_a, embedding_b, margin, reduction):
    check_reduction(reduction)
    margin = number("margin", margin, "> 0")
    (a, b), shape = _as_embeddings(shifted, embedding_a=embedding_a, embedding_b=embedding_b)
    similar = _as_pair_labels("is_similar", is_similar, shape=shape, other="embedding_a")
    return similar, a, b, margin, shape


@quiet
def contrastive_loss(is_similar, embedding_a, embedding_b, *, margin=1.0, reduction="mean"):
    r"""Contrastive loss of labeled pairs, also called pairwise margin loss.

    Parameters
    ----------
    is_similar : array_like
        1 for a similar pair, 0 for a dissimilar one; shape (n,), or () for one pair.
    embedding_a, embedding_b : array_like
        Finite embeddings of the two partners, shape (n, d), or (d,) for one pair.
    margin : float, default 1.0
        Distance from which on a dissimilar pair costs nothing; > 0.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the pairs; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In the squared unit of the embedding, >= 0; for "none" in the shape of `is_similar`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With the Euclidean distance :math:`D = \|a - b\|`, the mean over the pairs of

    .. math:: \tfrac12\left[y D^2 + (1 - y) \max(0, m - D)^2\right]

    Labels are the other way round in some libraries.

    References
    ----------
    .. [1] Hadsell, R., Chopra, S. and LeCun, Y., "Dimensionality reduction by learning an
       invariant mapping", 2006, doi:10.1109/CVPR.2006.100.

    Examples
    --------
    >>> round(float(contrastive_loss(1, [1.0, 2.0, 3.0], [1.1, 2.1, 2.9])), 4)
    0.015
    >>> float(contrastive_loss(0, [1.0, 2.0, 3.0], [5.0, 6.0, 7.0]))
    0.0
    """
    similar, a, b, margin, shape = _checked_pairs(
        is_similar, embedding_a, embedding_b, margin, reduction
    )
    _, length, scale = _separate(a, b)
    distance = scale * length
    gap = np.where(similar, distance, np.maximum(margin - distance, 0))
    units = _units(np.minimum(gap, np.finfo(np.float64).max))
    losses = (gap / units) ** 2 / 2
    return _reduced(losses, units, 2, reduction, a.dtype, shape)


@quiet
def contrastive_loss_grad(is_similar, embedding_a, embedding_b, *, margin=1.0, reduction="mean"):
    r"""Gradient of the contrastive loss with respect to both embeddings.

    Takes and raises what `contrastive_loss` does.

    Returns
    -------
    tuple of ndarray
        ``(d_a, d_b)``, each in the shape of its embedding; "none"
        differentiates each pair's own loss.

    Notes
    -----
    For each pair, and over their number for "mean",

    .. math:: \frac{\partial \ell}{\partial a}
              = y (a - b) - (1 - y) \max(0, m - D) \frac{a - b}{D}

    and the opposite for b. At D = 0 a dissimilar pair has no direction to part in: the
    subgradient 0 is chosen.

    Examples
    --------
    >>> d_a, d_b = contrastive_loss_grad(0, [0.5, 0.0], [0.0, 0.0], margin=2.0)
    >>> d_a
    array([-1.5,  0. ])
    """
    similar, a, b, margin, _ = _checked_pairs(
        is_similar, embedding_a, embedding_b, margin, reduction
    )
    difference, length, scale = _separate(a, b)
    factor = gradient_factor(reduction, len(length))
    push = np.maximum(margin - scale * length, 0)
    d_a = _scale_rows(
        difference,
        np.where(similar, 1, length),
        np.where(similar, scale, -push) * factor,
    )
    d_a = d_a.reshape(np.shape(embedding_a))
    return d_a, 0 - d_a


def _checked_triplets(anchor, positive, negative, margin, squared, reduction):
    check_reduction(reduction)
    if not isinstance(squared, bool | np.bool_):
        raise TypeError(f"squared must be True or False; got {squared!r}")
    margin = number("margin", margin, "> 0")
    rows, shape = _as_embeddings(shifted, anchor=anchor, positive=positive, negative=negative)
    return rows, shape, margin


def _triplet_losses(anchor, positive, negative, margin, squared):
    """Return the losses in units, these, and what `_separate` tells about both pairs."""
    to_positive, to_negative = _separate(anchor, positive), _separate(anchor, negative)
    scale = np.maximum(to_positive[2], to_negative[2])
    d_p, d_n = (length * (own / scale) for _, length, own in (to_positive, to_negative))
    if not squared:
        return np.maximum(d_p - d_n + margin / scale, 0), scale, to_positive, to_negative
    # (a - p)^2 - (a - n)^2 = (n - p) ((a - p) + (a - n)): far from both, an anchor makes two
    # squares that agree in most of their digits.
    pairs = positive, negative, to_positive, to_negative
    gap = _gap_of_squares(*pairs, scale, 1.0)
    # What overflows needs another unit, in which the others would underflow.
    units = np.where(np.isfinite(gap), 1.0, _units(np.maximum(d_p, d_n), scale))
    if np.any(units > 1):
        gap = _gap_of_squares(*pairs, scale, units)
    return np.maximum(gap + margin / units / units, 0), units, to_positive, to_negative


def _gap_of_squares(positive, negative, to_positive, to_negative, scale, units):
    """Return (D_p^2 - D_n^2) / units^2 of each triplet, in float64."""
    if np.all(scale == 1) and np.all(units == 1):
        apart, both = negative - positive, to_positive[0] + to_negative[0]
        gap = row_dots(apart, both)
        if np.isfinite(gap).all():  # the squares of float32 end at 1e38
            return gap
        return row_dots(apart.astype(np.float64), both.astype(np.float64))
    scale, units = (np.broadcast_to(x, len(positive))[:, None] for x in (scale, units))
    apart, both = negative / scale - positive / scale, 0.0
    for difference, _, own in (to_positive, to_negative):
        both = both + difference * (np.reshape(own, (-1, 1)) / scale)
    with np.errstate(invalid="ignore"):  # inf - inf of what overflows in this unit
        return row_dots(apart * (scale / units), both * (scale / units))


@quiet
def triplet_loss(anchor, positive, negative, *, margin=1.0, squared=False, reduction="mean"):
    r"""Triplet loss, also called triplet margin loss or ranking loss.

    Parameters
    ----------
    anchor, positive, negative : array_like
        Finite embeddings, shape (n, d), or (d,) for one triplet. The positive belongs with the
        anchor, the negative does not.
    margin : float, default 1.0
        How much farther than the positive the negative should be; > 0.
    squared : bool, default False
        Compare squared distances, as FaceNet does. The default compares the distances, as
        PyTorch's ``TripletMarginLoss`` does.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the triplets; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In the unit of the embedding (its square if `squared`), >= 0; for "none" one value for
        each triplet.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With :math:`D_p = \|a - p\|` and :math:`D_n = \|a - n\|`, the mean over the triplets of

    .. math:: \max(0,\, D_p - D_n + m), \qquad \text{squared: }
              \max(0,\, D_p^2 - D_n^2 + m)

    PyTorch adds 1e-6 to every coordinate of a difference (its ``eps``); here nothing is added.
    Rounding is relative to :math:`D_p + D_n + m`, even where the distances nearly cancel; their
    squares are subtracted without that loss.

    References
    ----------
    .. [1] Schroff, F., Kalenichenko, D. and Philbin, J., "FaceNet: a unified embedding for face
       recognition and clustering", 2015, arXiv:1503.03832.

    Examples
    --------
    >>> float(triplet_loss([1.0, 2.0, 3.0], [1.1, 2.1, 2.9], [5.0, 6.0, 7.0]))
    0.0
    >>> float(triplet_loss([0.0, 0.0], [3.0, 4.0], [0.0, 2.0], squared=True))
    22.0
    """
    rows, shape, margin = _checked_triplets(anchor, positive, negative, margin, squared, reduction)
    losses, units, _, _ = _triplet_losses(*rows, margin, squared)
    return _reduced(losses, units, 2 if squared else 1, reduction, rows[0].dtype, shape)


@quiet
def triplet_loss_grad(anchor, positive, negative, *, margin=1.0, squared=False, reduction="mean"):
    r"""Gradient of the triplet loss with respect to the three embeddings.

    Takes and raises what `triplet_loss` does.

    Returns
    -------
    tuple of ndarray
        ``(d_anchor, d_positive, d_negative)``, each in the shape of its embedding; "none"
        differentiates each triplet's own loss.

    Notes
    -----
    With the unit vectors :math:`u_p = (a - p)/D_p` and :math:`u_n = (a - n)/D_n`, for each
    triplet whose loss is > 0, and over the number of all for "mean",

    .. math:: \frac{\partial \ell}{\partial a} = u_p - u_n, \quad
              \frac{\partial \ell}{\partial p} = -u_p, \quad
              \frac{\partial \ell}{\partial n} = u_n

    With `squared`, :math:`2(a - p)` and :math:`2(a - n)` take the place of the unit vectors.
    Subgradients: 0 where the loss is 0, its kink included, and a unit vector of 0 where a
    distance is 0. Rounding is relative to the unit vectors, even where they nearly cancel.

    Examples
    --------
    >>> d_anchor, d_positive, d_negative = triplet_loss_grad([0.0, 0.0], [3.0, 4.0], [0.0, 2.0])
    >>> d_anchor
    array([-0.6,  0.2])
    """
    rows, _, margin = _checked_triplets(anchor, positive, negative, margin, squared, reduction)
    losses, _, to_positive, to_negative = _triplet_losses(*rows, margin, squared)
    # The comparison with 0 leaves the triplets at the kink out.
    weight = np.where(losses > 0, gradient_factor(reduction, len(losses)), 0)
    if squared:
        return _squared_gradients(rows, weight, np.shape(anchor))
    # In place: these are whole arrays, not blocks, and a new one for each step makes a
    # million numbers take half as long again, or more.
    for difference, length, _ in (to_positive, to_negative):
        _scale_rows(difference, length, weight)
    d_negative = to_negative[0]
    d_anchor = to_positive[0] - d_negative
    d_positive = np.subtract(0, to_positive[0], out=to_positive[0])
    return tuple(g.reshape(np.shape(anchor)) for g in (d_anchor, d_positive, d_negative))


def _squared_gradients(rows, weight, shape):
    """Return 2 w (n - p), 2 w (p - a) and 2 w (a - n), each from a difference of inputs."""
    anchor, positive, negative = rows
    gradients = []
    for x, y in ((negative, positive), (positive, anchor), (anchor, negative)):
        gradient = x - y
        if all_finite(gradient):
            gradient *= (2 * weight).astype(x.dtype)[:, None]
        else:  # a difference beyond the largest float, which n divides or 0 leaves out
            half = x.astype(np.float64) / 2 - y.astype(np.float64) / 2
            gradient = (half * (4 * weight)[:, None]).astype(x.dtype)
        gradient += 0  # not -0.0
        gradients.append(gradient.reshape(shape))
    return tuple(gradients)


def _checked_queries(queries, keys, temperature, reduction):
    check_reduction(reduction)
    (queries, keys), shape = _as_embeddings(to_float, queries=queries, keys=keys)
    temperature = number("temperature", temperature, "> 0")
    dtype = queries.dtype
    if not is_ordinary(temperature):
        queries, keys = queries.astype(np.float64), keys.astype(np.float64)
    return queries, keys, temperature, shape, dtype


def _scores(queries, keys, temperature):
    """Return the scores; row i is about query i."""
    # What overflows is tried in other units, and refused if that does not help.
    with np.errstate(invalid="ignore"):
        scores = queries @ keys.T / temperature
        if not np.isfinite(scores).all():
            (q, a), (k, b), (t, c) = (_in_units(x) for x in (queries, keys, temperature))
            products = q @ k.T / t
            scores = np.where(np.isfinite(scores), scores, np.ldexp(products, a + b - c))
    if not np.isfinite(scores).all():
        raise ValueError(
            "queries @ keys.T / temperature must be finite; got an overflow with "
            f"temperature={temperature:g}: normalize queries and keys first"
        )
    return scores


# e^-80 is still a float32.
_GAP = 80


def _in_units(numbers):
    """Return numbers as 2^power times others that are at most 1, and the power."""
    power = int(np.frexp(np.max(np.abs(numbers)))[1])
    return np.ldexp(numbers, -power), power


@quiet
def info_nce_loss(queries, keys, *, temperature=0.1, reduction="mean"):
    r"""InfoNCE loss, also called in-batch softmax or contrastive cross-entropy.

    Parameters
    ----------
    queries, keys : array_like
        Finite embeddings, shape (n, d), or (d,) for a batch of one; key i matches query i, the
        other keys of the batch are its negatives. They are used as they are: normalize each
        row before the call if cosine similarity is meant.
    temperature : float, default 0.1
        Divides the scores; > 0. A smaller one stresses the nearest negatives.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the queries; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        In nats, >= 0; for "none" one value for each query. Equal scores give log n.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With the scores :math:`z_{ij} = q_i \cdot k_j / \tau`, it is the cross-entropy of classes
    that are the keys, with the diagonal as truth:

    .. math:: L = \frac1n \sum_i \left( -z_{ii} + \log \sum_j e^{z_{ij}} \right)

    A score beyond the largest float is an error.

    References
    ----------
    .. [1] van den Oord, A., Li, Y. and Vinyals, O., "Representation learning with contrastive
       predictive coding", 2018, arXiv:1807.03748.

    Examples
    --------
    >>> e = [[1.0, 0.0], [0.0, 1.0]]
    >>> round(float(info_nce_loss(e, e, temperature=1.0)), 4)  # log(1 + 1/e)
    0.3133
    """
    queries, keys, temperature, shape, dtype = _checked_queries(
        queries, keys, temperature, reduction
    )
    losses = 0 - np.diagonal(log_softmax_rows(_scores(queries, keys, temperature)))
    return _reduced(losses, 1.0, 0, reduction, dtype, shape)


@quiet
def info_nce_loss_grad(queries, keys, *, temperature=0.1, reduction="mean"):
    r"""Gradient of the InfoNCE loss with respect to queries and keys.

    Takes and raises what `info_nce_loss` does.

    Returns
    -------
    tuple of ndarray
        ``(d_queries, d_keys)``, each in the shape of its argument; "none"
        differentiates each query's own loss.

    Notes
    -----
    With the probabilities :math:`P = \operatorname{softmax}(z)`, row by row,

    .. math:: \frac{\partial L}{\partial Q} = \frac{(P - I) K}{n \tau}, \qquad
              \frac{\partial L}{\partial K} = \frac{(P - I)^\top Q}{n \tau}

    Of a probability below 2e-308, the smallest normal float, digits are lost.

    Examples
    --------
    >>> e = [[1.0, 0.0], [0.0, 1.0]]
    >>> d_queries, d_keys = info_nce_loss_grad(e, e, temperature=1.0, reduction="sum")
    >>> d_queries.round(4)  # 1 / (1 + e) away from the wrong key
    array([[-0.2689,  0.2689],
           [ 0.2689, -0.2689]])
    """
    rows, others, temperature, _, dtype = _checked_queries(queries, keys, temperature, reduction)
    scores = _scores(rows, others, temperature)
    if scores.max() - scores.min() > _GAP:  # of float32, probabilities may be too small for it
        scores = scores.astype(np.float64)
    log_p = log_softmax_rows(scores)
    slope = np.exp(log_p)
    # e^x - 1 is P - 1 on the diagonal, without its cancellation where P is nearly 1.
    np.fill_diagonal(slope, np.expm1(np.diagonal(log_p)))
    slope *= gradient_factor(reduction, len(rows))
    # A large temperature divides first, a small one last: nothing overflows on the way.
    first, last = max(temperature, 1.0), min(temperature, 1.0)
    gradients = slope @ (others / first) / last, slope.T @ (rows / first) / last
    return tuple((g + 0.0).astype(dtype).reshape(np.shape(queries)) for g in gradients)
