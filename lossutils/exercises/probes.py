"""Inputs for losses of a target and a prediction: by hand, random, at the edges, extreme."""

import numpy as np

from lossutils.exercises.model import Probe

# float32 keeps about seven digits; a mean of a few numbers leaves four for sure.
_FLOAT32 = 1e-4


def pairs():
    """Return ``(kind, y_true, y_pred, tolerance)`` for losses whose samples are elements."""
    rng = np.random.default_rng(20)
    hand = [
        ([0.0], [0.5]),
        ([0.0], [-0.5]),
        ([1.0], [4.0]),
        ([4.0], [1.0]),
        ([1.0, 2.0], [1.2, 5.0]),
        ([1.0, 2.0, 3.0], [0.0, 2.3, 7.0]),
    ]
    found = [("a single sample" if len(y) == 1 else "hand-size", y, p, 1e-6) for y, p in hand]
    for size in (4, 5, 7, 20):
        y = rng.normal(size=size)
        found.append(("random", y, y + rng.normal(scale=2, size=size), 1e-6))
    found += [
        ("zero error", [2.0], [2.0], 1e-6),
        ("zero error", [1.0, 2.0, 3.0], [1.0, 2.5, 3.0], 1e-6),
        ("whole numbers", [1, 2, 3], [2, 2, -4], 1e-6),
        ("float32", np.float32([0.5, 1.5]), np.float32([0.75, 9.0]), _FLOAT32),
        ("tiny errors", [0.0, 0.0], [1e-4, -2e-4], 1e-6),
        ("errors of ten thousand", [0.0, 0.0], [1e4, 3.0], 1e-6),
        ("errors of ten thousand", [0.0, 0.0], [-1e4, 3.0], 1e-6),
        ("errors of a million", [0.0, 1.0, 2.0], [1e6, -1e6, 2.5], 1e-6),
    ]
    return [(kind, np.array(y), np.array(p), tolerance) for kind, y, p, tolerance in found]


def regression_probes(**knobs):
    """Return probes ``(y_true, y_pred, knob)``, for each value of the one knob if it has one.

    All arrays have one axis, as those of the chapters.
    """
    plain = [(kind, {"y_true": y, "y_pred": p}, tolerance) for kind, y, p, tolerance in pairs()]
    for name, values in knobs.items():
        # The first values in turn, so that every kind of input meets more than the default.
        plain = [
            (kind, {**arguments, name: value}, tolerance)
            for kind, arguments, tolerance in plain
            for value in values
        ]
    # The charge of a tiny error is tiny: the general absolute tolerance would let any pass.
    return tuple(Probe(*entry, 0.0 if entry[0] == "tiny errors" else None) for entry in plain)
