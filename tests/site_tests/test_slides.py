"""The decks in a browser: every slide fits, nothing is asked of others, and people can use them."""

import pytest

from .conftest import DECKS, SITE, parsed

# Boxes of words, code and images on the current slide: 0 or more that stick out of it, that
# reach into the strip with the bar at the bottom, or whose content is cut off.
OVERFLOW = """() => {
  const slide = Reveal.getCurrentSlide().querySelector(".slide");
  const box = slide.getBoundingClientRect();
  const strip = 40 * box.height / 720;
  const found = [];
  for (const node of slide.querySelectorAll("*")) {
    if (node.closest(".katex-mathml, svg")) continue;
    const r = node.getBoundingClientRect();
    if (r.width === 0) continue;
    const name = `${node.tagName} ${node.className}: ${node.textContent.trim().slice(0, 50)}`;
    if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1
        || r.bottom > box.bottom - strip + 1) found.push(`sticks out: ${name}`);
    if (node.matches("pre, table, .words, .beside, .alone")
        && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1))
      found.push(`is cut off: ${name}`);
  }
  return found;
}"""

# Images that did not load, or that are not shown in their own proportions.
BAD_IMAGES = """() => [...Reveal.getCurrentSlide().querySelectorAll("img")]
  .filter((i) => !i.naturalWidth
    || Math.abs(i.naturalWidth / i.naturalHeight - i.clientWidth / i.clientHeight) > 0.02)
  .map((i) => i.src)"""


@pytest.fixture(params=DECKS)
def deck(request):
    return f"slides/{request.param}.html"


@pytest.fixture
def first_slide(shared, deck):
    """Return the deck that all tests share, at its first slide."""
    visited = shared(deck)
    visited.page.evaluate("Reveal.slide(0)")
    visited.settle()
    return visited


def number_of_slides(page):
    return page.evaluate("Reveal.getTotalSlides()")


def test_every_slide_fits(first_slide):
    page = first_slide.page
    problems = []
    for number in range(number_of_slides(page)):
        page.evaluate("(n) => Reveal.slide(n)", number)
        first_slide.settle()
        found = page.evaluate(OVERFLOW) + page.evaluate(BAD_IMAGES)
        problems += [f"slide {number + 1}: {text}" for text in found]
    assert not problems, "\n".join(problems)


def test_an_overfull_slide_is_found(first_slide):
    size = "(size) => { Reveal.getCurrentSlide().querySelector('h2').style.fontSize = size; }"
    first_slide.page.evaluate(size, "400px")
    found = first_slide.page.evaluate(OVERFLOW)
    first_slide.page.evaluate(size, "")
    assert found


def test_every_slide_is_accessible_and_the_deck_is_quiet(first_slide, site_url):
    visited = first_slide
    # What belongs to the page as a whole is looked at here and, with all slides in sight, on the
    # phone; after that only the slide and the bar change.
    findings = visited.axe()
    for number in range(1, number_of_slides(visited.page)):
        visited.page.evaluate("(n) => Reveal.slide(n)", number)
        found = visited.axe(parts=["section.present", ".bar"])
        findings += [f"slide {number + 1}: {text}" for text in found]
    outside = [u for u in visited.requests if not u.startswith((site_url, "data:"))]
    assert not findings, "\n".join(findings)
    assert not outside, f"asks other servers: {outside}"
    assert not visited.messages, f"the console says: {visited.messages}"


def test_the_keyboard_and_the_buttons_turn_the_slides(first_slide):
    page = first_slide.page
    place = page.locator(".place")
    total = number_of_slides(page)
    assert place.inner_text() == f"1 / {total}"
    page.keyboard.press("ArrowRight")
    assert place.inner_text() == f"2 / {total}"
    page.get_by_role("button", name="Next slide").click()
    assert place.inner_text() == f"3 / {total}"
    page.get_by_role("button", name="Previous slide").click()
    page.keyboard.press("ArrowLeft")
    assert place.inner_text() == f"1 / {total}"
    page.keyboard.press("End")
    assert place.inner_text() == f"{total} / {total}"
    assert page.get_by_role("button", name="Next slide").is_disabled()


def test_a_slide_has_an_address(first_slide):
    page = first_slide.page
    page.evaluate("Reveal.slide(4)")
    anchor = page.evaluate("Reveal.getCurrentSlide().id")
    page.wait_for_function("(id) => location.hash === '#/' + id", arg=anchor)
    page.reload()
    first_slide.settle()
    assert page.evaluate("Reveal.getCurrentSlide().id") == anchor


def test_the_link_leads_back_to_the_chapter(deck, first_slide):
    link = first_slide.page.get_by_role("navigation").get_by_role("link")
    target = link.get_attribute("href")
    assert target == deck.replace("slides/", "../book/")
    assert (SITE / "slides" / target).resolve().is_file()


