"""The capstone of chapter 11, step by step: choose, implement, train, report."""

from lossutils.exercises import _chapter_11_prices as p
from lossutils.exercises import _chapter_11_vans as v
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Wrong

_LINES = ("mse", "mse_shifted", "ours")
_TYPED = [v.MEANS[f"typed_{name}"] for name in _LINES]

CAPSTONE = (
    Exercise(
        "11.3",
        1,
        "Before you choose",
        (
            Choice("loss", "the loss to start from", "c"),
            Number("quantile", "the quantile", 3 / 4),
            Number("load", "the load for tomorrow", 160.0),
        ),
        (
            "Say in one sentence what a wrong load costs. Which loss of chapter 3 has two prices?",
            "Raise the load by one cone: with which chance does that save three, and with which "
            "does it cost one? The two must balance.",
            "For tomorrow try all five loads, and add up what each of the five demands would cost.",
        ),
        (
            Wrong(
                0, "a", "MSE asks for the mean, and one record ten times too high is loud to it."
            ),
            Wrong(0, "b", "MAE does bear the typing errors. But which load does it ask for?"),
            Wrong(0, "d", "Robust, and like MAE it charges both sides the same. Is that so here?"),
            Wrong(1, 1 / 4, "Turned around: with that the van runs out three days in four."),
            Wrong(1, 1 / 2, "One half is right if both sides cost the same."),
            Wrong(1, 1 / 3, "Not one price over the other, but one price over the sum of both."),
            Wrong(1, 2 / 3, "The two prices are 3 and 1: what do they add up to?"),
            Wrong(2, 144.0, "That is the mean. What does it cost to be 56 cones short?"),
            Wrong(2, 140.0, "That is the median, for equal prices."),
            Wrong(2, 120.0, "That is the cheapest load if a cone too many cost three."),
            Wrong(2, 200.0, "Never short, and far too many on four days of five. Add it up."),
        ),
    ),
    Exercise(
        "11.4",
        2,
        "Two prices, rounded off",
        (
            Function("my_loss", "the loss", p.price, p.PRICE_PROBES),
            Function("my_loss_grad", "the gradient", p.price_grad, p.PRICE_PROBES),
        ),
        (
            "Begin with the slope: it is described in words. Then add it up from zero to the "
            "error, that is, integrate.",
            "Up to δ that gives a parabola that reaches half of price times δ. From there on a "
            "straight line goes on, without a leap.",
            "It is one price for each side, times Huber divided by δ. For the slope np.clip does "
            "most of the work.",
        ),
        (
            Wrong(0, p.price_swapped, "The prices are swapped: a load too low pays `low`."),
            Wrong(
                0, p.price_kinked, "That is pinball with its kink: small errors are dearer here."
            ),
            Wrong(
                0,
                p.price_huber,
                "δ times too much: far out each further cone costs its price, not δ times it.",
            ),
            Wrong(
                0,
                p.price_capped,
                "Beyond δ the charge stops growing, so its slope is zero. It is to go on.",
            ),
            Wrong(
                0,
                p.price_leap,
                "At δ the charge leaps from half to the whole: lower the straight piece.",
            ),
            Wrong(0, p.price_whole_square, "Near zero it is twice too much: integrate the slope."),
            Wrong(0, p.price_one, "Both sides pay the same price here."),
            Wrong(0, p.price_sum, "That is the sum over the days. Take the mean."),
            Wrong(1, p.price_grad_swapped, "The prices are swapped: too low pays `low`."),
            Wrong(1, p.price_grad_unclipped, "Beyond δ the slope is the price, and grows no more."),
            Wrong(1, p.price_grad_kinked, "That leaps at zero. Within δ the slope is smaller."),
            Wrong(1, p.price_grad_huber, "δ times too much: divide the error by δ, clip at one."),
            Wrong(1, p.price_grad_unsigned, "Too low is pushed the wrong way: use the sign."),
            Wrong(1, p.price_grad_sum, "It is n times too large: the mean's 1/n is missing."),
        ),
    ),
    Exercise(
        "11.5",
        3,
        "Twenty vans",
        (Array("bills", "the three bills", tuple(_TYPED), 0.01),),
        (
            "Write a function for one van first, and look at its three bills before you loop.",
            "`learn` gives back a function. Call it with the *new* temperatures for the bill, and "
            "with the van's own for the residuals: demand minus load.",
            "Three quarters at or below: the quantile 3/4 of the residuals, added to the load. Do "
            "the prices arrive in the right order?",
        ),
        (
            Wrong(
                0,
                (_TYPED[0], v.MEANS["typed_mse_turned"], _TYPED[2]),
                "The second: the line is shifted to the quantile one quarter.",
            ),
            Wrong(0, (_TYPED[0], _TYPED[0], _TYPED[2]), "The second is not shifted at all."),
            Wrong(
                0,
                (_TYPED[0], _TYPED[1], v.MEANS["typed_ours_turned"]),
                "The third: the two prices are swapped.",
            ),
            Wrong(
                0,
                (v.MEANS["typed_mse_own"], _TYPED[1], _TYPED[2]),
                "The first is the bill of the training records, typing errors and all.",
            ),
            Wrong(
                0,
                [v.MEANS[f"clean_{name}"] for name in _LINES],
                "Those are the bills of vans whose records have no typing errors.",
            ),
            Wrong(
                0,
                [v.MEANS[f"typed_{name}_own"] for name in _LINES],
                "Those are the bills of the records trained on. Take the new days.",
            ),
            Wrong(
                0,
                [v.MEANS[f"typed_{name}_slipped"] for name in _LINES],
                "Your new days hold typing errors. Switch them off.",
            ),
            Wrong(
                0,
                [float(v.BILLS[f"typed_{name}"][0]) for name in _LINES],
                "That is van 0 alone. Take the mean over all twenty.",
            ),
        ),
    ),
    Exercise(
        "11.6",
        3,
        "An honest report",
        (
            Number("gap", "the mean saving", float(v.saved("clean").mean()), 0.01),
            Number("gap_error", "its standard error", v.standard_error(v.saved("clean")), 0.01),
            Choice("supported", "the sentence", "b"),
        ),
        (
            "The function of the last exercise does it, if it can be told which records to take.",
            "Take the difference van by van first. Then its mean, and its standard deviation over "
            "the root of twenty.",
            "Compare this saving with the one on the typed records: how much of it is left?",
        ),
        (
            Wrong(0, float(v.saved("typed").mean()), "That is the saving *with* typing errors."),
            Wrong(
                0,
                v.MEANS["clean_mse"] - v.MEANS["clean_ours"],
                "Against plain MSE. The fair rival is the shifted line.",
            ),
            Wrong(
                1,
                float(v.saved("clean").std(ddof=1)),
                "That is the standard deviation from van to van. The mean is surer than one van.",
            ),
            Wrong(
                1,
                v.standard_error(v.saved("typed")),
                "That is the standard error with typing errors.",
            ),
            Wrong(2, "a", "Without the typing errors most of the saving is gone, isn't it?"),
            Wrong(2, "c", "How many of its standard errors is the saving away from zero?"),
            Wrong(2, "d", "MSE has arrived: its best line *is* that line."),
        ),
    ),
)
