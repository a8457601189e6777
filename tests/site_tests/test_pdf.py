"""The book as a PDF: whole, with outline and working links, and the solutions at its end.

The PDF is made once when it is missing or older than the site. That takes a minute.
"""

import copy
import fcntl
import re
import subprocess
import sys
import unicodedata

import pytest
from pypdf import PdfReader

from tools import pdf

from .conftest import ROOT, parsed

INK = re.compile(r"[^\w]+")


def squeezed(text):
    return INK.sub("", unicodedata.normalize("NFKC", text))  # "ﬁ" is set as one letter


@pytest.fixture(scope="session")
def book():
    return pdf.Book()


@pytest.fixture(scope="session")
def reader(browser):
    """Return the PDF of this site; `browser` skips the test where there is none to print it."""
    with (ROOT / "_build" / "pdf.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker waits for the same file
        if not pdf.is_current():
            command = [sys.executable, ROOT / "tools/pdf.py"]
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            assert made.returncode == 0, made.stderr[-2000:]
            assert not made.stderr
    return PdfReader(pdf.PDF)


@pytest.fixture(scope="session")
def pages(reader):
    return pdf.page_numbers(reader)


def outline(reader):
    """Return ``(title, page, [titles of its sections])`` of every part."""
    parts = []
    for item in reader.outline:
        if isinstance(item, list):
            parts[-1][2].extend(x.title.strip() for x in item if not isinstance(x, list))
        else:
            parts.append((item.title.strip(), reader.get_destination_page_number(item) + 1, []))
    return parts


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
    page = browser.new_page(viewport={"width": pdf.PAPER, "height": 900})
    page.goto((tmp_path / "book.html").as_uri())
    pdf.fit(page)
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


def test_two_prints_are_the_same_bytes_whatever_chromium_counted():
    one = b"/ID (node00001448) /Headers [ (node00001448) ] (node00001450)"
    other = b"/ID (node00000007) /Headers [ (node00000007) ] (node00000031)"
    assert pdf.with_even_names(one) == pdf.with_even_names(other)
    assert len(pdf.with_even_names(one)) == len(one)
    assert pdf.with_even_names(one) != pdf.with_even_names(one.replace(b"1450", b"1448"))


# --- the print -----------------------------------------------------------------------------------


def test_the_outline_has_every_page_and_every_section(reader, book):
    parts = outline(reader)
    assert [t for t, *_ in parts] == ["Contents", *book.titles.values(), "Solutions and answers"]
    found = {title: sections for title, _, sections in parts}
    for name, title in book.titles.items():
        article = book.soup.find("article", id=pdf.place(name))
        assert found[title] == [" ".join(h.get_text().split()) for h in article.select("h2")]
    assert [page for _, page, _ in parts] == sorted(page for _, page, _ in parts)


def test_the_book_is_as_long_as_it_should_be(reader, book):
    assert 250 <= len(reader.pages) <= 700
    starts = {title: page for title, page, _ in outline(reader)}
    chapters = [t for t in book.titles.values() if re.match(r"\d", t)]
    following = [*list(starts)[list(starts).index(chapters[0]) + 1 :]][: len(chapters)]
    lengths = [starts[b] - starts[a] for a, b in zip(chapters, following, strict=True)]
    assert min(lengths) >= 8
    assert max(lengths) <= 70


def test_the_contents_name_the_pages_of_the_print(reader, book, pages):
    start, end = (next(p for t, p, _ in outline(reader) if t == title)
                  for title in ("Contents", book.titles["book/index.html"]))  # fmt: skip
    text = "\n".join(reader.pages[n - 1].extract_text() for n in range(start, end))
    for name, title in book.titles.items():
        assert squeezed(f"{title}{pages[pdf.place(name)]}") in squeezed(text), title
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
    missing, seen = set(), set()
    for page in reader.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            font = font.get_object()
            if font["/Subtype"] == "/Type3":
                continue  # its glyphs are drawn in the file itself
            below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            seen.add(str(font["/BaseFont"]))
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
                below["/FontDescriptor"].get_object()
            ):
                missing.add(str(font["/BaseFont"]))
    assert any("SourceSerif" in name for name in seen)
    assert any("KaTeX" in name for name in seen)
    assert not missing


def test_it_says_what_it_is_and_not_when_it_was_printed(reader):
    assert reader.metadata.title == "Understanding Loss Functions"
    assert reader.metadata.author
    assert not {"/CreationDate", "/ModDate"} & set(reader.metadata)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]  # headings, lists and alternative texts can be read out
