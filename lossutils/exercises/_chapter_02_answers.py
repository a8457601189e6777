"""Right and wrong functions for the exercises of chapter 2."""

import numpy as np

from lossutils.exercises.model import Probe

SIZE = np.array([0.5, 0.6, 0.8, 1.0, 1.1, 1.3, 1.5, 1.6])
# The second derivatives of the MSE of w * x + b are 2/n times these sums.
_CURVATURES = 2 / SIZE.size * np.array([[np.sum(SIZE**2), np.sum(SIZE)], [np.sum(SIZE), SIZE.size]])
LIMIT = 2 / float(np.linalg.eigvalsh(_CURVATURES)[-1])


def _data():
    """Return ``(kind, x, y)``."""
    rng = np.random.default_rng(21)
    yield "a single sample", [2.0], [4.0]
    yield "hand-size", [1.0, 2.0], [3.0, 4.0]
    yield "hand-size", [1.0, -2.0, 0.5], [0.0, 1.0, 2.0]
    for size in (4, 5, 9):
        yield "random", rng.normal(size=size), rng.normal(size=size)
    yield "zero error", [0.0, 0.0], [0.0, 0.0]
    yield "whole numbers", [1, 2, 3], [2, 2, 7]
    yield "targets of a million", [1.0, 2.0, 3.0], [1e6, -2e6, 3e6]


STEP_PROBES = tuple(
    Probe(kind, {"x": np.array(x), "y": np.array(y), "w": w, "b": b, "learning_rate": rate})
    for kind, x, y in _data()
    for w, b, rate in ((1.0, 0.0, 0.1), (-0.5, 2.0, 0.3))
)
SLOPE_PROBES = tuple(
    Probe(kind, {"x": np.array(x), "y": np.array(y), "w": w})
    for kind, x, y in _data()
    for w in (0.5, -1.0)
)


def _sums(x, y, w, b):
    error = w * np.asarray(x, dtype=float) + b - y
    return 2 * np.sum(error * x), 2 * np.sum(error)


def step(x, y, w, b, learning_rate):
    """Return w and b after one step down the MSE of ``w * x + b``."""
    for_w, for_b = _sums(x, y, w, b)
    rate = learning_rate / len(x)
    return w - rate * for_w, b - rate * for_b


def uphill(x, y, w, b, learning_rate):
    """Step along the gradient."""
    return step(x, y, w, b, -learning_rate)


def summed(x, y, w, b, learning_rate):
    """Step down the sum."""
    return step(x, y, w, b, learning_rate * len(x))


def averaged_twice(x, y, w, b, learning_rate):
    """Divide by n once more."""
    return step(x, y, w, b, learning_rate / len(x))


def without_x(x, y, w, b, learning_rate):
    """Give w the gradient of b."""
    new_b = step(x, y, w, b, learning_rate)[1]
    return w + new_b - b, new_b


def one_after_the_other(x, y, w, b, learning_rate):
    """Use the new w for the gradient of b."""
    new_w = step(x, y, w, b, learning_rate)[0]
    return new_w, step(x, y, new_w, b, learning_rate)[1]


def only_gradients(x, y, w, b, learning_rate):
    """Return the gradients."""
    return tuple(g / len(x) for g in _sums(x, y, w, b))


def _links(x, y, w):
    predicted = np.exp(w) * np.asarray(x, dtype=float)
    return 2 / len(x) * (predicted - y), predicted


def slope(x, y, w):
    """Return the derivative of the MSE of ``exp(w) * x`` with respect to w."""
    loss_part, link = _links(x, y, w)
    return np.sum(loss_part * link)


def linear_link(x, y, w):
    """Take x for the second link."""
    return np.sum(_links(x, y, w)[0] * x)


def missing_link(x, y, w):
    """Leave the second link out."""
    return np.sum(_links(x, y, w)[0])


def half_slope(x, y, w):
    """Forget the 2."""
    return slope(x, y, w) / 2


def summed_slope(x, y, w):
    """Forget the 1/n."""
    return slope(x, y, w) * len(x)


def flipped_slope(x, y, w):
    """Take truth minus prediction."""
    return -slope(x, y, w)
