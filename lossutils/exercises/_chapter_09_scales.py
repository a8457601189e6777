"""Right and wrong functions for the exercises of chapter 9 on weights and scales."""

import numpy as np

from lossutils.exercises.model import Probe

LARGEST = 65504


def _gradients():
    rng = np.random.default_rng(92)
    yield "hand-size", [3.0, 4.0], [1.0, 0.0], 0.5
    yield "hand-size", [2.0, 0.0], [0.0, -4.0], 0.2
    for shape in (3, 8, (2, 3)):
        share = rng.uniform(0.05, 0.95)
        yield "random", rng.normal(scale=5, size=shape), rng.normal(size=shape), share
    yield "gradients that cancel", [1.0, -1.0, 2.0], [0.5, -0.5, 0.25], 0.75


WEIGHT_PROBES = tuple(
    Probe(kind, {"grad_a": np.array(a), "grad_b": np.array(b), "share": share})
    for kind, a, b, share in _gradients()
)


def _length(gradient):
    return np.sqrt(np.sum(gradient**2))


def weight(grad_a, grad_b, share):
    """Return the right exchange rate."""
    return share / (1 - share) * _length(grad_a) / _length(grad_b)


def weight_inverted(grad_a, grad_b, share):
    """Turn the ratio of the lengths around."""
    return share / (1 - share) * _length(grad_b) / _length(grad_a)


def weight_no_odds(grad_a, grad_b, share):
    """Use the share itself."""
    return share * _length(grad_a) / _length(grad_b)


def weight_first(grad_a, grad_b, share):
    """Give the share to the first loss."""
    return (1 - share) / share * _length(grad_a) / _length(grad_b)


def weight_squared(grad_a, grad_b, share):
    """Forget the square root of the length."""
    return share / (1 - share) * np.sum(grad_a**2) / np.sum(grad_b**2)


def weight_sums(grad_a, grad_b, share):
    """Add sizes up instead of taking the length."""
    return share / (1 - share) * np.sum(np.abs(grad_a)) / np.sum(np.abs(grad_b))


def weight_equal(grad_a, grad_b, share):
    """Make the shares equal, whatever is asked for."""
    return _length(grad_a) / _length(grad_b) + 0 * share


def _films():
    rng = np.random.default_rng(93)
    yield "hand-size", np.full((4, 1), 1.0), 2.0**17, 2
    yield "hand-size", np.full((7, 2), 4.0), 2.0**15, 2
    yield "never too large", np.full((7, 2), 1e-3), 8.0, 3
    yield "random", rng.normal(scale=4, size=(20, 3)), 2.0**18, 3
    yield "random", rng.normal(scale=100, size=(25, 2)), 2.0**12, 4
    yield "one large among small", np.array([[1e-3, -900.0]] * 6), 2.0**8, 2
    yield "exactly the largest float16", np.array([[2047.0, -1.0]] * 5), 2.0**5, 2
    spikes = np.full((14, 2), 0.5)
    spikes[[2, 7], 1] = -1e3
    yield "spikes that break a row", spikes, 2.0**10, 3


FILM_PROBES = tuple(
    Probe(kind, {"gradients": film, "start": start, "patience": patience})
    for kind, film, start, patience in _films()
)


def _film(gradients, start, patience, *, too_large, reset=True, again=True, after=False):
    scale, good, used = start, 0, []
    for row in gradients:
        used.append(scale)
        if too_large(row, scale):
            scale, good = scale / 2, 0 if reset else good
        else:
            good += 1
            if good == patience or (not again and good > patience):
                scale, good = scale * 2, 0 if again else good
        if after:
            used[-1] = scale
    return np.array(used)


def _any(row, scale):
    return np.any(np.abs(row) * scale > LARGEST)


def scales(gradients, start, patience):
    """Return the scales that a right scaler uses."""
    return _film(gradients, start, patience, too_large=_any)


def scales_after(gradients, start, patience):
    """Note the scale after the change."""
    return _film(gradients, start, patience, too_large=_any, after=True)


def scales_no_reset(gradients, start, patience):
    """Count good steps that are not in a row."""
    return _film(gradients, start, patience, too_large=_any, reset=False)


def scales_not_again(gradients, start, patience):
    """Double in every step, once patience is reached."""
    return _film(gradients, start, patience, too_large=_any, again=False)


def scales_late(gradients, start, patience):
    """Wait one step too long."""
    return _film(gradients, start, patience + 1, too_large=_any)


def scales_edge(gradients, start, patience):
    """Skip the largest float16 too."""
    return _film(
        gradients, start, patience, too_large=lambda g, s: np.any(np.abs(g) * s >= LARGEST)
    )


def scales_signed(gradients, start, patience):
    """Forget large gradients below zero."""
    return _film(gradients, start, patience, too_large=lambda g, s: np.any(g * s > LARGEST))


def scales_all(gradients, start, patience):
    """Skip only if all gradients are too large."""
    return _film(gradients, start, patience, too_large=lambda g, s: np.all(np.abs(g) * s > LARGEST))


def scales_never_up(gradients, start, patience):
    """Never double."""
    return _film(gradients, start, len(gradients) + 1 + 0 * patience, too_large=_any)


def scales_unscaled(gradients, start, patience):
    """Look at the gradients before they are scaled."""
    return _film(gradients, start, patience, too_large=lambda g, _: np.any(np.abs(g) > LARGEST))
