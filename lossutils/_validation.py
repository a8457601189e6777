"""Checks of arguments: one line per argument where they are used.

Every message names the argument, what is allowed and what came.
"""

import math
import numbers

import numpy as np

from lossutils._reduction import all_finite

_BLOCK = 1 << 16

_RANGES = {
    "> 0": lambda value: value > 0,
    ">= 0": lambda value: value >= 0,
    "in [0, 1]": lambda value: 0 <= value <= 1,
    "in (0, 1)": lambda value: 0 < value < 1,
}


def unboxed(value):
    """Return the number of an array without axes; anything else as it is."""
    if isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
        return value[()] if value.ndim == 0 else value
    return value


def number(name, value, allowed):
    """Return a knob as a float; `allowed` is a key of `_RANGES` and part of the message."""
    value = unboxed(value)
    problem = f"{name} must be a finite number {allowed}; got {value!r}"
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(problem)
    # First a float, then the comparison: np.float32(1) <= 1.8e308 would round the limit to inf.
    try:
        knob = float(value)
    except OverflowError:  # an integer or a fraction that no float can store
        knob = math.inf
    if not (math.isfinite(knob) and _RANGES[allowed](knob)):
        raise ValueError(problem)
    return knob


def check_reduction(reduction):
    """Refuse anything but the three names of a reduction."""
    if not isinstance(reduction, str) or reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none'; got {reduction!r}")


def first(condition):
    """Return the index of the first True, as a plain tuple."""
    return tuple(int(i) for i in np.unravel_index(np.argmax(condition), condition.shape))


def as_array(name, value, kinds, *, any_precision=False):
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
    if array.dtype.kind == "f" and array.dtype.itemsize not in (4, 8) and not any_precision:
        raise TypeError(f"{name} must be float32, float64 or integers; got dtype {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty; got shape {array.shape}")
    return array


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


def finite_extent(name, array):
    """Return the extent of `array`, having refused NaN and infinity."""
    low, high = _extent(array)
    if not (np.isfinite(low) and np.isfinite(high)):
        index = first(~np.isfinite(array))
        raise ValueError(f"{name} must be finite; got {array[index]} at index {index}")
    return low, high


def check_finite(name, array):
    """Refuse NaN and infinity."""
    if array.dtype.kind != "f":
        return
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        finite = all_finite(array)
    if not finite:
        finite_extent(name, array)


def as_real(name, value, *, min_axes=0):
    """Return finite real numbers as an array; `to_float` fixes the dtype afterwards."""
    array = as_array(name, value, "iuf")
    check_axes(name, array, min_axes)
    check_finite(name, array)
    return array


def as_extended(name, value, *, min_axes=0):
    """Return real numbers as an array, and whether all are finite: infinity is let in."""
    array = as_array(name, value, "iuf")
    check_axes(name, array, min_axes)
    finite = array.dtype.kind != "f" or all_finite(array)
    if not finite and np.isnan(array).any():
        index = first(np.isnan(array))
        raise ValueError(f"{name} must be finite or infinite; got {array[index]} at index {index}")
    return array, finite


def check_axes(name, array, least):
    """Refuse an array with too few axes."""
    if array.ndim < least:
        raise ValueError(f"{name} must have {least} or more axes; got shape {array.shape}")


def as_probability(name, value, *, kinds="iuf", hint=""):
    """Return an array of numbers in [0, 1]; kinds="biuf" lets booleans in as 0 and 1."""
    array = as_array(name, value, kinds)
    low, high = finite_extent(name, array)
    if low < 0 or high > 1:
        came = f"min {low}" if low < 0 else f"max {high}"
        raise ValueError(f"{name} must lie in [0, 1]; got {came}{hint}")
    return array


def as_binary_truth(name, value, *, other):
    """Return binary targets (hard or soft, booleans too); `other` is what may be swapped."""
    return as_probability(name, value, kinds="biuf", hint=f": are {name} and {other} swapped?")


def as_sign(name, value, *, other):
    """Return an array of -1 and +1; `other` is the argument that may have been swapped."""
    array = as_array(name, value, "iuf")
    check_finite(name, array)
    wrong = np.abs(array) != 1
    if wrong.any():
        index = first(wrong)
        raise ValueError(
            f"{name} must be -1 or +1; got {array[index]} at index {index}: "
            f"are {name} and {other} swapped, or are the labels 0 and 1?"
        )
    return array


def as_distribution(name, value):
    """Return probabilities whose last axis sums to 1."""
    array = as_probability(name, value)
    check_rows(name, array)
    return array


def check_rows(name, array):
    """Refuse an array whose last axis does not sum to 1."""
    if array.ndim == 0:
        raise ValueError(f"{name} must have at least 1 axis, the classes last; got shape ()")
    # Wide enough for the steps of a numerical gradient and for the rounding of a long row.
    eps = np.finfo(array.dtype).eps if array.dtype.kind == "f" else 0.0
    sums = array.sum(axis=-1)
    wrong = np.abs(sums - 1) > max(1e-4, eps * array.shape[-1])
    if wrong.any():
        index = first(wrong)
        raise ValueError(f"{name} rows must sum to 1; got sum {sums[index]} at row {index}")


def as_labels(name, value, *, shape, classes, other):
    """Return integer class labels in [0, classes), one for each row of `other`."""
    try:
        array = as_array(name, value, "iu")
    except TypeError as error:
        came = str(error).partition("; ")[2]
        raise TypeError(
            f"{name} must be integers in [0, {classes}); {came}: are {name} and {other} swapped?"
        ) from error
    if array.shape != shape:
        hint = f": use {_reshape(name, shape)}" if array.size == math.prod(shape) else ""
        raise ValueError(
            f"{name} must have the shape of {other} without its last axis, {shape}; "
            f"got {array.shape}{hint}"
        )
    wrong = (array < 0) | (array >= classes)
    if wrong.any():
        index = first(wrong)
        raise ValueError(
            f"{name} must be integers in [0, {classes}); got {array[index]} at index {index}"
        )
    return array


