"""Exercises on choosing a loss."""

import numpy as np

from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Probe

LOSSES = "abcdef"
FIVE_JOBS = Exercise(
    "8.1",
    1,
    "Five jobs",
    (
        Choice("apples", "the loss for the apples", "b", LOSSES).mistakes(
            c="That is for yes and no. A weight is a number.",
            e="That compares two distributions. A weight is one number.",
            f="That needs no weight at all, only what is near what.",
            a="Squared, a few slipped decimal points take over the whole gradient.",
            d="A weight is a number, and numbers have neighbors. Classes do not.",
        ),
        Choice("words", "the loss for the words", "d", LOSSES).mistakes(
            a="Which number would a word have? Words have no order.",
            b="Which number would a word have? Words have no order.",
            f="It learns what is near what. Asked for is one word out of forty thousand.",
            c="That is for two answers. Here there are forty thousand.",
            e="It would do, with forty thousand numbers a target. One will do too.",
        ),
        Choice("wrists", "the loss for the wrists", "c", LOSSES).mistakes(
            b="The doctor wants a probability. Huber does not ask for one.",
            e="The truth is yes or no, not a distribution.",
            f="The doctor wants a probability. A triplet loss gives distances.",
            d="With two classes it works; but what is the shorter way to say it?",
            a="It is honest too, but through a sigmoid a wrong start costs it very many steps.",
        ),
        Choice("copy", "the loss for the copy", "e", LOSSES).mistakes(
            b="Nothing is an outlier here. Which loss compares two distributions?",
            c="That is for one yes or no. Here five probabilities belong together.",
            f="Nothing is near or far here: five numbers are to be the same five numbers.",
            d="That keeps the likeliest class and throws four probabilities away.",
            a="It would work. Which loss is made for one distribution against another?",
        ),
        Choice("shoes", "the loss for the shoes", "f", LOSSES).mistakes(
            a="That needs a number to aim at. All you have are comparisons.",
            b="That needs a number to aim at. All you have are comparisons.",
            c="That needs a yes or no for each photo or pair. A judgment compares three photos.",
            d="That needs to know which shoe it is. All you have are comparisons.",
            e="Neither side is a distribution. What does a judgment compare?",
        ),
    ),
    (
        "What is predicted: a number, yes or no, one of many classes, a distribution, or what is "
        "near what?",
        "That leaves two losses for one of the jobs only. There, ask for the noise.",
        "A decimal point in the wrong place is an error by a factor of ten. What does squaring do "
        "to it?",
    ),
)


PRICES_INTO_KNOBS = Exercise(
    "8.2",
    2,
    "Prices into knobs",
    (
        Number("quantile", "the quantile", 0.8).mistakes(
            (0.2, "Turned around: too few is the dear mistake, so aim high."),
            (4, "That is the ratio of the prices. A quantile lies between 0 and 1."),
            (0.75, "The ratio is 4 to 1, not 3 to 1."),
        ),
        Number("bring", "the number to bring", 9, 0).mistakes(
            (6, "That is the median: right if both mistakes cost the same."),
            (78 / 11, "That is the mean, which no two prices ask for."),
            (3, "Turned around: too few is the dear mistake, so aim high."),
        ),
        Number("look_from", "the threshold", 0.1).mistakes(
            (0.9, "Turned around: if misses are dear, look early."),
            (1 / 9, "Those are odds. As a probability: odds / (1 + odds)."),
            (0.5, "One half is right only if both mistakes cost the same."),
        ),
        Choice("train_again", "the model to train again", "a").mistakes(
            b="Its probabilities do not depend on prices. What does?",
            c="One of the two says probabilities, and these have no price in them.",
            d="One of the two has been trained with the price as its loss.",
        ),
    ),
    (
        "Pinball loss charges the quantile for each unit too low, and one minus the quantile for "
        "each unit too high. In which ratio must these two be?",
        "For the number to bring, try every number on the eleven mornings.",
        "For the threshold, set p times the price of a miss equal to 1 − p times the price of a "
        "false alarm. For the last answer: which of the two models has prices inside?",
    ),
)


# Row c of the exercise on evidence: the naive and the recommended loss on eight data sets.
NAIVE = np.array([6.1, 5.8, 6.4, 6.0, 6.2, 5.9, 6.3, 6.1])
GAPS = np.array([4.0, 7.1, 4.6, 6.9, 3.9, 6.2, 7.4, 3.7]) - NAIVE
GAP = float(GAPS.mean())
IN_ERRORS = GAP / float(GAPS.std(ddof=1) / np.sqrt(8))
IN_DEVIATIONS = GAP / float(GAPS.std(ddof=1))
WITHOUT_DDOF = GAP / float(GAPS.std() / np.sqrt(8))
AS_GROUPS = GAP / float(np.sqrt(((GAPS + NAIVE).var(ddof=1) + NAIVE.var(ddof=1)) / 8))
CONTRADICTING_ROW = Exercise(
    "8.3",
    2,
    "The row that contradicts its evidence",
    (
        Choice("culprit", "the row", "c").mistakes(
            a="Its groups overlap, but on every data set the difference is the same.",
            b="Here not even the groups overlap.",
            d="A small difference, and the same every time. Small is not uncertain.",
        ),
        Number("in_errors", "the distance in standard errors", IN_ERRORS, 2).mistakes(
            (-IN_ERRORS, "The sign is flipped: recommended minus naive."),
            (GAP, "That is the mean difference itself. Divide by its standard error."),
            (IN_DEVIATIONS, "That is divided by the standard deviation; a mean is surer."),
            (WITHOUT_DDOF, "Use ddof=1: the mean was estimated from the same eight."),
            (AS_GROUPS, "Those are two groups compared. The pairs belong together."),
        ),
    ),
    (
        "Both losses saw the same data sets. Take the differences first.",
        "The standard error of a mean of eight differences is their standard deviation, with "
        "ddof=1, divided by the root of eight.",
        "Divide each row's mean difference by its standard error. Which quotient lies between −2 "
        "and 2?",
    ),
)


