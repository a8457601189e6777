"""The exercises of chapter 4 that ask for a loss."""

from lossutils.exercises import _chapter_04_functions as f
from lossutils.exercises import _chapter_04_logits as g
from lossutils.exercises import _chapter_04_probes as p
from lossutils.exercises.model import Choice, Exercise, Function, Number, Wrong

LOGITS = Exercise(
    "4.2",
    2,
    "BCE with logits that holds",
    (
        Function("my_bce", "value", g.logits, p.logit_probes()),
        Function("my_bce_grad", "gradient", g.logits_grad, p.logit_probes()),
    ),
    (
        "Never form a probability for the value. Which formula of the chapter has only z, y "
        "and an exponent that is never positive?",
        "Three terms: a ramp, a product, and a logarithm of one plus something small, for "
        "which NumPy has a function of its own.",
        "The gradient is a sigmoid minus the truth, over n. One form of the sigmoid overflows "
        "for large z, the other for small z; lu.sigmoid may be used.",
    ),
    (
        Wrong(
            0,
            g.logits_naive,
            "The formula is right, and the computer cannot hold it: the sigmoid of 40 is 1, "
            "and log 0 is next. Stay with the logit.",
        ),
        Wrong(
            0,
            g.logits_clipped,
            "Clipping caps the charge near 16. A logit of 40 on the wrong side costs 40.",
        ),
        Wrong(
            0,
            g.logits_overflow,
            "Right until a number far out becomes 0 or infinite. Take the large part out of "
            "the logarithm.",
        ),
        Wrong(
            0,
            g.logits_plain_log,
            "Adding 1 first rounds the small charges away. NumPy has a function for log(1 + x).",
        ),
        Wrong(
            0,
            g.logits_cancel,
            "For a lentil at −30 two terms of 30 cancel, and digits of the small charge go with "
            "them. Take out max(z, 0), not z.",
        ),
        Wrong(0, g.logits_hard, "A label between 0 and 1 belongs to both classes in part."),
        Wrong(0, g.logits_no_tail, "The logarithm is missing: even odds must cost log 2."),
        Wrong(0, g.logits_no_ramp, "The ramp is missing: max(z, 0) comes in front."),
        Wrong(0, g.logits_for_zero, "Each sample is charged as a lentil: where is the label?"),
        Wrong(0, g.logits_sum, "That is the sum over the samples. Take the mean."),
        Wrong(1, g.logits_grad_sum, "It is n times too large: the mean's 1/n is missing."),
        Wrong(1, g.logits_grad_flipped, "The sign is flipped: prediction minus truth."),
        Wrong(
            1,
            g.logits_grad_overflow,
            "Far out it is infinity over infinity. Use the form with exp(-z), or lu.sigmoid.",
        ),
        Wrong(
            1,
            g.logits_grad_squared,
            "The factor p(1 − p) has canceled. Left in, a hopeless sample gets no push.",
        ),
        Wrong(1, g.logits_grad_no_sigmoid, "The sigmoid is missing: p minus y, not z minus y."),
    ),
)

SWAPPED = Exercise(
    "4.3",
    2,
    "A BCE that rewards lies",
    (
        Function("mended_bce", "the mended loss", f.bce, p.probability_probes()),
        Choice("blind_test", "the blind test", "a"),
    ),
    (
        "Call it with one pebble and a probability near 1. Is the charge small?",
        "np.where takes its second argument where the condition holds. Which logarithm "
        "belongs to a pebble?",
        "For the tests: which of them would give the same result if both logarithms were "
        "the same number?",
    ),
    (
        Wrong(0, f.bce_swapped, "Still swapped: a pebble is charged for 1 − p."),
        Wrong(0, f.bce_positives, "Lentils are free now. Both classes must be charged."),
        Wrong(0, f.bce_one_branch, "Lentils are charged like pebbles. Use the label."),
        Wrong(0, f.bce_flipped, "The minus sign is lost: a surprise is positive."),
        Wrong(0, f.bce_sum, "That is the sum over the samples. Take the mean."),
        Wrong(1, "b", "This test fails at once: being surely right costs a lot here."),
        Wrong(1, "c", "PyTorch has the branches in order, so this test would find it."),
        Wrong(1, "d", "Here the loss *rises* on the way to the truth, so the test fails."),
    ),
)

FOCAL = Exercise(
    "4.4",
    2,
    "Which α is on whom?",
    (
        Function(
            "mended_focal",
            "the mended loss",
            f.focal,
            p.probability_probes(alpha=(0.5, 0.25, 0.9), gamma=(2.0, 2.0, 1.0)),
        ),
        Number("factor", "the factor", 3.0),
    ),
    (
        "Set gamma to 0 and look at one lentil alone. What should it cost, in terms of BCE?",
        "p_t already depends on the class. What else does, in the definition?",
        "For the factor: what weight does a lentil have here, and what weight should it have?",
    ),
    (
        Wrong(
            0,
            f.focal_one_alpha,
            "α is on both classes: look at the negatives. At α = ½ nobody can tell.",
        ),
        Wrong(0, f.focal_no_alpha, "Now no class has a weight."),
        Wrong(0, f.focal_alpha_turned, "Turned around: α belongs to the pebbles, class 1."),
        Wrong(
            0,
            f.focal_fading_turned,
            "The easy samples are loud and the hard ones fade: it is 1 − p_t to the power γ.",
        ),
        Wrong(0, f.focal_sum, "That is the sum over the samples. Take the mean."),
        Wrong(1, 1 / 3, "Upside down: the lentils are charged too *little* here."),
        Wrong(1, 4.0, "That is 1/α. Compare a lentil's weight with its right weight."),
        Wrong(1, 1.0, "Only at α = ½. Here α is a quarter."),
    ),
)
