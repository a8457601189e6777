"""Exercises of the conclusion: two that look back, and the capstone."""

import functools

import numpy as np

from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Probe
from lossutils.exercises.probes import regression_probes

AT_MOST_SO_HARD = Exercise(
    "11.1",
    1,
    "At most so hard",
    (
        Array("limits", "the five limits", (1.0, 3.0, 0.9, 9.0, 1.0)).mistakes(
            (
                (1.0, 1.0, 0.9, 9.0, 1.0),
                "Huber's push is capped at δ. It is 1 for δ = 1 only, and for SmoothL1.",
            ),
            (
                (1.0, 3.0, 0.1, 9.0, 1.0),
                "Pinball at one tenth pushes gently up and hard down: 1 − τ is the larger.",
            ),
            (
                (1.0, 3.0, 0.9, 1.0, 1.0),
                "The positive weight multiplies the push of a positive: 9 votes.",
            ),
            (
                (1.0, 3.0, 0.9, 9.0, 2.0),
                "Hinge's push is a vote of 1. The 2 belongs to the square, where it has no limit.",
            ),
        ),
        Choice("unlimited", "the loss without a limit", "c").mistakes(
            a="Its gradient is tanh e, and that stays below 1.",
            b="Its push has a bump a little above 1, and no more.",
            d="Its gradient is a difference of two probabilities.",
        ),
    ),
    (
        "Write down each gradient first. The picture of this chapter has them all.",
        "Pinball has two slopes, one for each side. Which one is larger at one tenth?",
        "BCE's gradient is a probability minus a label, and the weight multiplies a positive.",
    ),
)


def _arrays(*values):
    return [np.asarray(value, dtype=float) for value in values]


def _count_probes():
    rng = np.random.default_rng(11)
    found = [
        ("a single sample", [2], [0.5], 1e-6),
        ("a single sample", [1], [-1.0], 1e-6),
        ("hand-size", [1, 3], [0.0, 1.0], 1e-6),
        ("a count of zero", [0], [1.5], 1e-6),
        ("a count of zero", [0, 2], [-3.0, 0.25], 1e-6),
        ("rates near zero", [0, 1], [-40.0, -800.0], 1e-6),
        ("large counts", [900, 1100], [7.0, 6.5], 1e-6),
        ("float32", np.int64([1, 4]), np.float32([0.5, 1.25]), 1e-4),
    ]
    for size in (5, 9):
        found.append(("random", rng.poisson(2, size), rng.normal(size=size), 1e-6))
    return tuple(
        Probe(kind, {"counts": np.array(counts), "z": np.array(z)}, tolerance)
        for kind, counts, z, tolerance in found
    )


COUNT_PROBES = _count_probes()


def count_nll(counts, z):
    k, z = _arrays(counts, z)
    return np.sum(np.exp(z) - k * z) / z.size


def count_nll_grad(counts, z):
    k, z = _arrays(counts, z)
    return (np.exp(z) - k) / z.size


COUNT_LOSS = Function("count_loss", "the loss", count_nll, COUNT_PROBES)
COUNT_LOSS_GRAD = Function("count_loss_grad", "the gradient", count_nll_grad, COUNT_PROBES)
SWANS = Exercise(
    "11.2",
    2,
    "Counting swans",
    (COUNT_LOSS, COUNT_LOSS_GRAD),
    (
        "Take the negative logarithm of P(k). Which of its terms contains the rate?",
        "Put the exponential of z in place of the rate. The logarithm of the rate is then z.",
        "For the gradient: the exponential is its own derivative, and the other term is a "
        "straight line in z. Then think of the mean.",
    ),
)


@COUNT_LOSS.mistake("z is the *logarithm* of the rate here; it may be below 0.")
def counts_of_rate(counts, z):
    k, z = _arrays(counts, z)
    # People write the plain logarithm: below zero it is nan for them too.
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.mean(z - k * np.log(z))


