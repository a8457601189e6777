"""Exercises of chapter 8: choosing a loss."""

from lossutils.exercises import _chapter_08_answers as a
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Wrong

_LOSSES = "abcdef"

EXERCISES = (
    Exercise(
        "8.1",
        1,
        "Five jobs",
        (
            Choice("apples", "the loss for the apples", "b", _LOSSES),
            Choice("words", "the loss for the words", "d", _LOSSES),
            Choice("wrists", "the loss for the wrists", "c", _LOSSES),
            Choice("copy", "the loss for the copy", "e", _LOSSES),
            Choice("shoes", "the loss for the shoes", "f", _LOSSES),
        ),
        (
            "What is predicted: a number, yes or no, one of many classes, a distribution, or what "
            "is near what?",
            "That leaves two losses for one of the jobs only. There, ask for the noise.",
            "A decimal point in the wrong place is an error by a factor of ten. What does squaring "
            "do to it?",
        ),
        (
            Wrong(0, "a", "Squared, a few slipped decimal points take over the whole gradient."),
            Wrong(0, "d", "A weight is a number, and numbers have neighbors. Classes do not."),
            Wrong(1, "c", "That is for two answers. Here there are forty thousand."),
            Wrong(1, "e", "It would do, with forty thousand numbers a target. One will do too."),
            Wrong(2, "d", "With two classes it works; but what is the shorter way to say it?"),
            Wrong(
                2,
                "a",
                "It is honest too, but through a sigmoid a wrong start costs it very many steps.",
            ),
            Wrong(3, "d", "That keeps the likeliest class and throws four probabilities away."),
            Wrong(
                3, "a", "It would work. Which loss is made for one distribution against another?"
            ),
            Wrong(4, "d", "That needs to know which shoe it is. All you have are comparisons."),
            Wrong(4, "e", "Neither side is a distribution. What does a judgment compare?"),
        ),
    ),
    Exercise(
        "8.2",
        2,
        "Prices into knobs",
        (
            Number("quantile", "the quantile", 0.8),
            Number("bring", "the number to bring", 9),
            Number("look_from", "the threshold", 0.1),
            Choice("train_again", "the model to train again", "a"),
        ),
        (
            "Pinball loss charges the quantile for each unit too low, and one minus the quantile "
            "for each unit too high. In which ratio must these two be?",
            "For the number to bring, try every number on the eleven mornings.",
            "For the threshold, set p times the price of a miss equal to 1 − p times the price of "
            "a false alarm. For the last answer: which of the two models has prices inside?",
        ),
        (
            Wrong(0, 0.2, "Turned around: too few is the dear mistake, so aim high."),
            Wrong(0, 4, "That is the ratio of the prices. A quantile lies between 0 and 1."),
            Wrong(0, 0.75, "The ratio is 4 to 1, not 3 to 1."),
            Wrong(1, 6, "That is the median: right if both mistakes cost the same."),
            Wrong(1, 78 / 11, "That is the mean, which no two prices ask for."),
            Wrong(1, 3, "Turned around: too few is the dear mistake, so aim high."),
            Wrong(2, 0.9, "Turned around: if misses are dear, look early."),
            Wrong(2, 1 / 9, "Those are odds. As a probability: odds / (1 + odds)."),
            Wrong(2, 0.5, "One half is right only if both mistakes cost the same."),
            Wrong(3, "b", "Its probabilities do not depend on prices. What does?"),
            Wrong(3, "c", "One of the two says probabilities, and these have no price in them."),
            Wrong(3, "d", "One of the two has been trained with the price as its loss."),
        ),
    ),
    Exercise(
        "8.3",
        2,
        "The row that contradicts its evidence",
        (
            Choice("culprit", "the row", "c"),
            Number("in_errors", "the distance in standard errors", a.IN_ERRORS, 0.005),
        ),
        (
            "Both losses saw the same data sets. Take the differences first.",
            "The standard error of a mean of eight differences is their standard deviation, with "
            "ddof=1, divided by the root of eight.",
            "Divide each row's mean difference by its standard error. Which quotient lies between "
            "−2 and 2?",
        ),
        (
            Wrong(0, "a", "Its groups overlap, but on every data set the difference is the same."),
            Wrong(0, "b", "Here not even the groups overlap."),
            Wrong(0, "d", "A small difference, and the same every time. Small is not uncertain."),
            Wrong(1, -a.IN_ERRORS, "The sign is flipped: recommended minus naive."),
            Wrong(1, a.GAP, "That is the mean difference itself. Divide by its standard error."),
            Wrong(
                1, a.IN_DEVIATIONS, "That is divided by the standard deviation; a mean is surer."
            ),
            Wrong(1, a.WITHOUT_DDOF, "Use ddof=1: the mean was estimated from the same eight."),
            Wrong(1, a.AS_GROUPS, "Those are two groups compared. The pairs belong together."),
        ),
    ),
    Exercise(
        "8.4",
        2,
        "A rate for each",
        (
            Function("fair", "the test errors", a.fair, a.PROBES),
            Choice("favored", "the favored loss", "a"),
        ),
        (
            "One number for each loss and rate: the mean over the seeds, on the axis at the end.",
            "argmin along the axis of the rates gives the best rate of each loss. It must come "
            "from the validation data.",
            "Pick with two index arrays: which loss, and which rate. Then average over the seeds.",
        ),
        (
            Wrong(0, a.one_rate, "That is the colleague's way: the first loss's rate for all."),
            Wrong(0, a.on_test, "The rates are chosen on the test data: that is cheating upward."),
            Wrong(0, a.a_rate_a_seed, "One rate for all seeds: average before you choose."),
            Wrong(0, a.mean_of_rates, "Bad rates are counted in. Choose one rate for each loss."),
            Wrong(0, a.on_validation, "Those are validation errors. Report the test data."),
            Wrong(
                0, a.best_for_all, "One rate for all losses, if a well-meant one. Choose for each."
            ),
            Wrong(1, "b", "For which loss was the rate made?"),
            Wrong(1, "c", "Large gradients want a small rate. Whether they get it is chance here."),
            Wrong(1, "d", "The same rate is not the same effort."),
        ),
    ),
    Exercise(
        "8.5",
        3,
        "Outliers that have to be paid for",
        (
            Array("totals", "the totals", (165.0, 77.0, 770 / 9), 0.09),
            Number("missing", "the missing share", 1 - 770 / 9 / 165, 0.002),
            Number("whole_delta", "the whole δ", 49),
        ),
        (
            "Two of the three constants have names. The third lies where the clipped errors sum to "
            "zero; a fine grid finds it.",
            "The total is eleven times the constant. Divide by the true total for the share.",
            "For δ, go up one by one, and stop at the first total within one percent of the true "
            "one.",
        ),
        (
            Wrong(0, (15.0, 7.0, 70 / 9), "Those are the constants. Eleven trips make a total."),
            Wrong(0, (165.0, 77.0, 77.0), "Is that δ = 1? The third is for δ = 5."),
            Wrong(0, (165.0, 77.0, 85.8), "Nearly: take a finer grid, in steps of a hundredth."),
            Wrong(0, (165.0, 77.0, 88.0), "Nearly: take a finer grid, in steps of a hundredth."),
            Wrong(0, (77.0, 165.0, 770 / 9), "MSE wants the mean and MAE the median."),
            Wrong(1, 770 / 9 / 165, "That is the share that is there."),
            Wrong(1, 1 - 77 / 165, "That is the share missing under MAE."),
            Wrong(2, 48, "Nearly: that total is still off by more than one percent."),
            Wrong(2, 50, "Large enough, but not the smallest."),
            Wrong(2, 65, "That is the longest trip. Errors are counted from the constant."),
        ),
    ),
)