def test_the_speaker_view_shows_notes_and_the_next_slide(first_slide, site_url):
    page, asked, said = first_slide.page, [], []
    page.context.on("request", lambda request: asked.append(request.url))
    page.context.on("console", lambda message: said.append(message.text))
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    notes = speaker.locator(".speaker-controls-notes .value")
    notes.get_by_text("Say.").wait_for()
    first = notes.inner_text()
    page.keyboard.press("ArrowRight")
    speaker.wait_for_function(
        "(old) => document.querySelector('.speaker-controls-notes .value').innerText !== old",
        arg=first,
    )
    assert "min" in notes.inner_text()
    speaker.locator(".pacing").wait_for()  # the speaker's window asks the deck for its times
    upcoming = speaker.frame_locator("#upcoming-slide iframe")
    upcoming.locator("section.present h2").wait_for()
    assert upcoming.locator(".bar").is_hidden()
    speaker.close()
    own = (site_url, "data:", "about:", "blob:")
    assert not [url for url in asked if not url.startswith(own)]
    assert not said, f"the console says: {said}"


def test_print_pdf_puts_every_slide_on_a_page(visit, deck):
    visited = visit(f"{deck}?print-pdf", width=1280, height=720)
    page = visited.page
    page.wait_for_selector(".pdf-page")
    visited.settle()
    pages = page.locator(".pdf-page")
    assert pages.count() == number_of_slides(page)
    shown = [pages.nth(n).locator("h2").is_visible() for n in range(pages.count())]
    assert all(shown)
    sheets = page.pdf(prefer_css_page_size=True, print_background=True).count(b"/Type /Page\n")
    assert sheets == pages.count()


def test_a_phone_held_upright_scrolls_through_all_slides(shared, deck):
    visited = shared(deck, phone=True)
    page = visited.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sections = page.locator("section")
    assert all(sections.nth(n).is_visible() for n in range(sections.count()))
    assert page.locator("aside.notes").first.is_hidden()
    wide = page.evaluate(
        "[...document.querySelectorAll('section img, section p, section h2')]"
        ".filter((n) => n.getBoundingClientRect().right > 391 && !n.closest('.math, pre, table'))"
        ".map((n) => n.outerHTML.slice(0, 80))"
    )
    assert not wide
    assert not visited.axe()
    assert not visited.messages


# Boxes that scroll sideways, and whether the keyboard reaches each.
SIDEWAYS = """() => [...document.querySelectorAll("pre, .math, table")]
  .filter((n) => n.scrollWidth > n.clientWidth + 1)
  .map((n) => [n.tabIndex === 0, n.outerHTML.slice(0, 80)])"""

# Give the letters of formulas three times their width, as a font does that arrives late.
WIDER = """async () => {
  const file = "url(assets/fonts/KaTeX_Main-Regular.woff2)";
  const face = new FontFace("KaTeX_Main", file, {sizeAdjust: "300%"});
  document.fonts.add(face);
  await face.load();
}"""


def test_what_scrolls_on_a_phone_only_later_is_reached_by_the_keyboard(visit):
    visited = visit("slides/04_binary_classification.html", width=390, height=844)
    at_first = len(visited.page.evaluate(SIDEWAYS))
    visited.resize(300, 844)
    narrow = visited.page.evaluate(SIDEWAYS)
    visited.page.evaluate(WIDER)
    visited.settle()
    wide = visited.page.evaluate(SIDEWAYS)
    assert at_first < len(narrow) < len(wide), "nothing more scrolls: take another deck"
    assert not [html for reached, html in narrow + wide if not reached]


def test_a_phone_held_sideways_shows_a_deck(first_slide):
    page = first_slide.page
    first_slide.resize(844, 390)
    width = page.evaluate("document.documentElement.scrollWidth")
    slides = page.locator("section.present").count()
    box = page.locator("section.present .slide").bounding_box()
    first_slide.resize(1280, 720)
    assert width <= 844
    assert slides == 1
    assert box["height"] <= 390
    assert box["width"] > 600


def test_without_script_all_slides_can_be_read(visit, deck):
    page = visit(deck, javascript=False).page
    sections = page.locator("section")
    assert sections.count() >= 16, f"{sections.count()} slides: 16 to 24"
    assert all(sections.nth(n).is_visible() for n in range(sections.count()))


def test_the_teaching_page_links_every_deck():
    linked = {a["href"] for a in parsed("book/teaching.html").select("a[href]")}
    missing = {f"../slides/{name}.html" for name in DECKS} - linked
    assert not missing, f"not linked from the teaching page: {missing}"
