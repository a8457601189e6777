"""Inputs for the functions of chapter 4: by hand, random, at the edges, extreme."""

import numpy as np

from lossutils.exercises.model import Probe


def _labels(rng, size):
    # Both classes occur.
    return rng.permutation(np.arange(size) % 2).astype(float)


def logit_probes():
    """Return probes ``(y_true, logits)``, far beyond what a sigmoid can hold."""
    rng = np.random.default_rng(40)
    hand = [([1.0], [0.0]), ([0.0], [1.0]), ([1.0], [1.0]), ([1.0, 0.0], [-1.0, 2.0])]
    found = [("a single sample" if len(y) == 1 else "hand-size", y, z, 1e-6) for y, z in hand]
    for size in (3, 5, 8, 20):
        found.append(("random", _labels(rng, size), rng.normal(scale=3, size=size), 1e-6))
    found += [
        ("whole numbers", [1, 0, 1], [2, 1, -3], 1e-6),
        ("float32", np.float32([1, 0]), np.float32([0.75, 2.5]), 1e-4),
        ("two axes", [[0.0, 1.0], [1.0, 0.0]], [[0.5, -2.0], [2.0, 3.25]], 1e-6),
        ("soft labels", [0.25, 0.9], [1.0, -0.5], 1e-6),
        ("logits of 40", [0.0, 1.0], [40.0, -40.0], 1e-6),
        ("logits of ten thousand", [0.0, 1.0], [1e4, 2.0], 1e-6),
        ("logits of ten thousand", [1.0, 0.0], [-1e4, 2.0], 1e-6),
    ]
    probes = [
        Probe(kind, {"y_true": np.array(y), "logits": np.array(z)}, tolerance)
        for kind, y, z, tolerance in found
    ]
    # The charge is 9.4e-14: the general absolute tolerance would let any small number pass.
    small = {"y_true": np.array([0.0]), "logits": np.array([-30.0])}
    return (*probes, Probe("a lentil far on the right side", small, 1e-4, absolute=0.0))


def probability_probes(**knobs):
    """Return probes ``(y_true, p_pred)``, with each setting of the knobs where there are any."""
    rng = np.random.default_rng(41)
    pairs = [
        ("a single sample", [1.0], [0.9]),
        ("a single sample", [0.0], [0.9]),
        ("hand-size", [1.0, 0.0], [0.75, 0.6]),
        ("hand-size", [1.0, 0.0, 0.0], [0.2, 0.1, 0.7]),
        ("random", _labels(rng, 5), rng.uniform(0.02, 0.98, size=5)),
        ("random", _labels(rng, 20), rng.uniform(0.02, 0.98, size=20)),
        ("whole labels", np.array([1, 0]), [0.3, 0.4]),
        ("two axes", [[0.0, 1.0], [1.0, 0.0]], [[0.5, 0.2], [0.7, 0.25]]),
        ("answers that are nearly certain", [1.0, 0.0], [1e-6, 1 - 1e-6]),
    ]
    settings = list(zip(*knobs.values(), strict=True)) if knobs else [()]
    return tuple(
        Probe(
            kind,
            {"y_true": np.array(y), "p_pred": np.array(p), **dict(zip(knobs, one, strict=True))},
        )
        for kind, y, p in pairs
        for one in settings
    )


def cost_probes():
    """Return cost matrices: rows are the truth, columns the decision."""
    rng = np.random.default_rng(42)
    matrices = [("hand-size", [[0, 1], [99, 0]]), ("hand-size", [[0.0, 3.0], [5.0, 0.0]])]
    matrices += [("right decisions that cost", [[1.0, 3.0], [9.0, 2.0]])]
    for _ in range(4):
        right, more = rng.uniform(0, 2, size=2), rng.uniform(1, 20, size=2)
        matrices.append(
            ("random", [[right[0], right[0] + more[0]], [right[1] + more[1], right[1]]])
        )
    matrices.append(("a dear mistake", [[0.0, 1.0], [1e6, 0.0]]))
    return tuple(Probe(kind, {"costs": np.array(m, dtype=float)}) for kind, m in matrices)


def weight_probes():
    """Return probes ``(p_weighted, weight)``."""
    rng = np.random.default_rng(43)
    found = [
        ("a single sample", [0.5], 99.0),
        ("hand-size", [0.5, 0.9], 9.0),
        ("hand-size", [0.2, 0.6], 4.0),
        ("random", rng.uniform(0.05, 0.95, size=6), 7.5),
        ("a weight below one", [0.3, 0.8], 0.25),
        ("the ends 0 and 1", [0.0, 0.25], 99.0),
    ]
    return tuple(Probe(k, {"p_weighted": np.array(p), "weight": w}) for k, p, w in found)
