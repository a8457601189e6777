"""Faults of the printed book, all in one PDF, and of the document that is printed."""

import re

from tools.prove.faults import Fault, sub

PDF = "_build/loss-functions-book.pdf"
TESTS = "tests/site_tests/test_pdf.py::test_"


def same_length(pattern, replacement):
    """Return a change of one match into bytes of the same length, so that the file stays whole."""

    def change(data):
        match = re.search(pattern, data, re.DOTALL)
        if not match:
            raise ValueError(f"nothing matches {pattern!r}")
        new = match.expand(replacement)
        if len(new) != len(match[0]):
            raise ValueError(f"{match[0]!r} and {new!r} differ in length")
        return data[: match.start()] + new + data[match.end() :]

    return change


def moved(name, to):
    """Return a change: a place in the PDF is said to be where another one is."""

    def change(data):
        page = re.search(rf"\n/{to} \[ (\d+) ".encode(), data)[1]
        here = re.search(rf"\n/{name} \[ (\d+) ".encode(), data)[1]
        new = page.rjust(len(here)).decode()
        return same_length(rf"\n/{name} \[ \d+ ".encode(), rf"\n/{name} [ {new} ".encode())(data)

    return change


def print_faults():
    """Return the faults of the file itself; they change bytes."""
    return [
        Fault("an entry of the outline has another title", PDF,
              same_length(rb"/Title \(Glossary\)", rb"/Title (Glossori)"),
              f"{TESTS}the_outline_has_every_page_and_every_section", "Glossori"),
        Fault("a bookmark leads to another page", PDF,
              same_length(rb"(/Title \(Notation and[^>]*/Dest) /notation\n", rb"\1 /glossary\n"),
              f"{TESTS}every_bookmark_leads_to_the_page_that_links_to_its_heading_lead_to",
              "'Notation and conventions'"),
        Fault("a font is not in the file", PDF,
              same_length(rb"(SourceSerif4-Italic\n[^<>]*?)/FontFile2", rb"\1/FontFile9"),
              f"{TESTS}every_font_is_embedded", "SourceSerif4-Italic"),
        Fault("a link of the print leads nowhere", PDF,
              same_length(rb"/glossary--term-parameters\n", rb"/glossary--gone-parameters\n"),
              f"{TESTS}links_lead_to_places_in_the_book_or_to_the_web", "gone-parameters"),
        Fault("the print does not say its language", PDF,
              same_length(rb"/Lang \(en\)\n/Outlines", rb"/Lang (xx)\n/Outlines"),
              f"{TESTS}it_says_what_it_is_and_not_when_it_was_printed", "xx"),
        Fault("a chapter starts on another page than the contents say", PDF,
              moved("11_conclusion", "10_pitfalls"),
              f"{TESTS}the_contents_name_the_pages_of_the_print", "11. "),
    ]  # fmt: skip


def document_faults():
    """Return the faults of what is printed; each breaks another file or another line."""
    return [
        Fault("solutions stay in their chapters", "tools/pdf.py",
              sub(r"\n        self\._move_answers\(\)", ""),
              f"{TESTS}solutions_and_answers_stand_in_the_last_part_only", "answers"),
        Fault("links of the document are not looked at", "tools/pdf.py",
              sub(r"\n        self\._link\(\)", ""),
              f"{TESTS}no_id_occurs_twice_and_every_link_inside_leads_somewhere", "lead nowhere"),
        Fault("figures are wider than the paper", "site/pdf/book.css",
              lambda text: text + "\nimg { min-width: 900px !important; }\n",
              f"{TESTS}nothing_is_wider_than_the_paper", "<img"),
    ]  # fmt: skip
