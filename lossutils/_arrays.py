"""From any argument to an array of finite numbers; the base of `_validation`."""

import numpy as np

_BLOCK = 1 << 16


def as_array(name, value, kinds):
    """Return `value` as a non-empty array whose dtype kind is one of `kinds`."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be real numbers; got a masked array: use {name}.compressed()")
    if getattr(value, "requires_grad", False):
        raise TypeError(
            f"{name} must be real numbers; got a tensor that requires grad: use {name}.detach()"
        )
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a rectangular array; got rows of unequal length"
        ) from error
    except (TypeError, RuntimeError) as error:
        raise TypeError(f"{name} must be real numbers; got {type(value).__name__}") from error
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name} must be real numbers; got dtype {array.dtype}")
    if array.dtype.kind == "f" and array.dtype.itemsize not in (4, 8):
        raise TypeError(f"{name} must be float32, float64 or integers; got dtype {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty; got shape {array.shape}")
    return array


def first(condition):
    """Return the index of the first True, as a plain tuple."""
    return tuple(int(i) for i in np.unravel_index(np.argmax(condition), condition.shape))


def _extent(array):
    """Return the smallest and the largest element (NaN where there is one)."""
    if not array.flags.c_contiguous:
        return array.min(), array.max()
    flat = array.reshape(-1)
    # The second reduction of a block finds it in the cache: memory is read once, not twice.
    starts = range(0, flat.size, _BLOCK)
    extents = [(b.min(), b.max()) for b in (flat[i : i + _BLOCK] for i in starts)]
    lows, highs = zip(*extents, strict=True)
    return np.min(lows), np.max(highs)


def check_finite(name, array):
    """Refuse NaN and infinity."""
    if array.dtype.kind != "f":
        return
    flat = array.reshape(-1)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        # One fast pass: a finite sum of squares has no NaN and no infinity among its terms.
        # An infinite one may come from large numbers, so then the elements are looked at.
        if np.isfinite(np.dot(flat, flat)):
            return
    finite_extent(name, array)


def finite_extent(name, array):
    """Return the extent of `array`, having refused NaN and infinity."""
    low, high = _extent(array)
    if not (np.isfinite(low) and np.isfinite(high)):
        index = first(~np.isfinite(array))
        raise ValueError(f"{name} must be finite; got {array[index]} at index {index}")
    return low, high