@COUNT_LOSS.mistake("The sign is flipped: likely counts must be cheap.")
def counts_flipped(counts, z):
    return -count_nll(counts, z)


@COUNT_LOSS.mistake("The rate itself costs something too: the exponential of z.")
def counts_no_exp(counts, z):
    k, z = _arrays(counts, z)
    return np.mean(z - k * z)


@COUNT_LOSS.mistake("Right up to a constant: leave out what does not contain z, the factorial.")
def counts_factorial(counts, z):
    k, z = _arrays(counts, z)
    log_factorial = np.array([np.sum(np.log(np.arange(1, n + 1))) for n in k.ravel()])
    return np.mean(np.exp(z) - k * z + log_factorial.reshape(k.shape))


@COUNT_LOSS.mistake("That is the squared error, so Gaussian. Take Poisson.")
def counts_squared(counts, z):
    k, z = _arrays(counts, z)
    return np.mean((np.exp(z) - k) ** 2)


@COUNT_LOSS.mistake("That is the sum over the samples. Take the mean.")
def counts_sum(counts, z):
    return count_nll(counts, z) * np.size(z)


@COUNT_LOSS_GRAD.mistake("That is the slope along the rate. z is asked for.")
def counts_grad_of_rate(counts, z):
    k, z = _arrays(counts, z)
    return (1 - k / np.exp(z)) / z.size


@COUNT_LOSS_GRAD.mistake("The prediction is the rate, and z its logarithm.")
def counts_grad_no_exp(counts, z):
    k, z = _arrays(counts, z)
    return (z - k) / z.size


@COUNT_LOSS_GRAD.mistake("The sign is flipped: prediction minus truth.")
def counts_grad_flipped(counts, z):
    return -count_nll_grad(counts, z)


@COUNT_LOSS_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def counts_grad_sum(counts, z):
    return count_nll_grad(counts, z) * np.size(z)


@COUNT_LOSS_GRAD.mistake("The slope of the exponential is in it once too often: it cancels here.")
def counts_grad_twice(counts, z):
    k, z = _arrays(counts, z)
    return (np.exp(z) - k) * np.exp(z) / z.size


BEFORE_YOU_CHOOSE = Exercise(
    "11.3",
    1,
    "Before you choose",
    (
        Choice("loss", "the loss to start from", "c").mistakes(
            a="MSE asks for the mean, and one record ten times too high is loud to it.",
            b="MAE does bear the typing errors. But which load does it ask for?",
            d="Robust, and like MAE it charges both sides the same. Is that so here?",
        ),
        Number("quantile", "the quantile", 3 / 4, 2).mistakes(
            (1 / 4, "Turned around: with that the van runs out three days in four."),
            (1 / 2, "One half is right if both sides cost the same."),
            (1 / 3, "Not one price over the other, but one price over the sum of both."),
            (2 / 3, "The two prices are 3 and 1: what do they add up to?"),
        ),
        Number("load", "the load for tomorrow", 160.0, 0).mistakes(
            (144.0, "That is the mean. What does it cost to be 56 cones short?"),
            (140.0, "That is the median, for equal prices."),
            (120.0, "That is the cheapest load if a cone too many cost three."),
            (200.0, "Never short, and far too many on four days of five. Add it up."),
        ),
    ),
    (
        "Say in one sentence what a wrong load costs. Which loss of chapter 3 has two prices?",
        "Raise the load by one cone: with which chance does that save three, and with which does "
        "it cost one? The two must balance.",
        "For tomorrow try all five loads, and add up what each of the five demands would cost.",
    ),
)


# `low`, `high` and `delta` vary together, so that no two of them can be mixed up unnoticed.
KNOBS = ((3.0, 1.0, 2.0), (1.0, 4.0, 0.5), (2.0, 5.0, 1.0))


def _price_probes():
    found = []
    for place, probe in enumerate(regression_probes()):
        for low, high, delta in (KNOBS[place % 3], KNOBS[(place + 1) % 3]):
            arguments = {**probe.arguments, "low": low, "high": high, "delta": delta}
            found.append(Probe(probe.kind, arguments, probe.tolerance, probe.absolute))
    return tuple(found)


