"""Random data and independent references for every loss.

Three routes, all written without `lossutils`:

- `..._reference(*tensors, reduction=..., **knobs)` uses PyTorch: its own loss where it has one,
  else the formula. Autograd then gives the gradient.
- `..._loop` or `..._scipy` takes `(*arrays, **knobs)` and gives the value of each sample, from a
  slow loop or from `scipy.special`.
- `TRIALS` has the formula for one sample of single numbers, in arithmetic of enough digits, and
  the inputs it is tried on (`exact.py`).
"""

import math

import mpmath as mp
import numpy as np
import torch
import torch.nn.functional as F
from scipy import special

from .exact import Sample, Trial, of_all, of_elements, of_rows

Data = tuple[np.ndarray, ...]

CLASS_WEIGHT = [0.5, 2.0, 1.25, 3.0]
N, CLASSES, WIDTH = 7, len(CLASS_WEIGHT), 3


def reduced(per_sample: torch.Tensor, reduction: str) -> torch.Tensor:
    """Reduce as PyTorch does."""
    return {"mean": per_sample.mean, "sum": per_sample.sum, "none": lambda: per_sample}[reduction]()


# --- regression ---------------------------------------------------------------------------------


def regression_pair(rng) -> Data:
    return rng.normal(size=(N, 2)), 2 * rng.normal(size=(N, 2))


def mse_reference(y, y_hat, *, reduction):
    return F.mse_loss(y_hat, y, reduction=reduction)


def mse_loop(y, y_hat):
    pairs = zip(y.flat, y_hat.flat, strict=True)
    return np.reshape([(a - b) ** 2 for a, b in pairs], y.shape)


def mae_reference(y, y_hat, *, reduction):
    return F.l1_loss(y_hat, y, reduction=reduction)


def mae_loop(y, y_hat):
    pairs = zip(y.flat, y_hat.flat, strict=True)
    return np.reshape([abs(a - b) for a, b in pairs], y.shape)


def huber_reference(y, y_hat, *, reduction, delta=1.0):
    return F.huber_loss(y_hat, y, delta=delta, reduction=reduction)


def huber_scipy(y, y_hat, *, delta=1.0):
    return special.huber(delta, y_hat - y)


def log_cosh_reference(y, y_hat, *, reduction):
    return reduced(torch.log(torch.cosh(y_hat - y)), reduction)


def log_cosh_scipy(y, y_hat):
    error = y_hat - y
    return np.logaddexp(error, -error) - math.log(2)


def pinball_reference(y, y_hat, *, reduction, quantile=0.5):
    error = y - y_hat
    return reduced(torch.maximum(quantile * error, (quantile - 1) * error), reduction)


def pinball_loop(y, y_hat, *, quantile=0.5):
    pairs = zip(y.flat, y_hat.flat, strict=True)
    values = [quantile * (a - b) if a >= b else (1 - quantile) * (b - a) for a, b in pairs]
    return np.reshape(values, y.shape)


# --- binary -------------------------------------------------------------------------------------


def binary_probabilities(rng) -> Data:
    return rng.permutation(np.arange(N) % 2).astype(float), rng.uniform(0.03, 0.97, N)


def soft_binary_probabilities(rng) -> Data:
    y, p = binary_probabilities(rng)
    return np.where(np.arange(N) < 3, rng.uniform(size=N), y), p


def perfect_binary(y, _):
    return y, y.copy()


def with_logits(sample):
    """Turn a sampler of (..., p) into one of (..., z)."""

    def sample_logits(rng):
        *truth, p = sample(rng)
        return *truth, 2 * rng.normal(size=p.shape)

    return sample_logits


def bce_reference(y, p, *, reduction, pos_weight=1.0):
    # F.binary_cross_entropy has no pos_weight: the two branches are weighted here.
    positive = F.binary_cross_entropy(p, torch.ones_like(p), reduction="none")
    negative = F.binary_cross_entropy(p, torch.zeros_like(p), reduction="none")
    return reduced(pos_weight * y * positive + (1 - y) * negative, reduction)


def bce_scipy(y, p, *, pos_weight=1.0):
    return -pos_weight * special.xlogy(y, p) - special.xlog1py(1 - y, -p)


def bce_with_logits_reference(y, z, *, reduction, pos_weight=1.0):
    weight = torch.tensor(pos_weight, dtype=z.dtype)
    return F.binary_cross_entropy_with_logits(z, y, pos_weight=weight, reduction=reduction)


