"""Matplotlib's SVG, made small enough that a page can hold a dozen frames of a figure."""

import re


def small_svg(svg):
    """Return the SVG without what a browser does not need to show it."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", svg)
    # A hundredth of a point is finer than any screen, and the same on every machine. A scale
    # is no length: it stays as it is.
    svg = re.sub(
        r"(?<=[ML\s\"(])-?\d+\.\d{3,}(?=[\s\")])(?<!scale\(0.015625)",
        lambda m: f"{float(m[0]):.2f}",
        svg,
    )
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
