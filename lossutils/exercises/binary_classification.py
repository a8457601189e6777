"""Exercises on binary classification."""

from math import log

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Probe

THREE_SURPRISES = Exercise(
    "4.1",
    1,
    "Three surprises by hand",
    (
        Number("bce", "the BCE", 5 * log(2) / 3).mistakes(
            (5 * log(2), "That is the sum of the surprises. Divide by n."),
            (5 / 3, "That is in bits. This course uses the natural logarithm."),
            (-5 * log(2) / 3, "Surprises are positive: minus the logarithm."),
            (
                (log(2) - 2 * log(3 / 4)) / 3,
                "The branches are swapped: for a lentil it is 1 − p that counts.",
            ),
            (
                (log(2) - log(3 / 4) + log(4)) / 3,
                "The second is a lentil: its truth got the probability 1 − p.",
            ),
        ),
        Number("push", "the push on the third logit", -1 / 4).mistakes(
            (-3 / 4, "That is the push of its own loss. The mean carries a 1/n."),
            (1 / 4, "The sign is flipped: this pebble's logit must go *up*."),
            (1 / 12, "That is a lentil's push. The third is a pebble: its label is 1."),
            (-4 / 3, "That is the push on the probability. Carry it through the sigmoid."),
            (-3 / 64, "The sigmoid's slope is in it once more than needed: it cancels."),
        ),
    ),
    (
        "For each sample, first write down the probability that was given to the truth.",
        "They are one half and two quarters. The logarithm of a quarter is twice that of a half.",
        "For the push: through the sigmoid the fractions cancel. What is left of the third sample "
        "is its probability, its label, and n.",
    ),
)


def _labels(rng, size):
    # Both classes occur.
    return rng.permutation(np.arange(size) % 2).astype(float)


def _logit_probes():
    """Return probes ``(y_true, logits)``, far beyond what a sigmoid can hold."""
    rng = np.random.default_rng(40)
    hand = [([1.0], [0.0]), ([0.0], [1.0]), ([1.0], [1.0]), ([1.0, 0.0], [-1.0, 2.0])]
    found = [("a single sample" if len(y) == 1 else "hand-size", y, z, 1e-6) for y, z in hand]
    for size in (3, 5, 8, 20):
        found.append(("random", _labels(rng, size), rng.normal(scale=3, size=size), 1e-6))
    found += [
        ("whole numbers", [1, 0, 1], [2, 1, -3], 1e-6),
        ("float32", np.float32([1, 0]), np.float32([0.75, 2.5]), 1e-4),
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


def bce_with_logits(y_true, logits):
    return lu.binary_cross_entropy_with_logits(y_true, logits)


def bce_with_logits_grad(y_true, logits):
    return lu.binary_cross_entropy_with_logits_grad(y_true, logits)


LOGIT_PROBES = _logit_probes()
MY_BCE = Function("my_bce", "value", bce_with_logits, LOGIT_PROBES, may_use=())
MY_BCE_GRAD = Function(
    "my_bce_grad", "gradient", bce_with_logits_grad, LOGIT_PROBES, may_use=("sigmoid",)
)
BCE_WITH_LOGITS = Exercise(
    "4.2",
    2,
    "BCE with logits that holds",
    (MY_BCE, MY_BCE_GRAD),
    (
        "Never form a probability for the value. Which formula of the chapter has only z, y and "
        "an exponent that is never positive?",
        "Three terms: a ramp, a product, and a logarithm of one plus something small, for which "
        "NumPy has a function of its own.",
        "The gradient is a sigmoid minus the truth, over n. One form of the sigmoid overflows for "
        "large z, the other for small z; lu.sigmoid may be used.",
    ),
)


def _arrays(*values):
    return [np.asarray(value, dtype=float) for value in values]


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


@MY_BCE.mistake(
    "The formula is right, and the computer cannot hold it: the sigmoid of 40 is 1, and log 0 is "
    "next. Stay with the logit."
)
def logits_naive(y_true, logits):
    y, z = _arrays(y_true, logits)
    p = _sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _clipped_at(limit):
    """Return BCE from logits whose probabilities keep a distance from 0 and 1."""

    def clipped(y_true, logits):
        y, z = _arrays(y_true, logits)
        p = np.clip(_sigmoid(z), limit, 1 - limit)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    return clipped


def _with_a_bit_more(bit):
    """Return BCE from logits with a small number added in the logarithms."""

    def more(y_true, logits):
        y, z = _arrays(y_true, logits)
        p = _sigmoid(z)
        return -np.mean(y * np.log(p + bit) + (1 - y) * np.log(1 - p + bit))

    return more


# What people clip at, or add.
BITS = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
for one in BITS:
    MY_BCE.mistake("Clipping caps the charge. A logit of 40 on the wrong side costs 40.")(
        _clipped_at(one)
    )
    MY_BCE.mistake(
        "A small number in the logarithm caps the charge, as clipping does. A logit of 40 on the "
        "wrong side costs 40."
    )(_with_a_bit_more(one))


@MY_BCE.mistake(
    "A sigmoid comes before the loss, and the loss has one of its own: hand the logits in as they "
    "are."
)
def logits_twice(y_true, logits):
    y, z = _arrays(y_true, logits)
    return lu.binary_cross_entropy_with_logits(y, lu.sigmoid(z))


@MY_BCE.mistake("The sign of z·y is flipped: a pebble's charge must fall as its logit grows.")
def logits_plus(y_true, logits):
    y, z = _arrays(y_true, logits)
    return np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z))))


