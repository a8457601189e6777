"""Lighter pages: each shows what it showed, and carries less.

Called by `tools.sphinx.pages` for every page. Nothing here changes what a reader sees or a screen
reader says.
"""

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Token

TEXT_FONT = re.compile(r'url\("(fonts/source-serif-4-latin-400-[^"]+)"\)')
CODE_STYLES = ("a11y-high-contrast-light", "a11y-high-contrast-dark")

# What MathML that is only read aloud says with; its other attributes tell how to draw it.
HEARD = {"display", "mathvariant", "accent", "accentunder", "linethickness"}
# The style sheets of a page, in this order, as one file.
STYLES = (
    "course.css",
    "code.css",
    "widgets.css",
    "katex/katex.min.css",
    "katex-math.css",
)


def of_class(tags, *names):
    """Return the tags that have all these classes. A selector takes ten times as long."""
    return [tag for tag in tags if set(names) <= set(tag.get("class", ()))]


def lighten(soup, folder, prefix):
    """Make a page's HTML smaller: frames become files, tokens of code lose what says nothing.

    `folder` receives the files; `prefix` is its address as seen from the page.
    """
    frames_to_files(soup, folder, prefix)
    merge_tokens(soup)
    for box in of_class(soup.find_all(True), "docutils"):
        box["class"] = [name for name in box["class"] if name not in ("docutils", "container")]


def frames_to_files(soup, folder, prefix):
    """Take the frames of interactive figures out of the page, so that each loads when shown.

    The page's own script drives them: the one in the notebook's output asks for all at once.
    """
    for image in soup.find_all("img"):
        if not image["src"].startswith("data:image/svg+xml,"):
            continue
        svg = unquote(image["src"].split(",", 1)[1])
        name = f"frame-{hashlib.sha256(svg.encode()).hexdigest()[:16]}.svg"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(svg, encoding="utf-8")
        image["src"] = f"{prefix}{name}"
    for script in soup.find_all("script"):
        if of_class([script.parent], "frames"):
            script.decompose()


def token_classes():
    """Return what each class of code token becomes: one class for each look, "" for plain.

    Two kinds of tokens that look alike in both color schemes need not be told apart.
    """
    styles = [get_style_by_name(name) for name in CODE_STYLES]
    look = {
        short: str([style.style_for_token(token) for style in styles])
        for token, short in STANDARD_TYPES.items()
        if short
    }
    plain = str([style.style_for_token(Token.Text) for style in styles])
    first = {}
    # An operator is read by its shape; a thousand of them on a page would be colored.
    del look["o"]
    for short in sorted(look, key=lambda name: (len(name), name)):
        first.setdefault(look[short], short)
    first[plain] = ""
    return {short: first[look[short]] for short in look} | {"o": ""}


TOKENS = token_classes()


def code_colors():
    """Return the colors of code, light and dark, with a contrast of at least 4.5 : 1."""
    sheets = []
    for style, scope in zip(CODE_STYLES, ("", '[data-theme="dark"] '), strict=True):
        rules = HtmlFormatter(style=style).get_style_defs(f"{scope}.highlight").splitlines()
        sheets.append([re.sub(r" */\*.*?\*/", "", rule) for rule in rules if colors_a_token(rule)])
    by_choice = [
        rule.replace('[data-theme="dark"]', ':root:not([data-theme="light"])') for rule in sheets[1]
    ]
    dark_system = ["@media screen and (prefers-color-scheme: dark) {", *by_choice, "}"]
    return "\n".join([*sheets[0], *sheets[1], *dark_system])


def colors_a_token(rule):
    """Tell whether a style rule is about code in a box, or a token that keeps its class."""
    token = re.search(r"\.highlight \.(\w+) ", rule)
    return ".highlight" in rule and not (token and TOKENS.get(token[1]) != token[1])


def merge_tokens(soup):
    """Take away the marks of code tokens that look plain, and join neighbors that look alike."""
    boxes = [pre for pre in soup.find_all("pre") if pre.find_parent(class_="highlight")]
    for span in [span for box in boxes for span in box.find_all("span")]:
        kinds = span.get("class", [])
        if len(kinds) == 1 and kinds[0] in TOKENS:
            span["class"] = TOKENS[kinds[0]]
        if not span.get("class") or not span.contents:
            span.unwrap()
    for span in [span for box in boxes for span in box.find_all("span")]:
        before = span.previous_sibling
        if getattr(before, "name", "") == "span" and before["class"] == span["class"]:
            for part in list(span.contents):
                before.append(part)
            span.decompose()
    signatures = of_class(soup.find_all("dt"), "sig")
    around = [part for dt in signatures for part in dt.find_all("em")]
    around += [p for dt in signatures for p in of_class(dt.find_all("span"), "sig-paren")]
    marks = [span for part in around for span in part.find_all("span")]
    marks += of_class(soup.find_all("span"), "pre")
    for part in {id(part): part for part in marks}.values():  # each once
        part.unwrap()


def thin_formulas(soup):
    """Leave out of formulas what nobody sees or hears; return the styles that they now share.

    KaTeX writes a few dozen styles thousands of times over. Here each is a class of the page, as
    strong as the attribute it stands for.
    """
    for source in soup.find_all("annotation"):
        source.decompose()
    for part in [part for math in soup.find_all("math") for part in [math, *math.find_all(True)]]:
        part.attrs = {name: value for name, value in part.attrs.items() if name in HEARD}
    formulas, names = of_class(soup.find_all("span"), "katex-html"), {}
    for part in [part for formula in formulas for part in formula.find_all(style=True)]:
        name = names.setdefault(part["style"].strip("; "), f"k{len(names)}")
        part["class"] = [*part.get("class", []), name]
        del part["style"]
    return "".join(
        f".{name}{{{style.replace(';', '!important;')}!important}}" for style, name in names.items()
    )


def styles_version(sources):
    """Return a short digest of the files that decide what the one style sheet holds."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:8]


def compact(styles):
    """Return a style sheet without comments and without white space that only serves the eye."""

    def block(match):
        inside = re.sub(r"\s*;\s*|^\s+|\s+$", lambda m: m[0].strip(), match[1])
        inside = re.sub(r"(^|;)([\w-]+)\s*:\s+", r"\1\2:", inside)
        inside = re.sub(r"(?<![\w.\"])0(?=\.\d)", "", inside)
        return "{" + re.sub(r",\s+", ",", inside).rstrip(";") + "}"

    styles = re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)
    styles = re.sub(r"\s*\{([^{}]*)\}\s*", block, styles)
    return re.sub(r"(?<=[{},])\s+", "", styles)


def with_text_fonts(styles, static):
    """Put the fonts of the text into the style sheet, upright and italic.

    A font that arrives after the first paint breaks lines anew, and the text jumps.
    """

    def inside(match):
        data = base64.b64encode((static / match[1]).read_bytes()).decode()
        return f"url(data:font/woff2;base64,{data})"

    return TEXT_FONT.sub(inside, styles)


def write_styles(outdir):
    """Join the style sheets into `_static/site.css`: one request instead of six."""
    static = outdir / "_static"
    parts = []
    for name in STYLES:
        text = compact((static / name).read_text(encoding="utf-8"))
        folder = Path(name).parent.as_posix()
        if folder != ".":
            text = re.sub(r"url\((?!data:)([^)]+)\)", rf"url({folder}/\1)", text)
        parts.append(text)
    styles = with_text_fonts("\n".join(parts), static)
    (static / "site.css").write_text(styles, encoding="utf-8")
