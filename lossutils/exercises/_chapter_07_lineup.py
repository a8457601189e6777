"""Right and wrong functions for chapter 7's exercise on InfoNCE."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe


def _quiz_probes():
    rng = np.random.default_rng(73)
    found = [
        ("hand-size", np.eye(2), np.eye(2), 1.0),
        ("hand-size", np.eye(2), np.eye(2)[::-1].copy(), 0.5),
        ("hand-size", np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 1.0], [0.0, 1.0]]), 1.0),
    ]
    for n, d in ((3, 2), (5, 3), (4, 4), (9, 2)):
        for temperature in (1.0, 0.5, 0.1):
            queries, keys = rng.normal(size=(2, n, d))
            found.append(("random", queries, keys, temperature))
    queries, keys = rng.normal(size=(2, 4, 2))
    found.append(("whole numbers", np.array([[1, 0], [0, 2]]), np.array([[2, 1], [1, 1]]), 1.0))
    found.append(("scores of a thousand", 30 * queries, 30 * keys, 0.5))
    return tuple(
        Probe(kind, {"queries": q, "keys": k, "temperature": t}) for kind, q, k, t in found
    )


QUIZZES = _quiz_probes()


def info_nce(queries, keys, temperature):
    """Return the right value."""
    return lu.info_nce_loss(queries, keys, temperature=temperature)


def info_nce_grad(queries, keys, temperature):
    """Return the right gradient for the queries."""
    return lu.info_nce_loss_grad(queries, keys, temperature=temperature)[0]


def _scores(queries, keys, temperature):
    return np.asarray(queries, dtype=float) @ keys.T / temperature


def over_columns(queries, keys, temperature):
    """Ask each key for its query."""
    return info_nce(keys, queries, temperature)


def naive(queries, keys, temperature):
    """Type the formula as it stands."""
    with np.errstate(all="ignore"):
        raised = np.exp(_scores(queries, keys, temperature))
        return np.mean(-np.log(np.diagonal(raised) / raised.sum(axis=1)))


def log_of_softmax(queries, keys, temperature):
    """Take the logarithm of a probability that is 0."""
    table = _scores(queries, keys, temperature)
    chances = np.exp(table - table.max(axis=1, keepdims=True))
    with np.errstate(divide="ignore"):
        return -np.mean(np.log(np.diagonal(chances / chances.sum(axis=1, keepdims=True))))


def normalized(queries, keys, temperature):
    """Scale to length one."""
    q, k = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (queries, keys))
    return info_nce(q, k, temperature)


def no_temperature(queries, keys, temperature):
    """Forget the temperature."""
    return info_nce(queries, keys, 1.0)


def times_temperature(queries, keys, temperature):
    """Multiply by the temperature."""
    return info_nce(queries, keys, 1 / temperature)


def wrong_keys_only(queries, keys, temperature):
    """Leave the right key out of the sum."""
    z = _scores(queries, keys, temperature)
    others = np.where(np.eye(len(z), dtype=bool), -np.inf, z)
    return np.mean(np.logaddexp.reduce(others, axis=1) - np.diagonal(z))


def info_nce_sum(queries, keys, temperature):
    """Add up."""
    return info_nce(queries, keys, temperature) * len(queries)


def grad_no_temperature(queries, keys, temperature):
    """Forget the inner derivative."""
    return info_nce_grad(queries, keys, temperature) * temperature


def grad_sum(queries, keys, temperature):
    """Forget the 1/n."""
    return info_nce_grad(queries, keys, temperature) * len(queries)


def grad_expected_only(queries, keys, temperature):
    """Forget the right key."""
    p = lu.softmax(_scores(queries, keys, temperature))
    return p @ keys / temperature / len(p)


def grad_flipped(queries, keys, temperature):
    """Flip the sign."""
    return -info_nce_grad(queries, keys, temperature)


def grad_of_keys(queries, keys, temperature):
    """Give the gradient for the keys."""
    return lu.info_nce_loss_grad(queries, keys, temperature=temperature)[1]


def grad_transposed(queries, keys, temperature):
    """Use the columns of the table for the rows."""
    p = lu.softmax(_scores(queries, keys, temperature))
    return (p.T @ keys - keys) / temperature / len(p)