def as_class_weight(value, classes):
    """Return one float64 weight for each class, or None."""
    if value is None:
        return None
    # Weights are a knob: like any other they may be of any precision.
    array = as_array("class_weight", value, "iuf", any_precision=True).astype(np.float64)
    check_finite("class_weight", array)
    if array.shape != (classes,):
        raise ValueError(
            f"class_weight must have one number for each class, shape ({classes},); "
            f"got shape {array.shape}"
        )
    if array.min() < 0:
        raise ValueError(f"class_weight must be >= 0; got min {array.min()}")
    return array


def as_axis(axis, axes):
    """Return `axis` of an array with that many axes, counted from the front."""
    axis = unboxed(axis)
    problem = f"axis must be an integer in [{-axes}, {axes}); got {axis!r}"
    if isinstance(axis, bool | np.bool_) or not isinstance(axis, numbers.Integral):
        raise TypeError(problem)
    if not -axes <= axis < axes:
        raise ValueError(problem)
    return int(axis) % axes


def _reshape(name, shape):
    return f"{name}.reshape({', '.join(map(str, shape))})"


def same_shape(name, array, other_name, other):
    """Refuse `other` (the prediction) where its shape is not that of `array` (the truth)."""
    if array.shape == other.shape:
        return
    hint = ""
    if array.size == other.size:
        hint = f": use {_reshape(other_name, array.shape)}"
        if other.shape == (*array.shape, 1):
            hint += f" or {other_name}.squeeze({array.ndim})"
    raise ValueError(
        f"{other_name} must have the shape of {name}, {array.shape}; got {other.shape}{hint}"
    )


def to_float(*arrays, truths=1):
    """Return the arrays in one common dtype, float32 or float64.

    Integers become float64, but integers among the first `truths` arrays take the dtype of
    the others: labels do not turn float32 predictions into float64.
    """
    dtype = _common_float(arrays, truths)
    return tuple(a.astype(dtype, copy=False) for a in arrays)


def _common_float(arrays, truths):
    floats = [a.dtype.itemsize if a.dtype.kind == "f" else 8 for a in arrays[truths:]]
    floats += [a.dtype.itemsize for a in arrays[:truths] if a.dtype.kind == "f"]
    return np.float64 if max(floats) == 8 else np.float32


def loses_integers(array, dtype):
    """Tell whether `array` holds integers that `dtype` would round."""
    if array.dtype.kind == "f":
        return False
    most = 2 ** (np.finfo(dtype).nmant + 1)
    return int(array.max()) > most or int(array.min()) < -most


def difference(a, b):
    """Return a - b in float64, exact where it fits, for integers of any size too."""
    if a.dtype.kind != "f" and b.dtype.kind != "f":
        # Unsigned arithmetic wraps around, so that the larger minus the smaller is exact.
        above, below = (x.astype(np.uint64) - y.astype(np.uint64) for x, y in ((a, b), (b, a)))
        return np.where(a >= b, above, -below.astype(np.float64))
    if a.dtype.kind == "f":
        # b = high + low, each of which float64 holds. What a - high rounds away is known
        # exactly (Knuth's two-sum), and is added again with low.
        high, low = _halves(b)
        a = a.astype(np.float64)
        rough = a - high
        taken = rough - a
        lost = (a - (rough - taken)) - (high + taken)
        return rough + (lost - low)
    return 0 - difference(b, a)


def _halves(array):
    """Return two float64 arrays that add up to `array` exactly."""
    if array.dtype.kind == "f" or array.itemsize < 8:
        return array.astype(np.float64), 0.0
    low = array & np.array(2**32 - 1, array.dtype)
    return (array - low).astype(np.float64), low.astype(np.float64)


def shifted(*arrays, truths=0):
    """Return arrays of which only differences matter in one common dtype, float32 or float64.

    Where that would round an integer, the first is subtracted from all of them beforehand.
    """
    dtype = _common_float(arrays, truths)
    if any(loses_integers(a, dtype) for a in arrays):
        arrays = tuple(difference(a, arrays[0]) for a in arrays)
    return tuple(a.astype(dtype, copy=False) for a in arrays)


def shifted_rows(rows):
    """Return rows of which only differences matter as floats, as `shifted` does."""
    if loses_integers(rows, np.float64):
        return difference(rows, np.broadcast_to(rows.max(axis=-1, keepdims=True), rows.shape))
    return rows if rows.dtype.kind == "f" else rows.astype(np.float64)


def real_pair(y_true, y_pred):
    """Return targets and predictions of a regression, of one shape and dtype."""
    y_true, y_pred = as_real("y_true", y_true), as_real("y_pred", y_pred)
    same_shape("y_true", y_true, "y_pred", y_pred)
    return shifted(y_true, y_pred, truths=1)


def probability_pair(y_true, p_pred):
    """Return binary targets and probabilities, of one shape and dtype."""
    y_true = as_binary_truth("y_true", y_true, other="p_pred")
    p_pred = as_probability("p_pred", p_pred)
    same_shape("y_true", y_true, "p_pred", p_pred)
    return to_float(y_true, p_pred)


def logit_pair(y_true, logits):
    """Return binary targets and logits, of one shape and dtype."""
    y_true = as_binary_truth("y_true", y_true, other="logits")
    logits = as_real("logits", logits)
    same_shape("y_true", y_true, "logits", logits)
    return to_float(y_true, logits)
