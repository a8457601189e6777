"""Keyboard alone, large text, narrow screens, print, little motion: WCAG 2.2, level AA."""

import ast

import pytest

from .conftest import COLORS, html_pages
from .test_pages import TOO_WIDE

# Everything that a keyboard should reach, in the order of the page; the others are not shown.
FOCUSABLE = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((n) => !n.disabled && n.tabIndex >= 0 && n.checkVisibility({visibilityProperty: true}))"""

# Number each of them, and return how many there are: to look all of them up again at each press
# of Tab would take most of the time.
COUNT = f"""() => {{
  window.stops = new Map(({FOCUSABLE})().map((n, i) => [n, i]));
  window.reached = new Set();
  return window.stops.size;
}}"""

# Number and ring of the element that has the focus; that it was reached is noted.
FOCUSED = """() => {
  const n = document.activeElement;
  if (!n || n === document.body) return null;
  const s = getComputedStyle(n);
  const outline = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
  const ring = outline || s.boxShadow !== "none";
  const box = n.getBoundingClientRect();
  const seen = box.width > 0 && box.height > 0 && s.opacity !== "0" && box.bottom > 0
    && box.top < innerHeight;
  window.reached.add(n);
  return {index: window.stops.get(n) ?? -1, ring, seen, html: n.outerHTML.slice(0, 110)};
}"""


def test_the_keyboard_reaches_everything_and_shows_where_it_is(shared, page_name):
    page = shared(page_name).page
    count = page.evaluate(COUNT)
    # The search page puts the focus into its field; start from the top as everywhere.
    page.evaluate("document.querySelector('.skip-link').focus()")
    page.evaluate(FOCUSED)
    problems = []
    for _ in range(count + 50):
        page.keyboard.down("Tab")
        here = page.evaluate(FOCUSED)
        if here is None or here["index"] == 0:
            break
        if not (here["ring"] and here["seen"]):
            problems.append(f"focus cannot be seen: {here['html']}")
    page.keyboard.up("Tab")
    # Number -1 is a box that scrolls: the browser lets Tab stop there by itself.
    missed = page.evaluate(
        f"({FOCUSABLE})().filter((n) => !window.reached.has(n))"
        ".map((n) => n.outerHTML.slice(0, 110))"
    )
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    assert not problems, "\n".join(problems[:5])
    assert not missed, f"Tab does not reach {missed[:5]}"


def test_a_box_that_scrolls_can_be_scrolled_with_the_keyboard(shared, page_name):
    page = shared(page_name, phone=True).page
    unreachable = page.evaluate(
        """() => [...document.querySelectorAll("main *")]
          .filter((n) => ["auto", "scroll"].includes(getComputedStyle(n).overflowX)
            && n.scrollWidth > n.clientWidth + 1 && n.checkVisibility())
          .filter((n) => n.tabIndex < 0 && !n.querySelector("a[href], button, [tabindex='0']"))
          .slice(0, 5).map((n) => n.outerHTML.slice(0, 120))"""
    )
    assert not unreachable


@pytest.mark.parametrize(("width", "percent"), [(390, 159), (390, 212), (320, 212)])
def test_large_text_fits_a_phone(shared, page_name, width, percent):
    visited = shared(page_name, phone=True)
    page, before = visited.page, visited.page.viewport_size
    # 106% is the site's own.
    larger = page.add_style_tag(content=f"html {{ font-size: {percent}% !important; }}")
    visited.resize(width, 844)
    content, wide = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(TOO_WIDE)
    larger.evaluate("(style) => style.remove()")
    visited.resize(**before)
    assert content <= width
    assert wide == []


def test_what_scrolls_sideways_shows_that_there_is_more(shared, page_name):
    page = shared(page_name, phone=True).page
    state = """() => [...document.querySelectorAll("pre, div.math, .table-scroll, .cell_output")]
      .filter((n) => n.checkVisibility() && n.scrollWidth > n.clientWidth + 1)
      .map((n) => getComputedStyle(n).maskImage !== "none")"""
    end = """() => new Promise((done) => {
      const box = [...document.querySelectorAll("[data-more]")].find((n) => n.checkVisibility());
      if (!box) return done(true);
      box.addEventListener("scroll", () => done(!box.hasAttribute("data-more")), {once: true});
      box.scrollLeft = box.scrollWidth;
    })"""
    shown, gone = page.evaluate(state), page.evaluate(end)
    page.evaluate("for (const n of document.querySelectorAll('[tabindex]')) n.scrollLeft = 0")
    shared(page_name, phone=True).settle()
    assert all(shown)
    assert gone, "at its end a box still says that there is more"


def test_a_derivation_has_its_reasons_under_its_lines_on_a_phone(shared):
    for name in ("book/04_binary_classification.html", "book/06_specialized.html"):
        wide, phone = shared(name).page, shared(name, phone=True).page
        steps = phone.locator("div.math .steps").evaluate_all(
            """(all) => all.filter((n) => n.checkVisibility()).map((n) => [
              n.parentElement.scrollWidth - n.parentElement.clientWidth,
              [...n.querySelectorAll(".steps__reason")].map((reason) => [
                reason.getBoundingClientRect().top
                  - reason.previousElementSibling.getBoundingClientRect().top,
                reason.getBoundingClientRect().right - innerWidth,
                reason.textContent])])"""
        )
        assert len(steps) > 3
        for _, reasons in steps:
            assert reasons
            for below, beyond, text in reasons:
                assert below > 5, f"{text!r} is not under its line"
                assert beyond <= 0, f"{text!r} is out of the screen"
        # What is read aloud is the same, and a wide screen has no second copy.
        math = "(all) => all.map((n) => n.textContent)"
        spoken = [p.locator("div.math .katex-mathml").evaluate_all(math) for p in (wide, phone)]
        assert spoken[0] == spoken[1]
        assert wide.locator(".steps").count() == 0


def test_a_table_with_many_formulas_is_set_as_cards_and_read_out_as_a_table(shared):
    for phone in (False, True):
        page = shared("book/11_conclusion.html", phone=phone).page
        cards = page.locator("table.cards")
        assert cards.count() > 3
        beyond = cards.evaluate_all(
            "(all) => all.map((n) => n.parentElement.scrollWidth - n.parentElement.clientWidth)"
        )
        assert max(beyond) <= 1, "a card is wider than its box: its last lines cannot be seen"
        named = page.get_by_role("cell").filter(has_text="a coin with probability").first
        assert named.get_attribute("data-heading") == "believes"
        assert page.get_by_role("columnheader", name="believes").count() == cards.count()


def test_on_this_page_follows_the_reader(visit):
    page = visit("book/04_binary_classification.html").page
    current = ".page-toc--aside a[aria-current]"
    for anchor in ("#focal-loss", "#exercises", "#binary-cross-entropy"):
        page.evaluate("(id) => document.querySelector(id).scrollIntoView()", anchor)
        page.wait_for_function(
            "([at, hash]) => document.querySelector(at)?.hash === hash", arg=[current, anchor]
        )
        assert page.locator(current).count() == 1
        box, list_box = (
            page.locator(selector).bounding_box() for selector in (current, ".page-toc--aside")
        )
        assert list_box["y"] <= box["y"] <= list_box["y"] + list_box["height"]


def test_all_that_stands_under_another_has_one_right_edge(shared):
    visited = shared("book/03_regression.html")
    edges = visited.page.evaluate(
        """() => {
          const wide = (n) => n.getBoundingClientRect();
          const column = document.querySelector("main > section");
          const kinds = ["p", ".admonition", ".cell .cell_input", ".table-scroll"];
          const blocks = kinds.map((kind) => `:scope > ${kind}`).join();
          return [...column.querySelectorAll(":scope section")]
            .flatMap((section) => [...section.querySelectorAll(blocks)])
            .map((n) => Math.round(wide(n).right));
        }"""
    )
    assert len(edges) > 50
    assert len(set(edges)) == 1, sorted(set(edges))


@pytest.mark.parametrize("width", [320, 640])
def test_a_page_reflows_when_it_is_zoomed(shared, page_name, width):
    # 1280 pixels at 400% and at 200%.
    visited = shared(page_name, phone=True)
    page, before = visited.page, visited.page.viewport_size
    visited.resize(width, 640)
    content, wide = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(TOO_WIDE)
    visited.resize(**before)
    assert content <= width
    assert wide == []


def test_text_of_twice_the_size_stays_readable(shared, page_name):
    visited = shared(page_name)
    page = visited.page
    # 106% is the site's own.
    larger = page.add_style_tag(content="html { font-size: 212% !important; }")
    visited.settle()
    content, wide = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(TOO_WIDE)
    # A button or link whose box is too small for its words would cut them off.
    cut = page.evaluate(
        """() => [...document.querySelectorAll("button, a, summary, p, li, h1, h2, h3")]
          .filter((n) => getComputedStyle(n).overflow === "hidden" && n.checkVisibility())
          .filter((n) => n.scrollHeight > n.clientHeight + 2 && !n.closest(".visually-hidden"))
          .filter((n) => !n.closest(".skip-link, .katex-mathml"))
          .slice(0, 5).map((n) => n.outerHTML.slice(0, 120))"""
    )
    larger.evaluate("(style) => style.remove()")
    visited.settle()
    assert content <= 1280
    assert wide == []
    assert not cut


def test_a_printed_page_is_accessible(shared, page_name):
    visited = shared(page_name)
    with visited.shown(media="print"):
        findings = visited.axe(rules=COLORS)
    assert not findings, "\n".join(findings)


def test_nothing_moves_for_those_who_ask_for_less_motion(shared, page_name):
    page = shared(page_name).page  # the tests ask for less motion
    moving = page.evaluate(
        """() => [...document.querySelectorAll("html, body *")].filter((n) => {
          const s = getComputedStyle(n);
          return s.animationName !== "none" || s.scrollBehavior === "smooth"
            || s.transitionDuration.split(",").some((t) => parseFloat(t) > 0);
        }).slice(0, 5).map((n) => n.outerHTML.slice(0, 120))"""
    )
    assert not moving


# --- each interactive part -----------------------------------------------------------------------

CHAPTERS = [n for n in html_pages() if n.startswith("book/") and n[5:7].isdigit()] or ["(none)"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_solutions_answers_and_copy_buttons_work_with_the_keyboard(visit, name):
    page = visit(name).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for selector in (".solution > summary", ".quiz__option > summary", ".frames__table > summary"):
        for key in ("Enter", "Space"):
            summary = page.locator(selector).first
            if summary.count() == 0:
                continue
            before = summary.evaluate("(n) => n.parentElement.open")
            summary.focus()
            page.keyboard.press(key)
            assert summary.evaluate("(n) => n.parentElement.open") != before, (selector, key)
    copy = page.locator("button.copy").first
    # "Copied" goes again after a moment, perhaps before anybody looks.
    copy.evaluate(
        "(n) => { window.said = []; new MutationObserver(() => window.said.push(n.textContent))"
        ".observe(n, {childList: true}); }"
    )
    copy.focus()
    assert copy.evaluate("(n) => getComputedStyle(n).opacity") == "1"
    page.keyboard.press("Enter")
    page.wait_for_function("window.said.includes('Copied')")
    code = copy.evaluate("(n) => n.parentElement.querySelector('pre').textContent.trimEnd()")
    assert page.evaluate("navigator.clipboard.readText()") == code


@pytest.mark.parametrize("name", CHAPTERS)
def test_sliders_move_with_the_arrow_keys_and_say_where_they_are(visit, name):
    page = visit(name).page
    sliders = page.locator(".frames input[type=range]")
    for number in range(sliders.count()):
        slider = sliders.nth(number)
        assert slider.evaluate("(n) => n.labels[0].innerText.trim().length") > 3
        slider.focus()
        page.keyboard.press("Home")
        first = slider.get_attribute("aria-valuetext"), slider.input_value()
        page.keyboard.press("ArrowRight")
        assert (slider.get_attribute("aria-valuetext"), slider.input_value()) != first
        page.keyboard.press("End")
        assert slider.input_value() == slider.get_attribute("max")


def test_only_code_can_be_copied_and_all_of_it_runs(visit):
    for name in ("book/api.html", "book/how_to_use.html", "book/03_regression.html"):
        page = visit(name).page
        assert page.locator(".cell_output .copy").count() == 0
        blocks = page.locator(".article .highlight:not(.cell_output *)")
        assert page.locator("button.copy").count() == blocks.count() > 0
        copied = page.evaluate(
            """() => {
              const texts = [];
              navigator.clipboard.writeText = async (text) => { texts.push(text); };
              for (const button of document.querySelectorAll("button.copy")) {
                button.click();
                texts.push(button.parentElement.querySelector("pre").textContent);
              }
              return texts;
            }"""
        )
        for text, shown in zip(copied[::2], copied[1::2], strict=True):
            prompts = [line[4:] for line in shown.splitlines() if line[:4] in (">>> ", "... ")]
            assert text == ("\n".join(prompts) or shown.rstrip()), shown
            if prompts:
                ast.parse(text)


def test_the_color_switch_works_with_the_keyboard(visit):
    page = visit("book/index.html").page
    page.get_by_role("button", name="Dark").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.keyboard.press("Space")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_the_first_tab_offers_to_skip_to_the_text(visit):
    page = visit("book/03_regression.html").page
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the text")
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    # The browser moves the focus with its next frame.
    page.wait_for_function("document.activeElement.id === 'content'")
    assert page.evaluate("location.hash") == "#content"
