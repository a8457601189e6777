"""The book as a PDF: whole, with outline and working links, and the solutions at its end.

The PDF is made once when it is missing or older than the site. That takes a minute.
"""

import copy
import fcntl
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Error
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

from tools import pdf
from tools.pdf import squeezed

from .conftest import ROOT, parsed


@pytest.fixture(scope="session")
def book():
    return pdf.Book()


@pytest.fixture(scope="session")
def reader(browser):
    """Return the PDF of this site; `browser` skips the test where there is none to print it."""
    with (ROOT / "_build" / "pdf.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker waits for the same file
        if not pdf.is_current():
            command = [sys.executable, "-m", "tools.pdf"]
            made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert made.returncode == 0, made.stderr[-2000:]
            assert not made.stderr
    return PdfReader(pdf.PDF)


@pytest.fixture(scope="session")
def pages(reader):
    return pdf.page_numbers(reader)


@pytest.fixture(scope="session")
def bookmarks(reader):
    return list(pdf.outline(reader))


@pytest.fixture(scope="session")
def starts(bookmarks):
    """Return on which page each part starts, in order."""
    return {title: page for level, title, page in bookmarks if level == 1}


# --- the document before it is printed -----------------------------------------------------------


def test_every_page_of_the_contents_is_in_the_book(book):
    landing = parsed("book/index.html")
    linked = {a["href"].split("#")[0] for a in landing.select("#contents a[href]")} - {""}
    assert {name.removeprefix("book/") for name in book.names} == linked | {"index.html"}
    assert book.names[0] == "book/index.html"


def test_no_id_occurs_twice_and_every_link_inside_leads_somewhere(book):
    ids = [tag["id"] for tag in book.soup.select("[id]")]
    assert len(ids) == len(set(ids)) > 500
    hrefs = [a["href"] for a in book.soup.select("a[href]")]
    inside = [h for h in hrefs if not h.startswith(("https://", "http://", "mailto:"))]
    astray = sorted(set(inside) - {f"#{name}" for name in ids})
    assert not astray, f"links lead nowhere: {astray}"
    assert sum(h.startswith("#") for h in hrefs) > 300


def test_solutions_and_answers_stand_in_the_last_part_only(book):
    *parts, last = book.soup.find_all("div", class_="part")
    assert "answers" in last["class"]
    for part in parts:
        assert not part.select(".solution, .tag_solution, .quiz__option ~ .quiz__key")
        assert not [
            s for s in part.find_all("strong") if s.get_text() in ("Right.", "Not this one.")
        ]
    count = 0
    for name in book.names:
        for original in parsed(name).select("details.solution"):
            count += 1
            moved = last.find(id=pdf.place(name, original["id"]))
            solution = copy.copy(original)
            for extra in solution.select(pdf.SCREEN_ONLY):
                extra.decompose()
            assert squeezed(moved.get_text()) == squeezed(solution.get_text())
            assert book.soup.select_one(f'.answer-reference a[href="#{moved["id"]}"]')
    assert count > 50
    assert len(last.select(".quiz-answers")) == len(book.soup.select(".quiz")) > 30


def test_a_question_keeps_its_choices_and_its_answer_names_the_right_one(book):
    page = parsed("book/03_regression.html")
    printed = book.soup.find("article", id="03_regression").select(".quiz")
    original = page.select(".quiz")
    for one, other in zip(printed, original, strict=True):
        for option in other.select(".quiz__option > summary"):
            assert squeezed(option.get_text()) in squeezed(one.get_text())
    right = [q.select_one(".quiz__option--right summary b").get_text() for q in original]
    start = book.soup.find(id="03_regression--answers-quiz")
    answers = [box.p.get_text()[-1] for box in start.find_next_siblings("div", "quiz-answers")]
    assert answers[: len(right)] == right


def test_a_slider_prints_its_first_frame_and_its_table(book):
    sliders = book.soup.select(".frames")
    assert sliders
    for slider in sliders:
        assert len(slider.select("img")) == 1
        assert slider.select_one("table")
        assert not slider.find_parent("details")
    assert not book.soup.select("details")


def test_nothing_is_wider_than_the_paper(book, browser, tmp_path):
    (tmp_path / "book.html").write_text(book.html(), encoding="utf-8")
    page = pdf.opened(browser, tmp_path / "book.html")
    wide = page.evaluate(
        """() => [...document.querySelectorAll("article *")]
          .filter((n) => !n.closest(".katex-mathml, .katex svg, .visually-hidden"))
          .filter((n) => n.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 8).map((n) => `${n.closest("article").id}: ${n.outerHTML.slice(0, 150)}`)"""
    )
    cut = page.evaluate(
        """() => [...document.querySelectorAll("article *")]
          .filter((n) => getComputedStyle(n).overflowX !== "visible")
          .filter((n) => n.scrollWidth > n.clientWidth + 1)
          .filter((n) => !n.closest(".katex-mathml, .katex, .visually-hidden"))
          .slice(0, 8).map((n) => `${n.closest("article").id}: ${n.outerHTML.slice(0, 150)}`)"""
    )
    page.close()
    assert not wide, "\n".join(wide)
    assert not cut, "\n".join(cut)


def test_without_a_browser_it_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="make pdf needs Chromium or Chrome"):
        pdf.main()


