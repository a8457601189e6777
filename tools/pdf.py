"""The whole book as one PDF, from the built site: `make book` first, or `make pdf` for both.

python -m tools.pdf

The pages are put one after the other into one document, and Chromium prints it: so links between
pages work inside the PDF. Solutions and the answers of the self-tests move to the last part.
Page numbers of the contents are read from a first print and filled in for the second. pypdf
writes the outline, title and language, and takes the date out. A print that fails its checks does
not become the book: an older PDF then stays.
"""

import logging
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from html import escape
from itertools import pairwise, zip_longest
from pathlib import Path, PurePosixPath
from string import Template
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import Error, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from tools import book
from tools.book import BUILD, PDF, ROOT, ZIP

SITE = book.HTML
TEMPLATE = book.SITE / "pdf" / "book.html"
STYLES = book.SITE / "pdf" / "book.css"
PAGES_FIXED = 2  # full prints, at most, until no page number changes any more
FONT_FILES = {"/FontFile", "/FontFile2", "/FontFile3"}
LENGTH = range(250, 701)  # pages that a whole book may have
# What a page has for the screen only.
SCREEN_ONLY = (
    ".page-toc, .prev-next, .headerlink, .chapter-links, .frames__control, .quiz__key, "
    "script, noscript, button"
)
# The width of A4 without the margins of site/pdf/book.css, in CSS pixels.
PAPER = 635
# Formulas do not wrap: one that is wider than the paper is set smaller.
FIT = """() => {
  for (const box of document.querySelectorAll("div.math")) {
    const wide = Math.max(...[...box.querySelectorAll(".katex-html")].map((n) => n.scrollWidth));
    if (wide > box.clientWidth) box.style.fontSize = `${Math.floor(98 * box.clientWidth / wide)}%`;
  }
}"""
# Zeros at first: the numbers that take their place then move next to nothing.
NUMBER = """(pages) => {
  for (const n of document.querySelectorAll("[data-of]"))
    n.textContent = pages[n.dataset.of] || "000";
}"""
NO_CHROMIUM = (
    "make pdf needs Chromium or Chrome, which prints the pages, and found none "
    f"(looked for {', '.join(book.BROWSERS)}). Install one, or read the site: it needs nothing."
)
NO_FONT = (
    "make pdf needs a font on this machine, and `fc-list` names none: without any, Chromium's page "
    "crashes. Install some (`apt-get install fonts-dejavu-core`), then run `make pdf` again."
)


