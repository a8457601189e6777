"""Exercises on losses for regression."""

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number
from lossutils.exercises.probes import regression_probes

THREE_FORECASTS = Exercise(
    "3.1",
    1,
    "Three forecasts by hand",
    (
        Number("mse", "the MSE", 17 / 3).mistakes(
            (17, "That is the sum of the squares. The M says mean: divide by n."),
            (17 / 2, "The perfect forecast counts too: n is 3, not 2."),
            ((17 / 3) ** 0.5, "That is the RMSE. Leave the root out."),
            (17 / 6, "That is half of it. This course's MSE has no ½ in front."),
            (1, "The mean of the errors was squared. Square each error, then average."),
        ),
        Number("mae", "the MAE", 5 / 3).mistakes(
            (5, "That is the sum. The M says mean: divide by n."),
            (5 / 2, "The perfect forecast counts too: n is 3, not 2."),
            (-1, "Too high and too low cancel here. Drop the signs before you average."),
            (1, "Too high and too low cancel here. Drop the signs before you average."),
        ),
    ),
    (
        "Begin with the three errors: prediction minus truth. One of them is zero.",
        "Square each error for one loss; drop each sign for the other. Then average.",
        "An error of zero adds nothing to the sum and still counts as a sample: n is 3.",
    ),
)


def huber(y_true, y_pred, delta):
    return lu.huber_loss(y_true, y_pred, delta=delta)


def huber_grad(y_true, y_pred, delta):
    return lu.huber_loss_grad(y_true, y_pred, delta=delta)


HUBER_PROBES = regression_probes(delta=(1.0, 2.0, 0.25))
MY_HUBER = Function("my_huber", "value", huber, HUBER_PROBES, may_use=())
MY_HUBER_GRAD = Function("my_huber_grad", "gradient", huber_grad, HUBER_PROBES, may_use=())
HUBER = Exercise(
    "3.2",
    2,
    "Huber from scratch",
    (MY_HUBER, MY_HUBER_GRAD),
    (
        "Compute the error and its size first. Which of the two decides on the piece?",
        "np.where(condition, a, b) takes a where the condition holds and b elsewhere. Average at "
        "the very end.",
        "The gradient is the error, clipped to ±δ; NumPy has a function of that name. Then think "
        "of the mean.",
    ),
)


def _error(y_true, y_pred):
    return np.asarray(y_pred, dtype=float) - y_true


def _piecewise(y_true, y_pred, delta, inside, outside):
    e = np.abs(_error(y_true, y_pred))
    return np.mean(np.where(e <= delta, inside(e, delta), outside(e, delta)))


def _half_square(e, delta):
    return e**2 / 2


def _line(e, delta):
    return delta * e - delta**2 / 2


@MY_HUBER.mistake("Small errors cost twice too much: half the square.")
def huber_whole_square(y_true, y_pred, delta):
    return _piecewise(y_true, y_pred, delta, lambda e, d: e**2, _line)


@MY_HUBER.mistake(
    "Large errors cost too much: the straight piece is lowered by ½δ², so that it meets the curve."
)
def huber_high_line(y_true, y_pred, delta):
    return _piecewise(y_true, y_pred, delta, _half_square, lambda e, d: d * e)


@MY_HUBER.mistake(
    "Large errors cost too little: the straight piece is lowered by half of δ², not by all of it."
)
def huber_low_line(y_true, y_pred, delta):
    return _piecewise(y_true, y_pred, delta, _half_square, lambda e, d: d * e - d**2)


@MY_HUBER.mistake("The straight piece is right for δ = 1 only. Use delta.")
def huber_fixed_line(y_true, y_pred, delta):
    return _piecewise(y_true, y_pred, delta, _half_square, lambda e, d: e - 0.5)


@MY_HUBER.mistake("Right at δ = 1 only: what lowers the line is ½ δ squared.")
def huber_unsquared(y_true, y_pred, delta):
    return _piecewise(y_true, y_pred, delta, _half_square, lambda e, d: d * e - d / 2)


@MY_HUBER.mistake("The pieces are swapped: the curve belongs near zero.")
def huber_swapped(y_true, y_pred, delta):
    return _piecewise(y_true, y_pred, delta, _line, _half_square)


@MY_HUBER.mistake(
    "Predictions far too low are charged by the curve. Compare the *size* of the error with δ."
)
def huber_one_sided(y_true, y_pred, delta):
    e = _error(y_true, y_pred)
    return np.mean(np.where(e <= delta, e**2 / 2, delta * np.abs(e) - delta**2 / 2))


