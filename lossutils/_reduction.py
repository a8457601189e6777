"""Losses and gradients of many samples, block by block, and their reduction.

With ``reduction="none"`` a loss keeps one value for each sample, and the gradient is that
of each sample's own loss. So the gradients of "none" and "sum" are equal, and that of
"mean" is theirs divided by the number of samples (or by `divisor`).

A *kernel* is the formula of a loss, or of its gradient, written for whole arrays. It runs
on blocks small enough for the processor's cache: its intermediate arrays then cost neither
memory nor waiting. `sample_losses` and `sample_gradients` run it; a mask and a batch of
embeddings are no such samples, so their losses reduce with `reduce_values` and
`gradient_factor`.
"""

import math

import numpy as np

# Bytes of a block. A few such arrays fit in the cache, and up to this size memory is reused:
# larger arrays are requested from the operating system each time.
_BLOCK = 1 << 17
# A value beyond the largest float is infinite, one below the smallest is zero, and kernels
# may divide by a zero probability: these are answers here, not accidents.
_SILENT = {"over": "ignore", "under": "ignore", "divide": "ignore"}


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


def sample_losses(kernel, truth, prediction, reduction, *, axes=0, divisor=None, **knobs):
    """Reduce ``kernel(truth, prediction, **knobs)``, one value for each sample.

    `axes` is how many trailing axes belong to one sample: 0 for elementwise losses, 1 where
    classes are on the last axis. `divisor` is what "mean" divides by: the number of samples,
    unless a weighted mean gives another.
    """
    shape, truth, prediction = _split(truth, prediction, axes)
    n = len(prediction)
    divisor = n if divisor is None else divisor
    with np.errstate(**_SILENT):
        if reduction == "none":
            values = np.empty(n, dtype=prediction.dtype)
            for block in _blocks(prediction):
                values[block] = kernel(truth[block], prediction[block], **knobs)
            return values.reshape(shape)[()]

        def total(divide_by):
            parts = (kernel(truth[b], prediction[b], **knobs) for b in _blocks(prediction))
            # Block sums are added in float64, so a float32 mean keeps its digits.
            return np.sum(
                [np.sum(p if divide_by == 1 else p / divide_by) for p in parts], dtype=np.float64
            )

        value = total(1)
        if reduction == "mean":
            # A sum can overflow where the mean does not: then divide first.
            value = value / divisor if np.isfinite(value) else total(divisor)
        return prediction.dtype.type(value)


def sample_gradients(kernel, truth, prediction, reduction, *, axes=0, divisor=None, **knobs):
    """Return the gradient, in the shape of `prediction`; arguments as in `sample_losses`."""
    _, truth, rows = _split(truth, prediction, axes)
    divisor = len(rows) if divisor is None else divisor
    gradient = np.empty(rows.shape, dtype=rows.dtype)
    with np.errstate(**_SILENT):
        for block in _blocks(rows):
            values = kernel(truth[block], rows[block], **knobs)
            if reduction == "mean":
                np.divide(values, divisor, out=gradient[block])
            else:
                gradient[block] = values
    return gradient.reshape(prediction.shape)


def reduce_values(values, reduction, *, divisor=None):
    """Reduce an array of one value for each sample."""
    if reduction == "none":
        return values
    with np.errstate(**_SILENT):
        total = np.sum(values)
        if reduction == "sum":
            return total
        divisor = values.size if divisor is None else divisor
        return total / divisor if np.isfinite(total) else np.sum(values / divisor)


def gradient_factor(reduction, n):
    """Return what the gradient of each sample's own loss is multiplied by."""
    return 1.0 / n if reduction == "mean" else 1.0
