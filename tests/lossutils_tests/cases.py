"""The one table of cases that drives the tests of the losses.

A `Case` says how to draw random data for one loss, which knobs to try, what independent
implementations give, and which facts hold for it (where it has kinks, where it is zero, which
arguments may be swapped). A test runs over all cases, so a new loss is tested by adding one
entry here; `test_api.py` fails while the entry is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy import special

import lossutils

from . import references as ref
from .references import CLASS_WEIGHT, CLASSES, Data, N

REDUCTIONS = ("mean", "sum", "none")


@dataclass(frozen=True)
class Case:
    """One loss: how to sample it, what it must equal, and what is known about it."""

    name: str
    signature: str  # the course's contract, without `reduction`, which every loss takes last
    sample: Callable[[np.random.Generator], Data]
    reference: Callable[..., torch.Tensor]  # (*tensors, reduction=..., **knobs)
    per_sample: Callable[..., np.ndarray]  # (*arrays, **knobs) -> the value of each sample
    knobs: tuple[dict, ...] = ({},)
    predictions: tuple[int, ...] = (1,)  # positions of the arguments that have a gradient
    kink_distance: Callable[..., np.ndarray] | None = None  # (*arrays, **knobs)
    perfect: Callable[..., Data] | None = None  # (*arrays) -> data at which the loss is 0
    symmetric: tuple[int, int] | None = None  # two arguments that may be swapped

    @property
    def loss(self) -> Callable:
        return getattr(lossutils, self.name)

    @property
    def grad(self) -> Callable:
        return getattr(lossutils, f"{self.name}_grad")

    def gradients(self, *data, **knobs) -> tuple[np.ndarray, ...]:
        """Give the gradients as a tuple, also when there is one prediction only."""
        result = self.grad(*data, **knobs)
        return result if isinstance(result, tuple) else (result,)

    def draw(self, seed: int, dtype=np.float64, **knobs) -> Data:
        """Draw data for a seed, away from kinks (where a derivative does not exist)."""
        rng = np.random.default_rng(seed)
        data = self.sample(rng)
        while self.kink_distance is not None and self.kink_distance(*data, **knobs).min() < 1e-2:
            data = self.sample(rng)
        return tuple(a.astype(dtype) if a.dtype.kind == "f" else a for a in data)

    def reference_gradients(self, *data, reduction, **knobs) -> tuple[np.ndarray, ...]:
        """Differentiate the reference; "none" differentiates each sample's own loss."""
        tensors = [torch.tensor(a) for a in data]
        for k in self.predictions:
            tensors[k].requires_grad_(True)
        self.reference(*tensors, reduction=reduction, **knobs).sum().backward()
        return tuple(tensors[k].grad.numpy() for k in self.predictions)

    def denominator(self, *data, class_weight=None, **knobs) -> float:
        """Tell what "mean" divides by: samples, or the weights of the true classes."""
        if class_weight is None:
            return np.size(self.loss(*data, **knobs, reduction="none"))
        labels = data[0] if data[0].ndim == 1 else data[0].argmax(-1)
        return np.asarray(class_weight)[labels].sum()


CLASS_KNOBS = (
    {},
    {"class_weight": CLASS_WEIGHT},
    {"label_smoothing": 0.1},
    {"class_weight": CLASS_WEIGHT, "label_smoothing": 0.3},
)
BCE_KNOBS = ({}, {"pos_weight": 3.5}, {"pos_weight": 0.2})
FOCAL_KNOBS = ({}, {"alpha": None}, {"gamma": 0.0}, {"gamma": 0.5}, {"alpha": 0.9, "gamma": 3.0})
DICE_KNOBS = ({}, {"smooth": 0.0}, {"smooth": 0.25, "axis": (1, 2)}, {"axis": -1})

