"""Slides: short Markdown decks, with numbers, figures and code out of the chapters' notebooks.

    python -m tools.slides OUTDIR        render every book/slides/NN_name.md into OUTDIR

A deck opens with its front matter and goes on with slides, which a line ``---`` separates::

    ---
    title: "Regression: MSE, MAE, Huber"
    chapter: 03_regression
    minutes: 50
    ---
    # One bad record
    Words, **bold**, $formulas$, tables, fenced code.
    Note:
    Minutes: 3
    Run: "mse_wild = "
    **Say.** What the speaker sees; Markdown without formulas.

The first slide has a heading ``#``, every other one ``##``. What comes from the chapter:

- ``{{mse_wild:.4f}}``: a published value, or ``{{errata.mse_right:.4f}}`` of another page;
- ``{{figure fig-huber}}`` on a line of its own: a figure, with its alternative text;
- ``{{code "mse_wild = "}}``: the one code cell that contains this text, without `publish`;
- ``{{output "mse_wild = "}}``: what that cell printed.

``Run:`` in a note names a cell in the same way. A comment ``<!-- predict -->``, ``<!-- live -->``
or ``<!-- big -->`` gives a slide its look. A name that does not exist stops the build, and the
message says on which slide.
"""

import ast
import re
import shutil
import sys
from dataclasses import dataclass, field
from difflib import get_close_matches
from html import escape
from pathlib import Path
from string import Template

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound
from sphinxcontrib import katex

from tools import assets, prose
from tools.book import BOOK, SITE, SVG, all_published, code_cells, key, load, notebooks, tags

KINDS = {"predict": "Predict first", "live": "Live", "big": ""}
FRONT_MATTER = {"title": str, "chapter": str, "minutes": int}
PULL = re.compile(r'(?m)^\{\{(figure|code|output) +"?([^"\n]+?)"? *\}\} *$')
VALUE = re.compile(r"\{\{ *(?P<name>[A-Za-z0-9_.]+)(?::(?P<format>[^}]*))? *\}\}")
COMMENT = re.compile(r"(?m)^<!-- *(.*?) *--> *\n?")
# Exercises and self-tests repeat the chapter's code; a deck names the cell that teaches it.
NOT_SHOWN = {"remove-cell", "stub", "solution", "check", "remove-input"}
HINTS = '<p class="hints">→ next · S speaker view · F full screen · ? all keys</p>\n'
# The room for a figure on a slide of 1280 x 720, alone and beside text.
ALONE, BESIDE = (1140, 530), (730, 530)


class SlidesError(Exception):
    """A deck asks for something that is not there, or is not written as a deck is."""


def close(name, names):
    """Return a hint at the names that `name` may have been meant for."""
    near = get_close_matches(name, names, n=4, cutoff=0.5)
    return f"; close names: {', '.join(near)}" if near else ""


@dataclass
class Chapter:
    """What a deck can take from a notebook: code, outputs, figures."""

    cells: list
    figures: dict = field(default_factory=dict)

    @classmethod
    def read(cls, path):
        """Read a notebook."""
        chapter = cls([c for c in code_cells(load(path)) if not NOT_SHOWN & set(tags(c))])
        for cell in chapter.cells:
            options = cell["metadata"].get("mystnb", {})
            name = options.get("figure", {}).get("name")
            for output in cell["outputs"]:
                svg = output.get("data", {}).get(SVG, "")
                if name and svg:
                    chapter.figures[name] = svg, options.get("image", {}).get("alt", "")
        return chapter

    def cell(self, text):
        """Return the one cell that contains `text`; raise LookupError otherwise."""
        found = [cell for cell in self.cells if text in cell["source"]]
        if len(found) != 1:
            count = len(found) or "no"
            raise LookupError(f'{count} code cells of the chapter contain "{text}": name one')
        return found[0]


def code_of(cell):
    """Return a cell's code without the calls of `publish`, which serve the page, not the idea."""
    lines = cell["source"].splitlines()
    for node in ast.walk(ast.parse(cell["source"])):
        is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if is_call and getattr(node.value.func, "id", "") == "publish":
            lines[node.lineno - 1 : node.end_lineno] = [None] * (node.end_lineno - node.lineno + 1)
    return "\n".join(line for line in lines if line is not None)


def printed_by(cell):
    """Return what a cell printed, or the last line of the error it raised on purpose."""
    text = ""
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            text += output["text"]
        elif output["output_type"] == "error":
            text += f"{output['ename']}: {output['evalue']}\n"
    if not text:
        raise LookupError(f'the cell "{cell["source"][:40]}" prints nothing')
    return text.rstrip()