def _tables():
    hand_validation = [[[1.0, 1.2], [2.0, 2.2], [3.0, 3.2]], [[5.0, 5.1], [4.0, 4.1], [2.0, 2.1]]]
    hand_test = [[[1.5, 1.1], [2.4, 2.0], [3.1, 3.6]], [[5.5, 5.0], [3.9, 4.5], [2.6, 2.3]]]
    probes = [Probe("hand-size", {"validation": hand_validation, "test": hand_test})]
    rng = np.random.default_rng(84)
    for losses, rates, seeds in ((2, 3, 4), (3, 4, 5), (4, 5, 3), (3, 3, 8), (1, 4, 6)):
        base = rng.uniform(1, 3, size=(losses, rates, 1))
        shape = (losses, rates, seeds)
        noise = rng.normal(0, 0.8, size=(2, *shape))
        found = dict(zip(("validation", "test"), base + noise, strict=True))
        probes.append(Probe("a single loss" if losses == 1 else "random", found))
    return tuple(
        Probe(probe.kind, {name: np.array(table) for name, table in probe.arguments.items()})
        for probe in probes
    )


RATE_PROBES = _tables()


def fair(validation, test):
    rates = validation.mean(axis=2).argmin(axis=1)
    return np.array([table[rate].mean() for table, rate in zip(test, rates, strict=True)])


FAIR = Function("fair", "the test errors", fair, RATE_PROBES)
A_RATE_FOR_EACH = Exercise(
    "8.4",
    2,
    "A rate for each",
    (
        FAIR,
        Choice("favored", "the favored loss", "a").mistakes(
            b="For which loss was the rate made?",
            c="Large gradients want a small rate. Whether they get it is chance here.",
            d="The same rate is not the same effort.",
        ),
    ),
    (
        "One number for each loss and rate: the mean over the seeds, on the axis at the end.",
        "argmin along the axis of the rates gives the best rate of each loss. It must come from "
        "the validation data.",
        "Pick with two index arrays: which loss, and which rate. Then average over the seeds.",
    ),
)


@FAIR.mistake("That is the colleague's way: the first loss's rate for all.")
def one_rate(validation, test):
    return test[:, validation[0].mean(axis=1).argmin()].mean(axis=1)


@FAIR.mistake("The rates are chosen on the test data: that is cheating upward.")
def on_test(validation, test):
    return fair(test, test)


@FAIR.mistake("One rate for all seeds: average before you choose.")
def a_rate_a_seed(validation, test):
    rates = validation.argmin(axis=1)[:, None]
    return np.take_along_axis(test, rates, axis=1)[:, 0].mean(axis=1)


@FAIR.mistake("Bad rates are counted in. Choose one rate for each loss.")
def mean_of_rates(validation, test):
    return test.mean(axis=(1, 2))


@FAIR.mistake("Those are validation errors. Report the test data.")
def on_validation(validation, test):
    return fair(validation, validation)


@FAIR.mistake("One rate for all losses, if a well-meant one. Choose for each.")
def best_for_all(validation, test):
    return test[:, validation.mean(axis=(0, 2)).argmin()].mean(axis=1)


OUTLIERS_THAT_PAY = Exercise(
    "8.5",
    3,
    "Outliers that have to be paid for",
    (
        Array("totals", "the totals", (165.0, 77.0, 770 / 9), 1, 0.09).mistakes(
            ((15.0, 7.0, 70 / 9), "Those are the constants. Eleven trips make a total."),
            ((165.0, 77.0, 77.0), "Is that δ = 1? The third is for δ = 5."),
            ((165.0, 77.0, 85.8), "Nearly: take a finer grid, in steps of a hundredth."),
            ((165.0, 77.0, 88.0), "Nearly: take a finer grid, in steps of a hundredth."),
            ((77.0, 165.0, 770 / 9), "MSE wants the mean and MAE the median."),
        ),
        Number("missing", "the missing share", 1 - 770 / 9 / 165).mistakes(
            (770 / 9 / 165, "That is the share that is there."),
            (1 - 77 / 165, "That is the share missing under MAE."),
        ),
        Number("whole_delta", "the whole δ", 49, 0).mistakes(
            (48, "Nearly: that total is still off by more than one percent."),
            (50, "Large enough, but not the smallest."),
            (65, "That is the longest trip. Errors are counted from the constant."),
        ),
    ),
    (
        "Two of the three constants have names. The third lies where the clipped errors sum to "
        "zero; a fine grid finds it.",
        "The total is eleven times the constant. Divide by the true total for the share.",
        "For δ, go up one by one, and stop at the first total within one percent of the true one.",
    ),
)


EXERCISES = (
    FIVE_JOBS,
    PRICES_INTO_KNOBS,
    CONTRADICTING_ROW,
    A_RATE_FOR_EACH,
    OUTLIERS_THAT_PAY,
)
