"""Exercises of the practical guide in PyTorch."""

from math import log

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Probe

PLAIN = (2 / 3, 16 / 15, 16 / 9)
WEIGHTS_FROM_COUNTS = Exercise(
    "9.1",
    1,
    "Weights from counts",
    (
        Number("positive_weight", "the positive weight", 12).mistakes(
            (13, "That is all over positives. It is *negatives* over positives."),
            (1 / 12, "Upside down: the positives are the rare ones and must gain."),
            (12 / 13, "That is the share of the negatives. Take the ratio of the counts."),
        ),
        Number("loss", "the loss", 13 * log(2) / 2).mistakes(
            (log(2), "`pos_weight` divides by the samples, not by the weights."),
            (13 * log(2), "That is the sum. Take the mean over the two samples."),
            (6.5, "At even odds a sample is charged ln 2, not 1."),
            (12 * log(2) / 2, "The sample without a puncture is charged too."),
        ),
        Array("class_weights", "the class weights", PLAIN).mistakes(
            ((1 / 400, 1 / 250, 1 / 150), "Right in proportion; their mean is not 1."),
            ((2.0, 3.2, 16 / 3), "Those are n over the counts. There are three classes."),
            ((1.5, 15 / 16, 9 / 16), "Upside down: the common class gains here."),
            (
                (45 / 79, 72 / 79, 120 / 79),
                "Their mean over the three *classes* is 1. Take the mean over all 800 bicycles.",
            ),
            (
                (15 / 79, 24 / 79, 40 / 79),
                "Right in proportion; they add up to 1. It is their mean over the bicycles that "
                "is to be 1.",
            ),
            ((1.0, 1.6, 8 / 3), "Right in proportion; the mean over all is above 1."),
        ),
    ),
    (
        "How many bicycles without a puncture stand against one with?",
        "At even odds everybody is charged ln 2, and the weight multiplies the charge of the "
        "positives alone. The mean is over samples, not over weights.",
        "All weights together are 800, and each class has a third of that for its members.",
    ),
)


def _labels_and_logits():
    rng = np.random.default_rng(90)
    yield "a single sample", [[2.0, 0.0]], [0], -100
    yield "hand-size", [[0.0, 1.0], [2.0, 0.0]], [1, -100], -100
    yield "hand-size", [[1.0, 0.0, 0.0], [0.0, 3.0, 0.0]], [2, 1], -100
    for ignore in (-100, 255, -1):
        logits, labels = rng.normal(scale=2, size=(6, 3)), rng.integers(0, 3, 6)
        labels[[1, 4]] = ignore
        yield "random", logits, labels, ignore
    yield "class 0 ignored", rng.normal(size=(4, 3)), [0, 1, 2, 0], 0
    yield "logits of a thousand", [[1000.0, 0.0], [0.0, 1000.0]], [1, -100], -100
    yield "nobody left", [[1.0, 2.0], [0.0, 0.5]], [-100, -100], -100


MASKED_PROBES = tuple(
    Probe(kind, {"logits": np.array(z), "labels": np.array(y), "ignore": ignore})
    for kind, z, y, ignore in _labels_and_logits()
)


def _charges(logits, labels, counts):
    log_p = lu.log_softmax(logits[counts])
    return -log_p[np.arange(counts.sum()), labels[counts]]


def masked(logits, labels, ignore):
    counts = labels != ignore
    return _charges(logits, labels, counts).mean() if counts.any() else 0.0


MY_CROSS_ENTROPY = Function(
    "my_cross_entropy", "the loss", masked, MASKED_PROBES, may_use=("log_softmax",)
)
LEAVE_OUT = Exercise(
    "9.2",
    2,
    "Leave them out yourself",
    (MY_CROSS_ENTROPY,),
    (
        "Which samples count? Make an array of True and False first, and filter with it.",
        "After the filter it is sparse cross-entropy: minus the logarithm of the softmax, at the "
        "place of the label. Divide by those who are left.",
        "logits[counts] and labels[counts] are the rest; log_p[np.arange(k), labels] picks one "
        "entry from each of its k rows.",
    ),
)


@MY_CROSS_ENTROPY.mistake("The ignored samples are in the divisor still.")
def masked_over_all(logits, labels, ignore):
    counts = labels != ignore
    return _charges(logits, labels, counts).sum() / len(labels) if counts.any() else 0.0


@MY_CROSS_ENTROPY.mistake("That is the sum. Divide by the samples that count.")
def masked_sum(logits, labels, ignore):
    counts = labels != ignore
    return _charges(logits, labels, counts).sum() if counts.any() else 0.0