def svg_size(svg):
    """Return the width and height that a figure states, in points."""
    return tuple(
        float(re.search(rf'<svg[^>]*\s{side}="([\d.]+)pt"', svg)[1]) for side in ("width", "height")
    )


def fitted(size, room):
    """Return a figure's size in whole pixels, as large as the room allows."""
    scale = min(space / length for space, length in zip(room, size, strict=True))
    return tuple(round(length * scale) for length in size)


def formula(latex, options):
    """Return a formula as HTML that needs no script; wrong LaTeX raises KaTeXError."""
    assets.prepare_katex()
    display = options["display_mode"]
    html = katex.render_latex(latex, {"displayMode": display, "throwOnError": True})
    return f'<div class="math">{html}</div>' if display else html


def code_html(code, language, _attributes=""):
    """Return code with the colors that the pages use."""
    lexer = get_lexer_by_name(language or "text", stripnl=False, ensurenl=False)
    code = code.rstrip("\n")
    inner = highlight(code, lexer, HtmlFormatter(nowrap=True)).rstrip()
    lines = code.splitlines()
    large = len(lines) <= 10 and max(map(len, lines), default=0) <= 58
    look = "highlight large" if large else "highlight"
    return f'<pre class="{look}"><code>{inner}</code></pre>\n'


def markdown():
    """Return the Markdown of slides: no raw HTML, tables, formulas, colored code."""
    reader = MarkdownIt("commonmark", {"html": False, "highlight": code_html}).enable("table")
    return reader.use(dollarmath_plugin, renderer=formula)


@dataclass
class Slide:
    """One slide as it is written."""

    deck: str
    number: int
    heading: str
    body: str
    kinds: tuple
    note: str
    minutes: float
    runs: tuple

    @property
    def where(self):
        """Return the words that an error message begins with."""
        return f'{self.deck}, slide {self.number} "{self.heading}"'

    @property
    def anchor(self):
        """Return the slide's id, which is part of its address."""
        return re.sub(r"[^a-z0-9]+", "-", self.heading.lower()).strip("-") or f"n{self.number}"


@dataclass
class Deck:
    """A deck as it is written."""

    name: str
    title: str
    chapter: str
    minutes: int
    slides: list


def read_slide(deck, number, text):
    """Return a Slide; raise SlidesError if it is not written as a slide is."""
    text = text.strip()
    heading = re.match(r"(#{1,6}) +(.+)", text)
    where = f'{deck}, slide {number} "{heading[2] if heading else text[:40]}"'
    level = "#" if number == 1 else "##"
    if not heading or heading[1] != level:
        raise SlidesError(f"{where}: a slide opens with a heading; this one with '{level} '")
    body, separator, note = text[heading.end() :].partition("\nNote:\n")
    if not separator:
        raise SlidesError(f"{where}: no speaker note; end the slide with a line 'Note:'")
    minutes = re.search(r"(?m)^Minutes: *(\d+(?:\.5)?) *$", note)
    if not minutes or float(minutes[1]) == 0:
        raise SlidesError(f"{where}: the note needs a line such as 'Minutes: 3' (or 2.5)")
    runs = tuple(re.findall(r'(?m)^Run: *"(.+)" *$', note))
    words = re.sub(r"(?m)^(?:Minutes|Run):.*\n?", "", note).strip()
    if not words:
        raise SlidesError(f"{where}: the note says nothing but the minutes")
    if "$" in words:
        raise SlidesError(f"{where}: no formulas in a note; write them as you would say them")
    kinds = tuple(COMMENT.findall(body))
    for kind in kinds:
        if kind not in KINDS:
            raise SlidesError(f"{where}: <!-- {kind} --> is none of {', '.join(KINDS)}")
    body = COMMENT.sub("", body).strip()
    return Slide(deck, number, heading[2], body, kinds, words, float(minutes[1]), runs)


def split_slides(text):
    """Return the texts between lines ``---``, except such lines in fenced code."""
    slides, fenced = [[]], False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if line.strip() == "---" and not fenced:
            slides.append([])
        else:
            slides[-1].append(line)
    return ["\n".join(lines) for lines in slides]


def read_deck(path):
    """Return a Deck; raise SlidesError if the file is not written as a deck is."""
    match = re.match(r"---\n(.*?)\n---\n(.*)\Z", path.read_text(encoding="utf-8"), re.DOTALL)
    if not match:
        raise SlidesError(f"{path.name}: a deck opens with front matter between lines ---")
    front = yaml.safe_load(match[1]) or {}
    for name, kind in FRONT_MATTER.items():
        if not isinstance(front.get(name), kind):
            raise SlidesError(f"{path.name}: the front matter needs {name} ({kind.__name__})")
    texts = split_slides(match[2])
    slides = [read_slide(path.name, n, text) for n, text in enumerate(texts, start=1)]
    anchors = [slide.anchor for slide in slides]
    for slide in slides:
        if anchors.count(slide.anchor) > 1:
            raise SlidesError(f"{slide.where}: another slide has the same heading")
    return Deck(path.stem, front["title"], front["chapter"], front["minutes"], slides)