class NoPage:
    """A browser whose pages crash as they are opened."""

    def new_page(self, **options):
        return self

    def set_default_timeout(self, timeout):
        pass

    def goto(self, address, **options):
        raise Error("Page.goto: Page crashed")


def test_without_a_font_it_says_what_is_missing_and_hides_no_other_crash(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(pdf.subprocess, "check_output", lambda command: b"")
    with pytest.raises(SystemExit, match="apt-get install fonts-dejavu-core"):
        pdf.opened(NoPage(), tmp_path / "book.html")
    monkeypatch.setattr(pdf.subprocess, "check_output", lambda command: b"/fonts/DejaVuSans.ttf:")
    with pytest.raises(Error, match="Page crashed"):
        pdf.opened(NoPage(), tmp_path / "book.html")
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)  # fontconfig is not there either
    with pytest.raises(SystemExit, match="apt-get install fonts-dejavu-core"):
        pdf.opened(NoPage(), tmp_path / "book.html")


# --- what becomes of a print, with a book of two pages -------------------------------------------

FRONT = "<main><section id=front><h1>Front</h1><p id=contents><a href=01_one.html>1</a></p></main>"
ONE = """<main><section id="one"><h1>1. One</h1><section id="two">
<span id="other-name"></span><h2>1.1. Two</h2><section id="three"><h3>1.1.1. Three</h3>
</section></section></section></main>"""
HEADINGS = [
    (1, "Contents", "contents"),
    (1, "Front", "index"),
    (1, "1. One", "01_one"),
    (2, "1.1. Two", "01_one--two"),
    (3, "1.1.1. Three", "01_one--three"),
    (1, "Solutions and answers", "answers"),
]
PLACES = dict(zip([target for *_, target in HEADINGS], [2, 3, 4, 4, 5, 6], strict=True))
LINES = ["2", "Contents", "Front 3", "1. One 4", "1.1. Two 4", "Solutions and answers 6"]


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "index.html").write_text(FRONT, encoding="utf-8")
    (tmp_path / "book" / "01_one.html").write_text(ONE, encoding="utf-8")
    monkeypatch.setattr(pdf, "LENGTH", range(4, 9))
    return pdf.Book(tmp_path)


def small_print(path, headings=HEADINGS, places=PLACES, lines=LINES, font="/FontFile2",
                tags="/StructTreeRoot"):  # fmt: skip
    """Write what Chromium might print of the small book, finished, and return its path."""
    writer = PdfWriter()
    sheets = [writer.add_blank_page(width=400, height=400) for _ in range(6)]
    about = DictionaryObject({NameObject(font): writer._add_object(StreamObject())})
    letters = {"/Type": "/Font", "/Subtype": "/TrueType", "/BaseFont": "/Small",
               "/Encoding": "/WinAnsiEncoding"}  # fmt: skip
    letters = DictionaryObject({NameObject(k): NameObject(v) for k, v in letters.items()})
    letters[NameObject("/FontDescriptor")] = about
    ink = StreamObject()
    shown = "".join(f"1 0 0 1 9 {380 - 20 * n} Tm ({text}) Tj\n" for n, text in enumerate(lines))
    ink.set_data(f"BT /F1 12 Tf\n{shown}ET".encode())
    sheets[1][NameObject("/Contents")] = writer._add_object(ink)
    sheets[1][NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): letters})}
    )
    names = writer.root_object[NameObject("/Dests")] = DictionaryObject()
    for name, page in places.items():
        top = [NameObject("/XYZ"), *map(NumberObject, (0, 400, 0))]
        names[NameObject(f"/{name}")] = ArrayObject([sheets[page - 1].indirect_reference, *top])
    writer.root_object[NameObject(tags)] = DictionaryObject()
    writer.write(path.with_suffix(".printed"))
    pdf.finish(path.with_suffix(".printed"), path, headings)
    return path


