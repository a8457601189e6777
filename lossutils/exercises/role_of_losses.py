"""Exercises on the role of a loss: from the loss to the weights."""

import math

import numpy as np

from lossutils.exercises.model import Exercise, Function, Number, Probe

ONE_STEP = Exercise(
    "2.1",
    1,
    "One step by hand",
    (
        Number("gradient", "the gradient", -6.0).mistakes(
            (6.0, "The sign: the error is prediction minus truth, and both are too low."),
            (-12.0, "That is the sum over the two houses. MSE is a mean: divide by n."),
            (-3.0, "The 2 is missing: the derivative of a square is twice the inside."),
            (-4.0, "That is the gradient for an offset b. For w, each error meets its x."),
        ),
        Number("new_w", "the new weight", 1.6).mistakes(
            (0.4, "That is a step along the gradient. The update goes against it."),
            (7.0, "The learning rate is missing: a tenth of the gradient is enough."),
            (0.6, "That is the length of the step. Where does it lead from w = 1?"),
        ),
    ),
    (
        "Write down both predictions and both errors first.",
        "Each error is multiplied by its own x: that is the chain rule's second factor.",
        "The gradient is 2/n times the sum of error times x; the step goes against it.",
    ),
)


def _data():
    """Return ``(kind, x, y)``."""
    rng = np.random.default_rng(21)
    yield "a single sample", [2.0], [4.0]
    yield "hand-size", [1.0, 2.0], [3.0, 4.0]
    yield "hand-size", [1.0, -2.0, 0.5], [0.0, 1.0, 2.0]
    for size in (4, 5, 9):
        yield "random", rng.normal(size=size), rng.normal(size=size)
    yield "zero error", [0.0, 0.0], [0.0, 0.0]
    yield "whole numbers", [1, 2, 3], [2, 2, 7]
    yield "targets of a million", [1.0, 2.0, 3.0], [1e6, -2e6, 3e6]


STEP_PROBES = tuple(
    # The chapter trains with PyTorch, whose numbers are float32 unless one asks for more.
    Probe(kind, {"x": np.array(x), "y": np.array(y), "w": w, "b": b, "learning_rate": rate}, 1e-4)
    for kind, x, y in _data()
    for w, b, rate in ((1.0, 0.0, 0.1), (-0.5, 2.0, 0.3))
)


def _sums(x, y, w, b):
    error = w * np.asarray(x, dtype=float) + b - y
    return 2 * np.sum(error * x), 2 * np.sum(error)


def step(x, y, w, b, learning_rate):
    for_w, for_b = _sums(x, y, w, b)
    rate = learning_rate / len(x)
    return w - rate * for_w, b - rate * for_b


TRAIN_STEP = Function("train_step", "the new w and b", step, STEP_PROBES)
UPDATE = Exercise(
    "2.2",
    2,
    "The update",
    (TRAIN_STEP,),
    (
        "Four steps: forward, loss, backward, update. The loss's value is not needed here.",
        "lu.mse_loss_grad gives the gradient for each prediction. Pass it on to w and to b.",
        "For w, each slope is multiplied by its x before they are added up; for b they are only "
        "added up. Find both before you change either.",
    ),
)


@TRAIN_STEP.mistake("This climbs. The update subtracts learning rate times gradient.")
def uphill(x, y, w, b, learning_rate):
    return step(x, y, w, b, -learning_rate)


@TRAIN_STEP.mistake("The gradient is n times too large: it is that of the mean.")
def summed(x, y, w, b, learning_rate):
    return step(x, y, w, b, learning_rate * len(x))


@TRAIN_STEP.mistake("w's gradient lacks x: w acts on a prediction through w · x.")
def without_x(x, y, w, b, learning_rate):
    new_b = step(x, y, w, b, learning_rate)[1]
    return w + new_b - b, new_b


@TRAIN_STEP.mistake(
    "b's gradient is taken with the new w. Compute both gradients first, then step."
)
def one_after_the_other(x, y, w, b, learning_rate):
    new_w = step(x, y, w, b, learning_rate)[0]
    return new_w, step(x, y, new_w, b, learning_rate)[1]


@TRAIN_STEP.mistake("1/n comes twice: lu.mse_loss_grad has it in it already.")
def averaged_twice(x, y, w, b, learning_rate):
    return step(x, y, w, b, learning_rate / len(x))


@TRAIN_STEP.mistake("These are the gradients. Subtract them from w and b.")
def only_gradients(x, y, w, b, learning_rate):
    return tuple(g / len(x) for g in _sums(x, y, w, b))


@TRAIN_STEP.mistake("The 2 is missing: the derivative of a square is twice the inside.")
def half_step(x, y, w, b, learning_rate):
    return step(x, y, w, b, learning_rate / 2)


@TRAIN_STEP.mistake("The learning rate is missing: only a part of the gradient is subtracted.")
def whole_step(x, y, w, b, learning_rate):
    return step(x, y, w, b, 1.0 + 0 * learning_rate)


@TRAIN_STEP.mistake("Both are right, in the wrong order: first w, then b.")
def b_first(x, y, w, b, learning_rate):
    return step(x, y, w, b, learning_rate)[::-1]


@TRAIN_STEP.mistake("Only w has moved. b has a gradient too.")
def b_left(x, y, w, b, learning_rate):
    return step(x, y, w, b, learning_rate)[0], b


SLOPE_PROBES = tuple(
    # A numerical gradient, which the text suggests as a check, has fewer digits far out.
    Probe(
        kind,
        {"x": np.array(x), "y": np.array(y), "w": w},
        1e-3 if kind == "targets of a million" else 1e-6,
    )
    for kind, x, y in _data()
    for w in (0.5, -1.0)
)