@MY_BCE.mistake(
    "The exponent is −z, and must be −|z|: with a negative logit it is too large, and next to the "
    "ramp it counts twice."
)
def logits_signed(y_true, logits):
    y, z = _arrays(y_true, logits)
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))


@MY_BCE.mistake(
    "Right until a number far out becomes 0 or infinite. Take the large part out of the logarithm."
)
def logits_overflow(y_true, logits):
    y, z = _arrays(y_true, logits)
    return np.mean(np.log1p(np.exp(z)) - z * y)


@MY_BCE.mistake(
    "Adding 1 first rounds the small charges away. NumPy has a function for log(1 + x)."
)
def logits_plain_log(y_true, logits):
    y, z = _arrays(y_true, logits)
    return np.mean(np.maximum(z, 0) - z * y + np.log(1 + np.exp(-np.abs(z))))


@MY_BCE.mistake(
    "For a lentil at −30 two terms of 30 cancel, and digits of the small charge go with them. Take "
    "out max(z, 0), not z."
)
def logits_cancel(y_true, logits):
    y, z = _arrays(y_true, logits)
    return np.mean((1 - y) * z + np.logaddexp(0, -z))


@MY_BCE.mistake("A label between 0 and 1 belongs to both classes in part.")
def logits_hard(y_true, logits):
    y, z = _arrays(y_true, logits)
    return lu.binary_cross_entropy_with_logits((y == 1).astype(float), z)


@MY_BCE.mistake("The logarithm is missing: even odds must cost log 2.")
def logits_no_tail(y_true, logits):
    y, z = _arrays(y_true, logits)
    return np.mean(np.maximum(z, 0) - z * y)


@MY_BCE.mistake("The ramp is missing: max(z, 0) comes in front.")
def logits_no_ramp(y_true, logits):
    y, z = _arrays(y_true, logits)
    return np.mean(np.log1p(np.exp(-np.abs(z))) - z * y)


@MY_BCE.mistake("Each sample is charged as a lentil: where is the label?")
def logits_for_zero(y_true, logits):
    y, z = _arrays(y_true, logits)
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) + 0 * y)


@MY_BCE.mistake("That is the sum over the samples. Take the mean.")
def logits_sum(y_true, logits):
    return lu.binary_cross_entropy_with_logits(y_true, logits, reduction="sum")


@MY_BCE_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def logits_grad_sum(y_true, logits):
    return lu.binary_cross_entropy_with_logits_grad(y_true, logits, reduction="sum")


@MY_BCE_GRAD.mistake("The sign is flipped: prediction minus truth.")
def logits_grad_flipped(y_true, logits):
    return -lu.binary_cross_entropy_with_logits_grad(y_true, logits)


