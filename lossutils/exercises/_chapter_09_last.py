"""Exercise 9.7: the scale of the loss in half precision."""

from lossutils.exercises import _chapter_09_scales as s
from lossutils.exercises.model import Exercise, Function, Wrong

LAST = (
    Exercise(
        "9.7",
        3,
        "A loss scaler of your own",
        (Function("my_scales", "the scales", s.scales, s.FILM_PROBES),),
        (
            "Keep two things from step to step: the scale, and how many good steps in a row.",
            "Note the scale first. Then look: is any scaled gradient, without its sign, beyond "
            "the largest float16?",
            "The counter goes back to zero in two cases: after a skipped step, and after doubling.",
        ),
        (
            Wrong(0, s.scales_after, "That is the scale after each step. Note it before."),
            Wrong(0, s.scales_no_reset, "A skipped step must set the counter back to zero."),
            Wrong(0, s.scales_not_again, "After doubling, the counting starts anew."),
            Wrong(0, s.scales_late, "One step too late: double after `patience` good steps."),
            Wrong(0, s.scales_edge, "65504 itself still fits: skip only what is beyond it."),
            Wrong(0, s.scales_signed, "Gradients below zero overflow too: compare sizes."),
            Wrong(0, s.scales_all, "One gradient that overflows is enough to skip the step."),
            Wrong(0, s.scales_never_up, "It never doubles. What happens after `patience` steps?"),
            Wrong(0, s.scales_unscaled, "It is the *scaled* gradient that must fit."),
        ),
    ),
)