CASES = (
    Case(
        "mse_loss",
        "y_true, y_pred",
        ref.regression_pair,
        ref.mse_reference,
        ref.mse_loop,
        perfect=lambda y, _: (y, y.copy()),
        symmetric=(0, 1),
    ),
    Case(
        "mae_loss",
        "y_true, y_pred",
        ref.regression_pair,
        ref.mae_reference,
        ref.mae_loop,
        kink_distance=lambda y, y_hat: np.abs(y - y_hat),
        perfect=lambda y, _: (y, y.copy()),
        symmetric=(0, 1),
    ),
    Case(
        "huber_loss",
        "y_true, y_pred, *, delta=1.0",
        ref.regression_pair,
        ref.huber_reference,
        ref.huber_scipy,
        knobs=({}, {"delta": 0.3}, {"delta": 5.0}),
        perfect=lambda y, _: (y, y.copy()),
        symmetric=(0, 1),
    ),
    Case(
        "log_cosh_loss",
        "y_true, y_pred",
        ref.regression_pair,
        ref.log_cosh_reference,
        ref.log_cosh_scipy,
        perfect=lambda y, _: (y, y.copy()),
        symmetric=(0, 1),
    ),
    Case(
        "pinball_loss",
        "y_true, y_pred, *, quantile=0.5",
        ref.regression_pair,
        ref.pinball_reference,
        ref.pinball_loop,
        knobs=({}, {"quantile": 0.1}, {"quantile": 0.9}),
        kink_distance=lambda y, y_hat, **_: np.abs(y - y_hat),
        perfect=lambda y, _: (y, y.copy()),
    ),
    Case(
        "binary_cross_entropy",
        "y_true, p_pred, *, pos_weight=1.0",
        ref.soft_binary_probabilities,
        ref.bce_reference,
        ref.bce_scipy,
        knobs=BCE_KNOBS,
        perfect=lambda y, _: (y.round(), y.round()),
    ),
    Case(
        "binary_cross_entropy_with_logits",
        "y_true, logits, *, pos_weight=1.0",
        ref.with_logits(ref.soft_binary_probabilities),
        ref.bce_with_logits_reference,
        ref.bce_with_logits_scipy,
        knobs=BCE_KNOBS,
        perfect=lambda y, _: (y.round(), np.where(y.round() == 1, 1e4, -1e4)),
    ),
    Case(
        "focal_loss",
        "y_true, p_pred, *, alpha=0.25, gamma=2.0",
        ref.binary_probabilities,
        ref.focal_reference,
        ref.focal_loop,
        knobs=FOCAL_KNOBS,
        perfect=lambda y, _: (y, y.copy()),
    ),
    Case(
        "focal_loss_with_logits",
        "y_true, logits, *, alpha=0.25, gamma=2.0",
        ref.with_logits(ref.binary_probabilities),
        lambda y, z, **knobs: ref.focal_reference(y, torch.sigmoid(z), **knobs),
        lambda y, z, **knobs: ref.focal_loop(y, special.expit(z), **knobs),
        knobs=FOCAL_KNOBS,
        perfect=lambda y, _: (y, np.where(y == 1, 1e4, -1e4)),
    ),
    Case(
        "categorical_cross_entropy",
        "y_onehot, p_pred, *, class_weight=None, label_smoothing=0.0",
        ref.one_hot(ref.class_probabilities),
        ref.from_one_hot(ref.sparse_reference),
        ref.from_one_hot(ref.sparse_loop),
        knobs=CLASS_KNOBS,
        perfect=lambda rows, _: (rows, rows.copy()),
    ),
    Case(
        "categorical_cross_entropy_with_logits",
        "y_onehot, logits, *, class_weight=None, label_smoothing=0.0",
        ref.one_hot(ref.with_logits(ref.class_probabilities)),
        ref.from_one_hot(ref.sparse_with_logits_reference),
        ref.from_one_hot(ref.sparse_with_logits_scipy),
        knobs=CLASS_KNOBS,
        perfect=lambda rows, _: (rows, 1e4 * rows),
    ),
    Case(
        "sparse_categorical_cross_entropy",
        "labels, p_pred, *, class_weight=None, label_smoothing=0.0",
        ref.class_probabilities,
        ref.sparse_reference,
        ref.sparse_loop,
        knobs=CLASS_KNOBS,
        perfect=lambda labels, _: (labels, np.eye(CLASSES)[labels]),
    ),
    Case(
        "sparse_categorical_cross_entropy_with_logits",
        "labels, logits, *, class_weight=None, label_smoothing=0.0",
        ref.with_logits(ref.class_probabilities),
        ref.sparse_with_logits_reference,
        ref.sparse_with_logits_scipy,
        knobs=CLASS_KNOBS,
        perfect=lambda labels, _: (labels, 1e4 * np.eye(CLASSES)[labels]),
    ),
    Case(
        "hinge_loss",
        "y_sign, scores, *, margin=1.0",
        ref.signs_and_scores,
        ref.hinge_reference,
        ref.hinge_loop,
        knobs=({}, {"margin": 0.3}, {"margin": 2.5}),
        kink_distance=lambda y, s, margin=1.0: np.abs(margin - y * s),
        perfect=lambda y, _: (y, 3 * y),
    ),
    Case(
        "squared_hinge_loss",
        "y_sign, scores, *, margin=1.0",
        ref.signs_and_scores,
        ref.squared_hinge_reference,
        ref.squared_hinge_loop,
        knobs=({}, {"margin": 0.3}, {"margin": 2.5}),
        kink_distance=lambda y, s, margin=1.0: np.abs(margin - y * s),
        perfect=lambda y, _: (y, 3 * y),
    ),
    Case(
        "kl_divergence",
        "p_true, q_pred",
        ref.two_distributions,
        ref.kl_reference,
        ref.kl_scipy,
        perfect=lambda p, _: 2 * (np.eye(CLASSES)[p.argmax(-1)],),
    ),
    Case(
        "dice_loss",
        "y_true, p_pred, *, smooth=1.0, axis=None",
        ref.masks,
        ref.dice_reference,
        ref.dice_loop,
        knobs=DICE_KNOBS,
        perfect=lambda y, _: (y, y.copy()),
    ),
    Case(
        "dice_bce_loss",
        "y_true, p_pred, *, dice_weight=0.5, smooth=1.0, axis=None",
        ref.masks,
        ref.dice_bce_reference,
        lambda y, p, dice_weight=0.5, **knobs: ref.dice_loop(
            y, p, dice_weight=dice_weight, **knobs
        ),
        knobs=(*DICE_KNOBS, {"dice_weight": 0.9}, {"dice_weight": 0.0}, {"dice_weight": 1.0}),
        perfect=lambda y, _: (y, y.copy()),
    ),
    Case(
        "contrastive_loss",
        "is_similar, embedding_a, embedding_b, *, margin=1.0",
        ref.labelled_pairs,
        ref.contrastive_reference,
        ref.contrastive_loop,
        knobs=({}, {"margin": 3.0}, {"margin": 0.5}),
        predictions=(1, 2),
        kink_distance=ref.contrastive_kinks,
        perfect=lambda similar, a, _: (similar, a, np.where(similar[:, None] == 1, a, a + 9)),
        symmetric=(1, 2),
    ),
    Case(
        "triplet_loss",
        "anchor, positive, negative, *, margin=1.0, squared=False",
        ref.triplets,
        ref.triplet_reference,
        ref.triplet_loop,
        knobs=({}, {"margin": 0.2}, {"squared": True}, {"squared": True, "margin": 3.0}),
        predictions=(0, 1, 2),
        kink_distance=ref.triplet_kinks,
        perfect=lambda anchor, *_: (anchor, anchor + 0.01, anchor + 9),
    ),
    Case(
        "info_nce_loss",
        "queries, keys, *, temperature=0.1",
        ref.queries_and_keys,
        ref.info_nce_reference,
        ref.info_nce_loop,
        knobs=({}, {"temperature": 1.0}, {"temperature": 0.5}),
        predictions=(0, 1),
        perfect=lambda *_: (1e3 * np.eye(N), np.eye(N)),
    ),
)


