"""Right and wrong functions for chapter 7's exercises on pairs and triplets."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe


def _points(parts):
    """Return ``(kind, points, tolerance)`` with as many arrays of points as there are parts."""
    rng = np.random.default_rng(70)
    for size in ((1, 2), (2, 2), (3, 2)):
        yield "hand-size", rng.integers(-3, 4, size=(parts, *size)) / 2, 1e-6
    for size in ((4, 3), (7, 2), (5, 5), (12, 8)):
        yield "random", rng.normal(size=(parts, *size)), 1e-6
    yield "whole numbers", rng.integers(-4, 5, size=(parts, 5, 2)), 1e-6
    yield "float32", rng.normal(size=(parts, 4, 3)).astype(np.float32), 1e-4
    yield "points a thousand apart", 1000 * rng.normal(size=(parts, 4, 2)), 1e-6


def _pair_probes():
    rng = np.random.default_rng(71)
    found = [
        ("a single sample", [1], [[0.0, 0.0]], [[0.3, 0.4]], 1.0),
        ("a single sample", [0], [[0.0, 0.0]], [[0.3, 0.4]], 1.0),
        ("a single sample", [0], [[0.0, 0.0]], [[3.0, 4.0]], 1.0),
        ("a single sample", [0], [[0.0, 0.0]], [[3.0, 4.0]], 6.0),
        ("distance zero", [0], [[1.0, 2.0]], [[1.0, 2.0]], 1.0),
        ("distance zero", [1, 0], [[1.0, 2.0], [0.0, 0.5]], [[1.0, 2.0], [0.0, 0.5]], 2.0),
    ]
    probes = [(kind, np.array(y), np.array(a), np.array(b), m, 1e-6) for kind, y, a, b, m in found]
    for kind, (a, b), tolerance in _points(2):
        for margin in (1.0, 2.5):
            probes.append((kind, rng.integers(0, 2, len(a)), a, b, margin, tolerance))
    return tuple(
        Probe(kind, {"is_similar": y, "a": a, "b": b, "margin": m}, tolerance)
        for kind, y, a, b, m, tolerance in probes
    )


def _triplet_probes():
    probes = [
        Probe(
            "a single sample",
            {"anchor": np.zeros((1, 2)), "positive": np.array([[3.0, 4.0]])}
            | {"negative": np.array([[0.0, 2.0]]), "margin": margin},
        )
        for margin in (1.0, 0.5)
    ]
    for kind, (a, p, n), tolerance in _points(3):
        for margin in (1.0, 3.0):
            arguments = {"anchor": a, "positive": p, "negative": n, "margin": margin}
            probes.append(Probe(kind, arguments, tolerance))
    return tuple(probes)


PAIRS, TRIPLETS = _pair_probes(), _triplet_probes()


def contrastive(is_similar, a, b, margin):
    """Return the right value."""
    return lu.contrastive_loss(is_similar, a, b, margin=margin)


def contrastive_grad(is_similar, a, b, margin):
    """Return the right gradient for a."""
    return lu.contrastive_loss_grad(is_similar, a, b, margin=margin)[0]


def _distance(a, b):
    return np.sqrt(((np.asarray(a, dtype=float) - b) ** 2).sum(axis=-1))


def no_half(is_similar, a, b, margin):
    """Forget the ½."""
    return 2 * contrastive(is_similar, a, b, margin)


def swapped_labels(is_similar, a, b, margin):
    """Read 0 as similar."""
    return contrastive(1 - is_similar, a, b, margin)


def unsquared_push(is_similar, a, b, margin):
    """Forget to square the push."""
    d = _distance(a, b)
    return np.mean(np.where(is_similar == 1, d**2, np.maximum(0, margin - d))) / 2


def no_maximum(is_similar, a, b, margin):
    """Charge strangers beyond the margin."""
    d = _distance(a, b)
    return np.mean(np.where(is_similar == 1, d**2, (margin - d) ** 2)) / 2


def squared_in_margin(is_similar, a, b, margin):
    """Compare the margin with the squared distance."""
    d = _distance(a, b)
    return np.mean(np.where(is_similar == 1, d**2, np.maximum(0, margin - d**2))) / 2


def contrastive_sum(is_similar, a, b, margin):
    """Add up."""
    return lu.contrastive_loss(is_similar, a, b, margin=margin, reduction="sum")


def _rows(is_similar, a, b, margin, pull, push):
    """Return a gradient whose rows are the difference times a factor for each kind of pair."""
    d = _distance(a, b)
    with np.errstate(all="ignore"):
        factor = np.where(is_similar == 1, pull(d), push(np.maximum(0, margin - d), d))
    return factor[:, None] * (np.asarray(a, dtype=float) - b) / len(d)


def _safe(d):
    return np.where(d == 0, 1, d)


def grad_nan(is_similar, a, b, margin):
    """Divide by a distance of zero."""
    return _rows(is_similar, a, b, margin, np.ones_like, lambda gap, d: -gap / d)


def grad_flipped(is_similar, a, b, margin):
    """Give the gradient for b."""
    return -contrastive_grad(is_similar, a, b, margin)


def grad_sum(is_similar, a, b, margin):
    """Forget the 1/n."""
    return contrastive_grad(is_similar, a, b, margin) * len(a)


def grad_push_long(is_similar, a, b, margin):
    """Forget to divide by the distance."""
    return _rows(is_similar, a, b, margin, np.ones_like, lambda gap, d: -gap)


def grad_pull_unit(is_similar, a, b, margin):
    """Pull with a unit vector."""
    return _rows(is_similar, a, b, margin, lambda d: 1 / _safe(d), lambda gap, d: -gap / _safe(d))


def grad_inward(is_similar, a, b, margin):
    """Pull strangers."""
    return _rows(is_similar, a, b, margin, np.ones_like, lambda gap, d: gap / _safe(d))


def triplet(anchor, positive, negative, margin):
    """Return the right value."""
    return lu.triplet_loss(anchor, positive, negative, margin=margin)


def _hinged(to_positive, to_negative, margin):
    return np.mean(np.maximum(0, to_positive - to_negative + margin))


def over_photos(anchor, positive, negative, margin):
    """Add over the photos."""
    p, n = (np.sqrt(((anchor - x) ** 2.0).sum(axis=0)) for x in (positive, negative))
    return _hinged(p, n, margin)


def over_all(anchor, positive, negative, margin):
    """Add over everything."""
    p, n = (np.sqrt(((anchor - x) ** 2.0).sum()) for x in (positive, negative))
    return _hinged(p, n, margin)


def no_root(anchor, positive, negative, margin):
    """Forget the root."""
    return lu.triplet_loss(anchor, positive, negative, margin=margin, squared=True)


def averaged_first(anchor, positive, negative, margin):
    """Average before the maximum."""
    p, n = _distance(anchor, positive), _distance(anchor, negative)
    return np.maximum(0, np.mean(p - n) + margin)


def mean_of_squares(anchor, positive, negative, margin):
    """Average over the coordinates."""
    p, n = (np.sqrt(((anchor - x) ** 2.0).mean(axis=1)) for x in (positive, negative))
    return _hinged(p, n, margin)


def swapped_distances(anchor, positive, negative, margin):
    """Swap positive and negative."""
    return triplet(anchor, negative, positive, margin)