PRICE_PROBES = _price_probes()


def _error(y_true, y_pred):
    return np.asarray(y_pred, dtype=float) - y_true


def _price(e, low, high):
    return np.where(e < 0, low, high)


def price(y_true, y_pred, low, high, delta):
    e = _error(y_true, y_pred)
    s = np.abs(e)
    charge = np.where(s <= delta, s**2 / (2 * delta), s - delta / 2)
    return np.sum(_price(e, low, high) * charge) / e.size


def price_grad(y_true, y_pred, low, high, delta):
    e = _error(y_true, y_pred)
    return _price(e, low, high) * np.sign(e) * np.minimum(np.abs(e) / delta, 1) / e.size


MY_LOSS = Function("my_loss", "the loss", price, PRICE_PROBES, may_use=())
MY_LOSS_GRAD = Function("my_loss_grad", "the gradient", price_grad, PRICE_PROBES, may_use=())
ROUNDED_PRICES = Exercise(
    "11.4",
    2,
    "Two prices, rounded off",
    (MY_LOSS, MY_LOSS_GRAD),
    (
        "Begin with the slope: it is described in words. Then add it up from zero to the error, "
        "that is, integrate.",
        "Up to δ that gives a parabola that reaches half of price times δ. From there on a "
        "straight line goes on, without a leap.",
        "It is one price for each side, times Huber divided by δ. For the slope np.clip does most "
        "of the work.",
    ),
)


@MY_LOSS.mistake("The prices are swapped: a load too low pays `low`.")
def price_swapped(y_true, y_pred, low, high, delta):
    return price(y_true, y_pred, high, low, delta)


@MY_LOSS.mistake("That is pinball with its kink: small errors are dearer here.")
def price_kinked(y_true, y_pred, low, high, delta):
    e = _error(y_true, y_pred)
    return np.mean(_price(e, low, high) * np.abs(e))


@MY_LOSS.mistake("δ times too much: far out each further cone costs its price, not δ times it.")
def price_huber(y_true, y_pred, low, high, delta):
    return delta * price(y_true, y_pred, low, high, delta)


@MY_LOSS.mistake("Beyond δ the charge stops growing, so its slope is zero. It is to go on.")
def price_capped(y_true, y_pred, low, high, delta):
    e = _error(y_true, y_pred)
    return np.mean(_price(e, low, high) * np.clip(e, -delta, delta) ** 2 / (2 * delta))


@MY_LOSS.mistake("At δ the charge leaps from half to the whole: lower the straight piece.")
def price_leap(y_true, y_pred, low, high, delta):
    e = _error(y_true, y_pred)
    s = np.abs(e)
    charge = np.where(s <= delta, s**2 / (2 * delta), s)
    return np.mean(_price(e, low, high) * charge)


@MY_LOSS.mistake("Near zero it is twice too much: integrate the slope.")
def price_whole_square(y_true, y_pred, low, high, delta):
    e = _error(y_true, y_pred)
    s = np.abs(e)
    charge = np.where(s <= delta, s**2 / delta, s - delta / 2)
    return np.mean(_price(e, low, high) * charge)


@MY_LOSS.mistake("Both sides pay the same price here.")
def price_one(y_true, y_pred, low, high, delta):
    return price(y_true, y_pred, low, low, delta)


@MY_LOSS.mistake("That is the sum over the days. Take the mean.")
def price_sum(y_true, y_pred, low, high, delta):
    return price(y_true, y_pred, low, high, delta) * np.size(y_true)


@MY_LOSS_GRAD.mistake("The prices are swapped: too low pays `low`.")
def price_grad_swapped(y_true, y_pred, low, high, delta):
    return price_grad(y_true, y_pred, high, low, delta)