class Renderer:
    """Turns the decks of one book into pages, and collects what cannot be rendered."""

    def __init__(self, book):
        """Read what the notebooks hold."""
        self.values = all_published(book)
        self.chapters = {path.stem: Chapter.read(path) for path in notebooks(book)}
        self.figures = {
            name: figure for c in self.chapters.values() for name, figure in c.figures.items()
        }
        self.used, self.problems, self.markdown = set(), [], markdown()

    def value(self, match, slide, chapter, ascii_only):
        """Return a published value as the slide shows it."""
        name = match["name"] if "." in match["name"] else f"{key(chapter)}.{match['name']}"
        if name not in self.values:
            self.problems.append(f"{slide.where}: no value '{name}'{close(name, self.values)}")
            return "?"
        try:
            shown = prose.formatted(self.values[name], match["format"])
        except ValueError:
            problem = f"'{match['format']}' is no format for {name} = {self.values[name]!r}"
            self.problems.append(f"{slide.where}: {problem}")
            return "?"
        if prose.halfway(self.values[name], match["format"]):
            problem = f"{name} = {self.values[name]!r} is halfway for '{match['format']}'"
            self.problems.append(f"{slide.where}: {problem}: publish it with the decimals you show")
        return shown.replace("−", "-") if ascii_only else shown

    def fill(self, tokens, slide, chapter):
        """Set the values in parsed Markdown: in words, code and formulas alike."""
        for token in tokens:
            if token.children:
                self.fill(token.children, slide, chapter)
            elif "{{" in token.content:
                words, math = token.type == "text", token.type.startswith("math")
                token.content = VALUE.sub(
                    lambda m, words=words, math=math: self.value(
                        m, slide, chapter, not words
                    ).replace("%", r"\%" if math else "%"),
                    token.content,
                )

    def text(self, source, slide, chapter, inline=False):
        """Return Markdown as HTML."""
        parse = self.markdown.parseInline if inline else self.markdown.parse
        environment = {}
        tokens = parse(source, environment)
        self.fill(tokens, slide, chapter)
        try:
            html = self.markdown.renderer.render(tokens, self.markdown.options, environment)
        except katex.KaTeXError as error:
            self.problems.append(f"{slide.where}: {error}")
            return ""
        except ClassNotFound as error:
            self.problems.append(f"{slide.where}: code in an unknown language: {error}")
            return ""
        if "{{" in html:
            self.problems.append(f"{slide.where}: {{{{...}}}} that is no value, figure or cell")
        return html

    def figure(self, name, slide, room):
        """Return an image of a figure."""
        if name not in self.figures:
            known = close(name, self.figures) or f"; there are {', '.join(self.figures)}"
            self.problems.append(f"{slide.where}: no figure '{name}'{known}")
            return ""
        svg, alt = self.figures[name]
        if not alt:
            self.problems.append(f"{slide.where}: figure '{name}' has no alternative text")
        self.used.add(name)
        width, height = fitted(svg_size(svg), room)
        return (
            f'<img class="figure" src="figures/{name}.svg" alt="{escape(alt)}" '
            f'width="{width}" height="{height}">\n'
        )

    def cell(self, kind, text, slide, chapter):
        """Return a cell's code, or what it printed."""
        try:
            cell = self.chapters[chapter].cell(text)
            if kind == "code":
                return code_html(code_of(cell), "python")
            return code_html(printed_by(cell), "text").replace('class="', 'class="output ')
        except LookupError as error:
            self.problems.append(f"{slide.where}: {error.args[0]}")
            return ""

    def body(self, slide, chapter):
        """Return the part of a slide below its heading."""
        pieces = PULL.split(slide.body)
        words = "".join(pieces[0::3]).strip()
        pulls = list(zip(pieces[1::3], pieces[2::3], strict=True))
        alone = not words and {kind for kind, _ in pulls} == {"figure"}
        figures, text = "", ""
        for number, piece in enumerate(pieces):
            if number % 3 == 0 and piece.strip():
                text += self.text(piece, slide, chapter)
            elif number % 3 == 2 and pieces[number - 1] == "figure":
                figures += self.figure(piece, slide, ALONE if alone else BESIDE)
            elif number % 3 == 2:
                text += self.cell(pieces[number - 1], piece, slide, chapter)
        if not figures:
            return f'<div class="words">\n{text}</div>'
        text = f'<div class="words">\n{text}</div>\n' if text else ""
        return f'<div class="{"alone" if alone else "beside"}">\n{figures}{text}</div>'

    def note(self, slide, chapter):
        """Return the speaker's note: minutes, the cells to run, what to say."""
        runs = []
        for text in slide.runs:
            try:
                first = code_of(self.chapters[chapter].cell(text)).splitlines()[0]
                runs.append(f"<p><strong>Run</strong> the cell <code>{escape(first)}</code></p>")
            except LookupError as error:
                self.problems.append(f"{slide.where}: Run: {error.args[0]}")
        words = self.text(slide.note, slide, chapter)
        return f"<p><strong>{slide.minutes:g} min</strong></p>\n{''.join(runs)}\n{words}"

    def slide(self, slide, deck):
        """Return a slide as HTML."""
        label = "".join(f'<p class="kind">{KINDS[k]}</p>\n' for k in slide.kinds if KINDS[k])
        if slide.number == 1:
            label = '<p class="course">Understanding Loss Functions</p>\n'
        classes = " ".join(("slide", *(["opening"] if slide.number == 1 else []), *slide.kinds))
        heading = self.text(slide.heading, slide, deck.chapter, inline=True)
        hints = HINTS if slide.number == 1 else ""
        # The speaker's window compares these seconds with its clock.
        return (
            f'<section id="{slide.anchor}" data-timing="{slide.minutes * 60:.0f}">\n'
            f'<div class="{classes}">\n{label}<h2>{heading}</h2>\n'
            f"{self.body(slide, deck.chapter)}\n{hints}</div>\n"
            f'<aside class="notes">\n{self.note(slide, deck.chapter)}</aside>\n</section>\n'
        )

    def deck(self, deck):
        """Return a deck as a page."""
        if deck.chapter not in self.chapters:
            hint = close(deck.chapter, self.chapters)
            self.problems.append(f"{deck.name}.md: no chapter '{deck.chapter}'{hint}")
            return ""
        template = Template((SITE / "slides" / "deck.html").read_text(encoding="utf-8"))
        return template.substitute(
            title=escape(deck.title),
            slides="".join(self.slide(slide, deck) for slide in deck.slides),
            chapter=f"../book/{deck.chapter}.html",
            number=int(deck.chapter[:2]),
        )


