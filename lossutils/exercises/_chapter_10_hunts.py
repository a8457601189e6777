"""The two bug hunts of chapter 10."""

from lossutils.exercises import _chapter_10_functions as f
from lossutils.exercises.model import Exercise, Function, Wrong

LOSS = Exercise(
    "10.2",
    2,
    "A loss with two bugs",
    (Function("repaired_loss", "the loss", f.loss, f.loss_probes()),),
    (
        "Try one sample with label 1 and a large logit. What should it be charged, and what "
        "is it charged?",
        "One bug is in the first line, the other in the second. Then try a logit of a thousand.",
        "A 1 is charged ln(1 + exp(−z)), a 0 is charged ln(1 + exp(z)). lu.softplus(z) is "
        "ln(1 + exp(z)), for every z.",
    ),
    (
        Wrong(0, f.loss_suspect, "Nothing is repaired yet: exhibits 4 and 7 may help."),
        Wrong(
            0,
            f.loss_unswapped,
            "The branches are right now. But can a sure answer ever be free? Exhibit 4.",
        ),
        Wrong(
            0,
            f.loss_once,
            "One sigmoid now. But try label 1 with a large logit: telling the truth is costly. "
            "Exhibit 7.",
        ),
        Wrong(
            0,
            f.loss_naive,
            "Both bugs are repaired, and at a logit of a thousand the loss is infinite: the "
            "probability was rounded. Exhibit 5.",
        ),
        Wrong(
            0,
            f.loss_nan,
            "Both bugs are repaired, and at a logit of a thousand zero times infinity is nan. "
            "Exhibit 5.",
        ),
        Wrong(
            0,
            f.loss_clipped,
            "Clipping caps the loss: a logit of a thousand on the wrong side must cost a thousand.",
        ),
        Wrong(
            0,
            f.loss_clipped_finer,
            "A smaller clip is still a cap: a logit of a thousand on the wrong side must cost "
            "a thousand.",
        ),
    ),
)

STEP = Exercise(
    "10.3",
    2,
    "A step with two bugs",
    (Function("repaired_step", "the new weights", f.step, f.step_probes()),),
    (
        "Print the shape of error. Which shape should it have?",
        "One prediction minus one target, for each sample: x @ w - y.",
        "Then list every sample twice. The step must not change: divide by the number of samples.",
    ),
    (
        Wrong(0, f.step_suspect, "Nothing is repaired yet: print the shape of error."),
        Wrong(
            0,
            f.step_sum,
            "The shapes are right now. But the step grows with the batch: exhibit 2.",
        ),
        Wrong(
            0,
            f.step_pairs,
            "The 1/n is there now. But error is still a table of all pairs: exhibit 1.",
        ),
        Wrong(
            0,
            f.step_mean_of_pairs,
            "That is the mean over all pairs of a prediction with a target: exhibit 1.",
        ),
        Wrong(0, f.step_up, "That goes uphill: subtract rate times slope."),
        Wrong(0, f.step_half, "The 2 from the derivative of the square is missing."),
    ),
)
