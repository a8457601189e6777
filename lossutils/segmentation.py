r"""Losses of a predicted mask: Dice, and Dice with cross-entropy."""

import math

import numpy as np

from lossutils._reduction import (
    gradient_factor,
    quiet,
    reduce_values,
    row_dots,
    sample_gradients,
    sample_losses,
)
from lossutils._validation import (
    as_axis,
    as_binary_truth,
    as_probability,
    check_reduction,
    number,
    same_shape,
    to_float,
)
from lossutils.binary import bce, bce_grad


def _checked_masks(y_true, p_pred, smooth, axis, reduction):
    check_reduction(reduction)
    y = as_binary_truth("y_true", y_true, other="p_pred")
    p = as_probability("p_pred", p_pred)
    same_shape("y_true", y, "p_pred", p)
    axes = range(p.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(as_axis(i, p.ndim) for i in axes)
    if len(set(axes)) < len(axes) or (axis is not None and not axes):
        raise ValueError(f"axis must name at least one axis, and none twice; got {axis!r}")
    return *to_float(y, p), number("smooth", smooth, ">= 0"), axes


def _factor(p, axes, reduction):
    return gradient_factor(reduction, p.size // math.prod(p.shape[i] for i in axes))


def _reduce(losses, axes, reduction, dtype):
    return reduce_values(losses.squeeze(axes)[()], reduction).astype(dtype)


def _rows(array, axes):
    """Return one row for each sample."""
    last = range(-len(axes), 0)
    pixels = math.prod(array.shape[i] for i in axes)
    return np.moveaxis(array, axes, last).reshape(-1, pixels)


def _dice(y, p, smooth):
    """Return D - N, sum y p and D of each row, in float64."""
    # D - N = sum y (1 - p) + sum p (1 - y): all terms are >= 0, so a loss near 0 keeps its
    # digits as (D - N) / D, and none leaves [0, 1].
    wrong, both = row_dots(y, 1 - p) + row_dots(p, 1 - y), row_dots(y, p)
    size = wrong + 2 * both + smooth
    # Where both masks are empty and smooth is 0, this makes loss and gradient 0.
    return wrong, both, np.where(size == 0, np.inf, size)


def _kept(array, values, axes):
    """Return one value for each sample in the shape of `array`, with `axes` kept as 1."""
    return values.reshape([1 if i in axes else length for i, length in enumerate(array.shape)])


def _dice_losses(y, p, smooth, axes):
    wrong, _, size = _dice(_rows(y, axes), _rows(p, axes), smooth)
    return _kept(y, wrong / size, axes)


def _dice_grad(y, p, smooth, axes, factor):
    rows = _rows(y, axes), _rows(p, axes)
    _, both, size = _dice(*rows, smooth)
    overlap = (2 * both + smooth) / size  # N / D
    faint = both < 1e-30  # products of faint masks may underflow where their quotient does not
    if faint.any():
        y_rows, p_rows = (x[faint].astype(np.float64) for x in rows)
        overlap[faint] = 2 * row_dots(y_rows, p_rows / size[faint][:, None]) + smooth / size[faint]
    size = size / factor  # a factor of 0 divides by infinity
    limits = np.finfo(p.dtype)
    if overlap.min() >= limits.tiny and size.max() <= limits.max:
        overlap, size = overlap.astype(p.dtype), size.astype(p.dtype)
    gradient = (_kept(y, overlap, axes) - 2 * y) / _kept(y, size, axes)
    return gradient.astype(p.dtype, copy=False)


@quiet
def dice_loss(y_true, p_pred, *, smooth=1.0, axis=None, reduction="mean"):
    r"""Dice loss, also called soft Dice, F1 or Sorensen-Dice loss: one minus the overlap.

    Parameters
    ----------
    y_true : array_like
        True masks in [0, 1], any shape; booleans, and soft masks between 0 and 1, are allowed.
    p_pred : array_like
        Predicted probabilities in [0, 1], in the shape of `y_true`.
    smooth : float, default 1.0
        Added to numerator and denominator; >= 0.
    axis : int or tuple of int, optional
        The axes of one sample, such as ``(1, 2)`` for images (n, height, width). By default
        the whole array is one sample.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples, the axes that are not in `axis`; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        Without unit, in [0, 1]; for "none" one value for each sample.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With :math:`N = 2 \sum y p + \epsilon`, :math:`D = \sum y + \sum p + \epsilon` and
    :math:`\epsilon` = `smooth`, the mean over the samples of

    .. math:: 1 - \frac{N}{D}

    Two empty masks with ``smooth=0`` are 0/0. They agree, so the loss is defined as 0 there.

    References
    ----------
    .. [1] Milletari, F., Navab, N. and Ahmadi, S.-A., "V-Net: fully convolutional neural
       networks for volumetric medical image segmentation", 2016, arXiv:1606.04797.
    .. [2] Sudre, C. H. et al., "Generalised Dice overlap as a deep learning loss function for
       highly unbalanced segmentations", 2017, arXiv:1707.03237.

    Examples
    --------
    >>> truth = [[0, 0, 1, 1], [0, 1, 1, 0]]
    >>> round(float(dice_loss(truth, [[0.1, 0.1, 0.9, 0.8], [0.2, 0.8, 0.9, 0.1]])), 4)
    0.1236
    >>> round(float(dice_loss(truth, [[0.9, 0.8, 0.1, 0.2], [0.9, 0.1, 0.2, 0.8]])), 4)
    0.7556
    """
    y, p, smooth, axes = _checked_masks(y_true, p_pred, smooth, axis, reduction)
    losses = _dice_losses(y, p, smooth, axes)
    return _reduce(losses, axes, reduction, p.dtype)


@quiet
def dice_loss_grad(y_true, p_pred, *, smooth=1.0, axis=None, reduction="mean"):
    r"""Gradient of the Dice loss with respect to `p_pred`.

    Takes and raises what `dice_loss` does.

    Returns
    -------
    ndarray
        In the shape of `p_pred`; "none" differentiates each sample's own loss.

    Notes
    -----
    With N and D as in the loss, for each sample, and over their number for "mean",

    .. math:: \frac{1}{D}\left(\frac{N}{D} - 2 y_i\right)

    Where the loss would be 0/0 it is 0. Of a soft target, rounding is relative to both terms.

    Examples
    --------
    >>> dice_loss_grad([1, 0], [0.5, 0.5], smooth=0.0)
    array([-0.75,  0.25])
    """
    y, p, smooth, axes = _checked_masks(y_true, p_pred, smooth, axis, reduction)
    gradient = _dice_grad(y, p, smooth, axes, _factor(p, axes, reduction))
    return np.asarray(gradient)  # that of a single number too


@quiet
def dice_bce_loss(y_true, p_pred, *, dice_weight=0.5, smooth=1.0, axis=None, reduction="mean"):
    r"""Dice + BCE: the two losses in a weighted sum, also called BCE-Dice or combo loss.

    Parameters
    ----------
    y_true : array_like
        True masks in [0, 1], any shape; booleans, and soft masks between 0 and 1, are allowed.
    p_pred : array_like
        Predicted probabilities in [0, 1], in the shape of `y_true`.
    dice_weight : float, default 0.5
        Share of the Dice loss, in [0, 1]; the cross-entropy has the rest.
    smooth : float, default 1.0
        Added to numerator and denominator of Dice; >= 0.
    axis : int or tuple of int, optional
        The axes of one sample, such as ``(1, 2)`` for images (n, height, width). By default
        the whole array is one sample.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over the samples, the axes that are not in `axis`; "none" keeps one value for each.

    Returns
    -------
    scalar or ndarray
        A mixture of a number without unit and of nats, >= 0; for "none" one value for each
        sample. Infinite where the truth has probability 0, unless ``dice_weight=1``.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside its domain; the message says which and how.

    Notes
    -----
    With w = `dice_weight`, the mean over the samples of

    .. math:: w\,\ell_{\text{Dice}} + (1 - w)\,\ell_{\text{BCE}}

    The cross-entropy is the mean over the elements of each sample. A term of weight 0 is left
    out, even where it is infinite.

    References
    ----------
    .. [1] Milletari, F., Navab, N. and Ahmadi, S.-A., "V-Net: fully convolutional neural
       networks for volumetric medical image segmentation", 2016, arXiv:1606.04797.

    Examples
    --------
    >>> round(float(dice_bce_loss([1, 0], [0.5, 0.5], smooth=0.0)), 4)  # (1/2 + ln 2) / 2
    0.5966
    """
    dice_weight = number("dice_weight", dice_weight, "in [0, 1]")
    y, p, smooth, axes = _checked_masks(y_true, p_pred, smooth, axis, reduction)
    losses = _dice_losses(y, p, smooth, axes)
    if dice_weight < 1:
        surprises = sample_losses(bce, y, p, "none", weights=(1.0, 1.0))
        surprise = np.mean(surprises, axis=axes, dtype=np.float64, keepdims=True)
        losses = dice_weight * losses + (1 - dice_weight) * surprise
    return _reduce(losses, axes, reduction, p.dtype)


@quiet
def dice_bce_loss_grad(y_true, p_pred, *, dice_weight=0.5, smooth=1.0, axis=None, reduction="mean"):
    r"""Gradient of Dice + BCE with respect to `p_pred`.

    Takes and raises what `dice_bce_loss` does.

    Returns
    -------
    ndarray
        In the shape of `p_pred`; "none" differentiates each sample's own loss.

    Notes
    -----
    .. math:: w\,\frac{\partial \ell_{\text{Dice}}}{\partial p_i}
              + (1 - w)\,\frac{\partial \ell_{\text{BCE}}}{\partial p_i}

    as in `dice_loss_grad` and `binary_cross_entropy_grad`.

    Examples
    --------
    >>> dice_bce_loss_grad([1, 0], [0.5, 0.5], smooth=0.0)
    array([-0.875,  0.625])
    """
    dice_weight = number("dice_weight", dice_weight, "in [0, 1]")
    y, p, smooth, axes = _checked_masks(y_true, p_pred, smooth, axis, reduction)
    factor = _factor(p, axes, reduction)
    gradient = _dice_grad(y, p, smooth, axes, dice_weight * factor)
    if dice_weight < 1:
        # What a slope is divided by may save it from overflow, so that is not done afterwards.
        divisor = math.prod(p.shape[i] for i in axes) / ((1 - dice_weight) * factor)
        knobs = {"divisor": divisor, "scaled": ("weights",), "weights": (1.0, 1.0)}
        gradient = gradient + sample_gradients(bce_grad, y, p, "mean", **knobs)
    return np.asarray(gradient)