def bce_with_logits_scipy(y, z, *, pos_weight=1.0):
    return -pos_weight * y * special.log_expit(z) - (1 - y) * special.log_expit(-z)


def focal_reference(y, p, *, reduction, alpha=0.25, gamma=2.0):
    p_t = torch.where(y == 1, p, 1 - p)
    alpha_t = 1.0 if alpha is None else y * alpha + (1 - y) * (1 - alpha)
    return reduced(-alpha_t * (1 - p_t) ** gamma * torch.log(p_t), reduction)


def focal_loop(y, p, *, alpha=0.25, gamma=2.0):
    values = []
    for truth, probability in zip(y, p, strict=True):
        p_t, alpha_t = (probability, alpha) if truth else (1 - probability, 1 - (alpha or 0))
        weight = 1.0 if alpha is None else alpha_t
        values.append(weight * (1 - p_t) ** gamma * -math.log(p_t))
    return np.array(values)


# --- classes on the last axis -------------------------------------------------------------------


def class_probabilities(rng) -> Data:
    labels = rng.permutation(np.arange(N) % CLASSES)
    return labels, rng.dirichlet(np.full(CLASSES, 2.0), N)


def one_hot(sample):
    """Turn a sampler of (labels, prediction) into one of (one-hot rows, prediction)."""

    def sample_one_hot(rng):
        labels, prediction = sample(rng)
        return np.eye(CLASSES)[labels], prediction

    return sample_one_hot


def from_log_p(labels, log_p, reduction, class_weight, label_smoothing):
    """Smooth and weight as `F.cross_entropy` does, from log-probabilities.

    `F.cross_entropy` itself would normalize the probabilities once more, which changes the
    gradient with respect to them.
    """
    w = torch.ones(CLASSES) if class_weight is None else torch.tensor(class_weight)
    w = w.to(log_p.dtype)
    hard = F.nll_loss(log_p, labels, weight=w, reduction="none")
    smooth = -(w * log_p).sum(-1) / CLASSES
    losses = (1 - label_smoothing) * hard + label_smoothing * smooth
    return losses.sum() / w[labels].sum() if reduction == "mean" else reduced(losses, reduction)


def sparse_reference(labels, p, *, reduction, class_weight=None, label_smoothing=0.0):
    return from_log_p(labels, torch.log(p), reduction, class_weight, label_smoothing)


def sparse_with_logits_reference(labels, z, *, reduction, class_weight=None, label_smoothing=0.0):
    w = None if class_weight is None else torch.tensor(class_weight, dtype=z.dtype)
    return F.cross_entropy(
        z, labels, weight=w, label_smoothing=label_smoothing, reduction=reduction
    )


def sparse_loop(labels, p, *, class_weight=None, label_smoothing=0.0):
    w = class_weight or [1.0] * CLASSES
    losses = []
    for label, row in zip(labels, p, strict=True):
        target = [label_smoothing / CLASSES] * CLASSES
        target[label] += 1 - label_smoothing
        losses.append(-sum(w[c] * target[c] * math.log(row[c]) for c in range(CLASSES)))
    return np.array(losses)


def sparse_with_logits_scipy(labels, z, **knobs):
    return sparse_loop(labels, special.softmax(z, axis=-1), **knobs)


def from_one_hot(reference):
    """Read the label back from one-hot rows."""
    return lambda rows, prediction, **knobs: reference(rows.argmax(-1), prediction, **knobs)


CLASS_KNOBS = (
    {},
    {"class_weight": CLASS_WEIGHT},
    {"label_smoothing": 0.1},
    {"class_weight": CLASS_WEIGHT, "label_smoothing": 0.3},
)


# --- margin, divergence, segmentation -----------------------------------------------------------


def signs_and_scores(rng) -> Data:
    return rng.permutation(np.where(np.arange(N) % 2, 1.0, -1.0)), 1.5 * rng.normal(size=N)


def hinge_reference(y, s, *, reduction, margin=1.0):
    return reduced(torch.clamp(margin - y * s, min=0), reduction)


def squared_hinge_reference(y, s, *, reduction, margin=1.0):
    return reduced(torch.clamp(margin - y * s, min=0) ** 2, reduction)


def squared_hinge_loop(y, s, *, margin=1.0):
    return hinge_loop(y, s, margin=margin) ** 2


def hinge_loop(y, s, *, margin=1.0):
    return np.array([max(0.0, margin - a * b) for a, b in zip(y, s, strict=True)])