def _links(x, y, w):
    predicted = np.exp(w) * np.asarray(x, dtype=float)
    return 2 / len(x) * (predicted - y), predicted


def slope(x, y, w):
    loss_part, link = _links(x, y, w)
    return np.sum(loss_part * link)


SLOPE_OF_W = Function("slope_of_w", "the gradient", slope, SLOPE_PROBES)
ANOTHER_LINK = Exercise(
    "2.3",
    2,
    "Another link",
    (SLOPE_OF_W,),
    (
        "Two links: from the loss to each prediction, and from each prediction to w.",
        "The first link is 2/n times the error. For the second: what is the derivative of e to "
        "the w?",
        "The exponential is its own derivative, so the second link equals the prediction.",
    ),
)


@SLOPE_OF_W.mistake("That is the link of ŷ = w x. Here w sits in an exponent.")
def linear_link(x, y, w):
    return np.sum(_links(x, y, w)[0] * x)


@SLOPE_OF_W.mistake("Only the loss's part is here. Multiply by how ŷ follows w.")
def missing_link(x, y, w):
    return np.sum(_links(x, y, w)[0])


@SLOPE_OF_W.mistake("The 2 is missing: the derivative of a square is twice ...")
def half_slope(x, y, w):
    return slope(x, y, w) / 2


@SLOPE_OF_W.mistake("It is n times too large: the 1/n of the mean is missing.")
def summed_slope(x, y, w):
    return slope(x, y, w) * len(x)


@SLOPE_OF_W.mistake("The sign is flipped: the error is prediction minus truth.")
def flipped_slope(x, y, w):
    return -slope(x, y, w)


HOW_FAR = Exercise(
    "2.4",
    1,
    "How far is too far",
    (
        Number("largest_rate", "the largest rate", 1 / 3).mistakes(
            (2 / 3, "The curvature is not the 3: differentiate twice. What comes out?"),
            (1 / 6, "That rate arrives in one step. How far beyond it may you go?"),
            (1 / 4, "That is the limit of the chapter's parabola. This one is flatter."),
        ),
        Number("one_step_rate", "the rate that arrives in one step", 1 / 6).mistakes(
            (1 / 3, "There the factor is -1 or, if you took 3 for the curvature, wrong."),
            (1 / 8, "That rate is the chapter's, for a curvature of 8. Which is it here?"),
        ),
    ),
    (
        "Write the update for w and subtract 5 on both sides, as the chapter did with 2.",
        "Each step multiplies the distance from 5 by 1 minus rate times curvature.",
        "Diverging begins where that factor is -1. One step arrives where it is 0.",
    ),
)


LAPLACE = Exercise(
    "2.5",
    2,
    "From Laplace to MAE",
    (
        Number("scale", "the scale", 4.0).mistakes(
            (0.25, "That is s itself. The error is divided by it."),
            (8.0, "That is 1 / (2σ²) with σ = ¼: the factor of the Gaussian."),
            (-4.0, "The sign: the *negative* logarithm turns minus |e| / s around."),
        ),
        Number("constant", "the constant", -math.log(2)).mistakes(
            (math.log(2), "The sign: 2 s is less than 1. Is its logarithm positive?"),
            (
                math.log(math.sqrt(2 * math.pi) / 4),
                "That is the constant of the Gaussian. Laplace's has no root and no π.",
            ),
            (-math.log10(2), "That is the logarithm to base 10. Here it is np.log."),
            (0.5, "That is 2 s. Its logarithm is still to be taken."),
        ),
    ),
    (
        "Take the negative logarithm of the density before you put in a number.",
        "The logarithm turns the product into a sum, and undoes the exponential.",
        "The NLL is MAE divided by s, plus the logarithm of 2 s. It may be negative.",
    ),
)


SIZE = np.array([0.5, 0.6, 0.8, 1.0, 1.1, 1.3, 1.5, 1.6])


# The second derivatives of the MSE of w * x + b are 2/n times these sums.
CURVATURES = 2 / SIZE.size * np.array([[np.sum(SIZE**2), np.sum(SIZE)], [np.sum(SIZE), SIZE.size]])
LIMIT = 2 / float(np.linalg.eigvalsh(CURVATURES)[-1])
LIMIT_OF_A_LINE = Exercise(
    "2.6",
    3,
    "The limit of a line",
    (
        Number("limit_mean", "the limit with the mean", LIMIT, 2).mistakes(
            (LIMIT / 2, "Half of the limit: it is 2 divided by the curvature, not 1."),
            (0.3, "That is the rate the chapter used. The limit is larger."),
            (
                1 / np.mean(SIZE**2),
                "That is the limit if only w learns. With b there is a steeper direction.",
            ),
        ),
        Number("limit_sum", "the limit with the sum, four copies", LIMIT / 32, 4).mistakes(
            (LIMIT / 8, "That is for the eight houses once. The batch holds 32."),
            (LIMIT, "That is the mean's limit. The sum's gradient is n times as long."),
            (LIMIT / 4, "Four copies are 32 houses: divide by the houses."),
        ),
    ),
    (
        "Try rates: train for a few hundred steps, and see whether the loss explodes.",
        "Halve the interval: if the middle rate explodes it is the new upper end.",
        "By formula: 2 divided by the largest curvature, an eigenvalue of the matrix of second "
        "derivatives. For the sum, how many houses are in the batch?",
    ),
)


EXERCISES = (
    ONE_STEP,
    UPDATE,
    ANOTHER_LINK,
    HOW_FAR,
    LAPLACE,
    LIMIT_OF_A_LINE,
)
