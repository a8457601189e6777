"""Losses and gradients of many samples, block by block, and their reduction.

With ``reduction="none"`` a loss keeps one value for each sample, and the gradient is that
of each sample's own loss. So the gradients of "none" and "sum" are equal, and that of
"mean" is theirs divided by the number of samples (or by `divisor`).

A *kernel* is the formula of a loss, or of its gradient, written for whole arrays. It runs
on blocks small enough for the processor's cache: its intermediate arrays then cost neither
memory nor waiting. `sample_losses` and `sample_gradients` run it; a mask and a batch of
embeddings are no such samples, so their losses reduce with `reduce_values` and
`gradient_factor`.

Sums are added in float64, whatever is added. Where a kernel overflows on the way to a number
that a float can hold, it runs again: float32 in float64, and float64 with smaller arguments.
Losses allow that: with errors half as large, MSE is a quarter, Huber too if delta is halved,
and with weights half as large a weighted loss is half. `scaled` names such arguments of a
kernel ("truth", "prediction" or a knob), and `degree` is the power with which it follows them.
`wide` takes float32 to float64 at once.
"""

import math

import numpy as np

# A value beyond the largest float is infinite, one below the smallest is zero, and kernels
# may divide by a zero probability: these are answers here, not accidents. So no public
# function warns of them or raises, whatever the caller's `np.seterr` says.
quiet = np.errstate(over="ignore", under="ignore", divide="ignore")

# Bytes of a block. A few such arrays fit in the cache, and up to this size memory is reused:
# larger arrays are requested from the operating system each time.
_BLOCK = 1 << 17
# The first leaves room for one sum and costs the smallest knob few digits; the second is enough
# for any number of samples that fits in memory.
_SCALES = (2.0**-4, 2.0**-44)
# Knobs in this range keep their digits in float32, and leave room for a product.
_ORDINARY = 2.0**40
# BLAS adds so many float32 numbers, which loses nothing; float64 takes over from there.
_MANY = 4096
_RUN = 64
_ONES = np.ones(_RUN, np.float32)
_RUN_OF_PRODUCTS = 512


def _split(truth, prediction, axes):
    """Return the shape of the samples, and both arrays with all samples on axis 0."""
    shape = prediction.shape[: prediction.ndim - axes]
    n = math.prod(shape)
    truth = truth.reshape(n, *truth.shape[len(shape) :])
    return shape, truth, prediction.reshape(n, *prediction.shape[len(shape) :])