def margin_distance(y, s, *, margin=1.0):
    return np.abs(margin - y * s)


def two_distributions(rng) -> Data:
    return rng.dirichlet(np.full(CLASSES, 2.0), N), rng.dirichlet(np.full(CLASSES, 2.0), N)


def kl_reference(p, q, *, reduction):
    # kl_div's own "mean" divides by the number of elements; "batchmean" is the divergence.
    if reduction == "none":
        return F.kl_div(torch.log(q), p, reduction="none").sum(-1)
    return F.kl_div(torch.log(q), p, reduction="batchmean" if reduction == "mean" else "sum")


def kl_scipy(p, q):
    return special.rel_entr(p, q).sum(-1)


def masks(rng) -> Data:
    truth = rng.permutation(np.arange(24) % 3 == 0).reshape(2, 3, 4)
    return truth.astype(float), rng.uniform(0.03, 0.97, truth.shape)


def dice_per_sample(y, p, smooth=1.0, axis=None):
    axis = tuple(range(y.ndim)) if axis is None else axis
    total = y.sum(axis) + p.sum(axis)
    return 1 - (2 * (y * p).sum(axis) + smooth) / (total + smooth)


def dice_reference(y, p, *, reduction, smooth=1.0, axis=None):
    return reduced(dice_per_sample(y, p, smooth, axis), reduction)


def dice_bce_reference(y, p, *, reduction, dice_weight=0.5, smooth=1.0, axis=None):
    over = tuple(range(y.ndim)) if axis is None else axis
    bce = F.binary_cross_entropy(p, y, reduction="none").mean(over)
    dice = dice_per_sample(y, p, smooth, axis)
    return reduced(dice_weight * dice + (1 - dice_weight) * bce, reduction)


def samples_of(y, axis):
    """List the index of every sample, for an axis that a slow loop can read."""
    if axis is None:
        return [...], ()
    kept = [k for k in range(y.ndim) if k not in {a % y.ndim for a in np.atleast_1d(axis)}]
    shape = tuple(y.shape[k] for k in kept)
    full = [[slice(None)] * y.ndim for _ in np.ndindex(shape)]
    for index, where in zip(full, np.ndindex(shape), strict=True):
        for k, position in zip(kept, where, strict=True):
            index[k] = position
    return [tuple(index) for index in full], shape


def dice_loop(y, p, *, smooth=1.0, axis=None, dice_weight=1.0):
    indices, shape = samples_of(y, axis)
    values = []
    for index in indices:
        pairs = list(zip(y[index].ravel().tolist(), p[index].ravel().tolist(), strict=True))
        overlap = sum(a * b for a, b in pairs)
        total = sum(a + b for a, b in pairs)
        dice = 1 - (2 * overlap + smooth) / (total + smooth)
        bce = -sum(math.log(b) if a == 1 else math.log1p(-b) for a, b in pairs) / len(pairs)
        values.append(dice_weight * dice + (1 - dice_weight) * bce)
    return np.reshape(values, shape)


DICE_KNOBS = ({}, {"smooth": 0.0}, {"smooth": 0.25, "axis": (1, 2)}, {"axis": -1})


# --- metric learning ----------------------------------------------------------------------------


def distance(a, b):
    return torch.linalg.vector_norm(a - b, dim=-1)


def labelled_pairs(rng) -> Data:
    similar = rng.permutation(np.arange(N) % 2)
    return similar, rng.normal(size=(N, WIDTH)), rng.normal(size=(N, WIDTH))


def contrastive_reference(similar, a, b, *, reduction, margin=1.0):
    d = distance(a, b)
    gap = torch.clamp(margin - d, min=0)
    return reduced((similar * d**2 + (1 - similar) * gap**2) / 2, reduction)


def contrastive_loop(similar, a, b, *, margin=1.0):
    distances = [math.dist(u, v) for u, v in zip(a, b, strict=True)]
    pairs = zip(similar, distances, strict=True)
    return np.array([d**2 / 2 if s else max(0, margin - d) ** 2 / 2 for s, d in pairs])


def contrastive_kinks(similar, a, b, *, margin=1.0):
    d = np.linalg.norm(a - b, axis=-1)
    return np.minimum(d, np.abs(margin - d))


def triplets(rng) -> Data:
    return tuple(rng.normal(size=(N, WIDTH)) for _ in range(3))


def triplet_reference(anchor, positive, negative, *, reduction, margin=1.0, squared=False):
    power = 2 if squared else 1
    gap = distance(anchor, positive) ** power - distance(anchor, negative) ** power
    return reduced(torch.clamp(gap + margin, min=0), reduction)


