"""Exercises of chapter 9: a practical guide in PyTorch."""

from math import log

from lossutils.exercises import _chapter_09_functions as f
from lossutils.exercises import _chapter_09_scales as s
from lossutils.exercises._chapter_09_last import LAST
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Wrong

_PLAIN = (2 / 3, 16 / 15, 16 / 9)

EXERCISES = (
    Exercise(
        "9.1",
        1,
        "Weights from counts",
        (
            Number("positive_weight", "the positive weight", 12),
            Number("loss", "the loss", 13 * log(2) / 2),
            Array("class_weights", "the class weights", _PLAIN),
        ),
        (
            "How many bicycles without a puncture stand against one with?",
            "At even odds everybody is charged ln 2, and the weight multiplies the charge of the "
            "positives alone. The mean is over samples, not over weights.",
            "All weights together are 800, and each class has a third of that for its members.",
        ),
        (
            Wrong(0, 13, "That is all over positives. It is *negatives* over positives."),
            Wrong(0, 1 / 12, "Upside down: the positives are the rare ones and must gain."),
            Wrong(0, 12 / 13, "That is the share of the negatives. Take the ratio of the counts."),
            Wrong(1, log(2), "`pos_weight` divides by the samples, not by the weights."),
            Wrong(1, 13 * log(2), "That is the sum. Take the mean over the two samples."),
            Wrong(1, 6.5, "At even odds a sample is charged ln 2, not 1."),
            Wrong(1, 12 * log(2) / 2, "The sample without a puncture is charged too."),
            Wrong(2, (1 / 400, 1 / 250, 1 / 150), "Right in proportion; their mean is not 1."),
            Wrong(2, (2.0, 3.2, 16 / 3), "Those are n over the counts. There are three classes."),
            Wrong(2, (1.5, 15 / 16, 9 / 16), "Upside down: the common class gains here."),
            Wrong(
                2,
                (45 / 79, 72 / 79, 120 / 79),
                "Their mean over the three *classes* is 1. Take the mean over all 800 bicycles.",
            ),
            Wrong(2, (1.0, 1.6, 8 / 3), "Right in proportion; the mean over all is above 1."),
        ),
    ),
    Exercise(
        "9.2",
        2,
        "Leave them out yourself",
        (Function("my_cross_entropy", "the loss", f.masked, f.MASKED_PROBES),),
        (
            "Which samples count? Make an array of True and False first, and filter with it.",
            "After the filter it is sparse cross-entropy: minus the logarithm of the softmax, at "
            "the place of the label. Divide by those who are left.",
            "logits[counts] and labels[counts] are the rest; log_p[np.arange(k), labels] picks "
            "one entry from each of its k rows.",
        ),
        (
            Wrong(0, f.masked_over_all, "The ignored samples are in the divisor still."),
            Wrong(0, f.masked_sum, "That is the sum. Divide by the samples that count."),
            Wrong(0, f.masked_nan, "If nobody is left it is 0/0. Return 0 in that case."),
            Wrong(
                0,
                f.masked_negative,
                "It leaves out labels that are no class. What if `ignore` is a class, as 0?",
            ),
            Wrong(
                0,
                f.masked_naive,
                "Right until exp overflows. Take the logarithm of the softmax in one go.",
            ),
            Wrong(0, f.masked_flipped, "The minus sign is missing: a charge is positive."),
        ),
    ),
    Exercise(
        "9.3",
        2,
        "A backward of your own",
        (
            Function("my_cauchy", "value", f.cauchy, f.CAUCHY_PROBES),
            Function("my_cauchy_backward", "what backward returns", f.backward, f.BACKWARD_PROBES),
        ),
        (
            "Name the error first, then the ratio of error and scale. The value is a mean of "
            "logarithms.",
            "For the gradient: derivative of the logarithm, of the square, of the division. "
            "Three factors, and the mean's 1/n.",
            "The derivative of ln(1 + u) is 1/(1 + u), and of (e/c)² it is 2e/c². What arrives "
            "from above multiplies everything.",
        ),
        (
            Wrong(0, f.cauchy_sum, "That is the sum. Take the mean."),
            Wrong(0, f.cauchy_outer_square, "The scale is inside the square: (e/c)², not e²/c."),
            Wrong(0, f.cauchy_no_one, "The 1 is missing: no error must cost ln 1, nothing."),
            Wrong(0, f.cauchy_logarithm_last, "First the logarithm of each, then the mean."),
            Wrong(
                1,
                f.backward_alone,
                "`upstream` is ignored: a weight in front of this loss would have no effect.",
            ),
            Wrong(1, f.backward_sum, "The mean's 1/n is missing."),
            Wrong(1, f.backward_rows, "With two axes, n counts all entries, not the rows."),
            Wrong(1, f.backward_flipped, "The sign is flipped: prediction minus truth."),
            Wrong(1, f.backward_no_inner, "The inner derivative, 2e/c², is missing."),
            Wrong(
                1, f.backward_no_scale, "The division by c has a derivative too: 1/c, once more."
            ),
            Wrong(1, f.backward_half, "The 2 of the square is missing."),
        ),
    ),
    Exercise(
        "9.4",
        2,
        "The best that was not",
        (
            Choice("fault", "the fault", "c"),
            Number("comes_back", "the loss that comes back", 0.58),
        ),
        (
            "Which of the four could you test with a model that has a single weight?",
            "Keep `state_dict()`, change the weight, and look at what you kept.",
            "If `best` always shows the present weights, which weights are loaded at the end?",
        ),
        (
            Wrong(0, "a", "The forward pass stores values; `zero_grad` clears gradients only."),
            Wrong(0, "b", "Measured afterwards, it belongs to the weights that are kept."),
            Wrong(0, "d", "Before the loop there is nothing to bring back."),
            Wrong(1, 0.45, "That is what it was meant to bring back. What does `best` hold?"),
            Wrong(1, 0.61, "That is the first epoch. `best` was set again after it."),
            Wrong(1, 0.52, "That is the epoch after the best. The training went on."),
        ),
    ),
    Exercise(
        "9.5",
        1,
        "At the edge of float16",
        (
            Number("error", "the error", 256),
            Number("k", "the power of two", 5),
            Number("m", "the power of ten", 6),
        ),
        (
            "For the error: whose square is beyond 65504? Take the square root.",
            "Two to the power −25 is about 3e-8. How often must you double 1e-9 to get beyond?",
            "The gradient of the mean is probability minus label, over the number of pixels.",
        ),
        (
            Wrong(0, 255, "Its square still fits. One more."),
            Wrong(0, 257, "One too many: 256 squared is 65536."),
            Wrong(0, 65505, "That is the first number that does not fit. Asked for is the error."),
            Wrong(1, 4, "That gives 1.6e-8, below the limit: one more doubling."),
            Wrong(1, 6, "Five doublings are enough."),
            Wrong(1, 30, "That makes it larger than 1. It must only not be zero."),
            Wrong(2, 8, "Each pixel has a probability of one hundredth, not of one."),
            Wrong(2, 5, "That leaves 1e-7, which is stored, with few digits."),
            Wrong(2, 7, "It is zero earlier than that: divide 0.01 by a million."),
        ),
    ),
    Exercise(
        "9.6",
        2,
        "An exchange rate",
        (
            Function("my_weight", "the weight", s.weight, s.WEIGHT_PROBES),
            Array("shares", "the shares", (1 / 9, 1 / 2, 3 / 4)),
        ),
        (
            "Call the two lengths a and b. Write the share down, then solve for λ.",
            "Odds once more: the share over the rest is λb over a.",
            "The length of an array of any shape is the square root of the sum of its squares.",
        ),
        (
            Wrong(0, s.weight_inverted, "The ratio of the lengths is upside down."),
            Wrong(0, s.weight_no_odds, "The share must enter as odds: share / (1 − share)."),
            Wrong(0, s.weight_first, "That is the share of the *first* loss."),
            Wrong(0, s.weight_squared, "Those are squared lengths. Take the root."),
            Wrong(0, s.weight_sums, "The length is the root of the sum of squares."),
            Wrong(0, s.weight_equal, "That is right for a share of one half only."),
            Wrong(1, (1 / 8, 1, 3), "Those are odds, λb over a. The share has both below."),
            Wrong(1, (8 / 9, 1 / 2, 1 / 4), "Those are the shares of the first loss."),
        ),
    ),
    *LAST,
)
