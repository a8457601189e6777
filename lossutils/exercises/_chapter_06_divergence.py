"""KL divergence and its closed form for Gaussians: probes and answers of exercises 6.3 and 6.7."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Probe


def _tables():
    rng = np.random.default_rng(61)
    yield "one row", [[0.5, 0.5]], [[0.75, 0.25]]
    yield "hand-size", [[0.5, 0.3, 0.2]], [[0.33, 0.33, 0.34]]
    yield "hand-size", [[0.5, 0.5], [0.25, 0.75]], [[0.25, 0.75], [0.25, 0.75]]
    for shape in ((2, 3), (3, 4), (5, 2)):
        yield (
            "random",
            rng.dirichlet(np.ones(shape[1]), shape[0]),
            rng.dirichlet(np.ones(shape[1]), shape[0]),
        )
    yield "a zero in p", [[1.0, 0.0], [0.5, 0.5]], [[0.25, 0.75], [0.75, 0.25]]
    yield "a zero in both", [[0.0, 0.5, 0.5]], [[0.0, 0.75, 0.25]]
    yield "a zero in q", [[0.5, 0.5], [0.5, 0.5]], [[1.0, 0.0], [0.25, 0.75]]


KL_PROBES = tuple(Probe(kind, {"p": np.array(p), "q": np.array(q)}) for kind, p, q in _tables())


def kl(p, q):
    """Return the right value."""
    return lu.kl_divergence(p, q)


def kl_naive(p, q):
    """Let 0 log 0 be nan."""
    with np.errstate(all="ignore"):
        return np.mean(np.sum(p * np.log(p / q), axis=-1))


def kl_clipped(p, q):
    """Hide infinity behind a small number."""
    p, q = np.maximum(p, 1e-12), np.maximum(q, 1e-12)
    return np.mean(np.sum(p * np.log(p / q), axis=-1))


def kl_swapped(p, q):
    """Average over the model."""
    return lu.kl_divergence(q, p)


def kl_cross_entropy(p, q):
    """Forget the entropy."""
    return lu.categorical_cross_entropy(p, q)


def kl_bits(p, q):
    """Use base 2."""
    return kl(p, q) / np.log(2)


def kl_summed(p, q):
    """Add the rows up."""
    return kl(p, q) * len(p)


def kl_every_element(p, q):
    """Divide by the elements and not by the rows."""
    return kl(p, q) / np.shape(p)[-1]


GAUSSIAN_PROBES = tuple(
    Probe(kind, dict(zip(("mu_1", "sigma_1", "mu_2", "sigma_2"), values, strict=True)))
    for kind, values in (
        ("hand-size", (0.0, 1.0, 1.0, 1.0)),
        ("hand-size", (1.0, 0.5, 0.0, 1.0)),
        ("hand-size", (0.0, 1.0, 0.0, 2.0)),
        ("equal distributions", (3.0, 0.7, 3.0, 0.7)),
        ("negative centers", (-2.0, 3.0, -5.0, 0.5)),
        ("whole numbers", (1, 2, 4, 3)),
        ("narrow against wide", (0.0, 1e-3, 1.0, 1e3)),
        ("random", (0.3, 1.7, -1.2, 0.9)),
    )
)


def gaussian_kl(mu_1, sigma_1, mu_2, sigma_2):
    """Return the right value."""
    spread = (sigma_1**2 + (mu_1 - mu_2) ** 2) / (2 * sigma_2**2)
    return np.log(sigma_2 / sigma_1) + spread - 1 / 2


def gaussian_swapped(mu_1, sigma_1, mu_2, sigma_2):
    """Average over the second."""
    return gaussian_kl(mu_2, sigma_2, mu_1, sigma_1)


def gaussian_no_half(mu_1, sigma_1, mu_2, sigma_2):
    """Forget what the first one's own spread gives."""
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) + 1 / 2


def gaussian_flipped_log(mu_1, sigma_1, mu_2, sigma_2):
    """Turn the quotient in the logarithm around."""
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) - 2 * np.log(sigma_2 / sigma_1)


def gaussian_bare_distance(mu_1, sigma_1, mu_2, sigma_2):
    """Forget to divide the distance of the means."""
    right = gaussian_kl(mu_1, sigma_1, mu_2, sigma_2)
    return right + (mu_1 - mu_2) ** 2 / 2 * (1 - 1 / sigma_2**2)


def gaussian_log_of_variances(mu_1, sigma_1, mu_2, sigma_2):
    """Take the logarithm of the variances, and no half of it."""
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) + np.log(sigma_2 / sigma_1)


def gaussian_not_squared(mu_1, sigma_1, mu_2, sigma_2):
    """Take the widths for variances."""
    return gaussian_kl(mu_1, sigma_1**0.5, mu_2, sigma_2**0.5)


def gaussian_standard(mu_1, sigma_1, mu_2, sigma_2):
    """Use the chapter's formula, for the standard Gaussian."""
    return gaussian_kl(mu_1, sigma_1, 0.0, 1.0)
