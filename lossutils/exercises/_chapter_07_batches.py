"""Right and wrong functions for chapter 7's exercise on mining."""

import numpy as np

from lossutils.exercises.model import Probe


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


MINING = _mining_probes()


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


def with_inner_edge(distances, labels, anchor, positive, margin):
    """Count those in that are as near as the positive."""
    row, start = distances[anchor], distances[anchor, positive]
    return _nearest(row, (row >= start) & (row < start + margin) & (labels != labels[anchor]))


def with_outer_edge(distances, labels, anchor, positive, margin):
    """Count those in that are farther by exactly the margin."""
    row, start = distances[anchor], distances[anchor, positive]
    return _nearest(row, (row > start) & (row <= start + margin) & (labels != labels[anchor]))


def hard_too(distances, labels, anchor, positive, margin):
    """Forget the inner edge."""
    row = distances[anchor]
    return _nearest(row, (row < row[positive] + margin) & (labels != labels[anchor]))


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
