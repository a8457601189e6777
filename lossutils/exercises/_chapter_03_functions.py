"""The exercises of chapter 3 that ask for a function."""

from lossutils.exercises import _chapter_03_huber as h
from lossutils.exercises import _chapter_03_relatives as r
from lossutils.exercises.model import Exercise, Function, Wrong
from lossutils.exercises.probes import regression_probes

_HUBER = regression_probes(delta=(1.0, 2.0, 0.25))
_PINBALL = regression_probes(quantile=(0.5, 0.9, 0.2))

HUBER = Exercise(
    "3.2",
    2,
    "Huber from scratch",
    (
        Function("my_huber", "value", h.huber, _HUBER),
        Function("my_huber_grad", "gradient", h.huber_grad, _HUBER),
    ),
    (
        "Compute the error and its size first. Which of the two decides on the piece?",
        "np.where(condition, a, b) takes a where the condition holds and b elsewhere. "
        "Average at the very end.",
        "The gradient is the error, clipped to ±δ; NumPy has a function of that name. Then "
        "think of the mean.",
    ),
    (
        Wrong(0, h.huber_whole_square, "Small errors cost twice too much: half the square."),
        Wrong(
            0,
            h.huber_high_line,
            "Large errors cost too much: the straight piece is lowered by ½δ², so that it "
            "meets the curve.",
        ),
        Wrong(
            0,
            h.huber_low_line,
            "Large errors cost too little: the straight piece is lowered by half of δ², not "
            "by all of it.",
        ),
        Wrong(0, h.huber_fixed_line, "The straight piece is right for δ = 1 only. Use delta."),
        Wrong(0, h.huber_unsquared, "Right at δ = 1 only: what lowers the line is ½ δ squared."),
        Wrong(0, h.huber_swapped, "The pieces are swapped: the curve belongs near zero."),
        Wrong(
            0,
            h.huber_one_sided,
            "Predictions far too low are charged by the curve. Compare the *size* of the "
            "error with δ.",
        ),
        Wrong(0, h.smooth_l1, "That is SmoothL1, which is Huber divided by δ."),
        Wrong(0, h.huber_sum, "That is the sum over the samples. Take the mean."),
        Wrong(1, h.huber_grad_sum, "It is n times too large: the mean's 1/n is missing."),
        Wrong(1, h.huber_grad_unit, "Beyond δ the slope is δ, not 1. At δ = 1 it is the same."),
        Wrong(1, h.huber_grad_double, "Small errors: ½e² has the slope e, not 2e."),
        Wrong(1, h.huber_grad_unsigned, "Far too low is pushed the wrong way: use the sign."),
        Wrong(1, h.huber_grad_flipped, "The sign is flipped: prediction minus truth."),
    ),
)

LOG_COSH = Exercise(
    "3.4",
    2,
    "Log-cosh that holds",
    (
        Function("my_log_cosh", "value", r.log_cosh, regression_probes()),
        Function("my_log_cosh_grad", "gradient", r.log_cosh_grad, regression_probes()),
    ),
    (
        "cosh e is half of e to the e plus e to the minus e. Which of the two is large?",
        "Take the large one out of the logarithm: |e| plus the log of what is left.",
        "Left in the logarithm is half of 1 + exp(-2|e|), and np.log1p takes it best. The "
        "gradient is a function that NumPy has by name.",
    ),
    (
        Wrong(
            0,
            r.log_cosh_naive,
            "The formula is right, and the computer cannot hold cosh of ten thousand. Take "
            "the large exponential out of the logarithm.",
        ),
        Wrong(
            0,
            r.log_cosh_clipped,
            "Clipping hides the overflow: errors of a thousand and of a million cost the same.",
        ),
        Wrong(0, r.log_cosh_signed, "Right for positive errors. Negative ones overflow."),
        Wrong(0, r.log_cosh_line, "Right for large errors only. At zero it is below zero."),
        Wrong(0, r.log_cosh_no_log2, "log 2 too much: a perfect prediction must cost 0."),
        Wrong(0, r.log_cosh_sum, "That is the sum over the samples. Take the mean."),
        Wrong(
            1,
            r.log_cosh_grad_naive,
            "The formula is right; far out it is infinity over infinity. NumPy has sinh over "
            "cosh in one function.",
        ),
        Wrong(1, r.log_cosh_grad_half_rule, "The chain rule: 1/cosh, times cosh's own slope."),
        Wrong(
            1,
            r.log_cosh_grad_curvature,
            "You differentiated twice: that is the slope of the slope.",
        ),
        Wrong(1, r.log_cosh_grad_sum, "It is n times too large: the mean's 1/n is missing."),
    ),
)

PINBALL = Exercise(
    "3.5",
    2,
    "Two prices",
    (
        Function("my_pinball", "value", r.pinball, _PINBALL),
        Function("my_pinball_grad", "gradient", r.pinball_grad, _PINBALL),
    ),
    (
        "First make clear which side costs what: at quantile 0.9, being too low is expensive.",
        "Too low means a negative error. Each unit then costs the quantile, and still more "
        "than nothing.",
        "For the gradient there are three cases: too high, too low and exact. np.where can "
        "stand inside np.where.",
    ),
    (
        Wrong(0, r.pinball_swapped, "The prices are swapped: too low costs the quantile."),
        Wrong(0, r.pinball_one_price, "Both sides cost the quantile. Too high costs the rest."),
        Wrong(0, r.pinball_signed, "Predictions that are too low are charged less than 0."),
        Wrong(0, r.pinball_minimum, "Of the two lines the larger counts, not the smaller."),
        Wrong(0, r.pinball_sum, "That is the sum over the samples. Take the mean."),
        Wrong(1, r.pinball_grad_swapped, "The slopes are swapped: too low costs the quantile."),
        Wrong(1, r.pinball_grad_flipped, "The sign is flipped: too high must push down."),
        Wrong(1, r.pinball_grad_unsigned, "Below the target more prediction costs less: minus."),
        Wrong(1, r.pinball_grad_sum, "It is n times too large: the mean's 1/n is missing."),
        Wrong(1, r.pinball_grad_kink_high, "A perfect prediction is pushed down. Return 0."),
        Wrong(1, r.pinball_grad_kink_low, "A perfect prediction is pushed up. Return 0."),
    ),
)