@MY_LOSS_GRAD.mistake("Beyond δ the slope is the price, and grows no more.")
def price_grad_unclipped(y_true, y_pred, low, high, delta):
    e = _error(y_true, y_pred)
    return _price(e, low, high) * e / delta / e.size


@MY_LOSS_GRAD.mistake("That leaps at zero. Within δ the slope is smaller.")
def price_grad_kinked(y_true, y_pred, low, high, delta):
    e = _error(y_true, y_pred)
    return _price(e, low, high) * np.sign(e) / e.size


@MY_LOSS_GRAD.mistake("δ times too much: divide the error by δ, clip at one.")
def price_grad_huber(y_true, y_pred, low, high, delta):
    return delta * price_grad(y_true, y_pred, low, high, delta)


@MY_LOSS_GRAD.mistake("Too low is pushed the wrong way: use the sign.")
def price_grad_unsigned(y_true, y_pred, low, high, delta):
    return np.abs(price_grad(y_true, y_pred, low, high, delta))


@MY_LOSS_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def price_grad_sum(y_true, y_pred, low, high, delta):
    return price_grad(y_true, y_pred, low, high, delta) * np.size(y_true)


# The bills are computed without the gradient descent that learners use.
VANS, LOW, HIGH, DELTA = 20, 3.0, 1.0, 5.0