@MY_CROSS_ENTROPY.mistake("If nobody is left it is 0/0. Return 0 in that case.")
def masked_nan(logits, labels, ignore):
    return masked(logits, labels, ignore) if np.any(labels != ignore) else np.nan


@MY_CROSS_ENTROPY.mistake(
    "It leaves out labels that are no class. What if `ignore` is a class, as 0?"
)
def masked_negative(logits, labels, ignore):
    counts = (labels >= 0) & (labels < logits.shape[1])
    return _charges(logits, labels, counts).mean() if counts.any() else 0.0


@MY_CROSS_ENTROPY.mistake("Right until exp overflows. Take the logarithm of the softmax in one go.")
def masked_naive(logits, labels, ignore):
    counts = labels != ignore
    if not counts.any():
        return 0.0
    with np.errstate(all="ignore"):
        odds = np.exp(logits[counts])
        p = odds / odds.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(counts.sum()), labels[counts]]))


@MY_CROSS_ENTROPY.mistake("The minus sign is missing: a charge is positive.")
def masked_flipped(logits, labels, ignore):
    return -masked(logits, labels, ignore)


def _errors():
    rng = np.random.default_rng(91)
    yield "a single sample", [0.0], [2.0], 2.0, 1.0
    yield "hand-size", [1.0, 3.0], [2.0, 1.0], 1.0, 1.0
    yield "zero error", [1.0, 2.0], [1.0, 2.5], 0.5, 1.0
    for size in (3, 5, 9):
        knob, upstream = rng.uniform(0.5, 3), rng.uniform(2, 4)
        yield "random", rng.normal(size=size), rng.normal(scale=3, size=size), knob, upstream
    yield "an upstream below zero", [0.0, 1.0], [1.5, -1.0], 1.5, -2.0
    yield "errors of ten thousand", [0.0, 0.0], [1e4, -1.0], 2.0, 0.5
    yield "two axes", [[0.0, 1.0], [2.0, 4.0]], [[1.0, 1.5], [0.0, 4.5]], 1.0, 3.0


CAUCHY_PROBES = tuple(
    Probe(kind, {"y_true": np.array(y), "y_pred": np.array(p), "scale": scale})
    for kind, y, p, scale, _ in _errors()
)
BACKWARD_PROBES = tuple(
    Probe(
        kind,
        {"y_true": np.array(y), "y_pred": np.array(p), "scale": scale, "upstream": upstream},
    )
    for kind, y, p, scale, upstream in _errors()
)


def cauchy(y_true, y_pred, scale):
    return np.mean(np.log1p(((y_pred - y_true) / scale) ** 2))


def backward(y_true, y_pred, scale, upstream):
    error = y_pred - y_true
    return upstream * 2 * error / (scale**2 + error**2) / np.size(error)


MY_CAUCHY = Function("my_cauchy", "value", cauchy, CAUCHY_PROBES)
MY_CAUCHY_BACKWARD = Function(
    "my_cauchy_backward", "what backward returns", backward, BACKWARD_PROBES
)
OWN_BACKWARD = Exercise(
    "9.3",
    2,
    "A backward of your own",
    (MY_CAUCHY, MY_CAUCHY_BACKWARD),
    (
        "Name the error first, then the ratio of error and scale. The value is a mean of "
        "logarithms.",
        "For the gradient: derivative of the logarithm, of the square, of the division. Three "
        "factors, and the mean's 1/n.",
        "The derivative of ln(1 + u) is 1/(1 + u), and of (e/c)² it is 2e/c². What arrives from "
        "above multiplies everything.",
    ),
)


@MY_CAUCHY.mistake("That is the sum. Take the mean.")
def cauchy_sum(y_true, y_pred, scale):
    return cauchy(y_true, y_pred, scale) * np.size(y_true)


@MY_CAUCHY.mistake("The scale is inside the square: (e/c)², not e²/c.")
def cauchy_outer_square(y_true, y_pred, scale):
    return np.mean(np.log1p((y_pred - y_true) ** 2 / scale))


@MY_CAUCHY.mistake("The 1 is missing: no error must cost ln 1, nothing.")
def cauchy_no_one(y_true, y_pred, scale):
    with np.errstate(divide="ignore"):
        return np.mean(np.log(((y_pred - y_true) / scale) ** 2))


@MY_CAUCHY.mistake("First the logarithm of each, then the mean.")
def cauchy_logarithm_last(y_true, y_pred, scale):
    return np.log1p(np.mean(((y_pred - y_true) / scale) ** 2))