def setting(name):
    """Return a setting of _config.yml."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8")).get(name)


class Book:
    """One document made of all pages, in the order of the contents.

    Attributes
    ----------
    names : list of str
        Pages below the site, such as ``book/03_regression.html``.
    soup : BeautifulSoup
        The document's body.
    """

    def __init__(self, site=SITE):
        self.site = site
        self.names = self._order()
        parts = [self._page(name) for name in self.names]
        self.titles = {name: spoken(part.h1) for name, part in zip(self.names, parts, strict=True)}
        self.soup = BeautifulSoup("".join(map(str, parts)), "html.parser")
        self._move_answers()
        self._link()

    def _order(self):
        """Return every page of the contents, the landing page first."""
        front = "book/index.html"
        soup = BeautifulSoup((self.site / front).read_text(encoding="utf-8"), "html.parser")
        links = [link["href"].split("#")[0] for link in soup.select("#contents a[href]")]
        pages = [front, *(resolved(front, link) for link in links if link)]
        return [name for name in dict.fromkeys(pages) if (self.site / name).is_file()]

    def _page(self, name):
        """Return one page's text with ids, links and images that hold in the document."""
        soup = BeautifulSoup((self.site / name).read_text(encoding="utf-8"), "html.parser")
        main = soup.select_one("main")
        # The classes of formulas mean something else on each page.
        style = soup.select_one("head style")
        styles = dict(re.findall(r"\.(\w+)\{(.+?)\}", style.string if style else ""))
        for part in main.select(".katex-html [class]"):
            part["style"] = ";".join(styles[name] for name in part["class"] if name in styles)
        for part in main.select(SCREEN_ONLY):
            part.decompose()
        for title in main.select("section[id] > :is(h1, h2, h3, h4)"):
            # A section and its other names may be left behind on the page before the heading.
            title["id"] = title.parent.attrs.pop("id")
            title.extend(title.find_previous_siblings("span", id=True))
        for image in main.select(".frames img"):
            # Of a slider's frames the first one shown; the table below has all of them.
            if "display:none" in image.get("style", "").replace(" ", ""):
                image.decompose()
        for box in main.select("details:not(.solution, .quiz__option)"):
            box.name = "div"
            box.summary.name = "p"
        for tag in main.select("[id]"):
            tag["id"] = place(name, tag["id"])
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            for tag in main.select(f"[{attribute}]"):
                tag[attribute] = " ".join(place(name, part) for part in tag[attribute].split())
        for image in main.select("img[src]"):
            if not image["src"].startswith("data:"):
                image["src"] = (self.site / resolved(name, image["src"])).as_uri()
            image["loading"] = "eager"
        for link in main.select("a[href]"):
            link["href"] = self._address(name, link["href"])
        main.name = "article"
        main["class"] = ["article"]
        main["id"] = place(name)
        del main["tabindex"]
        box = soup.new_tag(
            "div", attrs={"class": ["part", body_class(name)], "style": f"page: {page_style(name)}"}
        )
        box.append(main)
        return box

    def _address(self, name, href):
        """Return where a link leads inside the document, or outside, or nothing."""
        parts = urlsplit(href)
        if parts.scheme:
            return href
        target = resolved(name, parts.path) if parts.path else name
        if target not in self.names:
            return ""  # a download or a deck: the PDF does not hold it
        return f"#{place(target, unquote(parts.fragment))}"

    def _move_answers(self):
        """Collect solutions and the answers of self-tests, by page, in a last part."""
        last = self.soup.new_tag("div", attrs={"class": "part answers", "style": "page: answers"})
        article = self.soup.new_tag("article", attrs={"class": "article", "id": "answers"})
        article.append(new(self.soup, "h1", "Solutions and answers"))
        for box in self.soup.find_all("div", class_="part"):
            solutions, quizzes = box.select("details.solution"), box.select(".quiz")
            if not solutions and not quizzes:
                continue
            name = next(n for n in self.names if body_class(n) in box["class"])
            anchor = place(name, "answers")
            article.append(new(self.soup, "h2", self.titles[name], id=anchor))
            for solution in solutions:
                summary = solution.summary
                title = summary.get_text().strip()
                solution.insert_before(reference(self.soup, solution["id"], title))
                moved = solution.extract()
                moved.name, summary.name = "div", "h3"
                article.append(moved)
            if quizzes:
                quizzes[-1].insert_after(
                    reference(self.soup, anchor + "-quiz", "Answers to the self-test")
                )
                article.append(new(self.soup, "h3", "Self-test", id=anchor + "-quiz"))
            for quiz in quizzes:
                article.append(self._answers_of(quiz))
        last.append(article)
        self.soup.append(last)

    def _answers_of(self, quiz):
        """Take the reasons out of a question and return them."""
        prompt = quiz.select_one(".quiz__prompt")
        question = prompt.strong.get_text().strip() if prompt.strong else ""
        found = self.soup.new_tag("div", attrs={"class": "quiz-answers"})
        right = quiz.select_one(".quiz__option--right summary b").get_text()
        found.append(new(self.soup, "p", f"{question} {right}", **{"class": "quiz-answers__right"}))
        for option in quiz.select(".quiz__option"):
            letter, why = option.summary.b.get_text(), option.select_one("summary ~ p")
            why.attrs = {}
            why.insert(0, new(self.soup, "b", f"{letter} "))
            found.append(why.extract())
            option.name, option.summary.name = "div", "p"
        return found

    def _link(self):
        """Keep the links that lead somewhere; of the others keep the words."""
        ids = {tag["id"] for tag in self.soup.select("[id]")}
        for link in self.soup.select("a[href]"):
            href = link["href"]
            if not href or (href.startswith("#") and href[1:] not in ids):
                link.unwrap()

    def bookmarks(self):
        """Return ``(level, title, place)`` of every heading, that of the contents first."""
        found = [(1, "Contents", "contents")]
        for tag in self.soup.select("h1, h2, h3, h4"):
            box = tag.find_parent("article") if tag.name == "h1" else tag
            found.append((int(tag.name[1]), spoken(tag), box.get("id") or tag.parent["id"]))
        return found

    def contents(self):
        """Return the same of the lines of the contents: parts, and the sections of chapters."""
        found = []
        for level, title, target in self.bookmarks()[1:]:
            if level == 1:
                chapter = title[0].isdigit()
            if level == 1 or (level == 2 and chapter):
                found.append((level, title, target))
        return found

    def html(self):
        """Return the document, its page numbers still empty."""
        running = "\n".join(
            f'@page {page_style(name)} {{ @top-left {{ content: "{escape_css(title)}" }} }}'
            for name, title in self.titles.items()
        )
        return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
            title=escape(setting("title")),
            author=escape(setting("author")),
            version=escape(book.version()),
            site_styles=(self.site / "_static" / "site.css").as_uri(),
            styles=STYLES.read_text(encoding="utf-8"),
            running=running,
            contents="\n".join(line(*about) for about in self.contents()),
            # Chromium names the places that a link leads to, be it hidden.
            places="".join(f'<a href="#{target}"></a>' for *_, target in self.bookmarks()),
            text=str(self.soup),
        )