def triplet_loop(*rows, **knobs):
    return np.maximum(triplet_gap(*rows, **knobs), 0.0)


def triplet_kinks(*rows, **knobs):
    anchor, positive, negative = rows
    gaps = [np.linalg.norm(anchor - other, axis=-1) for other in (positive, negative)]
    return np.minimum.reduce([np.abs(triplet_gap(*rows, **knobs)), *gaps])


def triplet_gap(anchor, positive, negative, *, margin=1.0, squared=False):
    power = 2 if squared else 1
    rows = zip(anchor, positive, negative, strict=True)
    gaps = [math.dist(a, p) ** power - math.dist(a, n) ** power + margin for a, p, n in rows]
    return np.array(gaps)


def queries_and_keys(rng) -> Data:
    return rng.normal(size=(N, WIDTH)), rng.normal(size=(N, WIDTH))


def info_nce_reference(queries, keys, *, reduction, temperature=0.1):
    logits = queries @ keys.T / temperature
    return F.cross_entropy(logits, torch.arange(len(queries)), reduction=reduction)


def info_nce_loop(queries, keys, *, temperature=0.1):
    values = []
    for i, query in enumerate(queries):
        scores = [sum(query * key) / temperature for key in keys]
        values.append(special.logsumexp(scores) - scores[i])
    return np.array(values)


# --- arithmetic of enough digits ----------------------------------------------------------------

# regression


def sign(x):
    return mp.sign(x)


def difference(formula):
    """Make a formula of a sample from one of the error and the knobs."""
    return lambda sample, knobs: formula(sample[1][0] - sample[0][0], knobs)


def huber(e, knobs):
    delta = mp.mpf(knobs["delta"])
    if abs(e) <= delta:
        return Sample(e**2 / 2, (e,))
    return Sample(delta * abs(e) - delta**2 / 2, (delta * sign(e),))


def log_cosh(e, _):
    # log cosh e = -log(1 - tanh^2 e) / 2 for small errors
    far = abs(e) + mp.log((1 + mp.exp(-2 * abs(e))) / 2)
    return Sample(far if abs(e) > 1 else -mp.log1p(-(mp.tanh(e) ** 2)) / 2, (mp.tanh(e),))


def pinball(e, knobs):
    q = mp.mpf(knobs["quantile"])
    slope = (1 - q) if e > 0 else -q if e < 0 else mp.mpf(0)
    return Sample(slope * e, (slope,))


def pairs(source, **knobs):
    shape = source.one_of((1,), (3,), (2,))
    y, p = source.real(shape), source.real(shape)
    if source.rng.integers(3) == 0:  # nearly or quite the same
        p = np.nextafter(y, source.cast(0)) if source.rng.integers(2) else y.copy()
    return (y, p), knobs


# two classes


def minus_log(p):
    return mp.inf if p == 0 else -mp.log(p)


def times(weight, number):
    """Return 0 for a weight of 0, even of infinity."""
    return mp.mpf(0) if weight == 0 else weight * number


def over(weight, p):
    return mp.mpf(0) if weight == 0 else mp.inf if p == 0 else weight / p


def bce(y, p, w=1):
    value = times(w * y, minus_log(p)) + times(1 - y, minus_log(1 - p))
    high, low = over(1 - y, 1 - p), over(w * y, p)
    return Sample(value, (high - low,))


def sigma(z):
    return 1 / (1 + mp.exp(-z))


def bce_logits(y, z, w):
    value = w * y * mp.log1p(mp.exp(-z)) + (1 - y) * mp.log1p(mp.exp(z))
    return Sample(value, ((1 - y) * sigma(z) - w * y * sigma(-z),))


def weights_of(knobs):
    alpha = knobs["alpha"]
    return (mp.mpf(1), mp.mpf(1)) if alpha is None else (mp.mpf(alpha), 1 - mp.mpf(alpha))


def focal(y, p, knobs):
    gamma, (w1, w0) = mp.mpf(knobs["gamma"]), weights_of(knobs)
    value = times(w1 * y, focal_term(p, 1 - p, gamma)[0])
    value += times(w0 * (1 - y), focal_term(1 - p, p, gamma)[0])
    slope = times(w1 * y, focal_term(p, 1 - p, gamma)[1])
    slope -= times(w0 * (1 - y), focal_term(1 - p, p, gamma)[1])
    return Sample(value, (slope,))