def test_every_heading_is_a_bookmark_and_its_place_goes_with_it_to_the_next_page(small_book):
    assert small_book.bookmarks() == HEADINGS
    assert [title for _, title, _ in small_book.contents()] == [
        "Front", "1. One", "1.1. Two", "Solutions and answers",
    ]  # fmt: skip
    heading = small_book.soup.find(id="01_one--two")
    assert heading.name == "h2", "a section starts on the page before its heading, now and then"
    assert heading.find(id="01_one--other-name")
    html = small_book.html()
    assert all(f'<a href="#{target}"></a>' in html for *_, target in HEADINGS)


def test_a_print_of_the_whole_book_takes_the_place_of_an_older_one(small_book, tmp_path):
    target = tmp_path / "book.pdf"
    target.write_text("older")
    assert pdf.keep(small_print(tmp_path / "book.part"), target, small_book) == 6
    assert not (tmp_path / "book.part").exists()
    reader = PdfReader(target)
    assert list(pdf.outline(reader)) == [
        (level, title, PLACES[name]) for level, title, name in HEADINGS
    ]
    assert reader.metadata.title == "Understanding Loss Functions"


def replaced(lines, old, new):
    return [new if line == old else line for line in lines]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"headings": replaced(HEADINGS, HEADINGS[0], (1, "ContentsContents", "contents"))},
         r"outline has \(1, 'ContentsContents', 2\), the book \(1, 'Contents', 2\)"),
        ({"headings": [h for h in HEADINGS if h[1] != "1.1.1. Three"]},
         r"outline has \(1, 'Solutions and answers', 6\), the book \(3, '1.1.1. Three', 5\)"),
        ({"headings": replaced(HEADINGS, HEADINGS[3], (2, "1.1. Two", "index"))},
         r"outline has \(2, '1.1. Two', 3\), the book \(2, '1.1. Two', 4\)"),
        ({"headings": replaced(HEADINGS, HEADINGS[3], (2, "1.1. Two", "gone"))},
         r"outline has \(2, '1.1. Two', None\), the book \(2, '1.1. Two', 4\)"),
        ({"places": {k: v for k, v in PLACES.items() if k != "01_one--three"}},
         r"no place in the print has the heading '1.1.1. Three'"),
        ({"places": PLACES | {"01_one--three": 3}},
         r"'1.1.1. Three' is on page 3, '1.1. Two' before it on page 4"),
        ({"lines": replaced(LINES, "1.1. Two 4", "1.1. Two 5")},
         r"contents should say '1.1. Two', page 4: '11Two5"),
        ({"lines": replaced(LINES, "Front 3", "Front 000")},
         r"contents should say 'Front', page 3: 'Front000"),
        ({"lines": LINES[:-1]}, r"contents should say 'Solutions and answers', page 6: ''"),
        ({"font": "/FontFile9"}, r"font /Small is not in the file"),
        ({"tags": "/NoTags"}, r"no title, no language or nothing to be read out by"),
    ],
)  # fmt: skip
def test_a_wrong_print_is_refused_and_the_older_one_stays(small_book, tmp_path, wrong, says):
    target = tmp_path / "book.pdf"
    target.write_text("older")
    made = small_print(tmp_path / "book.part", **wrong)
    with pytest.raises(SystemExit, match=says) as end:
        pdf.keep(made, target, small_book)
    assert "is not kept" in end.value.code
    assert "`make pdf` again" in end.value.code
    assert target.read_text() == "older"
    assert made.is_file()  # to look at


def test_a_print_of_another_length_is_refused(small_book, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "LENGTH", range(7, 9))
    with pytest.raises(SystemExit, match="6 pages: if that is right, change LENGTH"):
        pdf.keep(small_print(tmp_path / "book.part"), tmp_path / "book.pdf", small_book)


# --- the print -----------------------------------------------------------------------------------