def copy_assets(outdir):
    """Put what the decks load into OUTDIR/assets: nothing comes from another server."""
    folder, reveal = outdir / "assets", assets.NODE_MODULES / "reveal.js"
    assets.copy_fonts(folder / "fonts")
    assets.copy_katex(folder / "katex.css", folder / "fonts")
    own = SITE / "slides"
    styles = [reveal / "dist" / "reset.css", reveal / "dist" / "reveal.css"]
    for path in (*styles, *own.glob("*.css"), *own.glob("*.js")):
        shutil.copy(path, folder)
    for path in (reveal / "dist" / "reveal.js", reveal / "plugin" / "notes" / "notes.js"):
        script = path.read_text(encoding="utf-8")
        # The map is not shipped; a browser's developer tools would ask for it.
        script = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", script)
        (folder / path.name).write_text(script, encoding="utf-8")
    colors = HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(".highlight")
    (folder / "code.css").write_text(colors + "\n", encoding="utf-8")


def render_all(book, outdir):
    """Render every deck of a book into a folder; return the decks.

    Nothing is written if any deck asks for something that is not there: SlidesError then lists
    every such place.
    """
    renderer, problems, decks, pages = Renderer(book), [], [], {}
    for path in sorted((book / "slides").glob("*.md")):
        try:
            deck = read_deck(path)
        except SlidesError as error:
            problems.append(str(error))
            continue
        decks.append(deck)
        pages[deck.name] = renderer.deck(deck)
    if problems + renderer.problems:
        raise SlidesError("\n".join(problems + renderer.problems))
    copy_assets(outdir)
    (outdir / "figures").mkdir(exist_ok=True)
    for name in sorted(renderer.used):
        (outdir / "figures" / f"{name}.svg").write_text(renderer.figures[name][0], "utf-8")
    for name, page in pages.items():
        (outdir / f"{name}.html").write_text(page, encoding="utf-8")
    return decks


def main(arguments):
    """Render the book's decks, and say how long each is."""
    if len(arguments) != 1:
        sys.exit("usage: python -m tools.slides OUTDIR")
    outdir = Path(arguments[0])
    try:
        decks = render_all(BOOK, outdir)
    except SlidesError as error:
        sys.exit(f"no slides:\n{error}")
    for deck in decks:
        size = (outdir / f"{deck.name}.html").stat().st_size
        minutes = sum(slide.minutes for slide in deck.slides)
        print(f"{deck.name}: {len(deck.slides)} slides, {minutes:g} minutes, {size / 1000:.0f} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
