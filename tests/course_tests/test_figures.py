"""The look of figures: readable colors, one look for each loss, the same on every run."""

import io
import re
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from lossutils import mae_loss, mae_loss_grad, mse_loss, mse_loss_grad
from lossutils.course import figures as drawing
from lossutils.course.figures import LOOKS, label_line, look, plot_loss_and_gradient
from tools import compare_figures

# The losses that chapters draw into one picture; within a row no two may look alike.
TOGETHER = [
    ("0-1", "MSE", "MAE", "Huber", "log-cosh", "pinball"),
    ("BCE", "weighted BCE", "focal"),
    ("cross-entropy", "weighted cross-entropy", "label smoothing"),
    ("0-1", "logistic", "hinge", "squared hinge"),
    ("BCE", "Dice", "Dice + BCE"),
    ("contrastive", "triplet", "InfoNCE"),
]


@pytest.fixture(autouse=True)
def course_style(monkeypatch):
    """Draw in the course's style, and leave Matplotlib as it was."""
    formats = []
    monkeypatch.setattr(
        drawing,
        "set_matplotlib_formats",
        lambda *names, **options: formats.append((names, options)),
    )
    with mpl.rc_context():
        mpl.use("agg")
        drawing.use_course_style()
        yield formats
    plt.close("all")