@MY_BCE_GRAD.mistake(
    "Far out it is infinity over infinity. Use the form with exp(-z), or lu.sigmoid."
)
def logits_grad_overflow(y_true, logits):
    y, z = _arrays(y_true, logits)
    return (np.exp(z) / (1 + np.exp(z)) - y) / y.size


@MY_BCE_GRAD.mistake("The factor p(1 − p) has canceled. Left in, a hopeless sample gets no push.")
def logits_grad_squared(y_true, logits):
    y, z = _arrays(y_true, logits)
    p = lu.sigmoid(z)
    return (p - y) * p * (1 - p) / y.size


@MY_BCE_GRAD.mistake(
    "That is the gradient with respect to the probabilities. Asked for are the logits: times "
    "p(1 − p), and most of it cancels."
)
def logits_grad_of_p(y_true, logits):
    y, z = _arrays(y_true, logits)
    p = lu.sigmoid(z)
    return (p - y) / (p * (1 - p)) / y.size


@MY_BCE_GRAD.mistake(
    "A sigmoid comes before the loss, and the loss has one of its own: hand the logits in as they "
    "are."
)
def logits_grad_twice(y_true, logits):
    y, z = _arrays(y_true, logits)
    return (lu.sigmoid(lu.sigmoid(z)) - y) / y.size


@MY_BCE_GRAD.mistake("The sigmoid is missing: p minus y, not z minus y.")
def logits_grad_no_sigmoid(y_true, logits):
    y, z = _arrays(y_true, logits)
    return (z - y) / y.size


def bce(y_true, p_pred):
    return lu.binary_cross_entropy(y_true, p_pred)


def _probability_probes(**knobs):
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
        ("answers that are nearly certain", [1.0, 0.0], [1e-6, 1 - 1e-6]),
        # On the right side a formula that is right may meet zero times infinity: not asked for.
        ("certain and wrong", [1.0], [0.0]),
        ("certain and wrong", [0.0, 1.0], [1.0, 0.5]),
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


MENDED_BCE = Function("mended_bce", "the mended loss", bce, _probability_probes())
BCE_THAT_LIES = Exercise(
    "4.3",
    2,
    "A BCE that rewards lies",
    (
        MENDED_BCE,
        Choice("blind_test", "the blind test", "a").mistakes(
            b="This test fails at once: being surely right costs a lot here.",
            c="PyTorch has the branches in order, so this test would find it.",
            d="Here the loss *rises* on the way to the truth, so the test fails.",
        ),
    ),
    (
        "Call it with one pebble and a probability near 1. Is the charge small?",
        "np.where takes its second argument where the condition holds. Which logarithm belongs to "
        "a pebble?",
        "For the tests: which of them would give the same result if both logarithms were the same "
        "number?",
    ),
)


@MENDED_BCE.mistake("Still swapped: a pebble is charged for 1 − p.")
def bce_swapped(y_true, p_pred):
    y, p = _arrays(y_true, p_pred)
    return -np.mean(np.where(y == 1, np.log(1 - p), np.log(p)))


@MENDED_BCE.mistake("Lentils are free now. Both classes must be charged.")
def bce_positives(y_true, p_pred):
    y, p = _arrays(y_true, p_pred)
    return -np.mean(y * np.log(p))


@MENDED_BCE.mistake("Lentils are charged like pebbles. Use the label.")
def bce_one_branch(y_true, p_pred):
    return -np.mean(np.log(np.asarray(p_pred, dtype=float)) + 0 * np.asarray(y_true))


@MENDED_BCE.mistake("The minus sign is lost: a surprise is positive.")
def bce_flipped(y_true, p_pred):
    return -lu.binary_cross_entropy(y_true, p_pred)


def _clipped_probability(limit):
    def clipped(y_true, p_pred):
        return lu.binary_cross_entropy(y_true, np.clip(p_pred, limit, 1 - limit))

    return clipped


for one in BITS:
    MENDED_BCE.mistake(
        "The branches are right, and the probability is clipped. Never clip: who is certain and "
        "wrong pays an infinite price."
    )(_clipped_probability(one))


@MENDED_BCE.mistake("That is the sum over the samples. Take the mean.")
def bce_sum(y_true, p_pred):
    return lu.binary_cross_entropy(y_true, p_pred, reduction="sum")