@dataclass(frozen=True)
class StableCase:
    """A function of `lossutils.stable`, element by element or along an axis."""

    name: str
    scipy: Callable[..., np.ndarray]
    has_axis: bool = False
    arguments: int = 1

    @property
    def function(self) -> Callable:
        return getattr(lossutils, self.name)

    def draw(self, seed: int, dtype=np.float64) -> Data:
        rng = np.random.default_rng(seed)
        return tuple(rng.uniform(0.1, 9, (4, 5)).astype(dtype) for _ in range(self.arguments))


STABLE = (
    StableCase("softplus", lambda x: np.logaddexp(0, x)),
    StableCase("sigmoid", special.expit),
    StableCase("log_sigmoid", special.log_expit),
    StableCase("logsumexp", special.logsumexp, has_axis=True),
    StableCase("softmax", special.softmax, has_axis=True),
    StableCase("log_softmax", special.log_softmax, has_axis=True),
    StableCase("xlogy", special.xlogy, arguments=2),
)

# Public names that are no losses, and the module that tests each.
HELPERS = {
    "numerical_gradient": "test_checking.py",
    "assert_gradient_matches": "test_checking.py",
}


# Each case with each of its knob settings.
SETTINGS = [(case, knobs) for case in CASES for knobs in case.knobs]


def label(value) -> str:
    """Name a case or a knob setting in pytest's output."""
    if isinstance(value, dict):
        return ",".join(f"{k}={'...' if k == 'class_weight' else v}" for k, v in value.items())
    return getattr(value, "name", str(value))