@MY_HUBER.mistake("That is SmoothL1, which is Huber divided by δ.")
def smooth_l1(y_true, y_pred, delta):
    return huber(y_true, y_pred, delta) / delta


@MY_HUBER.mistake("That is the sum over the samples. Take the mean.")
def huber_sum(y_true, y_pred, delta):
    return lu.huber_loss(y_true, y_pred, delta=delta, reduction="sum")


@MY_HUBER.mistake("Right for δ = 1 only: delta does not enter.")
def huber_default(y_true, y_pred, delta):
    return huber(y_true, y_pred, 1.0 + 0 * delta)


@MY_HUBER_GRAD.mistake("Right for δ = 1 only: delta does not enter.")
def huber_grad_default(y_true, y_pred, delta):
    return huber_grad(y_true, y_pred, 1.0 + 0 * delta)


@MY_HUBER_GRAD.mistake("That is the gradient of SmoothL1, which is Huber's divided by δ.")
def smooth_l1_grad(y_true, y_pred, delta):
    return huber_grad(y_true, y_pred, delta) / delta


@MY_HUBER_GRAD.mistake(
    "The error is clipped after it was divided by n. Clip each error first, then divide."
)
def huber_grad_clipped_late(y_true, y_pred, delta):
    e = _error(y_true, y_pred)
    return np.clip(e / e.size, -delta, delta)


@MY_HUBER_GRAD.mistake("That is MSE's gradient cut in half: nothing is clipped. Where is delta?")
def huber_grad_unclipped(y_true, y_pred, delta):
    e = _error(y_true, y_pred)
    return e / e.size + 0 * delta


@MY_HUBER_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def huber_grad_sum(y_true, y_pred, delta):
    return lu.huber_loss_grad(y_true, y_pred, delta=delta, reduction="sum")


@MY_HUBER_GRAD.mistake("Beyond δ the slope is δ, not 1. At δ = 1 it is the same.")
def huber_grad_unit(y_true, y_pred, delta):
    e = _error(y_true, y_pred)
    return np.where(np.abs(e) <= delta, e, np.sign(e)) / e.size


@MY_HUBER_GRAD.mistake("Small errors: ½e² has the slope e, not 2e.")
def huber_grad_double(y_true, y_pred, delta):
    e = _error(y_true, y_pred)
    return np.where(np.abs(e) <= delta, 2 * e, delta * np.sign(e)) / e.size


@MY_HUBER_GRAD.mistake("Far too low is pushed the wrong way: use the sign.")
def huber_grad_unsigned(y_true, y_pred, delta):
    e = _error(y_true, y_pred)
    return np.where(np.abs(e) <= delta, e, delta) / e.size


@MY_HUBER_GRAD.mistake("The sign is flipped: prediction minus truth.")
def huber_grad_flipped(y_true, y_pred, delta):
    return -huber_grad(y_true, y_pred, delta)


WHO_PULLS = Exercise(
    "3.3",
    1,
    "Who pulls?",
    (
        Number("share_mse", "the share under MSE", 7 / 10).mistakes(
            (49 / 52, "That is its share of the *loss*. What trains is the gradient."),
            (7 / 3, "That compares it with the others. Divide by all four together."),
        ),
        Number("share_mae", "the share under MAE", 1 / 4).mistakes(
            (7 / 10, "That is its share of the *loss*. MAE's pushes are signs."),
            (1 / 3, "That compares it with the others. Divide by all four together."),
        ),
        Number("share_huber", "the share under Huber", 2 / 5).mistakes(
            (12 / 13.5, "That is its share of the *loss*. What trains is the gradient."),
            (1 / 4, "At δ = 2, errors of 1 are not clipped and pull less than the 7."),
            (2 / 3, "That compares it with the others. Divide by all four together."),
            (7 / 10, "The 7 is beyond δ: how hard may it pull at most?"),
        ),
    ),
    (
        "A share is one push divided by the sizes of all pushes. Write down four pushes.",
        "The factors 2/n and 1/n are the same for all four, so they cancel.",
        "The pushes: the errors themselves; their signs; the errors clipped to ±2.",
    ),
)


def log_cosh(y_true, y_pred):
    return lu.log_cosh_loss(y_true, y_pred)


def log_cosh_grad(y_true, y_pred):
    return lu.log_cosh_loss_grad(y_true, y_pred)


MY_LOG_COSH = Function("my_log_cosh", "value", log_cosh, regression_probes())
MY_LOG_COSH_GRAD = Function("my_log_cosh_grad", "gradient", log_cosh_grad, regression_probes())
LOG_COSH = Exercise(
    "3.4",
    2,
    "Log-cosh that holds",
    (MY_LOG_COSH, MY_LOG_COSH_GRAD),
    (
        "cosh e is half of e to the e plus e to the minus e. Which of the two is large?",
        "Take the large one out of the logarithm: |e| plus the log of what is left.",
        "Left in the logarithm is half of 1 + exp(-2|e|), and np.log1p takes it best. The "
        "gradient is a function that NumPy has by name.",
    ),
)


