"""Compare two figures as a reader would: to a hundredth of a point.

Figures are SVG. Coordinates may differ by 0.01 point, which is their last stored digit; all else,
colors, widths of lines, texts, the order of things, must be the same. The frames of a slider are
figures too: they stand in an HTML output as images.
"""

import re
import xml.etree.ElementTree as ET
from urllib.parse import unquote

from tools.book import SVG

TOLERANCE = 0.01 + 1e-9  # of a point
LENGTHS = {"d", "x", "y", "width", "height", "viewBox", "points"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
TRANSLATE = re.compile(r"translate\(([^)]*)\)")
FRAME = re.compile(r'(?<=src=")data:image/svg\+xml,[^"]*')


def parsed(svg):
    """Return the elements of an SVG as ``(tag, attributes, text)``, with its own names counted.

    Matplotlib names clips and markers by a hash of all their digits: two names are the same when
    they are the first, second ... name of their figure.
    """
    elements = [e for e in ET.fromstring(svg).iter() if isinstance(e.tag, str)]
    own = {name: f"name-{n}" for n, e in enumerate(elements) if (name := e.get("id"))}

    def renamed(value):
        return re.sub(r"#([\w.-]+)", lambda m: f"#{own.get(m[1], m[1])}", value)

    return [
        (
            e.tag.rpartition("}")[2],
            {
                k.rpartition("}")[2]: own[v] if k == "id" else renamed(v)
                for k, v in e.attrib.items()
            },
            (e.text or "").strip(),
        )
        for e in elements
    ]


def pieces(name, value):
    """Return an attribute as its lengths and all the rest."""
    if name in LENGTHS:
        lengths = NUMBER.findall(value)
        return [float(n) for n in lengths], "".join(NUMBER.sub("0", value).split())
    if name == "transform":
        inside = " ".join(TRANSLATE.findall(value))
        return [float(n) for n in NUMBER.findall(inside)], TRANSLATE.sub("translate", value)
    return [], value


def difference(stored, now):
    """Tell in words how far a figure is from the stored one; None where nobody could see it.

    Parameters
    ----------
    stored, now : str
        Two figures, as SVG.

    Returns
    -------
    str or None
        Such as ``"path 12, d: 103.20 is stored, 103.25 came: 0.05 point"``.
    """
    if stored == now:
        return None
    before, after = parsed(stored), parsed(now)
    tags = [tag for tag, *_ in before], [tag for tag, *_ in after]
    if tags[0] != tags[1]:
        return f"{len(tags[0])} elements are stored, {len(tags[1])} came, or in another order"
    worst = (TOLERANCE, None)
    for number, ((tag, old, text), (_, new, other)) in enumerate(zip(before, after, strict=True)):
        where = f"{tag} (element {number} of the figure)"
        if text != other or old.keys() != new.keys():
            return f"{where}: {text!r} with {sorted(old)} is stored, {other!r} with {sorted(new)}"
        for name in old:
            (a, rest), (b, other_rest) = pieces(name, old[name]), pieces(name, new[name])
            if rest != other_rest or len(a) != len(b):
                return f"{where}, {name}: {shown(old[name])} is stored, {shown(new[name])} came"
            for x, y in zip(a, b, strict=True):
                if abs(x - y) > worst[0]:
                    says = f"{where}, {name}: {x:g} is stored, {y:g} came, {abs(x - y):.2f} point"
                    worst = (abs(x - y), says)
    return worst[1]


def shown(value):
    """Return the beginning of a value."""
    return repr(value if len(value) < 60 else value[:57] + "...")


def drawings(output):
    """Return the figures of an output (a dict): its own, or the frames of its slider."""
    data = output.get("data", {})
    if SVG in data:
        return [data[SVG]]
    return [unquote(uri.split(",", 1)[1]) for uri in FRAME.findall(data.get("text/html", ""))]


def settled(stored, now):
    """Return an output of now in which no figure differs that looks the same.

    Parameters
    ----------
    stored, now : dict
        Two outputs, with every text as one string.

    Returns
    -------
    stored, now : dict
        The outputs, each figure replaced by a few words that are the same where it looks the
        same, and say the greatest difference where it does not.
    """
    pairs = list(zip(drawings(stored), drawings(now), strict=False))
    words = [difference(*pair) for pair in pairs]
    return with_words(stored, [None] * len(words)), with_words(now, words)


def with_words(output, words):
    """Return a copy of an output with words in the place of its first figures."""
    data, said = dict(output.get("data", {})), iter(words)

    def word(uri):
        return next(said, uri) or "figure, as it is stored"

    if SVG in data:
        data[SVG] = word(data[SVG])
    elif "text/html" in data:
        data["text/html"] = FRAME.sub(lambda m: word(m[0]), data["text/html"])
    return {**output, "data": data} if data else output
