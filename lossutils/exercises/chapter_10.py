"""Exercises of chapter 10: common pitfalls."""

from math import acos, exp, log, pi

from lossutils.exercises import _chapter_10_functions as f
from lossutils.exercises._chapter_10_hunts import LOSS, STEP
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Wrong

EXERCISES = (
    Exercise(
        "10.1",
        1,
        "What the log kept",
        (
            Function("epoch_mean", "the mean over the samples", f.epoch_mean, f.epoch_probes()),
            Number("by_hand", "the mean by hand", 4.2),
        ),
        (
            "A mean times the number of samples is the sum that it was made of.",
            "Rebuild the sum of each batch, add the sums, and divide once.",
            "Divide by the number of all samples: the sum of the sizes.",
        ),
        (
            Wrong(
                0,
                f.epoch_mean_of_means,
                "Each batch counts once, whatever its size: a sample of the short batch weighs "
                "more than the others.",
            ),
            Wrong(0, f.epoch_sum, "That is the sum of all losses. Divide by all samples."),
            Wrong(
                0,
                f.epoch_by_batches,
                "The sums are right. Divide by the number of samples, not of batches.",
            ),
            Wrong(
                0,
                f.epoch_full_batches,
                "That divides as if all batches were as large as the first. Add up the sizes.",
            ),
            Wrong(
                0,
                f.epoch_without_last,
                "The last batch is left out. Its samples are samples too.",
            ),
            Wrong(1, 5, "That is the mean of the three means: each batch counts once."),
            Wrong(1, 3, "The short batch is left out. Its samples are samples too."),
            Wrong(1, 336, "That is the sum of all losses. Divide it by 80."),
            Wrong(1, 3.5, "That divides by 96, three full batches. There are 80 samples."),
            Wrong(1, 112, "That divides the sum by the number of batches."),
        ),
    ),
    LOSS,
    STEP,
    Exercise(
        "10.4",
        2,
        "Three slips in twelve",
        (
            Array("suspects", "the suspects", (6, 9, 2)),
            Number("worst_loss", "the largest loss", log(exp(7) + 2)),
        ),
        (
            "sparse_categorical_cross_entropy_with_logits, with reduction='none', gives one loss "
            "for each sample.",
            "np.argsort sorts from small to large. Where are the three largest?",
            "[::-1] turns an array around, [:3] takes the first three.",
        ),
        (
            Wrong(0, (2, 9, 6), "Those are the three. The worst one comes first."),
            Wrong(0, (2, 6, 9), "Those are the three. Sort them by their loss, worst first."),
            Wrong(
                0,
                (3, 7, 11),
                "Those are the ones of which the network is least sure. Look for those where it "
                "is sure of something else than what was typed.",
            ),
            Wrong(0, (0, 1, 8), "Those are among the easiest. The largest losses are wanted."),
            Wrong(
                0,
                (2, 5, 6),
                "Those are the first three that are classified wrongly. Sort by the loss instead.",
            ),
            Wrong(
                0,
                (6, 0, 9),
                "Those have the largest logits. Compare them with what was typed.",
            ),
            Wrong(
                1,
                7,
                "That is the logit, or the loss rounded too far: the two differ in the third "
                "decimal. The loss is ln of the sum of all exponentials, minus the logit of the "
                "typed wing.",
            ),
            Wrong(1, log(1 + 2 * exp(-7)), "That is what it would cost if wing 1 were right."),
            Wrong(1, log(exp(7) + 2) / log(2), "That is in bits. Use the natural logarithm."),
        ),
    ),
    Exercise(
        "10.5",
        2,
        "Letters to the museum",
        tuple(
            Choice(f"letter_{n}", f"letter {n}", letter, "abcdef")
            for n, letter in enumerate("bcdae", start=1)
        ),
        (
            "Letter 1: compute ln(1 + (C − 1)/e) for ten classes. Letter 2: is that worse than "
            "guessing?",
            "Letter 3: which bug gets slower with a smaller rate, and no better? Letter 4: what "
            "is compared with what?",
            "Letter 5: nothing learns, so look at how the numbers are averaged.",
        ),
        (
            Wrong(0, "f", "Labels out of range send the loss below zero. This one has a floor."),
            Wrong(0, "d", "That one swings. This loss stands still, at a number with a meaning."),
            Wrong(0, "a", "Then all answers would be alike. Here every one is right."),
            Wrong(0, "c", "Then the answers would be wrong. Here every one is right."),
            Wrong(
                0,
                "e",
                "That makes a report depend on the batch size. Here one number stands for days.",
            ),
            Wrong(1, "b", "Then the loss could not come close to zero: it has a floor."),
            Wrong(1, "d", "That one swings. This loss has arrived."),
            Wrong(1, "e", "That changes a report, and no answer."),
            Wrong(1, "f", "There the loss goes below zero. Here it is small, and lying pays."),
            Wrong(1, "a", "Then all answers would be alike, and the loss would not be small."),
            Wrong(2, "b", "Then the loss would stand still at its floor."),
            Wrong(2, "e", "That changes a report. Here the training itself goes up and down."),
            Wrong(2, "a", "Then the loss would fall and stay. This one comes back up."),
            Wrong(2, "c", "Then the loss would fall and stay low. This one comes back up."),
            Wrong(2, "f", "Then the loss would go below zero and not come back."),
            Wrong(3, "b", "Softmax is for classes. Here targets are numbers."),
            Wrong(3, "c", "That is for yes and no. Here targets are numbers."),
            Wrong(
                3,
                "d",
                "That one swings. This loss has stopped, at a number with a meaning.",
            ),
            Wrong(3, "e", "That changes a report. Here the answers themselves are alike."),
            Wrong(3, "f", "Then the loss would go below zero, and not stop."),
            Wrong(4, "a", "Then the loss would be wrong with every batch size. What is averaged?"),
            Wrong(
                4,
                "b",
                "That floor is the same for every batch size. What differs between the two days?",
            ),
            Wrong(
                4,
                "c",
                "That is as wrong with every batch size. What differs between the two days?",
            ),
            Wrong(
                4,
                "f",
                "That is as wrong with every batch size. What differs between the two days?",
            ),
            Wrong(4, "d", "A frozen model has no use for a gradient."),
        ),
    ),
    Exercise(
        "10.6",
        3,
        "The marble in the bowl",
        (
            Number("limit_cleared", "the limit with clearing", 1, 0.03),
            Number("limit_never", "the limit without clearing", 2, 0.03),
            Number("swing", "the steps of a swing", 2 * pi / acos(0.99), 0.05),
        ),
        (
            "With clearing the weight becomes w − 2·rate·w. By which factor does it change?",
            "Without clearing, keep the sum of all slopes. Try rates a little below and a little "
            "above your guess, with some hundred steps.",
            "For the swing: note the steps at which the weight passes zero upward. From the first "
            "to the last, divide the distance by the number of swings; take at least fifty.",
        ),
        (
            Wrong(0, 0.5, "There it arrives in one step. Larger rates still arrive."),
            Wrong(0, 2, "The slope of w² is 2w, not w: the limit is reached earlier."),
            Wrong(1, 1, "There it swings, and its swings do not grow. Try a larger rate."),
            Wrong(1, 4, "The slope of w² is 2w, not w: the limit is reached earlier."),
            Wrong(1, 0.5, "There it swings, and its swings do not grow. Try a larger rate."),
            Wrong(
                2,
                pi / acos(0.99),
                "That is one swing of the *loss*, or half a swing of the weight: it is at −3.",
            ),
            Wrong(2, 44, "That is one single swing, in whole steps. Average over many."),
            Wrong(2, 45, "That is one single swing, in whole steps. Average over many."),
            Wrong(2, 44.3, "Near, but averaged over too few swings. Take more steps."),
            Wrong(2, 44.5, "Near, but averaged over too few swings. Take more steps."),
            Wrong(2, 2 * pi / acos(0.995), "That is for a slope of w. The slope of w² is 2w."),
        ),
    ),
)