@MY_LOG_COSH.mistake(
    "The formula is right, and the computer cannot hold cosh of ten thousand. Take the large "
    "exponential out of the logarithm."
)
def log_cosh_naive(y_true, y_pred):
    return np.mean(np.log(np.cosh(_error(y_true, y_pred))))


@MY_LOG_COSH.mistake(
    "Clipping hides the overflow: errors of a thousand and of a million cost the same."
)
def log_cosh_clipped(y_true, y_pred):
    return np.mean(np.log(np.cosh(np.clip(_error(y_true, y_pred), -700, 700))))


@MY_LOG_COSH.mistake("Right for positive errors. Negative ones overflow.")
def log_cosh_signed(y_true, y_pred):
    e = _error(y_true, y_pred)
    return np.mean(e + np.log1p(np.exp(-2 * e)) - np.log(2))


@MY_LOG_COSH.mistake("Right for large errors only. At zero it is below zero.")
def log_cosh_line(y_true, y_pred):
    return np.mean(np.abs(_error(y_true, y_pred)) - np.log(2))


@MY_LOG_COSH.mistake("log 2 too much: a perfect prediction must cost 0.")
def log_cosh_no_log2(y_true, y_pred):
    e = _error(y_true, y_pred)
    return np.mean(np.logaddexp(e, -e))


@MY_LOG_COSH.mistake("That is the sum over the samples. Take the mean.")
def log_cosh_sum(y_true, y_pred):
    return lu.log_cosh_loss(y_true, y_pred, reduction="sum")


@MY_LOG_COSH.mistake("The mean is taken too early: first the logarithm of each, then the mean.")
def log_cosh_late_logarithm(y_true, y_pred):
    return np.log(np.mean(np.cosh(_error(y_true, y_pred))))


@MY_LOG_COSH.mistake("That is the logarithm to base 2. Here it is np.log.")
def log_cosh_base_two(y_true, y_pred):
    return np.mean(np.log2(np.cosh(_error(y_true, y_pred))))


@MY_LOG_COSH.mistake("There is a 1 too much in the logarithm: a perfect prediction must cost 0.")
def log_cosh_one_more(y_true, y_pred):
    return np.mean(np.log1p(np.cosh(_error(y_true, y_pred))))


@MY_LOG_COSH_GRAD.mistake(
    "The formula is right; far out it is infinity over infinity. NumPy has sinh over cosh in one "
    "function."
)
def log_cosh_grad_naive(y_true, y_pred):
    e = _error(y_true, y_pred)
    return np.sinh(e) / np.cosh(e) / e.size


@MY_LOG_COSH_GRAD.mistake("The chain rule: 1/cosh, times cosh's own slope.")
def log_cosh_grad_half_rule(y_true, y_pred):
    e = _error(y_true, y_pred)
    return 1 / np.cosh(e) / e.size


@MY_LOG_COSH_GRAD.mistake("You differentiated twice: that is the slope of the slope.")
def log_cosh_grad_curvature(y_true, y_pred):
    e = _error(y_true, y_pred)
    return (1 - np.tanh(e) ** 2) / e.size


@MY_LOG_COSH_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def log_cosh_grad_sum(y_true, y_pred):
    return np.tanh(_error(y_true, y_pred))


def pinball(y_true, y_pred, quantile):
    return lu.pinball_loss(y_true, y_pred, quantile=quantile)


def pinball_grad(y_true, y_pred, quantile):
    return lu.pinball_loss_grad(y_true, y_pred, quantile=quantile)


PINBALL_PROBES = regression_probes(quantile=(0.5, 0.9, 0.2))
MY_PINBALL = Function("my_pinball", "value", pinball, PINBALL_PROBES)
MY_PINBALL_GRAD = Function("my_pinball_grad", "gradient", pinball_grad, PINBALL_PROBES)
TWO_PRICES = Exercise(
    "3.5",
    2,
    "Two prices",
    (MY_PINBALL, MY_PINBALL_GRAD),
    (
        "First make clear which side costs what: at quantile 0.9, being too low is expensive.",
        "Too low means a negative error. Each unit then costs the quantile, and still more than "
        "nothing.",
        "For the gradient there are three cases: too high, too low and exact. np.where can stand "
        "inside np.where.",
    ),
)