def focal(y_true, p_pred, alpha, gamma):
    return lu.focal_loss(y_true, p_pred, alpha=alpha, gamma=gamma)


MENDED_FOCAL = Function(
    "mended_focal",
    "the mended loss",
    focal,
    _probability_probes(alpha=(0.5, 0.25, 0.9), gamma=(2.0, 2.0, 1.0)),
)
WHICH_ALPHA = Exercise(
    "4.4",
    2,
    "Which α is on whom?",
    (
        MENDED_FOCAL,
        Number("factor", "the factor", 3.0).mistakes(
            (1 / 3, "Upside down: the lentils are charged too *little* here."),
            (4.0, "That is 1/α. Compare a lentil's weight with its right weight."),
            (1.0, "Only at α = ½. Here α is a quarter."),
        ),
    ),
    (
        "Set gamma to 0 and look at one lentil alone. What should it cost, in terms of BCE?",
        "p_t already depends on the class. What else does, in the definition?",
        "For the factor: what weight does a lentil have here, and what weight should it have?",
    ),
)


@MENDED_FOCAL.mistake("α is on both classes: look at the negatives. At α = ½ nobody can tell.")
def focal_one_alpha(y_true, p_pred, alpha, gamma):
    return alpha * lu.focal_loss(y_true, p_pred, alpha=None, gamma=gamma)


@MENDED_FOCAL.mistake("Now no class has a weight.")
def focal_no_alpha(y_true, p_pred, alpha, gamma):
    return lu.focal_loss(y_true, p_pred, alpha=None, gamma=gamma)


@MENDED_FOCAL.mistake("Turned around: α belongs to the pebbles, class 1.")
def focal_alpha_turned(y_true, p_pred, alpha, gamma):
    return lu.focal_loss(y_true, p_pred, alpha=1 - alpha, gamma=gamma)


@MENDED_FOCAL.mistake(
    "The easy samples are loud and the hard ones fade: it is 1 − p_t to the power γ."
)
def focal_fading_turned(y_true, p_pred, alpha, gamma):
    y, p = _arrays(y_true, p_pred)
    p_t, alpha_t = np.where(y == 1, p, 1 - p), np.where(y == 1, alpha, 1 - alpha)
    return -np.mean(alpha_t * p_t**gamma * np.log(p_t))


@MENDED_FOCAL.mistake(
    "Every sample fades by 1 − p, lentils too. It is 1 − p_t: the probability that the truth did "
    "not get."
)
def focal_fading_of_p(y_true, p_pred, alpha, gamma):
    y, p = _arrays(y_true, p_pred)
    p_t, alpha_t = np.where(y == 1, p, 1 - p), np.where(y == 1, alpha, 1 - alpha)
    return -np.mean(alpha_t * (1 - p) ** gamma * np.log(p_t))


@MENDED_FOCAL.mistake("It is divided by the sum of the weights. The mean is over the samples.")
def focal_over_weights(y_true, p_pred, alpha, gamma):
    weights = np.where(np.asarray(y_true) == 1, alpha, 1 - alpha)
    return focal_sum(y_true, p_pred, alpha, gamma) / weights.sum()


@MENDED_FOCAL.mistake("That is the sum over the samples. Take the mean.")
def focal_sum(y_true, p_pred, alpha, gamma):
    return lu.focal_loss(y_true, p_pred, alpha=alpha, gamma=gamma, reduction="sum")


def threshold(costs):
    alarm, miss = costs[0][1] - costs[0][0], costs[1][0] - costs[1][1]
    return alarm / (alarm + miss)


def _cost_probes():
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


BEST_THRESHOLD = Function("best_threshold", "the threshold", threshold, _cost_probes())
FOUR_COSTS = Exercise(
    "4.5",
    2,
    "A threshold for four costs",
    (
        BEST_THRESHOLD,
        Number("threshold", "the threshold of the sorting plant", 1 / 5).mistakes(
            (4 / 5, "Turned around: if misses are dear, the threshold must be *low*."),
            (1 / 4, "Those are odds. As a probability: odds / (1 + odds)."),
            (3 / 13, "Right decisions cost something too: take differences."),
        ),
    ),
    (
        "Write down what each decision costs on average, for a thing with probability p.",
        "Four costs, two decisions: each decision has one cost for a lentil and one for a pebble. "
        "Set the two averages equal.",
        "Only differences matter: what a mistake costs *more* than the right decision.",
    ),
)


