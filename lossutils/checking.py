"""Check a gradient against central differences: the same tool for learners and for tests."""

import numpy as np

from lossutils._validation import as_real, number


def numerical_gradient(f, x, *, step=None):
    r"""Estimate the gradient of a scalar function by central differences.

    Also called a finite-difference gradient. It needs two calls of `f` for each element
    of `x`, so it is a check for small arrays and no way to train.

    Parameters
    ----------
    f : callable
        Function of one float64 array of the shape of `x`, returning one finite number.
    x : array_like
        The point, any shape, finite. It is not changed.
    step : float, optional
        Step > 0 used for every element. By default :math:`\epsilon^{1/3} \max(1, |x_i|)`,
        about ``6e-6``, which balances the two errors named below.

    Returns
    -------
    ndarray
        Float64 gradient in the shape of `x`, in units of `f` for one unit of `x`.

    Raises
    ------
    TypeError
        If `f` is not callable or does not return one real number, or `x` is not real.
    ValueError
        If `f` is not finite next to `x`, `step` is not > 0, or `step` is too small to move `x`.

    Notes
    -----
    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}

    The truncation error falls with :math:`h^2`, the rounding error grows with
    :math:`\epsilon / h`. Within `step` of a kink the estimate is an average of both slopes.

    References
    ----------
    .. [1] Goodfellow, I., Bengio, Y. and Courville, A., "Deep Learning", MIT Press, 2016,
       section 11.5.

    Examples
    --------
    >>> numerical_gradient(lambda x: np.sum(x**2), [1.0, -3.0]).round(4)
    array([ 2., -6.])
    """
    if not callable(f):
        raise TypeError(f"f must be callable, a function of one array; got {type(f).__name__}")
    x = as_real("x", x).astype(np.float64)
    if step is None:
        steps = np.finfo(np.float64).eps ** (1 / 3) * np.maximum(1.0, np.abs(x))
    else:
        steps = np.full(x.shape, number("step", step, "> 0"))

    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        # A fresh copy each time: f may keep or change what it is given.
        after, before = x.copy(), x.copy()
        after[index] += steps[index]
        before[index] -= steps[index]
        # The distance really moved, which rounding makes different from 2 * step.
        moved = after[index] - before[index]
        if moved == 0:
            raise ValueError(
                f"step must be large enough to move x; got {steps[index]:g} "
                f"for x = {x[index]:g}{_place(index)}"
            )
        rise = _value_at(f, after, index) - _value_at(f, before, index)
        gradient[index] = rise / moved
    return gradient


def assert_gradient_matches(f, grad, x, *, rtol=1e-6, atol=1e-8):
    r"""Assert that an analytic gradient agrees with central differences.

    Also called a gradient check.

    Parameters
    ----------
    f : callable
        Function of one array, returning one finite number: the reduced loss.
    grad : array_like or callable
        The analytic gradient at `x`, or a function of `x` that returns it; shape of `x`.
    x : array_like
        The point, any shape, finite, away from kinks.
    rtol, atol : float, optional
        Allowed difference is ``atol + rtol * abs(numerical)``, for each element; both >= 0.

    Returns
    -------
    float
        The largest absolute difference, in the unit of the gradient.

    Raises
    ------
    AssertionError
        If an element differs by more than that, or the shape differs. The message names the
        worst element and, where the ratio of the two gradients shows one, the likely cause.
    TypeError
        If `f` is not callable or does not return one real number, or `x` is not real.
    ValueError
        If `f` is not finite next to `x`, or `rtol` or `atol` is negative.

    Notes
    -----
    An analytic :math:`g` passes where :math:`|g_i - \hat g_i| \le a + r\,|\hat g_i|`,
    with :math:`\hat g` from `numerical_gradient`, :math:`a` = `atol` and :math:`r` = `rtol`.

    References
    ----------
    .. [1] Goodfellow, I., Bengio, Y. and Courville, A., "Deep Learning", MIT Press, 2016,
       section 11.5.

    Examples
    --------
    >>> error = assert_gradient_matches(lambda x: np.mean(x**2), lambda x: x, [1.0, 2.0])
    >>> error < 1e-8
    True
    >>> assert_gradient_matches(lambda x: np.mean(x**2), lambda x: 2 * x, [1.0, 2.0])
    Traceback (most recent call last):
        ...
    AssertionError: the gradient is wrong, most at index (1,): analytic 4, numerical 2
    hint: every element is 2 times too large: is the 1/n missing?
    """
    rtol, atol = number("rtol", rtol, ">= 0"), number("atol", atol, ">= 0")
    x = as_real("x", x).astype(np.float64)
    numerical = numerical_gradient(f, x)
    analytic = np.asarray(grad(x.copy()) if callable(grad) else grad)
    if analytic.dtype.kind not in "fiu":
        raise AssertionError(f"grad must give real numbers; got dtype {analytic.dtype}")
    if analytic.shape != x.shape:
        raise AssertionError(f"grad must have the shape of x, {x.shape}; got {analytic.shape}")
    if not np.isfinite(analytic).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(analytic))[0])
        raise AssertionError(f"grad must be finite; got {analytic[index]}{_place(index)}")

    difference = np.abs(analytic - numerical)
    excess = difference - (atol + rtol * np.abs(numerical))
    if (excess <= 0).all():
        return float(difference.max())
    worst = tuple(int(i) for i in np.unravel_index(np.argmax(excess), x.shape))
    raise AssertionError(
        f"the gradient is wrong{', most' + _place(worst) if worst else ''}: "
        f"analytic {analytic[worst]:.6g}, numerical {numerical[worst]:.6g}"
        + _hint(analytic, numerical, atol)
    )


def _place(index):
    """Say where an element is, as words; nothing for an array without axes."""
    return f" at index {tuple(int(i) for i in index)}" if index else ""


def _value_at(f, x, index):
    """Call `f` and insist on one finite real number."""
    value = np.asarray(f(x))
    if value.shape != () or value.dtype.kind not in "fiu":
        raise TypeError(
            f"f must return one real number; got shape {value.shape} and dtype {value.dtype}"
        )
    if not np.isfinite(value):
        raise ValueError(f"f must be finite next to x; got {value}{_place(index)}")
    return float(value)


def _hint(analytic, numerical, atol):
    """Name the likely mistake when one factor explains every element."""
    # Elements near zero carry rounding noise and say nothing about a factor.
    telling = np.abs(numerical) > max(1e-6 * np.abs(numerical).max(), 10 * atol)
    if not telling.any() or not np.allclose(analytic[~telling], 0, atol=1e-4):
        return ""
    ratios = analytic[telling] / numerical[telling]
    ratio = float(np.median(ratios))
    if ratio == 0 or not np.allclose(ratios, ratio, rtol=1e-4, atol=0):
        return ""
    if np.isclose(ratio, -1, rtol=1e-4):
        return "\nhint: the sign is flipped"
    if ratios.size < 2:
        return ""
    sign = "the sign is flipped and " if ratio < 0 else ""
    size = abs(ratio)
    times = size if size >= 1 else 1 / size
    hint = f"{sign}every element is {times:.4g} times too {'large' if size >= 1 else 'small'}"
    counts = {n for n in (*analytic.shape, analytic.size) if n > 1}
    if any(np.isclose(times, n, rtol=1e-4) for n in counts):
        hint += ": is the 1/n missing?" if size > 1 else ": is the 1/n there twice?"
    return f"\nhint: {hint}"