@MY_CAUCHY_BACKWARD.mistake(
    "`upstream` is ignored: a weight in front of this loss would have no effect."
)
def backward_alone(y_true, y_pred, scale, upstream):
    return backward(y_true, y_pred, scale, 1.0) + 0 * upstream


@MY_CAUCHY_BACKWARD.mistake("The mean's 1/n is missing.")
def backward_sum(y_true, y_pred, scale, upstream):
    return backward(y_true, y_pred, scale, upstream) * np.size(y_true)


@MY_CAUCHY_BACKWARD.mistake("With two axes, n counts all entries, not the rows.")
def backward_rows(y_true, y_pred, scale, upstream):
    return backward(y_true, y_pred, scale, upstream) * np.size(y_true) / len(y_true)


@MY_CAUCHY_BACKWARD.mistake("The sign is flipped: prediction minus truth.")
def backward_flipped(y_true, y_pred, scale, upstream):
    return -backward(y_true, y_pred, scale, upstream)


@MY_CAUCHY_BACKWARD.mistake("The inner derivative, 2e/c², is missing.")
def backward_no_inner(y_true, y_pred, scale, upstream):
    ratio = (y_pred - y_true) / scale
    return upstream / (1 + ratio**2) / np.size(ratio)


@MY_CAUCHY_BACKWARD.mistake("The division by c has a derivative too: 1/c, once more.")
def backward_no_scale(y_true, y_pred, scale, upstream):
    return scale * backward(y_true, y_pred, scale, upstream)


@MY_CAUCHY_BACKWARD.mistake("The 2 of the square is missing.")
def backward_half(y_true, y_pred, scale, upstream):
    return backward(y_true, y_pred, scale, upstream) / 2


BEST_THAT_WAS_NOT = Exercise(
    "9.4",
    2,
    "The best that was not",
    (
        Choice("fault", "the fault", "c").mistakes(
            a="The forward pass stores values; `zero_grad` clears gradients only.",
            b="Measured afterwards, it belongs to the weights that are kept.",
            d="Before the loop there is nothing to bring back.",
        ),
        Number("comes_back", "the loss that comes back", 0.58, 2).mistakes(
            (0.45, "That is what it was meant to bring back. What does `best` hold?"),
            (0.61, "That is the first epoch. `best` was set again after it."),
            (0.52, "That is the epoch after the best. The training went on."),
        ),
    ),
    (
        "Which of the four could you test with a model that has a single weight?",
        "Keep `state_dict()`, change the weight, and look at what you kept.",
        "If `best` always shows the present weights, which weights are loaded at the end?",
    ),
)


FLOAT16 = Exercise(
    "9.5",
    1,
    "At the edge of float16",
    (
        Number("error", "the error", 256, 0).mistakes(
            (255, "Its square still fits. One more."),
            (257, "One too many: 256 squared is 65536."),
            (65505, "That is the first number that does not fit. Asked for is the error."),
        ),
        Number("k", "the power of two", 5, 0).mistakes(
            (4, "That gives 1.6e-8, below the limit: one more doubling."),
            (6, "Five doublings are enough."),
            (
                16,
                "That brings it to the smallest number with all its digits. It must only not be "
                "zero.",
            ),
            (30, "That makes it larger than 1. It must only not be zero."),
        ),
        Number("m", "the power of ten", 6, 0).mistakes(
            (8, "Each pixel has a probability of one hundredth, not of one."),
            (5, "That leaves 1e-7, which is stored, with few digits."),
            (7, "It is zero earlier than that: divide 0.01 by a million."),
        ),
    ),
    (
        "For the error: whose square is beyond 65504? Take the square root.",
        "Two to the power −25 is about 3e-8. How often must you double 1e-9 to get beyond?",
        "The gradient of the mean is probability minus label, over the number of pixels.",
    ),
)


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
    return share / (1 - share) * _length(grad_a) / _length(grad_b)


MY_WEIGHT = Function("my_weight", "the weight", weight, WEIGHT_PROBES)
EXCHANGE_RATE = Exercise(
    "9.6",
    2,
    "An exchange rate",
    (
        MY_WEIGHT,
        Array("shares", "the shares", (1 / 9, 1 / 2, 3 / 4)).mistakes(
            ((1 / 8, 1, 3), "Those are odds, λb over a. The share has both below."),
            ((8 / 9, 1 / 2, 1 / 4), "Those are the shares of the first loss."),
        ),
    ),
    (
        "Call the two lengths a and b. Write the share down, then solve for λ.",
        "Odds once more: the share over the rest is λb over a.",
        "The length of an array of any shape is the square root of the sum of its squares.",
    ),
)