def _days(seed, n, typing_errors):
    rng = np.random.default_rng(seed)
    degrees = rng.uniform(10, 35, n)
    demand = np.round((degrees - 5) * (8 + 1.6 * rng.normal(size=n)))
    slips = rng.permutation(n)[: n // 20]
    if typing_errors:
        demand[slips] *= 10
    return degrees, demand


def _stacked(first_seed, n, typing_errors):
    drawn = [_days(first_seed + van, n, typing_errors) for van in range(VANS)]
    return tuple(np.array(part) for part in zip(*drawn, strict=True))


def _line(x, y, weight):
    """Return level and tilt of the weighted least-squares line of each row."""
    total = weight.sum(axis=1, keepdims=True)
    mean_x = (weight * x).sum(axis=1, keepdims=True) / total
    mean_y = (weight * y).sum(axis=1, keepdims=True) / total
    u = x - mean_x
    tilt = (weight * u * y).sum(axis=1, keepdims=True) / (weight * u**2).sum(axis=1, keepdims=True)
    return mean_y - tilt * mean_x, tilt


def _priced(x, y, low, high):
    """Return the line with the least charge, by least squares with weights that are renewed."""
    level, tilt = _line(x, y, np.ones_like(y))
    e, before = level + tilt * x - y, np.inf
    while np.max(np.abs(e - before)) > 1e-9:
        level, tilt = _line(x, y, np.where(e < 0, low, high) / np.maximum(np.abs(e), DELTA))
        e, before = level + tilt * x - y, e
    return level, tilt


def _bill(line, days):
    """Return what each van's loads cost a day."""
    degrees, demand = days
    e = line[0] + line[1] * degrees - demand
    return np.mean(np.where(e < 0, -LOW * e, HIGH * e), axis=1)


@functools.cache
def _bills():
    """Return the bills and the wrong bills that people get, by name."""
    new, slipped, bills = _stacked(1000, 2000, False), _stacked(1000, 2000, True), {}
    for records, typing_errors in (("typed", True), ("clean", False)):
        x, y = days = _stacked(0, 200, typing_errors)
        level, tilt = _line(x, y, np.ones_like(y))
        rest = y - level - tilt * x
        ours = _priced(x, y, LOW, HIGH)
        shift = np.quantile(rest, 3 / 4, axis=1)[:, None]
        lines = {"mse": (level, tilt), "mse_shifted": (level + shift, tilt), "ours": ours}
        for name, line in lines.items():
            bills[f"{records}_{name}"] = _bill(line, new)
            bills[f"{records}_{name}_own"] = _bill(line, days)
            bills[f"{records}_{name}_slipped"] = _bill(line, slipped)
        turned = np.quantile(rest, 1 / 4, axis=1)[:, None]
        bills[f"{records}_mse_turned"] = _bill((level + turned, tilt), new)
        bills[f"{records}_ours_turned"] = _bill(_priced(x, y, HIGH, LOW), new)
    return bills


@functools.cache
def _means():
    return {name: float(values.mean()) for name, values in _bills().items()}


def _means_of(pattern):
    """Return three mean bills: MSE, MSE shifted, and the loss with two prices."""
    return tuple(_means()[pattern.format(line)] for line in ("mse", "mse_shifted", "ours"))


def _asked_of_the_vans():
    first, second, third = typed = _means_of("typed_{}")
    of_van_0 = (_bills()[f"typed_{line}"][0] for line in ("mse", "mse_shifted", "ours"))
    return (
        Array("bills", "the three bills", typed, 2).mistakes(
            (
                (first, _means()["typed_mse_turned"], third),
                "The second: the line is shifted to the quantile one quarter.",
            ),
            ((first, first, third), "The second is not shifted at all."),
            (
                (first, second, _means()["typed_ours_turned"]),
                "The third: the two prices are swapped.",
            ),
            (
                (_means()["typed_mse_own"], second, third),
                "The first is the bill of the training records, typing errors and all.",
            ),
            (
                _means_of("clean_{}"),
                "Those are the bills of vans whose records have no typing errors.",
            ),
            (
                _means_of("typed_{}_own"),
                "Those are the bills of the records trained on. Take the new days.",
            ),
            (
                _means_of("typed_{}_slipped"),
                "Your new days hold typing errors. Switch them off.",
            ),
            (
                tuple(map(float, of_van_0)),
                "That is van 0 alone. Take the mean over all twenty.",
            ),
        ),
    )


TWENTY_VANS = Exercise(
    "11.5",
    3,
    "Twenty vans",
    _asked_of_the_vans,
    (
        "Write a function for one van first, and look at its three bills before you loop.",
        "`learn` gives back a function. Call it with the *new* temperatures for the bill, and "
        "with the van's own for the residuals: demand minus load.",
        "Three quarters at or below: the quantile 3/4 of the residuals, added to the load. Do the "
        "prices arrive in the right order?",
    ),
)


def _saved(records):
    """Return the saving of each van against the shifted line."""
    return _bills()[f"{records}_mse_shifted"] - _bills()[f"{records}_ours"]


def _standard_error(values):
    """Return the standard error of a mean over the vans."""
    return float(values.std(ddof=1) / VANS**0.5)


def _asked_of_the_report():
    clean, typed = _saved("clean"), _saved("typed")
    return (
        Number("gap", "the mean saving", float(clean.mean()), 2).mistakes(
            (float(typed.mean()), "That is the saving *with* typing errors."),
            (
                _means()["clean_mse"] - _means()["clean_ours"],
                "Against plain MSE. The fair rival is the shifted line.",
            ),
        ),
        Number("gap_error", "its standard error", _standard_error(clean), 2).mistakes(
            (
                float(clean.std(ddof=1)),
                "That is the standard deviation from van to van. The mean is surer than one van.",
            ),
            (_standard_error(typed), "That is the standard error with typing errors."),
        ),
        Choice("supported", "the sentence", "b").mistakes(
            a="Without the typing errors most of the saving is gone, isn't it?",
            c="How many of its standard errors is the saving away from zero?",
            d="MSE has arrived: its best line *is* that line.",
        ),
    )


HONEST_REPORT = Exercise(
    "11.6",
    3,
    "An honest report",
    _asked_of_the_report,
    (
        "The function of the last exercise does it, if it can be told which records to take.",
        "Take the difference van by van first. Then its mean, and its standard deviation over the "
        "root of twenty.",
        "Compare this saving with the one on the typed records: how much of it is left?",
    ),
)


EXERCISES = (
    AT_MOST_SO_HARD,
    SWANS,
    BEFORE_YOU_CHOOSE,
    ROUNDED_PRICES,
    TWENTY_VANS,
    HONEST_REPORT,
)
