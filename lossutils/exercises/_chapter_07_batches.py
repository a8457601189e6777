"""Right and wrong functions for chapter 7's exercises on mining and InfoNCE."""

import numpy as np

import lossutils as lu
from lossutils.exercises._model import Probe


def _mining_probes():
    line = np.array([0.0, 1.0, 1.5, 1.75, 3.0])
    table = np.abs(line[:, None] - line)
    found = [
        ("hand-size", table, [0, 0, 1, 1, 1], 0, 1, 1.0),
        ("hand-size", table, [0, 0, 1, 0, 1], 0, 1, 0.25),
        ("hand-size", table, [0, 0, 0, 0, 1], 0, 1, 1.0),
        ("a negative on the edge", table, [0, 0, 1, 1, 1], 0, 1, 0.5),
        ("a negative as near as the positive", np.abs(table), [0, 0, 0, 1, 1], 4, 3, 2.0),
    ]
    line = np.array([0.0, 1.0, -1.0, 1.5])
    found.append(
        ("a negative as near as the positive", np.abs(line[:, None] - line), [0, 0, 1, 1], 0, 1, 1)
    )
    rng = np.random.default_rng(72)
    for size in (6, 9, 9, 12, 12, 20):
        points = rng.normal(size=(size, 2))
        table = np.linalg.norm(points[:, None] - points, axis=2)
        labels = np.arange(size) % 3
        for margin in (0.3, 1.0):
            found.append(("random", table, labels, int(rng.integers(3)), 3, margin))
    found = [
        (kind, table, np.array(labels), anchor, positive, float(margin))
        for kind, table, labels, anchor, positive, margin in found
    ]
    return tuple(
        Probe(
            kind,
            {"distances": table, "labels": labels, "anchor": anchor}
            | {"positive": _relative(labels, anchor, positive), "margin": margin},
        )
        for kind, table, labels, anchor, positive, margin in found
    )


def _relative(labels, anchor, positive):
    """Return the positive, or if it is of another sheep the next photo of the anchor's."""
    if labels[anchor] == labels[positive]:
        return positive
    same = np.flatnonzero(labels == labels[anchor])
    return int(same[same != anchor][0])


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


MINING, QUIZZES = _mining_probes(), _quiz_probes()


def _nearest(distances, allowed):
    return int(np.where(allowed, distances, np.inf).argmin()) if allowed.any() else -1


def semi_hard(distances, labels, anchor, positive, margin):
    """Return the nearest negative in the ring, or -1."""
    row, start = distances[anchor], distances[anchor, positive]
    ring = (row > start) & (row < start + margin) & (labels != labels[anchor])
    return _nearest(row, ring)


def any_sheep(distances, labels, anchor, positive, margin):
    """Forget the labels."""
    row, start = distances[anchor], distances[anchor, positive]
    return _nearest(row, (row > start) & (row < start + margin))


def hardest(distances, labels, anchor, positive, margin):
    """Take the nearest negative of all."""
    return _nearest(distances[anchor], labels != labels[anchor])


def no_outer_edge(distances, labels, anchor, positive, margin):
    """Take an easy one if there is no other."""
    row = distances[anchor]
    return _nearest(row, (row > row[positive]) & (labels != labels[anchor]))


def with_edges(distances, labels, anchor, positive, margin):
    """Count the edges in."""
    row, start = distances[anchor], distances[anchor, positive]
    ring = (row >= start) & (row <= start + margin) & (labels != labels[anchor])
    return _nearest(row, ring)


def farthest(distances, labels, anchor, positive, margin):
    """Take the farthest in the ring."""
    row, start = distances[anchor], distances[anchor, positive]
    ring = (row > start) & (row < start + margin) & (labels != labels[anchor])
    return int(np.where(ring, row, -1).argmax()) if ring.any() else -1


def place_in_ring(distances, labels, anchor, positive, margin):
    """Return the place among those in the ring."""
    row, start = distances[anchor], distances[anchor, positive]
    ring = (row > start) & (row < start + margin) & (labels != labels[anchor])
    return int(row[ring].argmin()) if ring.any() else -1


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


def grad_transposed(queries, keys, temperature):
    """Use the columns of the table for the rows."""
    p = lu.softmax(_scores(queries, keys, temperature))
    return (p.T @ keys - keys) / temperature / len(p)
