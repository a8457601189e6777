"""Figures can be read without color, and with three common kinds of color blindness.

All colors of the course are dark enough for text on white, so in grayscale they are all alike.
Hence the rule: wherever two colors come closer than `CLOSE` in any view, the curves that wear
them differ in dashes, in width or in markers as well.
"""

import io
import re
import xml.etree.ElementTree as ET
from itertools import combinations
from urllib.parse import unquote

import matplotlib.pyplot as plt
import pytest
from color_vision import SIMULATIONS, VIEWS, XYZ, contrast_on_white, distance, linear, nearest

from lossutils.course.figures import LOOKS, small_svg
from tools.book import load, notebooks

CLOSE = 20  # of CIE 1976; 2.3 can just be told apart in two patches side by side, lines are thin
WIDER = 1.3  # lines whose widths differ by this factor are told apart
SVG = "{http://www.w3.org/2000/svg}"
FRAME = re.compile(r'src="data:image/svg\+xml,([^"]+)"')
GRID = "#e4e4e4"  # of course.mplstyle; a frame does not say which of its lines are the grid's
# Figures whose like lines something else tells apart. Seen in every view, not only measured.
TOLD_APART = {
    "fig-tangents": "each tangent touches the curve at its own dot, with its slope beside it",
    "fig-boats": "the thin lines are single runs; the means above them differ in their dashes",
    "fig-kinds": "the two pairs of curves are far apart, and each pair has its name beside it",
    "fig-choosing-tree": "the dots are filled, half filled or empty",
}


def figures():
    """Yield the name and SVG of every figure of the book, and of every frame of a slider."""
    for path in notebooks():
        sliders = 0
        for cell in load(path)["cells"]:
            for out in cell.get("outputs", []):
                svg = out.get("data", {}).get("image/svg+xml", "")
                frames = FRAME.findall(out.get("data", {}).get("text/html", ""))
                sliders += bool(frames)
                if svg:
                    name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name", "")
                    yield pytest.param(name, svg, id=f"{path.stem}-{name}")
                for number, frame in enumerate(frames, start=1):
                    name = f"slider {sliders} frame {number}"
                    yield pytest.param(name, unquote(frame), id=f"{path.stem}-{name}")


FIGURES = list(figures())


def style(tag):
    return dict(re.findall(r"([\w-]+): ?([^;]+)", tag.get("style") or ""))


def letters(paths):
    """Return what distinguishes a marker: the commands that draw it, without their numbers."""
    return "".join(re.sub(r"[^A-Za-z]", "", path.get("d")) for path in paths)


def curve(path, marks):
    """Return color, dashes, width and marker of a path if it is a curve, otherwise None."""
    look = style(path)
    if "clip-path" not in path.attrib or not look.get("stroke", "").startswith("#"):
        return None
    width = float(look.get("stroke-width", 1))
    return look["stroke"], look.get("stroke-dasharray", ""), width, marks


def curves(axes):
    """Return the curves in one part of a figure."""
    found = set()
    for group in axes:
        if (group.get("id") or "").startswith("line2d_"):
            marks = letters(group.findall(f"./{SVG}defs/{SVG}path"))
            found |= {curve(path, marks) for path in group.findall(f"./{SVG}path")}
    return found - {None}


def curves_of_frame(root):
    """Return the curves in each part of a slider's frame, whose groups have lost their names."""
    parts = {}
    for parent in root.iter():
        children = list(parent)
        for place, path in enumerate(children):
            if path.tag != f"{SVG}path" or style(path).get("fill") != "none":
                continue
            # A marker is defined after its line, and used in a group that is clipped as the line.
            after = children[place + 1 : place + 3]
            marked = (
                len(after) == 2 and after[0].tag == f"{SVG}defs" and "clip-path" in after[1].attrib
            )
            found = curve(path, letters(after[0]) if marked else "")
            if found and found[0] != GRID:
                parts.setdefault(path.get("clip-path"), set()).add(found)
    return list(parts.values())