def _blocks(rows):
    """Yield slices that together cover all rows."""
    step = max(1, _BLOCK // rows[0].nbytes)
    return (slice(start, start + step) for start in range(0, len(rows), step))


def is_ordinary(knob):
    """Tell whether float32 can compute with a knob, or with each of several."""
    if isinstance(knob, tuple):
        return all(map(is_ordinary, knob))
    if knob is None or isinstance(knob, float):
        return not knob or 1 / _ORDINARY <= knob <= _ORDINARY
    weights = knob[knob > 0]
    return not len(weights) or bool(weights.min() >= 1 / _ORDINARY and weights.max() <= _ORDINARY)


def _smaller(scale, knob):
    """Multiply numbers, each of several, or none; nothing becomes 0 by that."""
    if knob is None:
        return None
    if isinstance(knob, tuple):
        return tuple(_smaller(scale, x) for x in knob)
    least = np.where(knob == 0, 0, np.finfo(np.float64).tiny)
    return np.copysign(np.maximum(scale * np.abs(knob), least), knob)[()]


def _attempts(kernel, dtype, knobs, scaled, degree, divisor, wide):
    """Yield functions of a block, each to be tried where all before it overflow.

    With each comes the factor by which its values are too small.
    """
    ordinary = dtype == np.float64 or not (wide or not all(map(is_ordinary, knobs.values())))
    if ordinary:
        yield lambda truth, prediction: kernel(truth, prediction, **knobs), 1.0
    if dtype != np.float64 and (scaled or not ordinary):
        yield lambda truth, prediction: kernel(_wide(truth), _wide(prediction), **knobs), 1.0
    if not scaled:
        return
    # Huge weights have a huge sum, which divides what a tiny probability has divided before.
    of_sum = np.float64(math.ldexp(1.0, -math.frexp(divisor)[1]))
    for scale in (*_SCALES, of_sum) if of_sum < min(_SCALES) else _SCALES:
        less = {k: _smaller(scale, v) if k in scaled else v for k, v in knobs.items()}

        def smaller(truth, prediction, scale=scale, less=less):
            truth = _smaller(scale, _wide(truth)) if "truth" in scaled else _wide(truth)
            prediction = _wide(prediction) * (scale if "prediction" in scaled else 1)
            return kernel(truth, prediction, **less)

        yield smaller, scale**-degree


def _wide(array):
    """Return numbers in float64; labels stay what they are."""
    return array.astype(np.float64, copy=False) if array.dtype.kind == "f" else array


def _prepared(
    kernel,
    truth,
    prediction,
    reduction,
    *,
    axes=0,
    divisor=None,
    scaled=(),
    degree=1,
    wide=False,
    **knobs,
):
    """Return the samples as rows, their shape, the attempts, and what to divide by."""
    shape, truth, rows = _split(truth, prediction, axes)
    divisor = 1 if reduction != "mean" else len(rows) if divisor is None else divisor
    attempts = list(_attempts(kernel, rows.dtype, knobs, scaled, degree, divisor, wide))
    return truth, rows, shape, attempts, divisor


def sample_losses(kernel, truth, prediction, reduction, **options):
    """Reduce ``kernel(truth, prediction, **knobs)``, one value for each sample.

    Of the options, `axes` is how many trailing axes belong to one sample: 0 for elementwise
    losses, 1 where classes are on the last axis. `divisor` is what "mean" divides by: the number
    of samples, unless a weighted mean gives another. `scaled`, `degree` and `wide`: see above.
    All others are knobs of the kernel.
    """
    truth, rows, shape, attempts, divisor = _prepared(
        kernel, truth, prediction, reduction, **options
    )
    if reduction == "none":
        values = np.empty(len(rows), dtype=rows.dtype)
        for block in _blocks(rows):
            _fill(values[block], attempts, truth[block], rows[block], divisor)
        return values.reshape(shape)[()]

    for attempt, factor in attempts:
        value = factor * (_total(attempt, truth, rows, 1) / divisor)
        if not np.isfinite(value):
            # A sum can overflow where the mean does not: then divide first.
            value = factor * _total(attempt, truth, rows, divisor)
        if np.isfinite(value):
            break
    return rows.dtype.type(value)


def _total(attempt, truth, prediction, divisor):
    """Return the sum over all samples, each divided first."""
    parts = (attempt(truth[block], prediction[block]) for block in _blocks(prediction))
    return np.sum([_sum(part if divisor == 1 else part / divisor) for part in parts])


def _sum(values):
    """Return the sum of all values, in float64."""
    if values.dtype == np.float64 or values.size < _MANY:
        return np.sum(values, dtype=np.float64)
    flat = values.reshape(-1)
    whole = flat.size - flat.size % _RUN
    total = np.sum(flat[:whole].reshape(-1, _RUN) @ _ONES, dtype=np.float64)
    return total if whole == flat.size else total + np.sum(flat[whole:], dtype=np.float64)


def _fill(out, attempts, truth, prediction, divisor):
    """Write what the first attempt gives to `out`; what is not finite is tried again."""
    (first, _), *others = attempts
    np.divide(first(truth, prediction), divisor, out=out)
    for attempt, factor in others:
        if all_finite(out):
            break
        again = ~np.isfinite(out)
        out[again] = (factor * (attempt(truth, prediction) / divisor))[again]


def all_finite(array):
    """Tell whether all numbers are finite."""
    flat = array.reshape(-1)
    # One fast pass: a finite sum of squares has no NaN and no infinity among its terms.
    # An infinite one may come from large numbers, so then the elements are looked at.
    return math.isfinite(np.dot(flat, flat)) or bool(np.isfinite(flat).all())


def sample_gradients(kernel, truth, prediction, reduction, **options):
    """Return the gradient, in the shape of `prediction`; options as in `sample_losses`."""
    truth, rows, _, attempts, divisor = _prepared(kernel, truth, prediction, reduction, **options)
    gradient = np.empty(rows.shape, dtype=rows.dtype)
    for block in _blocks(rows):
        _fill(gradient[block], attempts, truth[block], rows[block], divisor)
    return gradient.reshape(prediction.shape)


def row_dots(a, b):
    """Return the dot product of each row of a with that of b, in float64."""
    n, length = a.shape
    if length <= _RUN_OF_PRODUCTS:
        return np.vecdot(a, b).astype(np.float64)
    whole = length - length % _RUN_OF_PRODUCTS
    runs = (x[:, :whole].reshape(n, -1, _RUN_OF_PRODUCTS) for x in (a, b))
    total = np.vecdot(*runs).sum(axis=1, dtype=np.float64)
    return total if whole == length else total + np.vecdot(a[:, whole:], b[:, whole:])


def row_totals(rows):
    """Return the sum of each row, in float64."""
    n, length = rows.shape
    if rows.dtype == np.float64:
        return rows.sum(axis=1)
    if length <= 2 * _RUN:
        return (rows @ np.ones(length, rows.dtype)).astype(np.float64)
    whole = length - length % _RUN
    total = (rows[:, :whole].reshape(n, -1, _RUN) @ _ONES).sum(axis=1, dtype=np.float64)
    return total if whole == length else total + rows[:, whole:].sum(axis=1, dtype=np.float64)


def reduce_values(values, reduction):
    """Reduce an array of one value for each sample."""
    if reduction == "none":
        return values
    total = np.sum(values, dtype=np.float64)
    if reduction == "mean":
        n = values.size
        total = total / n if np.isfinite(total) else np.sum(values / n, dtype=np.float64)
    return values.dtype.type(total)


def gradient_factor(reduction, n):
    """Return what the gradient of each sample's own loss is multiplied by."""
    return 1.0 / n if reduction == "mean" else 1.0
