"""Figures are compared as people see them: to 0.01 point, and otherwise exactly."""

import re
from urllib.parse import quote

import pytest

from tools import compare_figures

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="400pt" viewBox="0 0 400 300"><defs><clipPath id="p1a2b"><rect x="1" y="2" '
    'width="30" height="40"/></clipPath></defs>'
    '<g id="figure_1" clip-path="url(#p1a2b)" style="stroke: #0b5394; stroke-width: 0.8">'
    '<path id="mfe" d="M 10.5 20 \nL 30.25 -4.5" transform="translate(5.5 6) scale(0.1 -0.1)"/>'
    '<use xlink:href="#mfe" x="7.25" y="8"/></g></svg>'
)


def with_(old, new):
    assert SVG.count(old) >= 1
    return SVG.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("30.25", "30.26"),
        ("30.25", "30.24"),
        ("-4.5", "-4.51"),
        ("translate(5.5 6)", "translate(5.51 6)"),
        ('x="7.25"', 'x="7.26"'),
        ("400pt", "400.01pt"),
        ("\nL", " L"),
        ("p1a2b", "pffff"),  # a hash of all digits, on both sides of the link
    ],
)
def test_what_nobody_can_see_is_no_difference(old, new):
    assert compare_figures.difference(SVG, with_(old, new)) is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("30.25", "30.27", r"path .*, d: 30\.25 is stored, 30\.27 came, 0\.02 point"),
        ("-4.5", "4.5", r"-4\.5 is stored, 4\.5 came, 9\.00 point"),
        ("translate(5.5 6)", "translate(5.5 6.02)", r"transform: 6 is stored, 6\.02 came"),
        ("scale(0.1", "scale(0.105", r"transform: .* is stored, .* came"),
        ('x="7.25"', 'x="7.2"', r"use .*, x: 7\.25 is stored, 7\.2 came, 0\.05 point"),
        ("#0b5394", "#0b5395", r"style: .*0b5394.* is stored, .*0b5395.* came"),
        ("0.8", "0.81", r"style: .*0\.8.* is stored"),
        ("L 30.25", "C 30.25", r"d: .* is stored"),
        ("30.25 -4.5", "30.25 -4.5 1 1", r"d: .* is stored"),
        ('href="#mfe"', 'href="#figure_1"', r"href: .* is stored"),
        ("<use ", "<image ", r"5 elements|6 elements|another order"),
        ('y="8"/>', 'y="8"/><g/>', r"elements are stored"),
        ('y="8"/>', 'y="8">text</use>', r"'text'"),
        (' y="8"/>', "/>", r"is stored"),
    ],
)
def test_what_can_be_seen_is_said(old, new, says):
    assert re.search(says, compare_figures.difference(SVG, with_(old, new)))


def test_the_greatest_difference_is_the_one_that_is_said():
    moved = with_("30.25", "31.25").replace("10.5 20", "10.5 20.5")
    assert "1.00 point" in compare_figures.difference(SVG, moved)


def drawn(svg):
    return {"output_type": "display_data", "data": {"image/svg+xml": svg, "text/plain": "<Figure>"}}


def slid(*frames):
    images = "".join(f'<img src="data:image/svg+xml,{quote(f)}" alt="one">' for f in frames)
    return {"output_type": "display_data", "data": {"text/html": f"<p>1.5</p>{images}"}}


def test_outputs_whose_figures_look_the_same_become_the_same():
    old, new = compare_figures.settled(drawn(SVG), drawn(with_("30.25", "30.26")))
    assert old == new
    old, new = compare_figures.settled(drawn(SVG), drawn(with_("30.25", "30.28")))
    assert old != new
    assert "0.03 point" in new["data"]["image/svg+xml"]


def test_the_frames_of_a_slider_are_figures_and_its_text_is_text():
    old, new = compare_figures.settled(slid(SVG, SVG), slid(SVG, with_("30.25", "30.26")))
    assert old == new
    old, new = compare_figures.settled(slid(SVG, SVG), slid(SVG, with_("30.25", "30.27")))
    assert "0.02 point" in new["data"]["text/html"]
    assert old != new
    other = slid(SVG, SVG)
    other["data"]["text/html"] = other["data"]["text/html"].replace("1.5", "1.6")
    old, new = compare_figures.settled(slid(SVG, SVG), other)
    assert old != new


def test_a_frame_more_or_less_is_a_difference():
    old, new = compare_figures.settled(slid(SVG), slid(SVG, SVG))
    assert old != new
    old, new = compare_figures.settled(drawn(SVG), {"output_type": "stream", "text": "no figure"})
    assert old != new


def test_what_is_compared_is_left_as_it_was():
    old, new = drawn(SVG), drawn(with_("30.25", "30.26"))
    compare_figures.settled(old, new)
    assert (old, new) == (drawn(SVG), drawn(with_("30.25", "30.26")))
