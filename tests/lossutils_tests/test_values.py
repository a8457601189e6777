"""Known answers: every number that the book prints, from a closed form.

`exact` is what mathematics gives, from fractions and logarithms of the data; `printed` is the
number in the book, compared with as many decimals as it shows.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest

import lossutils

LN = math.log

FIRST = ([2.5, 1.0, 3.2, 0.5, 4.1], [2.3, 1.2, 3.0, 0.8, 3.9])
OUTLIER = ([1, 2, 3, 4, 5], [1.1, 2.2, 2.9, 4.1, 15.0])

LOGITS = ([1, 0, 1, 0, 1], [2.3, -1.5, 0.8, -0.3, 1.7])
RARE = (
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    [0.1, 0.2, 0.15, 0.1, 0.05, 0.12, 0.08, 0.11, 0.85, 0.9],
)
# The probability of the true class in each of the ten.
RARE_P_T = [0.9, 0.8, 0.85, 0.9, 0.95, 0.88, 0.92, 0.89, 0.85, 0.9]

ROWS = [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.2, 0.6, 0.2], [0.8, 0.1, 0.1], [0.3, 0.3, 0.4]]
LABELS = [0, 2, 1, 0, 2]
CAT = [1, 0, 0]

P, Q = [0.5, 0.3, 0.2], [0.33, 0.33, 0.34]

TRUTH = [[0, 0, 1, 1], [0, 1, 1, 0]]
GOOD = [[0.1, 0.1, 0.9, 0.8], [0.2, 0.8, 0.9, 0.1]]
BAD = [[0.9, 0.8, 0.1, 0.2], [0.9, 0.1, 0.2, 0.8]]

ANCHOR, NEAR, FAR = [1, 2, 3], [1.1, 2.1, 2.9], [5, 6, 7]


def errors(y_true, y_pred):
    """Give prediction - truth as exact fractions of the decimals that are written."""
    pairs = zip(y_true, y_pred, strict=True)
    return [Fraction(str(prediction)) - Fraction(str(truth)) for truth, prediction in pairs]


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def huber(error, delta):
    delta = Fraction(str(delta))
    return error**2 / 2 if abs(error) <= delta else delta * abs(error) - delta**2 / 2


def softplus(z):
    """Write log(1 + exp(z)) as textbooks do; right for the small z used here."""
    return LN(1 + math.exp(z))


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def sign(x):
    return (x > 0) - (x < 0)


@dataclass(frozen=True)
class Known:
    """A call with its exact value, and the value as the book prints it."""

    name: str
    data: tuple
    exact: object
    printed: object = None
    knobs: dict = field(default_factory=dict)
    decimals: int = 4


KNOWN = [
    # Chapter 3, regression
    Known("mse_loss", FIRST, mean(e**2 for e in errors(*FIRST)), "0.0500"),
    Known(
        "mse_loss_grad",
        FIRST,
        [2 * e / 5 for e in errors(*FIRST)],
        ["-0.08", "0.08", "-0.08", "0.12", "-0.08"],
        decimals=2,
    ),
    Known("mse_loss", OUTLIER, mean(e**2 for e in errors(*OUTLIER)), "20.0140"),
    Known("mae_loss", OUTLIER, mean(abs(e) for e in errors(*OUTLIER)), "2.1000"),
    Known("huber_loss", OUTLIER, mean(huber(e, 1) for e in errors(*OUTLIER)), "1.9070"),
    Known(
        "mse_loss_grad",
        OUTLIER,
        [2 * e / 5 for e in errors(*OUTLIER)],
        ["0.04", "0.08", "-0.04", "0.04", "4.00"],
        decimals=2,
    ),
    Known(
        "mae_loss_grad",
        OUTLIER,
        [Fraction(sign(e), 5) for e in errors(*OUTLIER)],
        ["0.2", "0.2", "-0.2", "0.2", "0.2"],
        decimals=1,
    ),
    Known(
        "huber_loss_grad",
        OUTLIER,
        [max(-1, min(1, e)) / Fraction(5) for e in errors(*OUTLIER)],
        ["0.02", "0.04", "-0.02", "0.02", "0.20"],
        decimals=2,
    ),
    *(
        Known(
            "huber_loss",
            OUTLIER,
            mean(huber(e, delta) for e in errors(*OUTLIER)),
            printed,
            {"delta": delta},
        )
        for delta, printed in ((0.5, "0.9820"), (2, "3.6070"), (5, "7.5070"), (10, "10.0070"))
    ),
    Known("mse_loss", ([20, 20], [22, 30]), [4, 100], knobs={"reduction": "none"}),
    Known("mae_loss", ([20, 20], [22, 30]), [2, 10], knobs={"reduction": "none"}),
    Known("log_cosh_loss", (0, LN(3)), LN(5 / 3)),  # cosh(ln 3) = (3 + 1/3) / 2 = 5/3
    Known("log_cosh_loss_grad", (0, LN(3)), Fraction(4, 5)),  # tanh(ln 3) = (9 - 1) / (9 + 1)
    Known("pinball_loss", (10, 6), 1, knobs={"quantile": 0.25}),
    Known("pinball_loss", (6, 10), 3, knobs={"quantile": 0.25}),
    Known("pinball_loss_grad", ([10, 6], [6, 10]), [-0.125, 0.375], knobs={"quantile": 0.25}),
    # Chapter 4, binary classification
    Known("binary_cross_entropy", (1, 0.9), -LN(0.9), "0.1054"),
    Known("binary_cross_entropy", (1, 0.1), LN(10), "2.3026"),
    Known("binary_cross_entropy", (1, 1e-7), 7 * LN(10), "16.12", decimals=2),
    Known("binary_cross_entropy", (1, 0.5), 3 * LN(2), knobs={"pos_weight": 3}),
    Known("binary_cross_entropy", (0, 0.5), LN(2), knobs={"pos_weight": 3}),
    Known("binary_cross_entropy_grad", ([1, 0], [0.8, 0.8]), [-0.625, 2.5]),
    Known(
        "binary_cross_entropy_with_logits",
        LOGITS,
        mean(softplus(-z if y else z) for y, z in zip(*LOGITS, strict=True)),
        "0.2780",
    ),
    Known(
        "binary_cross_entropy_with_logits_grad",
        LOGITS,
        [(sigmoid(z) - y) / 5 for y, z in zip(*LOGITS, strict=True)],
        ["-0.018225", "0.036485", "-0.062005", "0.085111", "-0.030893"],
        decimals=6,
    ),
    Known("binary_cross_entropy", RARE, -mean(LN(p) for p in RARE_P_T), "0.1243"),
    Known(
        "focal_loss",
        RARE,
        mean(
            (0.25 if y else 0.75) * (1 - p) ** 2 * -LN(p)
            for y, p in zip(RARE[0], RARE_P_T, strict=True)
        ),
        "0.001513",
        decimals=6,
    ),
    # Chapter 5, several classes
    Known("categorical_cross_entropy", (CAT, [0.8, 0.15, 0.05]), -LN(0.8), "0.2231"),
    Known("categorical_cross_entropy", (CAT, [0.2, 0.5, 0.3]), LN(5), "1.6094"),
    Known("categorical_cross_entropy_grad", (CAT, [0.8, 0.15, 0.05]), [-1.25, 0, 0]),
    Known(
        "sparse_categorical_cross_entropy",
        (LABELS, ROWS),
        -LN(0.7 * 0.7 * 0.6 * 0.8 * 0.4) / 5,
        "0.4727",
    ),
    Known(
        "categorical_cross_entropy",
        (np.eye(3)[LABELS], ROWS),
        -LN(0.7 * 0.7 * 0.6 * 0.8 * 0.4) / 5,
        "0.4727",
    ),
    Known("sparse_categorical_cross_entropy_with_logits", (7, np.zeros(10)), LN(10), "2.3026"),
    Known(
        "categorical_cross_entropy_with_logits_grad",
        ([[0, 1], [1, 0]], [[0, LN(3)], [0, LN(3)]]),  # softmax gives 1/4 and 3/4
        [[0.125, -0.125], [-0.375, 0.375]],
    ),
    # Chapter 6, margin, divergence, overlap
    Known("hinge_loss", ([1, 1, 1], [2, 0.5, -1]), [0, 0.5, 2], knobs={"reduction": "none"}),
    Known("hinge_loss_grad", ([1, -1], [0.5, -0.5]), [-0.5, 0.5]),
    Known(
        "squared_hinge_loss", ([1, 1, 1], [2, 0.5, -1]), [0, 0.25, 4], None, {"reduction": "none"}
    ),
    Known("squared_hinge_loss_grad", ([1, -1], [0.5, 0.5]), [-0.5, 1.5]),
    Known(
        "kl_divergence", (P, Q), 0.5 * LN(50 / 33) + 0.3 * LN(30 / 33) + 0.2 * LN(20 / 34), "0.0730"
    ),
    Known("kl_divergence", (Q, P), 0.33 * LN(0.66) + 0.33 * LN(1.1) + 0.34 * LN(1.7), "0.0747"),
    Known("kl_divergence", (P, P), 0),
    Known("kl_divergence", ([0, 1], [0.5, 0.5]), LN(2)),
    Known("kl_divergence_grad", (P, [0.25, 0.25, 0.5]), [-2, -1.2, -0.4]),
    Known("dice_loss", (TRUTH, GOOD), 1 - Fraction(78, 89), "0.1236"),
    Known("dice_loss", (TRUTH, BAD), 1 - Fraction(22, 90), "0.7556"),
    Known("dice_loss", ([0, 0, 0], [0.5, 0.25, 0.25]), Fraction(1, 2)),
    Known("dice_loss_grad", ([1, 0], [0.5, 0.5]), [Fraction(-4, 9), Fraction(2, 9)]),
    Known(
        "dice_bce_loss",
        ([1, 0], [0.5, 0.5]),
        0.25 * Fraction(1, 3) + 0.75 * LN(2),
        knobs={"dice_weight": 0.25},
    ),
    # Chapter 7, metric learning
    Known("contrastive_loss", (1, ANCHOR, NEAR), Fraction(3, 200), "0.0150"),
    Known("contrastive_loss", (0, ANCHOR, FAR), 0, "0.0000"),
    Known("contrastive_loss", (0, [0, 0], [3, 4]), 0.5, knobs={"margin": 6}),
    Known(
        "contrastive_loss_grad",
        (0, [0, 0], [3, 4]),
        [[0.6, 0.8], [-0.6, -0.8]],  # the pair is pushed apart along (3, 4) / 5
        knobs={"margin": 6},
    ),
    Known("triplet_loss", (ANCHOR, NEAR, FAR), 0, "0.0000"),
    Known("triplet_loss", ([0, 0], [3, 4], [0, 2]), 5 - 2 + 1),
    Known("triplet_loss", ([0, 0], [3, 4], [0, 2]), 25 - 4 + 1, knobs={"squared": True}),
    Known("triplet_loss_grad", ([0, 0], [3, 4], [0, 2]), [[-0.6, 0.2], [0.6, 0.8], [0, -1]]),
    Known("info_nce_loss", (np.zeros((4, 2)), np.ones((4, 2))), LN(4)),
    Known("info_nce_loss", (np.eye(2), np.eye(2)), softplus(-1), knobs={"temperature": 1}),
]


def known_id(known):
    return f"{known.name}={known.printed if isinstance(known.printed, str) else ''}"


@pytest.mark.parametrize("known", KNOWN, ids=known_id)
def test_known_answer(known):
    value = np.asarray(getattr(lossutils, known.name)(*known.data, **known.knobs))
    np.testing.assert_allclose(value, np.array(known.exact, dtype=float), rtol=1e-12, atol=1e-15)
    if known.printed is not None:
        printed = [f"{element:.{known.decimals}f}" for element in value.ravel()]
        assert printed == np.ravel(known.printed).tolist()


def test_distance_behind_the_contrastive_examples():
    near, far = math.dist(ANCHOR, NEAR), math.dist(ANCHOR, FAR)
    assert [f"{near:.4f}", f"{far:.4f}"] == ["0.1732", "6.9282"]
    assert lossutils.contrastive_loss(1, ANCHOR, NEAR) == pytest.approx(near**2 / 2, rel=1e-12)


def test_outlier_takes_95_percent_of_the_gradient_of_mse():
    gradient = np.abs(lossutils.mse_loss_grad(*OUTLIER))
    assert gradient[-1] / gradient.sum() == pytest.approx(20 / 21, rel=1e-12)
    assert f"{gradient[-1] / gradient.sum():.0%}" == "95%"


@pytest.mark.parametrize(
    ("name", "loss_ratio", "gradient_ratio"), [("mse_loss", 25, 5), ("mae_loss", 5, 1)]
)
def test_house_prices_off_by_10k_and_50k(name, loss_ratio, gradient_ratio):
    prices, predictions = [300_000, 300_000], [310_000, 350_000]
    small, large = getattr(lossutils, name)(prices, predictions, reduction="none")
    assert large / small == loss_ratio
    small, large = getattr(lossutils, f"{name}_grad")(prices, predictions)
    assert large / small == gradient_ratio


def test_focal_modulating_factor():
    p_t = np.array([0.9, 0.5, 0.1])
    focal = lossutils.focal_loss(np.ones(3), p_t, alpha=None, gamma=2, reduction="none")
    np.testing.assert_allclose(focal / -np.log(p_t), [0.01, 0.25, 0.81], rtol=1e-12)


def test_focal_with_gamma_0_and_alpha_half_is_half_of_bce():
    half = lossutils.binary_cross_entropy(*RARE) / 2
    assert lossutils.focal_loss(*RARE, alpha=0.5, gamma=0) == pytest.approx(half, rel=1e-12)


def test_alpha_on_both_classes_would_give_another_number():
    wrong = 0.25 * lossutils.focal_loss(*RARE, alpha=None)
    assert f"{wrong:.6f}" == "0.000583"
    assert lossutils.focal_loss(*RARE) > 2 * wrong


def test_kl_in_bits_and_cross_entropy_is_entropy_plus_kl():
    kl = lossutils.kl_divergence(P, Q)
    assert f"{kl / LN(2):.4f}" == "0.1054"
    entropy = -sum(p * LN(p) for p in P)
    cross_entropy = lossutils.categorical_cross_entropy(P, Q)
    assert cross_entropy == pytest.approx(entropy + kl, rel=1e-12)


def test_dice_of_hard_masks_is_one_minus_f1():
    truth, predicted = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0, 0])
    precision, recall = Fraction(2, 3), Fraction(2, 3)
    f1 = 2 * precision * recall / (precision + recall)
    assert lossutils.dice_loss(truth, predicted, smooth=0) == pytest.approx(float(1 - f1))


def test_dice_of_each_image_differs_from_dice_of_the_batch():
    truth, p = np.array([[1, 1, 0, 0], [1, 0, 0, 0]]), np.array([[1, 1, 0, 0], [0, 0, 0, 0.5]])
    each = lossutils.dice_loss(truth, p, smooth=0, axis=1, reduction="none")
    np.testing.assert_allclose(each, [0, 1], rtol=1e-15)
    # Over the batch: overlap 2, areas 3 and 2.5.
    assert lossutils.dice_loss(truth, p, smooth=0) == pytest.approx(1 - 4 / 5.5, rel=1e-12)


def test_log1p_keeps_what_log_of_one_plus_loses():
    assert LN(1 + math.exp(-40)) == 0
    value = lossutils.binary_cross_entropy_with_logits(1, 40.0)
    assert f"{value:.1e}" == "4.2e-18"
    assert value == pytest.approx(math.exp(-40), rel=1e-12)


def test_float32_bce_stays_exact_where_the_naive_route_is_infinite():
    z = np.array([17.0, 1e4], dtype=np.float32)
    with np.errstate(divide="ignore", over="ignore"):
        naive = -np.log(1 - 1 / (1 + np.exp(-z)))
    assert np.isinf(naive).all()
    losses = lossutils.binary_cross_entropy_with_logits(np.zeros(2), z, reduction="none")
    np.testing.assert_allclose(losses, z, rtol=1e-6)