def focal_term(p, q, gamma):
    """Return -q^gamma log p for q = 1 - p, and its derivative with respect to p."""
    if p == 0:
        return mp.inf, -mp.inf
    if q == 0:
        return mp.mpf(0), -mp.mpf(gamma == 0)
    power = q**gamma
    return -power * mp.log(p), power * (gamma * mp.log(p) / q - 1 / p)


def focal_logits(y, z, knobs):
    gamma, (w1, w0) = mp.mpf(knobs["gamma"]), weights_of(knobs)
    p, q = sigma(z), sigma(-z)
    one, zero = mp.log1p(mp.exp(-z)), mp.log1p(mp.exp(z))
    fade_one, fade_zero = mp.exp(-gamma * zero), mp.exp(-gamma * one)
    value = w1 * y * fade_one * one + w0 * (1 - y) * fade_zero * zero
    slope = w0 * (1 - y) * fade_zero * (gamma * q * zero + p)
    return Sample(value, (slope - w1 * y * fade_one * (gamma * p * one + q),))


def binary(prediction, **knobs):
    def draw(source):
        n = source.one_of(1, 2, 3)
        return (source.truth(n), getattr(source, prediction)(n)), {
            name: knob(source) for name, knob in knobs.items()
        }

    return draw


def alpha_of(source):
    return source.one_of(None, 0.25, 0.0, 1.0, 0.9, 1e-20)


def gamma_of(source):
    return source.one_of(2.0, 0.0, 0.5, 1.0, 5.0, 100.0, 1e-10, 1e10)


# several classes


def smoothed(sample, knobs):
    """Return the share that each class has of the loss of a row."""
    truth, row = sample
    classes = len(row)
    if knobs["sparse"]:
        truth = [mp.mpf(c == int(truth[0])) for c in range(classes)]
    w = [mp.mpf(x) for x in knobs["class_weight"] or [1] * classes]
    s = mp.mpf(knobs["label_smoothing"])
    return [w[c] * ((1 - s) * truth[c] + s / classes) for c in range(classes)]


def row_weight(sample, knobs):
    """Return what a row counts in a weighted mean."""
    truth, row = sample
    w = [mp.mpf(x) for x in knobs["class_weight"] or [1] * len(row)]
    if knobs["class_weight"] is None:
        return mp.mpf(1)
    if knobs["sparse"]:
        return w[int(truth[0])]
    return sum(a * mp.mpf(b) for a, b in zip(w, truth, strict=True))


def cross_entropy(sample, knobs):
    shares, row = smoothed(sample, knobs), sample[1]
    value = sum(times(s, minus_log(p)) for s, p in zip(shares, row, strict=True))
    return Sample(value, tuple(-over(s, p) for s, p in zip(shares, row, strict=True)))


def cross_entropy_logits(sample, knobs):
    shares, row = smoothed(sample, knobs), sample[1]
    top = max(row)
    exponentials = [mp.exp(z - top) for z in row]
    total = sum(exponentials)
    log_total = mp.log(total)
    value = sum(s * (log_total - (z - top)) for s, z in zip(shares, row, strict=True))
    all_shares = sum(shares)
    slopes = [e / total * all_shares - s for e, s in zip(exponentials, shares, strict=True)]
    # Probabilities below the smallest normal float lose digits.
    lost = mp.mpf(float(np.finfo(np.float64).tiny)) * all_shares
    return Sample(value, tuple(slopes), (mp.mpf(0), *[lost] * len(row)))


def classes(prediction, sparse):
    def draw(source):
        n, width = source.one_of(1, 2, 3), source.one_of(2, 3)
        labels = source.rng.integers(width, size=n)
        soft = source.rng.integers(3) == 0
        truth = source.rows(n, width) if soft else source.cast(np.eye(width)[labels])
        scores = source.rows(n, width) if prediction == "rows" else source.logits((n, width))
        weight = None
        if source.rng.integers(2):
            weight = [source.knob(1e-250, 1e250) for _ in range(width)]
        knobs = {"class_weight": weight, "label_smoothing": source.one_of(0.0, 0.0, 0.1, 1.0, 1e-9)}
        return (labels[:, None] if sparse else truth, scores), knobs | {"sparse": sparse}

    return draw


# margin, divergence, masks


def hinge(sample, knobs):
    (y,), (s,) = sample
    gap = mp.mpf(knobs["margin"]) - y * s
    return Sample(max(gap, mp.mpf(0)), (-y if gap > 0 else mp.mpf(0),))