def test_the_outline_has_every_page_and_every_section(bookmarks, book):
    parts = [title for level, title, _ in bookmarks if level == 1]
    assert parts == ["Contents", *book.titles.values(), "Solutions and answers"]
    written = [(int(h.name[1]), " ".join(h.get_text().split()))
               for h in book.soup.select("h1, h2, h3, h4")]  # fmt: skip
    assert [(level, title) for level, title, _ in bookmarks[1:]] == written


def test_every_bookmark_leads_to_the_page_that_links_to_its_heading_lead_to(bookmarks, book, pages):
    right = [pages[target] for *_, target in book.bookmarks()]
    # How many there are is for the test above to say.
    astray = [mark for mark, page in zip(bookmarks, right, strict=False) if mark[2] != page]
    assert not astray, f"bookmarks lead to another page than the links to their headings: {astray}"
    assert right == sorted(right)


def test_a_bookmark_leads_to_the_page_with_its_heading(bookmarks, reader):
    sections = [(title, page) for _, title, page in bookmarks if re.match(r"2\.\d", title)]
    assert len(sections) > 15
    texts = {page: squeezed(reader.pages[page - 1].extract_text()) for _, page in sections}
    astray = [(title, page) for title, page in sections if squeezed(title) not in texts[page]]
    assert not astray, f"not on the page that the outline names: {astray}"


def test_the_book_is_as_long_as_it_should_be(reader, book, starts):
    assert 250 <= len(reader.pages) <= 700
    chapters = [t for t in book.titles.values() if re.match(r"\d", t)]
    following = [*list(starts)[list(starts).index(chapters[0]) + 1 :]][: len(chapters)]
    lengths = [starts[b] - starts[a] for a, b in zip(chapters, following, strict=True)]
    assert min(lengths) >= 8
    assert max(lengths) <= 70


def test_the_contents_name_the_pages_of_the_print(reader, book, pages, starts):
    between = range(starts["Contents"], starts[book.titles["book/index.html"]])
    text = squeezed("".join(reader.pages[n - 1].extract_text() for n in between))
    for name, title in book.titles.items():
        assert squeezed(f"{title}{pages[pdf.place(name)]}") in text, title
    sections = [(t, pages[name]) for level, t, name in book.contents() if level == 2]
    assert len(sections) > 90
    wrong = [(title, n) for title, n in sections if squeezed(f"{title}{n}") not in text]
    assert not wrong, f"the contents do not name these pages: {wrong}"
    assert "000" not in text


def test_solutions_are_printed_at_the_end(reader, book, pages):
    last = pages["answers"]
    assert last > 0.8 * len(reader.pages)
    solutions = [tag["id"] for tag in book.soup.select(".solution")]
    assert solutions
    assert all(pages[name] >= last for name in solutions)
    # In print: the words of one solution are on its page, and not in its chapter.
    words = squeezed("The errors are 1, 0 and −4. Their squares add up to 17")
    here = pages["03_regression--book/03_regression-solution-1"]
    assert words in squeezed(reader.pages[here - 1].extract_text())
    exercise = pages["03_regression--exercises"]
    chapter = "".join(reader.pages[n].extract_text() for n in range(exercise - 1, exercise + 4))
    assert squeezed("Three forecasts by hand") in squeezed(chapter)
    assert words not in squeezed(chapter)


def test_links_lead_to_places_in_the_book_or_to_the_web(reader, pages):
    inside, outside = set(), set()
    for page in reader.pages:
        for annotation in page.get("/Annots") or []:
            action = annotation.get_object()
            if action.get("/Subtype") != "/Link":
                continue
            if "/A" in action:
                outside.add(str(action["/A"].get_object()["/URI"]))
            else:
                inside.add(str(action["/Dest"]).removeprefix("/"))
    assert len(inside) > 200
    assert inside <= set(pages)
    assert outside
    assert not [uri for uri in outside if not uri.startswith(("https://", "http://", "mailto:"))]


def test_every_font_is_embedded(reader):
    found = pdf.fonts(reader)
    assert any("SourceSerif" in name for name in found)
    assert any("KaTeX" in name for name in found)
    missing = [name for name, there in found.items() if not there]
    assert not missing, f"fonts are not in the file: {missing}"


def test_it_says_what_it_is_and_not_when_it_was_printed(reader):
    assert reader.metadata.title == "Understanding Loss Functions"
    assert reader.metadata.author
    assert not {"/CreationDate", "/ModDate"} & set(reader.metadata)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]  # headings, lists and alternative texts can be read out
