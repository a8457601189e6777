"""Exercises 6.5 to 6.7: Dice, empty pictures, and the KL divergence of two Gaussians."""

from lossutils.exercises import _chapter_06_dice as dice
from lossutils.exercises import _chapter_06_divergence as divergence
from lossutils.exercises.model import Exercise, Function, Number, Wrong

LATER = (
    Exercise(
        "6.5",
        2,
        "Dice, image by image",
        (
            Function("my_dice", "the loss", dice.dice, dice.DICE_PROBES),
            Function("my_dice_grad", "the gradient", dice.dice_grad, dice.DICE_PROBES),
        ),
        (
            "The axes 1 and 2 belong to one image. The sums run over these two only.",
            "keepdims=True leaves the sums in a shape that fits the images again.",
            "The quotient rule gives one value for object pixels and one for the rest; then the "
            "mean over the images brings its 1/n.",
        ),
        (
            Wrong(
                0, dice.dice_batch, "The batch is taken for one image. One loss for each, please."
            ),
            Wrong(0, dice.dice_score, "That is the score. The loss is one minus it."),
            Wrong(0, dice.dice_once, "The shared part must count twice, as it is in both sizes."),
            Wrong(0, dice.dice_smooth_below, "The smoothing is missing in the numerator."),
            Wrong(0, dice.dice_union, "That divides by the union: it is the soft IoU."),
            Wrong(0, dice.dice_summed, "The images are added up. Average over them."),
            Wrong(
                0,
                dice.dice_squares,
                "Squares below: that is the form of Milletari. Here p itself is summed.",
            ),
            Wrong(1, dice.dice_grad_batch, "The batch is taken for one image here."),
            Wrong(1, dice.dice_grad_constant_size, "The denominator depends on p too."),
            Wrong(1, dice.dice_grad_uphill, "That is the gradient of the score. Turn it around."),
            Wrong(1, dice.dice_grad_summed, "The 1/n is missing: the loss is a mean over images."),
        ),
    ),
    Exercise(
        "6.6",
        3,
        "Three empty pictures",
        (
            Number("loss_zero", "the loss without smoothing", 3 / 4),
            Number("loss_one", "the loss with ε = 1", 1 / 2),
            Number("epsilon", "the ε that brings it to a tenth", 13.0, 0.01),
            Number("missed", "the price of the missed boat", 10 / 23),
        ),
        (
            "The three empty pictures are alike, and the fourth costs nothing. So find one price.",
            "On an empty picture nothing is shared: the loss is 1 minus ε over (2 + ε).",
            "Set three quarters of that to a tenth, and solve. Then put this ε into the formula "
            "for a boat of ten pixels and an empty prediction.",
        ),
        (
            Wrong(0, 1.0, "That is one empty picture. The fourth picture is perfect: average."),
            Wrong(
                0,
                0.0,
                "The masks are empty, the predictions are not: they add up to 2. What does Dice "
                "charge?",
            ),
            Wrong(0, 3 / 13, "That is the whole batch as one picture. Average over pictures."),
            Wrong(1, 2 / 3, "That is one empty picture. The fourth picture is perfect: average."),
            Wrong(1, 2 / 9, "That is the whole batch as one picture. Average over pictures."),
            Wrong(2, 18.0, "So one empty picture costs a tenth. It is the mean that is asked for."),
            Wrong(2, 0.1, "That is the loss that is aimed at. Which ε leads there?"),
            Wrong(3, 10 / 11, "That is the price at ε = 1. Put in the ε that you found."),
            Wrong(3, 13 / 23, "That is what the smoothing gives for free. The loss is the rest."),
            Wrong(3, 1.0, "That is the price without smoothing. ε forgives a part of it."),
        ),
    ),
    Exercise(
        "6.7",
        3,
        "From one Gaussian to another",
        (
            Function(
                "gaussian_kl", "the divergence", divergence.gaussian_kl, divergence.GAUSSIAN_PROBES
            ),
        ),
        (
            "Start as the chapter did: the mean of the difference of two log-densities.",
            "Over the first Gaussian, the mean of (x - mu_2) squared is its own variance plus a "
            "squared distance.",
            "Three pieces: a logarithm of two widths, a quotient with the second variance below, "
            "and minus a half. For equal distributions they must add up to 0.",
        ),
        (
            Wrong(
                0, divergence.gaussian_swapped, "The second one does the averaging here. Swap them."
            ),
            Wrong(
                0, divergence.gaussian_no_half, "For equal distributions it is one half too large."
            ),
            Wrong(
                0,
                divergence.gaussian_bare_distance,
                "The distance of the means counts in widths of the second: divide it too.",
            ),
            Wrong(
                0,
                divergence.gaussian_log_of_variances,
                "A logarithm of variances is twice that of widths.",
            ),
            Wrong(
                0,
                divergence.gaussian_flipped_log,
                "Which width is on top in the logarithm? Try wide Q.",
            ),
            Wrong(
                0,
                divergence.gaussian_not_squared,
                "The widths are standard deviations: square them.",
            ),
            Wrong(0, divergence.gaussian_standard, "That is against the standard Gaussian only."),
        ),
    ),
)
