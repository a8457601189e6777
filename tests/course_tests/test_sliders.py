"""Interactive figures: the frames, their sizes and bytes, and what shows without a script."""

from urllib.parse import unquote
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from bs4 import BeautifulSoup

from lossutils.course.figures import small_svg
from lossutils.course.sliders import MOST_BYTES, slider

SVG = "{http://www.w3.org/2000/svg}"
PREFIX = "data:image/svg+xml,"


@pytest.fixture(autouse=True)
def _off_screen():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed."""
    bundles = []
    monkeypatch.setattr("lossutils.course.sliders.display", lambda data, raw: bundles.append(data))
    return bundles


def draw(height=1.0, size=(4, 3)):
    figure, axes = plt.subplots(figsize=size)
    _ = axes.plot([0, 1], [0, height])
    axes.set_title("loss < 1 & 50%")
    return figure


def frames(n=3, numbers=True):
    return [
        (f"δ = {i}", draw(i), f"line {i}", *([{"share": f"{i}0%", "slope": f"−{i}"}] * numbers))
        for i in range(n)
    ]


def page(shown):
    return BeautifulSoup(shown[-1]["text/html"], "html.parser")


def svg_of(image):
    assert image["src"].startswith(PREFIX)
    return ElementTree.fromstring(unquote(image["src"].removeprefix(PREFIX)))


def test_only_the_start_frame_shows_without_script(shown):
    slider("δ", frames(), start=1)
    soup = page(shown)
    shown_by = [image["style"].split(";")[0] for image in soup.select("img")]
    assert shown_by == ["display:none", "display:block", "display:none"]
    assert soup.select_one(".frames__control")["style"] == "display:none"
    assert soup.output.get_text() == "δ = 1; share 10%; slope −1"


def test_the_slider_has_a_label_a_range_and_says_its_value(shown):
    slider("Threshold", frames(), start=2)
    soup = page(shown)
    control = soup.input
    assert control.find_parent("label").get_text().strip() == "Threshold"
    assert [control[key] for key in ("type", "min", "max", "step", "value")] == [
        "range", "0", "2", "1", "2",
    ]  # fmt: skip
    assert control["aria-valuetext"] == "δ = 2"
    assert soup.output["aria-live"] == "polite"
    # JupyterLab would take the arrow keys otherwise; on a parent of the input it does not help.
    assert control["data-lm-suppress-shortcuts"] == "true"


def test_each_frame_is_a_readable_svg_of_its_size(shown):
    slider("δ", frames())
    images = page(shown).select("img")
    assert [image["alt"] for image in images] == ["line 0", "line 1", "line 2"]
    assert len({image["src"] for image in images}) == 3
    for image in images:
        root = svg_of(image)
        assert root.tag == f"{SVG}svg"
        # 4 by 3 inches of 96 CSS pixels
        assert (image["width"], image["height"]) == ("384", "288")
        assert len(image["src"]) <= MOST_BYTES
        assert not set('<>#&"') & set(image["src"])


def test_every_reference_inside_a_frame_has_its_target(shown):
    slider("δ", frames())
    root = svg_of(page(shown).img)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    links = {node.get("{http://www.w3.org/1999/xlink}href") for node in root.iter()} - {None}
    clips = {node.get("clip-path") for node in root.iter()} - {None}
    wanted = {link[1:] for link in links} | {clip[5:-1] for clip in clips}
    assert len(ids) == len(set(ids))
    assert wanted
    assert wanted <= set(ids)


def test_the_same_frames_give_the_same_bytes_and_no_date(shown):
    slider("δ", frames())
    with mpl.rc_context({"svg.hashsalt": None, "savefig.bbox": "tight", "svg.fonttype": "none"}):
        slider("δ", frames())
    assert shown[0] == shown[1]
    assert "metadata" not in unquote(shown[0]["text/html"])


def test_figures_are_closed_and_functions_are_called(shown):
    slider("δ", [("1", draw, "flat"), ("2", lambda: draw(2), "steep")])
    assert plt.get_fignums() == []
    assert len(page(shown).select("img")) == 2


def test_the_table_holds_all_frames(shown):
    slider("δ", frames())
    rows = [
        [cell.get_text() for cell in row.select("th, td")] for row in page(shown).select("table tr")
    ]
    assert rows == [
        ["δ", "share", "slope"],
        ["δ = 0", "00%", "−0"],
        ["δ = 1", "10%", "−1"],
        ["δ = 2", "20%", "−2"],
    ]
    assert page(shown).details.summary.get_text() == "All frames as a table"


def test_without_numbers_the_table_says_what_the_figures_show(shown):
    slider("δ", frames(2, numbers=False))
    soup = page(shown)
    assert [cell.get_text() for cell in soup.select("td")] == ["line 0", "line 1"]
    assert soup.output.get_text() == "δ = 0"


def test_texts_are_escaped(shown):
    slider(
        'a < "b"', [("<1>", draw(1), 'x & "y"', {"n<": "<b>"}), ("2", draw(2), "z", {"n<": "3"})]
    )
    soup = page(shown)
    assert soup.select_one(".frames__label").get_text() == 'a < "b"'
    assert soup.img["alt"] == 'x & "y"'
    assert soup.img["data-text"] == "<1>; n< <b>"
    assert soup.b is None


def test_the_script_is_small_and_finds_its_own_slider(shown):
    slider("δ", frames())
    script = page(shown).script
    assert len(script.get_text().encode()) < 500
    assert "document.currentScript" in script.get_text()
    assert script.find_parent(class_="frames") is not None


def test_plain_text_is_short(shown):
    slider("Threshold", frames())
    assert set(shown[0]) == {"text/html", "text/plain"}
    assert shown[0]["text/plain"] == "Threshold: 3 frames, from δ = 0 to δ = 2"


def test_start_may_be_a_numpy_integer(shown):
    slider("δ", frames(), start=np.int64(1))
    assert page(shown).input["value"] == "1"


def heavy():
    figure, axes = plt.subplots()
    # Zigzag points, so that Matplotlib cannot leave any out.
    _ = axes.plot(np.arange(4000), np.random.default_rng(0).normal(size=4000))
    return figure


NUMBERS = {"share": "5%", "slope": "1"}


@pytest.mark.parametrize(
    ("label", "change", "start", "error", "message"),
    [
        (1, {}, 0, TypeError, "label must be a string; got int"),
        ("", {}, 0, ValueError, "label must not be empty"),
        ("δ", {0: ("1", draw)}, 0, TypeError, r"frames\[0\] must be a tuple .*"),
        ("δ", {0: ["1", draw, "a"]}, 0, TypeError, r"frames\[0\] must be a tuple .*"),
        ("δ", {1: (1, draw, "a")}, 0, TypeError, r"frames\[1\] value must be a string; got int"),
        ("δ", {1: ("1", draw, " ")}, 0, ValueError, r"frames\[1\] alt must not be empty"),
        ("δ", {1: ("1", 7, "a")}, 0, TypeError, r"frames\[1\] figure must be .*; got int"),
        (
            "δ",
            {1: ("1", draw, "a", [1])},
            0,
            TypeError,
            r"frames\[1\] numbers must be a dict; got list",
        ),
        (
            "δ",
            {1: ("1", draw, "a", {"share": 0.5})},
            0,
            TypeError,
            r"frames\[1\] number 'share' must be a string; got float",
        ),
        (
            "δ",
            {1: ("1", draw, "a", {3: "x"})},
            0,
            TypeError,
            r"frames\[1\] name of a number must be a string; got int",
        ),
        (
            "δ",
            {1: ("1", draw, "a", {"share": "5%"})},
            0,
            ValueError,
            "frames must all have the same numbers; got .*",
        ),
        ("δ", {1: ("δ = 0", draw, "a")}, 0, ValueError, "frames must have different values; .*"),
        (
            "δ",
            {1: ("1", lambda: None, "a", NUMBERS)},
            0,
            TypeError,
            r"frames\[1\] function must return a figure; got NoneType",
        ),
        (
            "δ",
            {1: ("1", lambda: draw(1, (4, 4)), "a", NUMBERS)},
            0,
            ValueError,
            r"frames must have figures of one size; got \[\(384, 288\), \(384, 384\)\]",
        ),
        (
            "δ",
            {1: ("1", heavy, "a", NUMBERS)},
            0,
            ValueError,
            r"frames\[1\] takes \d+ bytes, more than 25000: draw fewer points",
        ),
        ("δ", {}, 3, ValueError, "start must lie in 0 to 2; got 3"),
        ("δ", {}, -1, ValueError, "start must lie in 0 to 2; got -1"),
        ("δ", {}, True, TypeError, "start must be an integer; got bool"),
        ("δ", {}, "0", TypeError, "start must be an integer; got str"),
    ],
)
def test_wrong_use_names_the_argument(shown, label, change, start, error, message):
    given = frames()
    for index, frame in change.items():
        given[index] = frame
    with pytest.raises(error, match=f"^{message}$"):
        slider(label, given, start=start)
    assert shown == []


@pytest.mark.parametrize("n", [0, 1, 15])
def test_the_number_of_frames_is_limited(shown, n):
    given = [(str(i), draw, "a") for i in range(n)]
    with pytest.raises(ValueError, match=f"^frames must hold 2 to 14 frames; got {n}$"):
        slider("δ", given)
    assert shown == []


def test_as_many_frames_as_allowed_are_shown(shown):
    slider("δ", [(str(i), draw, "a") for i in range(14)])
    assert shown[0]["text/html"].count("<img") == 14


def test_a_scale_keeps_its_decimals_and_lengths_lose_them():
    svg = small_svg(
        '<?xml version="1.0"?>\n<svg><metadata>x</metadata><!-- y --><g id="a">\n'
        '<g style="fill: red">'
        '<path d="M 1.23456 -2.5 \nL 3 4 \nz" id="b" transform="scale(0.015625)"/></g></g>'
        '<use href="#b" x="9.87654"/></svg>'
    )
    assert svg == (
        "<svg><g style='fill:red'>"
        "<path d='M1.23 -2.5L3 4z' id='b' transform='scale(0.015625)'/></g>"
        "<use href='#b' x='9.88'/></svg>"
    )