def squared_hinge(sample, knobs):
    (y,), (s,) = sample
    gap = max(mp.mpf(knobs["margin"]) - y * s, mp.mpf(0))
    return Sample(gap**2, (-2 * y * gap,))


def draw_signs_and_scores(source):
    n = source.one_of(1, 2, 3)
    margin = source.knob()
    scores = source.real(n)
    if source.rng.integers(4) == 0:
        scores = source.cast(np.full(n, margin)) * source.one_of(1, 0.5, 2)
    return (source.signs(n), scores), {"margin": margin}


def kl(sample, _):
    p, q = sample
    value = sum(times(a, mp.log(a / b) if a and b else mp.inf) for a, b in zip(p, q, strict=True))
    # Rows of floats do not quite sum to 1; what that adds must not make the value negative.
    return Sample(max(value, mp.mpf(0)), tuple(-over(a, b) for a, b in zip(p, q, strict=True)))


def two_rows(source):
    n, width = source.one_of(1, 2, 3), source.one_of(2, 3)
    p, q = source.rows(n, width), source.rows(n, width)
    if source.rng.integers(3) == 0:
        q = p.astype(float) * (
            1 + 10 ** source.rng.uniform(-12, -1) * source.rng.normal(size=p.shape)
        )
        q = source.cast(q / q.sum(axis=1, keepdims=True))
    return (p, q), {}


def dice(sample, knobs):
    y, p = sample
    smooth = mp.mpf(knobs["smooth"])
    n = 2 * sum(a * b for a, b in zip(y, p, strict=True)) + smooth
    d = sum(y) + sum(p) + smooth
    if d == 0:
        return Sample(mp.mpf(0), tuple(mp.mpf(0) for _ in p))
    # A slope is exact relative to both of its terms.
    terms = tuple((n / d + 2 * a) / d for a in y)
    return Sample(1 - n / d, tuple((n / d - 2 * a) / d for a in y), (mp.mpf(0), *terms))


def dice_bce(sample, knobs):
    y, p = sample
    w, overlap = mp.mpf(knobs["dice_weight"]), dice(sample, knobs)
    pixels = [bce(a, b) for a, b in zip(y, p, strict=True)]
    value = w * overlap.value + times(1 - w, sum(x.value for x in pixels) / len(p))
    slopes = [
        w * a + times(1 - w, x.slopes[0] / len(p))
        for a, x in zip(overlap.slopes, pixels, strict=True)
    ]
    less = [w * x for x in overlap.less] or [mp.mpf(0)] * (1 + len(p))
    return Sample(value, tuple(slopes), tuple(less))


def draw_masks(with_bce):
    def draw(source):
        shape = source.one_of((1, 1), (2, 3), (1, 4))
        knobs = {"smooth": float(source.one_of(1.0, 0.0, 0.0, 1e-20, 1e20, 0.3)), "axis": 1}
        if with_bce:
            knobs["dice_weight"] = float(source.one_of(0.5, 0.0, 1.0, 1e-12, 0.9))
        return (source.truth(shape), source.probability(shape)), knobs

    return draw


# embeddings


def exact_distance(a, b):
    return mp.sqrt(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)))


def towards(a, b, length):
    """Return the unit vector of a - b, and 0 where they are the same."""
    return [(x - y) / length if length else mp.mpf(0) for x, y in zip(a, b, strict=True)]


def contrastive(sample, knobs):
    (similar,), a, b = sample
    d, margin = exact_distance(a, b), mp.mpf(knobs["margin"])
    if similar == 1:
        slopes = [x - y for x, y in zip(a, b, strict=True)]
        return Sample(d**2 / 2, (*slopes, *(-s for s in slopes)))
    gap = max(margin - d, mp.mpf(0))
    slopes = [-gap * u for u in towards(a, b, d)]
    return Sample(gap**2 / 2, (*slopes, *(-s for s in slopes)))