def luminance(color):
    """Return the relative luminance of WCAG 2, section 1.4.3."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast_on_white(color):
    return 1.05 / (luminance(color) + 0.05)


def svg(figure):
    data = io.BytesIO()
    figure.savefig(data, format="svg", metadata={"Date": None, "Creator": None})
    return data.getvalue()


def losses():
    error = np.linspace(-2.0, 2.0, 9)
    truth = np.zeros(1)
    return error, {
        "MSE": (error**2, np.array([mse_loss_grad(truth, np.array([e]))[0] for e in error])),
        "MAE": (
            np.array([mae_loss(truth, np.array([e])) for e in error]),
            np.array([mae_loss_grad(truth, np.array([e]))[0] for e in error]),
        ),
    }


def test_the_contrast_formula_on_known_colors():
    assert contrast_on_white("white") == pytest.approx(1.0)
    assert contrast_on_white("black") == pytest.approx(21.0)
    # The lightest gray that passes AA, and its neighbor that does not.
    assert contrast_on_white("#767676") >= 4.5 > contrast_on_white("#777777")


@pytest.mark.parametrize("loss", LOOKS)
def test_a_loss_can_be_read_on_white(loss):
    assert contrast_on_white(look(loss)["color"]) >= 4.5


@pytest.mark.parametrize("key", ["axes.labelcolor", "xtick.color", "ytick.color", "text.color"])
def test_text_can_be_read_on_white(key):
    assert contrast_on_white(mpl.rcParams[key]) >= 4.5
    assert to_rgb(mpl.rcParams["figure.facecolor"]) == (1.0, 1.0, 1.0)
    assert to_rgb(mpl.rcParams["savefig.facecolor"]) == (1.0, 1.0, 1.0)


def test_curves_without_a_loss_wear_the_same_colors():
    cycle = [to_rgb(entry["color"]) for entry in mpl.rcParams["axes.prop_cycle"]]
    assert sorted(cycle) == sorted({to_rgb(color) for color, _ in LOOKS.values()})


@pytest.mark.parametrize("group", TOGETHER, ids=" ".join)
def test_losses_that_share_a_figure_differ_in_color_and_in_line(group):
    for one, other in combinations(group, 2):
        assert look(one)["color"] != look(other)["color"], (one, other)
        assert look(one)["linestyle"] != look(other)["linestyle"], (one, other)


def test_a_loss_without_a_look_is_an_error_that_lists_those_with_one():
    with pytest.raises(ValueError, match=r"loss must be one of \['0-1', 'BCE', .*; got 'mse'"):
        look("mse")


def test_changing_a_look_that_was_handed_out_changes_no_other():
    look("MSE")["color"] = "red"
    assert look("MSE") == {"color": "#0B5394", "linestyle": "-"}


def test_the_course_style_asks_for_svg_without_date_and_version(course_style):
    assert course_style == [(("svg",), {"metadata": {"Date": None, "Creator": None}})]
    assert mpl.rcParams["svg.hashsalt"]
    assert mpl.rcParams["svg.fonttype"] == "path"


def test_a_figure_is_shown_with_coordinates_to_a_hundredth_of_a_point(monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(drawing, "get_ipython", lambda: shell)
    formatter = shell.display_formatter.formatters["image/svg+xml"]
    formatter.for_type(Figure, lambda figure: svg(figure).decode())
    plain = formatter(plot_loss_and_gradient(*losses())[0])
    drawing.use_course_style()
    shown = formatter(plot_loss_and_gradient(*losses())[0])
    assert re.search(r"[ML] \d+\.\d{6}", plain)
    assert not re.search(r"[ML] \d+\.\d{3}", shown)
    assert compare_figures.difference(plain, shown) is None


def test_importing_changes_no_setting():
    with mpl.rc_context():
        mpl.rcdefaults()
        before = dict(mpl.rcParams)
        look("MSE")
        assert dict(mpl.rcParams) == before


def test_the_same_figure_twice_is_the_same_bytes():
    first, second = (svg(plot_loss_and_gradient(*losses())[0]) for _ in range(2))
    assert first == second
    assert b"<dc:date>" not in first
    assert b"Matplotlib v" not in first


def test_a_figure_that_differs_in_one_point_is_other_bytes():
    error, curves = losses()
    first = svg(plot_loss_and_gradient(error, curves)[0])
    curves["MSE"][0][4] += 0.01
    assert svg(plot_loss_and_gradient(error, curves)[0]) != first


def test_a_figure_fits_a_phone():
    width = float(re.search(rb'width="([\d.]+)pt"', svg(plot_loss_and_gradient(*losses())[0]))[1])
    assert width <= 480


# --- label_line ----------------------------------------------------------------------------------


@pytest.fixture
def line():
    (drawn,) = plt.subplots()[1].plot([0.0, 1.0, 2.0], [5.0, 6.0, 9.0], **look("Huber"))
    return drawn


def test_a_label_stands_after_the_last_point_in_the_color_of_the_line(line):
    label = label_line(line, "Huber")
    assert label.get_text() == "Huber"
    assert label.xy == (2.0, 9.0)
    assert label.xyann == (6, 0)
    assert label.anncoords == "offset points"
    assert label.get_color() == line.get_color() == look("Huber")["color"]
    assert (label.get_ha(), label.get_va()) == ("left", "center")
    assert label in line.axes.texts


def test_a_label_can_stand_elsewhere(line):
    label = label_line(line, "δ", at=1, offset=(-3, 8), ha="right", va="bottom")
    assert label.xy == (1.0, 6.0)
    assert label.xyann == (-3, 8)
    assert (label.get_ha(), label.get_va()) == ("right", "bottom")


def test_a_label_is_drawn_beyond_the_edge_of_the_axes(line):
    line.axes.set_xlim(0, 1)
    label = label_line(line, "Huber")
    line.figure.canvas.draw()
    assert label.get_window_extent().x0 > line.axes.get_window_extent().x1
    assert not label.get_annotation_clip()


def test_a_label_at_a_point_that_does_not_exist_is_an_error(line):
    with pytest.raises(IndexError):
        label_line(line, "Huber", at=3)


# --- plot_loss_and_gradient ----------------------------------------------------------------------


def test_losses_are_drawn_above_and_gradients_below():
    error, curves = losses()
    figure, (top, bottom) = plot_loss_and_gradient(error, curves)
    assert figure.axes == [top, bottom]
    assert top.get_position().y0 > bottom.get_position().y1
    for axes, which in ((top, 0), (bottom, 1)):
        assert len(axes.lines) == 2
        for drawn, (name, values) in zip(axes.lines, curves.items(), strict=True):
            np.testing.assert_array_equal(drawn.get_xdata(), error)
            np.testing.assert_array_equal(drawn.get_ydata(), values[which])
            assert drawn.get_color() == look(name)["color"]
    # The curves are those of the losses: e² with slope 2e, |e| with slope ±1.
    assert top.lines[0].get_ydata()[-1] == mse_loss(np.zeros(1), np.full(1, 2.0)) == 4.0
    assert bottom.lines[0].get_ydata()[-1] == 4.0
    assert bottom.lines[1].get_ydata()[0] == -1.0


def test_axes_are_named_and_shared_and_there_is_no_title_or_legend():
    _, (top, bottom) = plot_loss_and_gradient(*losses())
    assert (top.get_ylabel(), bottom.get_ylabel()) == ("loss", "gradient")
    assert (top.get_xlabel(), bottom.get_xlabel()) == ("", "prediction error  ŷ − y")
    assert top.get_shared_x_axes().joined(top, bottom)
    assert [axes.get_title() for axes in (top, bottom)] == ["", ""]
    assert [axes.get_legend() for axes in (top, bottom)] == [None, None]


def test_the_horizontal_axis_can_be_renamed():
    _, (_, bottom) = plot_loss_and_gradient(*losses(), xlabel="logit  z")
    assert bottom.get_xlabel() == "logit  z"


def labels(axes):
    return {text.get_text(): (text.xy, text.xyann, text.get_color()) for text in axes.texts}


def test_every_curve_is_labeled_at_its_end_in_its_color():
    _, (top, bottom) = plot_loss_and_gradient(*losses())
    mse, mae = look("MSE")["color"], look("MAE")["color"]
    assert labels(top) == {"MSE": ((2.0, 4.0), (6, 0), mse), "MAE": ((2.0, 2.0), (6, 0), mae)}
    assert labels(bottom) == {"MSE": ((2.0, 4.0), (6, 0), mse), "MAE": ((2.0, 1.0), (6, 0), mae)}


def test_labels_stand_where_they_are_told_and_say_what_they_are_told():
    error, curves = losses()
    _, (top, _) = plot_loss_and_gradient(
        error, curves, label_at=float(error[1]) + 1e-3, names={"MAE": "weight 3"}
    )
    assert [label.xy[0] for label in top.texts] == [error[1]] * len(curves)
    assert [label.get_text() for label in top.texts] == [
        "weight 3" if name == "MAE" else name for name in curves
    ]


def test_shifts_move_the_labels_of_one_loss_up():
    _, (top, bottom) = plot_loss_and_gradient(*losses(), shifts={"MAE": (9, -4)})
    assert {name: label[1] for name, label in labels(top).items()} == {"MSE": (6, 0), "MAE": (6, 9)}
    assert {n: label[1] for n, label in labels(bottom).items()} == {"MSE": (6, 0), "MAE": (6, -4)}


def test_a_curve_of_another_length_or_an_unknown_loss_is_an_error():
    error, curves = losses()
    with pytest.raises(ValueError, match="loss must be one of"):
        plot_loss_and_gradient(error, {"unknown": curves["MSE"]})
    with pytest.raises(ValueError, match="first dimension"):
        plot_loss_and_gradient(error[:-1], curves)
