"""What the losses of embeddings share: rows of arguments, and distances that do not overflow."""

import numpy as np

from lossutils._validation import as_array, as_real, finite_extent, first, same_shape, to_float


def as_embeddings(**embeddings):
    """Return the arguments as float rows (n, d), and the shape of one value for each row."""
    arrays = [as_real(name, value, min_axes=1) for name, value in embeddings.items()]
    names = list(embeddings)
    if arrays[0].ndim > 2:
        raise ValueError(f"{names[0]} must have shape (n, d) or (d,); got {arrays[0].shape}")
    for name, array in zip(names[1:], arrays[1:], strict=True):
        same_shape(names[0], arrays[0], name, array)
    rows = [array.reshape(-1, array.shape[-1]) for array in to_float(*arrays, truths=0)]
    return rows, arrays[0].shape[:-1]


def as_pair_labels(name, value, *, shape, other):
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


def separate(a, b):
    """Return (a - b) / scale, the lengths of its rows, and scale.

    The scale is 1, unless a distance comes near the largest float or is beyond it. Directions
    and comparisons need no more than the scaled distances.
    """
    with np.errstate(over="ignore"):
        difference = a - b
    lengths = _lengths(difference)
    if (lengths < np.finfo(lengths.dtype).max / 8).all():
        return difference, lengths, 1.0
    # A power of two costs no digits; this one leaves room for a sum over all coordinates.
    scale = 2.0 ** (1 + a.shape[1].bit_length())
    difference = a / scale - b / scale
    return difference, _lengths(difference), scale


def _lengths(difference):
    """Return the Euclidean length of each row."""
    with np.errstate(over="ignore", under="ignore"):
        squared = np.vecdot(difference, difference)
    lengths = np.sqrt(squared)
    # A square leaves the range of floats long before the length does: scale those rows first.
    limits = np.finfo(difference.dtype)
    unsafe = (squared < limits.tiny / limits.eps) | ~np.isfinite(squared)
    if unsafe.any():
        rows = difference[unsafe]
        largest = np.abs(rows).max(axis=1, keepdims=True)
        largest[largest == 0] = 1
        # A row that has overflowed becomes NaN here, which `separate` sees.
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            rows /= largest
            lengths[unsafe] = largest[:, 0] * np.sqrt(np.vecdot(rows, rows))
    return lengths


def scale_rows(difference, lengths, factor):
    """Divide each row by its length and multiply it by its factor, in place; 0 stays 0."""
    lengths = np.where(lengths == 0, 1, lengths)
    with np.errstate(over="ignore", under="ignore"):
        quotient = factor / lengths
    limits = np.finfo(quotient.dtype)
    size = np.abs(quotient)
    if (((size >= limits.tiny) & (size <= limits.max)) | (factor == 0)).all():
        difference *= quotient[:, None]
    else:
        # The quotient itself is out of range: one more pass over the rows keeps their digits.
        difference /= lengths[:, None]
        difference *= factor[:, None]
    return difference