def triplet(sample, knobs):
    anchor, positive, negative = sample
    d_p, d_n = exact_distance(anchor, positive), exact_distance(anchor, negative)
    margin = mp.mpf(knobs["margin"])
    if knobs["squared"]:
        u_p = [2 * (x - y) for x, y in zip(anchor, positive, strict=True)]
        u_n = [2 * (x - y) for x, y in zip(anchor, negative, strict=True)]
        gap, none = d_p**2 - d_n**2 + margin, mp.mpf(0)
        pairs_of = zip(u_p, u_n, strict=True)
        terms = sum(abs(x - y) * (abs(x) + abs(y)) for x, y in pairs_of) / 4 + margin
        less = (none,) * (1 + 3 * len(anchor))
    else:
        u_p, u_n = towards(anchor, positive, d_p), towards(anchor, negative, d_n)
        # What is subtracted are lengths, and unit vectors.
        gap, less = d_p - d_n + margin, (d_p + d_n + margin,)
        less += tuple(abs(x) + abs(y) for x, y in zip(u_p, u_n, strict=True))
        less += (mp.mpf(0),) * (2 * len(anchor))
        terms = less[0]
    if abs(gap) < mp.mpf(10) ** -5 * terms:  # rounding may take it to the other side of 0
        less = (terms, *[mp.mpf(10) ** 20 * (1 + d_p + d_n)] * (3 * len(anchor)))
    on = mp.mpf(gap > 0)
    slopes = [on * (x - y) for x, y in zip(u_p, u_n, strict=True)]
    slopes += [-on * x for x in u_p] + [on * x for x in u_n]
    return Sample(max(gap, mp.mpf(0)), tuple(slopes), less)


def embeddings(count, **knobs):
    def draw(source):
        n, width = source.one_of(1, 2), source.one_of(1, 2, 3)
        data = [source.real((n, width), 10 ** source.rng.uniform(-1, 2)) for _ in range(count)]
        if source.rng.integers(4) == 0:
            data[1] = data[0].copy()
        drawn = {name: knob(source) for name, knob in knobs.items()}
        if count == 2:
            data.insert(0, source.rng.integers(2, size=(n, 1)))
        return tuple(data), drawn

    return draw


def info_nce(sample, knobs):
    queries, keys = sample
    n, tau = knobs["n"], mp.mpf(knobs["temperature"])
    width = len(queries) // n
    q = [queries[i * width : (i + 1) * width] for i in range(n)]
    k = [keys[i * width : (i + 1) * width] for i in range(n)]
    values, slope = [], []
    for i in range(n):
        z = [sum(a * b for a, b in zip(q[i], k[j], strict=True)) / tau for j in range(n)]
        top = max(z)
        e = [mp.exp(x - top) for x in z]
        total = sum(e)
        values.append(mp.log(total) - (z[i] - top))
        slope.append([e[j] / total - (i == j) for j in range(n)])
    d_q = [
        sum(slope[i][j] * k[j][c] for j in range(n)) / tau for i in range(n) for c in range(width)
    ]
    d_k = [
        sum(slope[i][j] * q[i][c] for i in range(n)) / tau for j in range(n) for c in range(width)
    ]
    # Probabilities below the smallest normal float lose digits.
    lost = mp.mpf(float(np.finfo(np.float64).tiny)) / tau
    less = [lost * sum(abs(k[j][c]) for j in range(n)) for _ in range(n) for c in range(width)]
    less += [lost * sum(abs(q[i][c]) for i in range(n)) for _ in range(n) for c in range(width)]
    return Sample(tuple(values), (*d_q, *d_k), (*[mp.mpf(0)] * n, *less))


def draw_queries_and_keys(source):
    n, width = source.one_of(1, 2, 3), source.one_of(1, 2)
    tau = float(source.one_of(0.1, 1.0, 0.07, 0.02, 5.0, 1e-3))
    kind = source.rng.integers(3)
    q, k = (source.rng.normal(size=(n, width)) for _ in range(2))
    if kind == 0:
        q, k = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (q, k))
    elif kind == 1 and n == width:
        q, k = np.eye(n), np.eye(n)
    else:
        q, k = q * 10 ** source.rng.uniform(-3, 1), k * 10 ** source.rng.uniform(-3, 1)
    return (source.cast(q), source.cast(k)), {"temperature": tau, "n": n}


# the stable functions


def log_sum(row):
    top = max(row)
    return top + mp.log(sum(mp.exp(x - top) for x in row))


def softmax(row):
    top = max(row)
    e = [mp.exp(x - top) for x in row]
    return tuple(x / sum(e) for x in e)


def log_softmax(row):
    top = max(row)
    rest = mp.log(sum(mp.exp(x - top) for x in row))
    return tuple(x - top - rest for x in row)


def elements(source):
    return (source.logits(source.one_of(1, 3)),), {}


def score_rows(source):
    return (source.logits((source.one_of(1, 2), source.one_of(1, 2, 3))),), {}


