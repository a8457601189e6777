"""Right and wrong functions for chapter 3's exercises on log-cosh and pinball loss."""

import numpy as np

import lossutils as lu


def _error(y_true, y_pred):
    return np.asarray(y_pred, dtype=float) - y_true


def log_cosh(y_true, y_pred):
    """Return the right value."""
    return lu.log_cosh_loss(y_true, y_pred)


def log_cosh_grad(y_true, y_pred):
    """Return the right gradient."""
    return lu.log_cosh_loss_grad(y_true, y_pred)


def log_cosh_naive(y_true, y_pred):
    """Type the formula as it stands."""
    return np.mean(np.log(np.cosh(_error(y_true, y_pred))))


def log_cosh_line(y_true, y_pred):
    """Use what holds for large errors everywhere."""
    return np.mean(np.abs(_error(y_true, y_pred)) - np.log(2))


def log_cosh_no_log2(y_true, y_pred):
    """Forget the half in the hyperbolic cosine."""
    e = _error(y_true, y_pred)
    return np.mean(np.logaddexp(e, -e))


def log_cosh_clipped(y_true, y_pred):
    """Clip what would overflow."""
    return np.mean(np.log(np.cosh(np.clip(_error(y_true, y_pred), -700, 700))))


def log_cosh_signed(y_true, y_pred):
    """Rearrange for positive errors only: negative ones overflow."""
    e = _error(y_true, y_pred)
    return np.mean(e + np.log1p(np.exp(-2 * e)) - np.log(2))


def log_cosh_sum(y_true, y_pred):
    """Add up."""
    return lu.log_cosh_loss(y_true, y_pred, reduction="sum")


def log_cosh_grad_naive(y_true, y_pred):
    """Divide two numbers that overflow."""
    e = _error(y_true, y_pred)
    return np.sinh(e) / np.cosh(e) / e.size


def log_cosh_grad_half_rule(y_true, y_pred):
    """Forget the inner derivative."""
    e = _error(y_true, y_pred)
    return 1 / np.cosh(e) / e.size


def log_cosh_grad_curvature(y_true, y_pred):
    """Differentiate twice."""
    e = _error(y_true, y_pred)
    return (1 - np.tanh(e) ** 2) / e.size


def log_cosh_grad_sum(y_true, y_pred):
    """Forget the 1/n."""
    return np.tanh(_error(y_true, y_pred))


def pinball(y_true, y_pred, quantile):
    """Return the right value."""
    return lu.pinball_loss(y_true, y_pred, quantile=quantile)


def pinball_grad(y_true, y_pred, quantile):
    """Return the right gradient."""
    return lu.pinball_loss_grad(y_true, y_pred, quantile=quantile)


def pinball_swapped(y_true, y_pred, quantile):
    """Swap the two prices."""
    return pinball(y_true, y_pred, 1 - quantile)


def pinball_one_price(y_true, y_pred, quantile):
    """Charge the quantile on both sides."""
    return quantile * lu.mae_loss(y_true, y_pred)


def pinball_signed(y_true, y_pred, quantile):
    """Forget that a loss is positive on both sides."""
    e = _error(y_true, y_pred)
    return np.mean(np.where(e > 0, (1 - quantile) * e, quantile * e))


def pinball_minimum(y_true, y_pred, quantile):
    """Take the smaller of the two lines."""
    e = _error(y_true, y_pred)
    return np.mean(np.minimum((1 - quantile) * e, -quantile * e))


def pinball_sum(y_true, y_pred, quantile):
    """Add up."""
    return pinball(y_true, y_pred, quantile) * np.size(y_true)


def pinball_grad_swapped(y_true, y_pred, quantile):
    """Swap the two prices."""
    return pinball_grad(y_true, y_pred, 1 - quantile)


def pinball_grad_flipped(y_true, y_pred, quantile):
    """Differentiate with respect to the truth."""
    return -pinball_grad(y_true, y_pred, quantile)


def pinball_grad_unsigned(y_true, y_pred, quantile):
    """Forget the minus below the target."""
    return np.abs(pinball_grad(y_true, y_pred, quantile))


def pinball_grad_sum(y_true, y_pred, quantile):
    """Forget the 1/n."""
    return pinball_grad(y_true, y_pred, quantile) * np.size(y_true)


def pinball_grad_kink_high(y_true, y_pred, quantile):
    """Count a perfect prediction as too high."""
    e = _error(y_true, y_pred)
    return np.where(e >= 0, 1 - quantile, -quantile) / e.size


def pinball_grad_kink_low(y_true, y_pred, quantile):
    """Count a perfect prediction as too low."""
    e = _error(y_true, y_pred)
    return np.where(e > 0, 1 - quantile, -quantile) / e.size
