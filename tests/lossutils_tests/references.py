"""Random data and independent references for every loss.

Two routes, both written without `lossutils`:

- `..._reference(*tensors, reduction=..., **knobs)` uses PyTorch: its own loss where it has one,
  else the formula. Autograd then gives the gradient.
- `..._loop` or `..._scipy` takes `(*arrays, **knobs)` and gives the value of each sample, from a
  slow loop or from `scipy.special`.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy import special

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