def products(source):
    n = source.one_of(1, 2, 3)
    return (source.real(n), source.positive(n)), {}


def xlogy(sample, _):
    (x,), (y,) = sample
    return Sample(times(x, -minus_log(y)))


def one(formula):
    return lambda sample, _: Sample(formula(sample[0][0]))


def row(formula):
    return lambda sample, _: Sample(formula(sample[0]))


def with_knobs(formula, *names):
    """Make a formula of a sample from one of the truth, the prediction and the knobs by name."""
    return lambda sample, knobs: formula(
        sample[0][0], sample[1][0], *(mp.mpf(knobs[name]) for name in names)
    )


def knobs_last(formula):
    return lambda sample, knobs: formula(sample[0][0], sample[1][0], knobs)


POS_WEIGHT = {"pos_weight": lambda source: source.knob()}
FOCAL = {"alpha": alpha_of, "gamma": gamma_of}
MARGIN = {"margin": lambda source: source.knob()}

TRIALS = (
    Trial("mse_loss", pairs, difference(lambda e, _: Sample(e**2, (2 * e,))), of_elements),
    Trial("mae_loss", pairs, difference(lambda e, _: Sample(abs(e), (sign(e),))), of_elements),
    Trial("huber_loss", lambda s: pairs(s, delta=s.knob()), difference(huber), of_elements),
    Trial("log_cosh_loss", pairs, difference(log_cosh), of_elements),
    Trial(
        "pinball_loss",
        lambda s: pairs(s, quantile=s.one_of(0.5, 0.1, 0.99, 1e-20, 1 - 2**-53)),
        difference(pinball),
        of_elements,
    ),
    Trial(
        "binary_cross_entropy",
        binary("probability", **POS_WEIGHT),
        with_knobs(bce, "pos_weight"),
        of_elements,
    ),
    Trial(
        "binary_cross_entropy_with_logits",
        binary("logits", **POS_WEIGHT),
        with_knobs(bce_logits, "pos_weight"),
        of_elements,
    ),
    Trial("focal_loss", binary("probability", **FOCAL), knobs_last(focal), of_elements),
    Trial(
        "focal_loss_with_logits", binary("logits", **FOCAL), knobs_last(focal_logits), of_elements
    ),
    Trial(
        "categorical_cross_entropy",
        classes("rows", sparse=False),
        cross_entropy,
        of_rows,
        weights=row_weight,
    ),
    Trial(
        "categorical_cross_entropy_with_logits",
        classes("logits", sparse=False),
        cross_entropy_logits,
        of_rows,
        weights=row_weight,
    ),
    Trial(
        "sparse_categorical_cross_entropy",
        classes("rows", sparse=True),
        cross_entropy,
        of_rows,
        weights=row_weight,
    ),
    Trial(
        "sparse_categorical_cross_entropy_with_logits",
        classes("logits", sparse=True),
        cross_entropy_logits,
        of_rows,
        weights=row_weight,
    ),
    Trial("hinge_loss", draw_signs_and_scores, hinge, of_elements),
    Trial("squared_hinge_loss", draw_signs_and_scores, squared_hinge, of_elements),
    Trial("kl_divergence", two_rows, kl, of_rows),
    Trial("dice_loss", draw_masks(with_bce=False), dice, of_rows),
    Trial("dice_bce_loss", draw_masks(with_bce=True), dice_bce, of_rows),
    Trial("contrastive_loss", embeddings(2, **MARGIN), contrastive, of_rows, predictions=(1, 2)),
    Trial(
        "triplet_loss",
        embeddings(3, **MARGIN, squared=lambda s: bool(s.rng.integers(2))),
        triplet,
        of_rows,
        predictions=(0, 1, 2),
    ),
    Trial(
        "info_nce_loss",
        draw_queries_and_keys,
        info_nce,
        of_all,
        predictions=(0, 1),
        digits=lambda span: span + 400,
    ),
    Trial("softplus", elements, one(lambda x: mp.log1p(mp.exp(x))), of_elements, ()),
    Trial("sigmoid", elements, one(sigma), of_elements, ()),
    Trial("log_sigmoid", elements, one(lambda x: -mp.log1p(mp.exp(-x))), of_elements, ()),
    Trial("logsumexp", score_rows, row(log_sum), of_rows, ()),
    Trial("softmax", score_rows, row(softmax), of_rows, ()),
    Trial("log_softmax", score_rows, row(log_softmax), of_rows, ()),
    Trial("xlogy", products, xlogy, of_elements, ()),
)
