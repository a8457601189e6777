"""MyST turned into the Markdown that plain Jupyter and Colab show: for the workbooks."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from pybtex.database import parse_file

from tools.book import load, pages

BOX = re.compile(r"(?ms)^(:{3,})\{([a-z-]+)\}[ \t]*([^\n]*)\n(.*?)^\1[ \t]*$")
OPTION = re.compile(r"(?m)\A(?::[\w-]+:[^\n]*\n)+")
TITLES = {"note": "Note", "tip": "Tip", "warning": "Warning", "important": "Important"}
LABEL = re.compile(r"(?m)^\(([\w-]+)\)=[ \t]*\n?")
EQUATION_LABEL = re.compile(r"(?m)(\$\$)[ \t]*\(([\w-]+)\)[ \t]*$")
ROLE = re.compile(r"\{([a-z][\w:.-]*)\}`([^`]*)`")
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((#[\w-]+|[\w./-]+\.(?:md|ipynb)(?:#[\w-]+)?)\)")
COMMENT = re.compile(r"(?s)<!--.*?-->")
# A role is found first, so that the backtick that ends it does not open a piece of code.
CODE = re.compile(r"(?ms)^(`{3,})(?!\{).*?^\1[ \t]*$|(?P<role>\{[a-z][\w:.-]*\}`[^`]*`)|`[^`\n]+`")
LEFT = [
    re.compile(r"(?m)^:{3,}.*$"),
    re.compile(r"(?m)^`{3,}\{.*$"),
    re.compile(r"(?m)^\([\w-]+\)=.*$"),
    re.compile(r"(?m)^:[\w-]+: .*$"),
    re.compile(r"\{[a-z][\w:.-]*\}`[^`]*`"),
    re.compile(r"\[[^\]]*\]\(#[\w-]*\)"),
    re.compile(r"\[[^\]]*\]\([\w./-]+\.(?:md|ipynb)[^)]*\)"),
    re.compile(r"<!--"),
    re.compile(r"(?m)\$\$[ \t]*\([\w-]+\)[ \t]*$"),
    re.compile(r"(?m)^\+\+\+.*$"),
    re.compile(r"(?m)^%.*$"),
]


def without_code(text):
    """Return a text without its code, in which anything may stand."""
    return CODE.sub(lambda match: match["role"] or "", text)


def leftovers(text):
    """Return the pieces of MyST in a markdown text."""
    return [match[0] for pattern in LEFT for match in pattern.finditer(without_code(text))]


def authors_and_year(entry):
    """Return how a source is called in a sentence: Huber (1964), Sudre et al. (2017)."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join([*p.prelast_names, *p.last_names]).strip("{}") for p in people]
    if len(names) > 2:
        names = [f"{names[0]} et al."]
    return f"{' and '.join(names)} ({entry.fields['year']})"


@dataclass(frozen=True)
class Target:
    """Where a label leads: a page, and what it is called when a link has no text of its own."""

    page: str
    name: str


@dataclass(frozen=True)
class Reader:
    """Reads the MyST of a book; `site` is the address of its pages, empty while unknown."""

    book: Path
    site: str = ""
    page: str = ""
    sources: dict = field(default_factory=dict, repr=False)
    targets: dict = field(default_factory=dict, repr=False)

    def __post_init__(self):
        """Read the bibliography and the labels, unless they were given."""
        if not self.targets:
            entries = parse_file(str(Path(self.book) / "references.bib")).entries
            self.sources.update({key: authors_and_year(e) for key, e in entries.items()})
            self.targets.update(labels(Path(self.book)))

    def of_page(self, stem):
        """Return a reader for the text of one page."""
        return replace(self, page=stem)

    def read(self, text):
        """Return MyST text as plain Markdown."""
        kept = []

        def keep(match):
            if match["role"]:
                return match["role"]
            kept.append(match[0])
            return f"\0{len(kept) - 1}\0"

        text = COMMENT.sub("", CODE.sub(keep, text))
        while BOX.search(text):
            text = BOX.sub(self._box, text)
        text = EQUATION_LABEL.sub(r"\1", LABEL.sub("", text))
        text = LINK.sub(self._link, ROLE.sub(self._role, text))
        return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], text)

    def _box(self, match):
        """Return a box as a block quote with a bold title."""
        name, heading, body = match[2], match[3].strip(), OPTION.sub("", match[4]).strip()
        heading = heading or TITLES.get(name, "")
        lines = ([f"**{heading}**", ""] if heading else []) + body.splitlines()
        return "\n".join(f"> {line}".rstrip() for line in lines)

    def _role(self, match):
        """Return what a role shows."""
        name, text = match[1], match[2]
        if name.startswith("cite"):
            return ", ".join(self.sources[key.strip()] for key in text.split(","))
        if name == "math":
            return f"${text}$"
        shown, _, target = text.rpartition(" <")
        if name in ("ref", "numref", "doc", "eq"):
            return shown or self._name(target.rstrip(">") or text)
        return shown or text

    def _link(self, match):
        """Return a link to the site, or its words if nobody knows where the site is."""
        words, address = match[1], match[2]
        label = address.partition("#")[2]
        target = self.targets.get(label)
        stem = Path(address.partition("#")[0]).stem or (target.page if target else self.page)
        words = words or self._name(label)
        anchor = f"#{label}" if label else ""
        return (
            f"[{words}]({self.site.rstrip('/')}/book/{stem}.html{anchor})" if self.site else words
        )

    def _name(self, label):
        """Return what something is called that a sentence points at."""
        target = self.targets.get(label)
        if target is None:
            return "the chapter"
        if target.page == self.page or not target.page[:2].isdigit():
            return target.name
        return f"{target.name} of chapter {int(target.page[:2])}"


def labels(book):
    """Return every label of a book's pages."""
    found = {}
    for path in pages(book):
        plain = path.suffix != ".ipynb"
        cells = [{"source": path.read_text(encoding="utf-8")}] if plain else load(path)["cells"]
        for cell in cells:
            words = cell["source"]
            figure = cell.get("metadata", {}).get("mystnb", {}).get("figure", {})
            if figure.get("name"):
                caption = figure.get("caption", "").rstrip(".")
                name = f"the figure “{caption}”" if caption else "the figure"
                found[figure["name"]] = Target(path.stem, name)
            for match in LABEL.finditer(words):
                heading = re.match(r"\s*#+ (.+)", words[match.end() :])
                name = f"“{heading[1]}”" if heading else "the section"
                found[match[1]] = Target(path.stem, name)
            for match in EQUATION_LABEL.finditer(words):
                found[match[2]] = Target(path.stem, "the formula")
            for match in re.finditer(r"(?m)^:label: ex-(\d+)-(\d+)$", words):
                number = f"exercise {match[1]}.{match[2]}"
                found[f"ex-{match[1]}-{match[2]}"] = Target(path.stem, number)
    return found
