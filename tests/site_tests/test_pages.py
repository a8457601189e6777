"""Every page, as people meet it: self-contained, quiet, accessible, and fit for a phone."""

from .conftest import COLORS, SITE, parsed

TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (node) => {
    for (let n = node.parentElement; n; n = n.parentElement) {
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(n).overflowX)) return true;
    }
    return false;
  };
  return [...document.querySelectorAll("body *")]
    .filter((n) => n.getBoundingClientRect().right > width + 1 && !scrolls(n))
    .filter((n) => !n.closest(".visually-hidden, .skip-link, .katex-mathml"))
    .slice(0, 5).map((n) => n.outerHTML.slice(0, 120));
}"""


def test_a_page_is_quiet_self_contained_and_accessible(shared, site_url, page_name):
    page = shared(page_name)
    findings = page.axe()
    outside = [u for u in page.requests if not u.startswith((site_url, "data:"))]
    assert not outside, f"asks other servers: {outside}"
    assert not page.messages, f"the console says: {page.messages}"
    assert not findings, "\n".join(findings)


def test_a_page_is_accessible_in_the_dark(shared, page_name):
    page = shared(page_name)
    light = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
    with page.shown(scheme="dark"):
        assert page.page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        findings = page.axe(rules=COLORS)
    assert not findings, "\n".join(findings)


def test_a_page_that_opens_in_the_dark_is_quiet_and_accessible(visit):
    page = visit("book/03_regression.html", scheme="dark")
    assert not page.axe()
    assert not page.messages, f"the console says: {page.messages}"


def test_a_page_fits_a_phone_and_is_accessible_there(shared, page_name):
    phone = shared(page_name, phone=True)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.page.evaluate(TOO_WIDE) == []
    findings = phone.axe()
    assert not findings, "\n".join(findings)


def test_figures_arrive_without_moving_the_text(shared, page_name):
    page = shared(page_name).page
    unsized = page.evaluate(
        "[...document.querySelectorAll('main img:not([width][height])')].map((i) => i.src)"
    )
    assert unsized == []


def test_the_color_switch_switches_and_remembers(visit, site_url):
    visited = visit("book/index.html")
    page = visited.page
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(background)
    visited.open(site_url + "book/notation.html")
    assert page.evaluate(background) == dark != light


def test_a_page_can_be_read_without_script(visit):
    page = visit("book/03_regression.html", javascript=False).page
    assert page.get_by_role("heading", level=1).inner_text().startswith("3")
    assert page.locator(".katex").count() > 20


def test_the_front_door_leads_to_the_landing_page(visit):
    page = visit("index.html").page
    page.wait_for_url("**/book/index.html")
    assert page.get_by_role("heading", level=1).inner_text() == "Understanding Loss Functions"


def test_the_first_screen_shows_doors_example_and_the_map_of_all_chapters(visit):
    page = visit("book/index.html", width=1280, height=900).page
    bottoms = {
        selector: page.locator(selector).last.evaluate("(n) => n.getBoundingClientRect().bottom")
        for selector in (".verified", ".door", ".map li")
    }
    assert page.locator(".door").count() == 3
    chapters = list(SITE.glob("book/[0-9][0-9]_*.html"))
    assert page.locator(".map li").count() == len(chapters), "the map of book/index.md"
    below = {selector: bottom for selector, bottom in bottoms.items() if bottom > 900}
    assert not below, f"these end below the first screen, at pixel: {below}"


def test_nobody_sees_a_call_that_only_stores_a_value():
    seen = [str(p.relative_to(SITE)) for p in SITE.rglob("*.html") if "publish(" in text_of(p)]
    workbooks = list((SITE / "workbooks").glob("*.ipynb"))
    seen += [path.name for path in workbooks if "publish(" in path.read_text(encoding="utf-8")]
    assert len(workbooks) >= 11
    assert not seen, f"these show a call of publish: tag its cell remove-cell: {seen}"


def text_of(path):
    return parsed(str(path.relative_to(SITE))).get_text()