@MY_PINBALL.mistake("The prices are swapped: too low costs the quantile.")
def pinball_swapped(y_true, y_pred, quantile):
    return pinball(y_true, y_pred, 1 - quantile)


@MY_PINBALL.mistake("Both sides cost the quantile. Too high costs the rest.")
def pinball_one_price(y_true, y_pred, quantile):
    return quantile * lu.mae_loss(y_true, y_pred)


@MY_PINBALL.mistake("Predictions that are too low are charged less than 0.")
def pinball_signed(y_true, y_pred, quantile):
    e = _error(y_true, y_pred)
    return np.mean(np.where(e > 0, (1 - quantile) * e, quantile * e))


@MY_PINBALL.mistake("Of the two lines the larger counts, not the smaller.")
def pinball_minimum(y_true, y_pred, quantile):
    e = _error(y_true, y_pred)
    return np.mean(np.minimum((1 - quantile) * e, -quantile * e))


@MY_PINBALL.mistake("That is the sum over the samples. Take the mean.")
def pinball_sum(y_true, y_pred, quantile):
    return pinball(y_true, y_pred, quantile) * np.size(y_true)


@MY_PINBALL_GRAD.mistake("The slopes are swapped: too low costs the quantile.")
def pinball_grad_swapped(y_true, y_pred, quantile):
    return pinball_grad(y_true, y_pred, 1 - quantile)


@MY_PINBALL_GRAD.mistake("The sign is flipped: too high must push down.")
def pinball_grad_flipped(y_true, y_pred, quantile):
    return -pinball_grad(y_true, y_pred, quantile)


@MY_PINBALL_GRAD.mistake("Below the target more prediction costs less: minus.")
def pinball_grad_unsigned(y_true, y_pred, quantile):
    return np.abs(pinball_grad(y_true, y_pred, quantile))


@MY_PINBALL_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def pinball_grad_sum(y_true, y_pred, quantile):
    return pinball_grad(y_true, y_pred, quantile) * np.size(y_true)


@MY_PINBALL_GRAD.mistake("A perfect prediction is pushed down. Return 0.")
def pinball_grad_kink_high(y_true, y_pred, quantile):
    e = _error(y_true, y_pred)
    return np.where(e >= 0, 1 - quantile, -quantile) / e.size


@MY_PINBALL_GRAD.mistake("A perfect prediction is pushed up. Return 0.")
def pinball_grad_kink_low(y_true, y_pred, quantile):
    e = _error(y_true, y_pred)
    return np.where(e > 0, 1 - quantile, -quantile) / e.size


FERRY = Exercise(
    "3.6",
    3,
    "The ferry's three promises",
    (
        Array("best", "the best promises", (3.0, 8.0, 30.0), 1, 0.06).mistakes(
            ((30.0, 8.0, 3.0), "The outer two are swapped. Which one is rarely too low?"),
            ((8.0, 8.0, 8.0), "That is the median three times. Does the quantile reach the loss?"),
            (
                (2.0, 8.0, 60.0),
                "Those are the shortest, the middle and the longest wait. How many waits may "
                "exceed the last promise, at a quantile of nine tenths?",
            ),
            (
                (1.0, 5.0, 9.0),
                "Those are places in the sorted list, counted from 0. Which waits are there?",
            ),
        ),
    ),
    (
        "Try every whole minute from 0 to 60 as the promise, and look for the cheapest.",
        "The promise is one number: repeat it for all eleven waits, with np.full(11, promise).",
        "One loop over the quantiles, one over the promises; np.argmin finds the place of the "
        "smallest.",
    ),
)


LEAP = Exercise(
    "3.7",
    3,
    "A leap at the threshold",
    (
        Choice("fault", "the fault", "b").mistakes(
            a="Small errors do get half their square. Look at the other piece.",
            c="The slope beyond δ is δ, as it should be. Look at the height.",
            d="A constant everywhere would change nothing. This one is taken off beyond δ only.",
        ),
        Number("leap", "the leap", 2.0).mistakes(
            (0.5, "That is the leap at δ = 1. Here δ is 2, and it enters squared."),
            (4.0, "That is all of δ². At the threshold, what does each piece charge?"),
            (1.0, "That is half of δ. At the threshold the curve charges ½δ²."),
        ),
    ),
    (
        "Plot it, or print its value for one sample with errors around the threshold.",
        "Compare both pieces at |e| = δ. What should they have in common there?",
        "Put |e| = δ into the straight piece: once as it stands, once as in the chapter.",
    ),
)


EXERCISES = (
    THREE_FORECASTS,
    HUBER,
    WHO_PULLS,
    LOG_COSH,
    TWO_PRICES,
    FERRY,
    LEAP,
)