def resolved(name, link):
    """Return the page of the site that a link on page `name` leads to."""
    found = []
    for part in (PurePosixPath(name).parent / unquote(link)).parts:
        if part == "..":
            found.pop()
        elif part != ".":
            found.append(part)
    return "/".join(found)


def place(name, fragment=""):
    """Return the id in the document of a place on a page."""
    stem = PurePosixPath(name).stem
    return f"{stem}--{fragment}" if fragment else stem


def body_class(name):
    """Return the class that the page's body has on the site, so that its styles hold."""
    return "page-" + name.removesuffix(".html").replace("/", "-")


def page_style(name):
    """Return the name of the page style with this page's running head."""
    return re.sub(r"\W", "-", f"of-{PurePosixPath(name).stem}")


def spoken(tag):
    """Return the text of an element in one line."""
    return " ".join(tag.get_text().split())


def squeezed(text):
    """Return the letters and digits of a text; "ﬁ", set as one letter, is two."""
    return re.sub(r"[^\w]+", "", unicodedata.normalize("NFKC", text))


def new(soup, tag, text, **attributes):
    """Return a new element with a text."""
    made = soup.new_tag(tag, attrs=attributes)
    made.string = text
    return made


def reference(soup, target, title):
    """Return the line that stands where a solution stood."""
    made = soup.new_tag("p", attrs={"class": "answer-reference"})
    link = new(soup, "a", title, href=f"#{target}")
    made.append(link)
    made.append(", page ")
    made.append(soup.new_tag("span", attrs={"class": "page-number", "data-of": target}))
    return made


def line(level, title, target):
    """Return one line of the contents."""
    return (
        f'<p class="contents-line contents-line--{level}"><a href="#{target}">{escape(title)}</a>'
        f'<span class="page-number" data-of="{target}"></span></p>'
    )


def escape_css(text):
    """Return a text as it stands in a CSS string."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def page_numbers(reader):
    """Return on which page each place stands that a link leads to."""
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, start=1)}
    return {
        name.removeprefix("/"): numbers[target.page.idnum]
        for name, target in reader.named_destinations.items()
    }


def opened(chromium, document):
    """Open the document with everything on it as wide as the paper at most; return the page."""
    page = chromium.new_page(viewport={"width": PAPER, "height": 900})
    page.set_default_timeout(300_000)
    try:
        page.goto(document.as_uri(), wait_until="load")
        page.emulate_media(media="print")
        page.evaluate("document.fonts.ready.then(() => true)")
        page.evaluate(FIT)
    except Error as error:
        lister = shutil.which("fc-list")
        if "crashed" in str(error) and not (lister and subprocess.check_output([lister])):
            sys.exit(NO_FONT)
        raise
    return page


def is_current():
    """Tell whether the PDF is there and newer than everything that it is made from."""
    newest = max(path.stat().st_mtime for path in (ZIP, TEMPLATE, STYLES, Path(__file__)))
    return PDF.is_file() and PDF.stat().st_mtime >= newest


def print_book(book, folder, browser):
    """Print until the page numbers in the text are those of the print; return the PDF's path."""
    document, target = folder / "book.html", folder / "book.pdf"
    document.write_text(book.html(), encoding="utf-8")
    # Without Chromium's own outline: it doubles a title now and then.
    form = {"path": target, "prefer_css_page_size": True, "print_background": True}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = opened(chromium, document)
        # The first print is only read, for its page numbers; what is hidden keeps its place.
        hidden = page.add_style_tag(content="article * { visibility: hidden !important; }")
        page.pdf(**form)
        pages = page_numbers(PdfReader(target))
        hidden.evaluate("(style) => style.remove()")
        for _ in range(PAGES_FIXED):
            page.evaluate(NUMBER, pages)
            page.pdf(**form, tagged=True)  # so that it can be read out
            before, pages = pages, page_numbers(PdfReader(target))
            if before == pages:
                break
        chromium.close()
    if before != pages:
        sys.exit("the page numbers of the contents did not settle: they change with each print")
    return target


