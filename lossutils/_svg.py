"""Matplotlib's SVG with coordinates that are the same on every machine, and small."""

import re

# Where lengths stand. A scale is none: it stays as it is, and so do widths of lines in a style.
_LENGTHS = re.compile(
    r"""(?<=[ ])(?:d|points|viewBox|x|y|width|height)=(?:"[^"]*"|'[^']*')|translate\([^)]*\)"""
)
_LONG = re.compile(r"-?\d+\.\d{3,}")


def rounded(svg):
    """Return the SVG with its lengths to a hundredth of a point.

    That is finer than any screen. More digits would only store how a processor rounds.
    """
    return _LENGTHS.sub(lambda part: _LONG.sub(_hundredths, part[0]), svg)


def _hundredths(number):
    text = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def small_svg(svg):
    """Return the SVG without what a browser does not need to show it."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", svg)
    svg = rounded(svg)
    svg = re.sub(r">\s+<", "><", re.sub(r"\s+", " ", svg)).strip().replace("DejaVuSans-", "g")
    svg = re.sub(r' d="[^"]*"', lambda m: " d=" + re.sub(r" ?([A-Za-z]) ?", r"\1", m[0][3:]), svg)
    svg = svg.replace('"', "'").replace("; ", ";").replace(": ", ":")
    return _without_empty_groups(svg)


def _without_empty_groups(svg):
    """Return the SVG without the groups that say nothing: they are half of its elements."""
    kept, parts = [], []
    for part in re.split(r"(</?g(?: [^>]*)?>)", svg):
        if part.startswith("<g"):
            kept.append(part != "<g>")
        if part == "<g>" or (part == "</g>" and not kept.pop()):
            continue
        parts.append(part)
    return "".join(parts)