def parts_of(svg):
    """Return the curves of a picture, one set for each of its parts."""
    root = ET.fromstring(svg)
    axes = [g for g in root.iter(f"{SVG}g") if (g.get("id") or "").startswith("axes_")]
    return [curves(part) for part in axes] or curves_of_frame(root)


def words_of(svg):
    """Return the groups of a picture that hold words."""
    groups = list(ET.fromstring(svg).iter(f"{SVG}g"))
    named = [g for g in groups if (g.get("id") or "").startswith("text_")]
    return named or [g for g in groups if "scale(" in (g.get("transform") or "")]


def alike(one, other):
    """Tell whether only a color distinguishes two curves, and that one not for everybody."""
    (color, dashes, width, mark), (color2, dashes2, width2, mark2) = one, other
    if color == color2 or (dashes, mark) != (dashes2, mark2):
        return False
    return max(width, width2) < WIDER * min(width, width2) and nearest(color, color2)[0] < CLOSE


def unclear(svg):
    """Return the pairs of curves in one picture that not everybody can tell apart."""
    pairs = (pair for part in parts_of(svg) for pair in combinations(sorted(part), 2))
    return [pair for pair in pairs if alike(*pair)]


def test_the_simulations_leave_white_and_black_and_their_rows_add_up():
    for rows in SIMULATIONS.values():
        for row in rows:
            assert sum(row) == pytest.approx(1, abs=1e-5)
    for view in VIEWS:
        assert distance("white", "black", view) == pytest.approx(100, abs=0.01)
        assert distance("#777777", "#777777", view) == 0


def test_the_simulations_confuse_what_people_confuse():
    # Red and green of the same lightness, in the eyes that the names stand for.
    red, green = "#B05030", "#6F7A30"
    assert distance(red, green, "all colors") > 45
    assert distance(red, green, "deuteranopia") < 15
    # Blue and green at the ends of what a tritanope confuses; others tell them apart.
    assert distance("#0090C0", "#009C90", "tritanopia") < 10
    assert distance("#0090C0", "#009C90", "deuteranopia") > 15
    assert linear("#ffffff") @ XYZ[1] == pytest.approx(1)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("loss", LOOKS)
def test_a_label_can_be_read_in_every_view(loss, view):
    # 4.5 : 1 for full color is tested with the looks; a simulation may lose a tenth.
    assert contrast_on_white(LOOKS[loss][0], view) >= (4.5 if view == "all colors" else 4.05)


@pytest.mark.parametrize(("name", "svg"), FIGURES)
def test_curves_differ_by_more_than_a_color_that_some_do_not_see(name, svg):
    found = unclear(svg)
    if name in TOLD_APART:
        assert found, f"{name} needs no exception any more: take it off TOLD_APART"
        return
    assert not found, f"{name}: give one of each pair other dashes, width or marker: {found}"


@pytest.mark.parametrize(("name", "svg"), FIGURES)
def test_words_in_a_figure_can_be_read_on_its_white_card(name, svg):
    pale = set()
    words = words_of(svg)
    assert words, f"{name}: no words were found in it"
    for tag in (tag for group in words for tag in group.iter()):
        fill = style(tag).get("fill", "")
        if fill.startswith("#") and fill != "#ffffff" and contrast_on_white(fill) < 4.5:
            pale.add(fill)
    assert not pale, f"{name}: too pale for words on white: {sorted(pale)}"


def test_the_rule_notices_two_curves_that_differ_in_color_alone():
    figure, axes = plt.subplots()
    lines = [axes.plot([0, 1], [n, 1], color=c)[0] for n, c in enumerate(("#0B5394", "#00785A"))]

    def drawn():
        file = io.StringIO()
        figure.savefig(file, format="svg")
        return file.getvalue()

    assert len(unclear(drawn())) == 1
    assert len(unclear(small_svg(drawn()))) == 1  # as the frames of a slider are stored
    lines[1].set_marker("o")
    assert unclear(drawn()) == unclear(small_svg(drawn())) == []
    lines[1].set(marker="", linestyle="--")
    assert unclear(drawn()) == unclear(small_svg(drawn())) == []
    plt.close(figure)