def finish(source, path, headings):
    """Write the PDF with its outline, title and language, and without the date of this print."""
    # Chromium counts its objects in another way than pypdf, which would remark on it.
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    writer = PdfWriter(clone_from=source)
    above = {0: None}
    for level, title, target in headings:
        parent = above[level - 1]
        above[level] = writer.add_outline_item(title=title, page_number=None, parent=parent)
        above[level].get_object()[NameObject("/Dest")] = NameObject(f"/{target}")
    writer.metadata = {
        "/Title": setting("title"),
        "/Author": setting("author"),
        "/Subject": f"Version {book.version()}. Text and figures: CC BY 4.0; code: MIT.",
        "/Keywords": "loss functions, machine learning, neural networks, gradients",
    }
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(setting("language") or "en")
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    writer.write(path)


def outline(reader, items=None, level=1):
    """Yield ``(level, title, page)`` of every bookmark; the page is None where it leads nowhere."""
    for item in reader.outline if items is None else items:
        if isinstance(item, list):
            yield from outline(reader, item, level + 1)
        else:
            number = reader.get_destination_page_number(item)
            yield level, item.title, number if number is None else number + 1


def fonts(reader):
    """Return the names of the fonts, and whether each is in the file."""
    found = {}
    for page in reader.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            font = font.get_object()
            if "/BaseFont" in font:  # else its glyphs are drawings
                inner = font.get("/DescendantFonts", [font])[0].get_object()
                about = inner["/FontDescriptor"].get_object()
                found[str(font["/BaseFont"])] = bool(FONT_FILES & set(about))
    return found


def problems(reader, book):
    """Return what is wrong with a print of the book, a line each."""
    pages, headings, lines = page_numbers(reader), book.bookmarks(), book.contents()
    lost = [title for _, title, target in headings if target not in pages]
    if lost:
        return [f"no place in the print has the heading {title!r}" for title in lost]
    right = [(level, title, pages[target]) for level, title, target in headings]
    pairs = zip_longest(outline(reader), right)
    said = [f"the outline has {one}, the book {other}" for one, other in pairs if one != other]
    said += [
        f"{title!r} is on page {here}, {first!r} before it on page {there}"
        for (_, first, there), (_, title, here) in pairwise(right)
        if here < there
    ]
    text = ""
    for number in range(pages["contents"], pages[lines[0][2]]):
        # Its own number stands alone on a line.
        printed = reader.pages[number - 1].extract_text().splitlines()
        text += squeezed(" ".join(part for part in printed if part.strip() != str(number)))
    text = text.removeprefix("Contents")
    for _, title, target in lines:
        rest = text.removeprefix(squeezed(f"{title}{pages[target]}"))
        if rest == text:
            said.append(f"the contents should say {title!r}, page {pages[target]}: {text[:60]!r}")
            break
        text = rest
    loose = [name for name, is_in in fonts(reader).items() if not is_in]
    said += [f"the font {name} is not in the file" for name in loose]
    if not reader.metadata.title or not {"/Lang", "/StructTreeRoot"} <= set(
        reader.trailer["/Root"]
    ):
        said.append("it has no title, no language or nothing to be read out by")
    if len(reader.pages) not in LENGTH:
        said.append(f"{len(reader.pages)} pages: if that is right, change LENGTH in tools/pdf.py")
    return said


def keep(partial, target, book):
    """Give a print its name if nothing is wrong with it, or end; return how many pages it has."""
    reader = PdfReader(partial)
    said = problems(reader, book)
    if said:
        sys.exit(
            "this print of the book is not kept:\n  " + "\n  ".join(said[:8]) + "\n"
            f"It is in {partial} to look at; {target.name} stays as it was. Run `make pdf` again; "
            "if that says the same, a page of the site is not as tools/pdf.py expects it."
        )
    partial.replace(target)
    return len(reader.pages)


def main():
    """Write the PDF, and say where it is."""
    browser = book.find_browser() or sys.exit(NO_CHROMIUM)
    if not (SITE / "index.html").is_file():
        sys.exit(f"there is no site in {SITE}: run `make book` first")
    start = time.perf_counter()
    folder, partial = BUILD / "pdf", PDF.with_suffix(".part")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print("1 of 3: putting the pages together", flush=True)
    whole = Book()
    print("2 of 3: printing, until the contents name the right pages", flush=True)
    printed = print_book(whole, folder, browser)
    print("3 of 3: outline, and a look at the print", flush=True)
    finish(printed, partial, whole.bookmarks())
    pages = keep(partial, PDF, whole)
    shutil.rmtree(folder)
    size = PDF.stat().st_size / 1e6
    print(f"{pages} pages in {time.perf_counter() - start:.0f} s: {PDF} ({size:.1f} MB)")


if __name__ == "__main__":
    main()