@BEST_THRESHOLD.mistake(
    "Right decisions cost something too: only the *extra* cost of a mistake counts."
)
def threshold_mistakes(costs):
    return costs[0][1] / (costs[0][1] + costs[1][0])


@BEST_THRESHOLD.mistake("Those are odds. As a probability: odds / (1 + odds).")
def threshold_odds(costs):
    return (costs[0][1] - costs[0][0]) / (costs[1][0] - costs[1][1])


@BEST_THRESHOLD.mistake("Turned around: if misses are dear, the threshold must be *low*.")
def threshold_turned(costs):
    return 1 - threshold(costs)


@BEST_THRESHOLD.mistake("The matrix is read with its axes swapped: its rows are the truth.")
def threshold_transposed(costs):
    return threshold(np.transpose(costs))


@BEST_THRESHOLD.mistake("One half is right only if both mistakes cost the same.")
def threshold_half(costs):
    return 0.5 + 0 * costs[0][0]


def unweighted(p_weighted, weight):
    p = np.asarray(p_weighted, dtype=float)
    return p / (p + weight * (1 - p))


def _weight_probes():
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


UNWEIGHTED = Function("unweighted", "the probability", unweighted, _weight_probes())
WEIGHT_TAKEN_BACK = Exercise(
    "4.6",
    2,
    "Taking a weight back",
    (
        UNWEIGHTED,
        Number("same_decision", "the threshold", 0.99, 4, 0.00005).mistakes(
            (0.01, "That is where the *plain* model must cut to act like the weighted."),
            (99.0, "Those are the odds. As a probability: odds / (1 + odds)."),
            (98 / 99, "Close. With odds of 99 to 1, how many are there in all?"),
            (0.5, "One half of the weighted model is one hundredth of the plain one."),
        ),
    ),
    (
        "A weight multiplies the odds. Turn the probability into odds first.",
        "Divide the odds by the weight, then turn odds o back: p = o / (1 + o).",
        "For the threshold: go the other way. Which odds does a plain one half have, and what "
        "does the weight make of them?",
    ),
)


@UNWEIGHTED.mistake("Divide the *odds* by the weight, not p itself.")
def unweighted_divided(p_weighted, weight):
    return np.asarray(p_weighted, dtype=float) / weight


@UNWEIGHTED.mistake("That weights a second time. Divide the odds.")
def unweighted_again(p_weighted, weight):
    return unweighted(p_weighted, 1 / weight)


@UNWEIGHTED.mistake("Those are odds. Turn them into a probability.")
def unweighted_odds(p_weighted, weight):
    p = np.asarray(p_weighted, dtype=float)
    return p / (1 - p) / weight


FOCAL_WISHES = Exercise(
    "4.7",
    3,
    "What focal loss wants to hear",
    (
        Array("answers", "the cheapest answers", (0.9, 0.6942, 0.5974), 2).mistakes(
            ((0.9, 0.9, 0.9), "Three times the truth: does gamma reach the loss?"),
            (
                (0.75, 0.6012, 0.5492),
                "That is with the default α of a quarter. Leave the class weight out.",
            ),
            ((0.1, 0.3058, 0.4026), "Turned around: nine in ten are *pebbles*."),
        ),
    ),
    (
        "The expected charge is nine tenths of a pebble's plus one tenth of a lentil's.",
        "Try every answer on a fine grid, and let np.argmin find the cheapest.",
        "Leave the class weight out with alpha=None, and use reduction='none' to get one charge "
        "for each answer.",
    ),
)


EXERCISES = (
    THREE_SURPRISES,
    BCE_WITH_LOGITS,
    BCE_THAT_LIES,
    WHICH_ALPHA,
    FOUR_COSTS,
    WEIGHT_TAKEN_BACK,
    FOCAL_WISHES,
)
