"""Right and wrong functions for chapter 3's exercise on Huber loss."""

import numpy as np

import lossutils as lu


def _error(y_true, y_pred):
    return np.asarray(y_pred, dtype=float) - y_true


def _piecewise(y_true, y_pred, delta, inside, outside):
    e = np.abs(_error(y_true, y_pred))
    return np.mean(np.where(e <= delta, inside(e, delta), outside(e, delta)))


def _half_square(e, delta):
    return e**2 / 2


def _line(e, delta):
    return delta * e - delta**2 / 2


def huber(y_true, y_pred, delta):
    """Return the right value."""
    return lu.huber_loss(y_true, y_pred, delta=delta)


def huber_grad(y_true, y_pred, delta):
    """Return the right gradient."""
    return lu.huber_loss_grad(y_true, y_pred, delta=delta)


def huber_whole_square(y_true, y_pred, delta):
    """Forget the half of the square."""
    return _piecewise(y_true, y_pred, delta, lambda e, d: e**2, _line)


def huber_high_line(y_true, y_pred, delta):
    """Forget to lower the line."""
    return _piecewise(y_true, y_pred, delta, _half_square, lambda e, d: d * e)


def huber_fixed_line(y_true, y_pred, delta):
    """Use the line of a threshold of one."""
    return _piecewise(y_true, y_pred, delta, _half_square, lambda e, d: e - 0.5)


def huber_low_line(y_true, y_pred, delta):
    """Lower the line by the threshold's whole square."""
    return _piecewise(y_true, y_pred, delta, _half_square, lambda e, d: d * e - d**2)


def huber_unsquared(y_true, y_pred, delta):
    """Forget the square in what the line is lowered by."""
    return _piecewise(y_true, y_pred, delta, _half_square, lambda e, d: d * e - d / 2)


def huber_swapped(y_true, y_pred, delta):
    """Swap the branches."""
    return _piecewise(y_true, y_pred, delta, _line, _half_square)


def huber_one_sided(y_true, y_pred, delta):
    """Compare the error, and not its size, with the threshold."""
    e = _error(y_true, y_pred)
    return np.mean(np.where(e <= delta, e**2 / 2, delta * np.abs(e) - delta**2 / 2))


def smooth_l1(y_true, y_pred, delta):
    """Divide by the threshold."""
    return huber(y_true, y_pred, delta) / delta


def huber_sum(y_true, y_pred, delta):
    """Add up."""
    return lu.huber_loss(y_true, y_pred, delta=delta, reduction="sum")


def huber_grad_sum(y_true, y_pred, delta):
    """Forget the 1/n."""
    return lu.huber_loss_grad(y_true, y_pred, delta=delta, reduction="sum")


def huber_grad_unit(y_true, y_pred, delta):
    """Give the line a slope of one."""
    e = _error(y_true, y_pred)
    return np.where(np.abs(e) <= delta, e, np.sign(e)) / e.size


def huber_grad_double(y_true, y_pred, delta):
    """Forget the half of the square."""
    e = _error(y_true, y_pred)
    return np.where(np.abs(e) <= delta, 2 * e, delta * np.sign(e)) / e.size


def huber_grad_unsigned(y_true, y_pred, delta):
    """Forget the sign on the line."""
    e = _error(y_true, y_pred)
    return np.where(np.abs(e) <= delta, e, delta) / e.size


def huber_grad_flipped(y_true, y_pred, delta):
    """Take truth minus prediction."""
    return -huber_grad(y_true, y_pred, delta)