@MY_WEIGHT.mistake("The ratio of the lengths is upside down.")
def weight_inverted(grad_a, grad_b, share):
    return share / (1 - share) * _length(grad_b) / _length(grad_a)


@MY_WEIGHT.mistake("The share must enter as odds: share / (1 − share).")
def weight_no_odds(grad_a, grad_b, share):
    return share * _length(grad_a) / _length(grad_b)


@MY_WEIGHT.mistake("That is the share of the *first* loss.")
def weight_first(grad_a, grad_b, share):
    return (1 - share) / share * _length(grad_a) / _length(grad_b)


@MY_WEIGHT.mistake("Those are squared lengths. Take the root.")
def weight_squared(grad_a, grad_b, share):
    return share / (1 - share) * np.sum(grad_a**2) / np.sum(grad_b**2)


@MY_WEIGHT.mistake("The length is the root of the sum of squares.")
def weight_sums(grad_a, grad_b, share):
    return share / (1 - share) * np.sum(np.abs(grad_a)) / np.sum(np.abs(grad_b))


@MY_WEIGHT.mistake("That is right for a share of one half only.")
def weight_equal(grad_a, grad_b, share):
    return _length(grad_a) / _length(grad_b) + 0 * share


LARGEST = 65504


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
    return _film(gradients, start, patience, too_large=_any)


MY_SCALES = Function("my_scales", "the scales", scales, FILM_PROBES)
LOSS_SCALER = Exercise(
    "9.7",
    3,
    "A loss scaler of your own",
    (MY_SCALES,),
    (
        "Keep two things from step to step: the scale, and how many good steps in a row.",
        "Note the scale first. Then look: is any scaled gradient, without its sign, beyond the "
        "largest float16?",
        "The counter goes back to zero in two cases: after a skipped step, and after doubling.",
    ),
)


@MY_SCALES.mistake("That is the scale after each step. Note it before.")
def scales_after(gradients, start, patience):
    return _film(gradients, start, patience, too_large=_any, after=True)


@MY_SCALES.mistake("A skipped step must set the counter back to zero.")
def scales_no_reset(gradients, start, patience):
    return _film(gradients, start, patience, too_large=_any, reset=False)


@MY_SCALES.mistake("After doubling, the counting starts anew.")
def scales_not_again(gradients, start, patience):
    return _film(gradients, start, patience, too_large=_any, again=False)


@MY_SCALES.mistake("One step too late: double after `patience` good steps.")
def scales_late(gradients, start, patience):
    return _film(gradients, start, patience + 1, too_large=_any)


@MY_SCALES.mistake("65504 itself still fits: skip only what is beyond it.")
def scales_edge(gradients, start, patience):
    return _film(
        gradients, start, patience, too_large=lambda g, s: np.any(np.abs(g) * s >= LARGEST)
    )


@MY_SCALES.mistake(
    "The length of the row is compared with 65504. A single entry overflows or does not, whatever "
    "the others are."
)
def scales_by_length(gradients, start, patience):
    return _film(
        gradients, start, patience, too_large=lambda g, s: np.sqrt(np.sum((g * s) ** 2)) > LARGEST
    )


@MY_SCALES.mistake("Gradients below zero overflow too: compare sizes.")
def scales_signed(gradients, start, patience):
    return _film(gradients, start, patience, too_large=lambda g, s: np.any(g * s > LARGEST))


@MY_SCALES.mistake("One gradient that overflows is enough to skip the step.")
def scales_all(gradients, start, patience):
    return _film(gradients, start, patience, too_large=lambda g, s: np.all(np.abs(g) * s > LARGEST))


@MY_SCALES.mistake("It never doubles. What happens after `patience` steps?")
def scales_never_up(gradients, start, patience):
    return _film(gradients, start, len(gradients) + 1 + 0 * patience, too_large=_any)


@MY_SCALES.mistake("It is the *scaled* gradient that must fit.")
def scales_unscaled(gradients, start, patience):
    return _film(gradients, start, patience, too_large=lambda g, _: np.any(np.abs(g) > LARGEST))


EXERCISES = (
    WEIGHTS_FROM_COUNTS,
    LEAVE_OUT,
    OWN_BACKWARD,
    BEST_THAT_WAS_NOT,
    FLOAT16,
    EXCHANGE_RATE,
    LOSS_SCALER,
)
