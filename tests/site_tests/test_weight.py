"""Pages are light: few requests, few bytes, and formulas and code that look as they did."""

import re
import time
from pathlib import Path

from bs4 import BeautifulSoup

from tools.sphinx import light

from .conftest import SITE

MOST_REQUESTS = 20
MOST_BYTES = 600_000  # of everything but the figures, uncompressed


def test_a_first_visit_asks_for_little(shared, page_name):
    # Also those that are still on their way: to ask for a response is to wait for it.
    responses = [request.response() for request in shared(page_name).first_asked]
    sizes = {r.url: len(r.body()) for r in responses if r and r.status == 200}
    text = {url: size for url, size in sizes.items() if "/_images/" not in url}
    assert len(sizes) <= MOST_REQUESTS, sorted(sizes)
    largest = sorted(text.items(), key=lambda item: -item[1])[:5]
    assert sum(text.values()) <= MOST_BYTES, f"{sum(text.values())} bytes, most in {largest}"


def test_the_text_has_its_own_font_and_does_not_wait_for_it(visit):
    page = visit("book/03_regression.html").page
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": "main section > p"})
    fonts = session.send("CSS.getPlatformFontsForNode", node)["fonts"]
    shown = sorted(font["familyName"] for font in fonts)
    assert shown == ["Source Serif 4"], f"text shown in {shown}: see font-display in course.css"
    styles = (SITE / "_static" / "site.css").read_text(encoding="utf-8")
    # Upright and italic; bold words are few, and may wait.
    assert styles.count('font-family:"Source Serif 4";src:url(data:font/woff2') == 2


def test_no_frame_of_a_figure_is_inside_a_page(page_name):
    html = (SITE / page_name).read_text(encoding="utf-8")
    assert "data:image/svg" not in html, "tools.sphinx.light takes frames out of the page"


def test_a_slider_shows_each_of_its_frames(visit):
    page = visit("book/03_regression.html").page
    frames = page.locator(".frames").first
    slider = frames.locator("input")
    slider.focus()
    count = frames.locator("img").count()
    texts = set()
    for step in range(count):
        slider.fill(str(step))
        # Its file arrives, and then it takes the place of the last one.
        frames.locator("img").nth(step).wait_for(state="visible")
        shown = [i for i in range(count) if frames.locator("img").nth(i).is_visible()]
        assert shown == [step]
        texts.add(frames.locator("output").inner_text())
    assert len(texts) == count
    page.wait_for_function(
        "[...document.querySelector('.frames').querySelectorAll('img')]"
        ".every((image) => image.complete && image.naturalWidth > 0)"
    )


def test_there_is_always_a_frame_to_see(visit):
    page = visit("book/03_regression.html").page
    frames = page.locator(".frames").first
    frames.scroll_into_view_if_needed()
    frames.locator("img:visible").evaluate("(image) => image.decode()")
    page.route("**/_images/**", lambda route: (time.sleep(0.3), route.continue_()))
    frames.locator("input").focus()
    page.evaluate(
        """() => {
          const images = [...document.querySelector(".frames").querySelectorAll("img")];
          const look = () => {
            const seen = images.filter((n) => n.checkVisibility() && n.naturalWidth > 0);
            (window.seen ??= []).push(seen.length);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    frames.locator("img").nth(3).wait_for(state="visible")
    assert set(page.evaluate("window.seen")) == {1}


def test_a_compact_style_sheet_says_the_same():
    styles = """/* why */
    p > a, li :hover {
      margin: 0 0.5em 10.05em; content: " : ";
      width: calc(100% - 0.5rem);
    }
    @media print { p { color: red; } }
    """
    assert light.compact(styles).strip() == (
        'p > a,li :hover{margin:0 .5em 10.05em;content:" : ";width:calc(100% - .5rem)}'
        "@media print {p{color:red}}"
    )


FORMULA = (
    '<span class="katex"><span class="katex-mathml"><math xmlns="m"><mi mathvariant="bold">x</mi>'
    '<annotation encoding="application/x-tex">x</annotation></math></span>'
    '<span class="katex-html"><span class="strut" style="height:1em;top:2em;"></span>'
    '<span style="height:1em;top:2em;">x</span><b style="color:red">y</b></span></span>'
)


def test_a_style_of_formulas_is_written_once():
    soup = BeautifulSoup(FORMULA, "html.parser")
    styles = light.thin_formulas(soup)
    assert styles == ".k0{height:1em!important;top:2em!important}.k1{color:red!important}"
    assert [tag["class"] for tag in soup.select(".katex-html *")] == [
        ["strut", "k0"],
        ["k0"],
        ["k1"],
    ]
    assert str(soup.math) == '<math><mi mathvariant="bold">x</mi></math>'


def test_strings_numbers_keywords_and_comments_keep_their_colors():
    tokens = light.TOKENS
    assert tokens["n"] == tokens["p"] == tokens["o"] == ""
    assert tokens["s2"] == tokens["s1"] == tokens["si"] != ""
    assert len({tokens["s2"], tokens["k"], tokens["c1"], tokens["mi"], ""}) == 5
    colors = light.code_colors()
    for kind in ("s2", "k", "c1", "mi"):
        assert f".highlight .{tokens[kind]} {{" in colors


def test_the_style_sheet_points_at_files_that_exist():
    styles = (SITE / "_static" / "site.css").read_text(encoding="utf-8")
    urls = [url.strip("\"'") for url in re.findall(r"url\(([^)]+)\)", styles)]
    files = {url for url in urls if not url.startswith("data:")}
    missing = sorted(f for f in files if not (SITE / "_static" / Path(f)).is_file())
    assert files
    assert not missing


def test_a_page_carries_no_more_of_other_pages_than_their_titles(page_name):
    soup = BeautifulSoup((SITE / page_name).read_text(encoding="utf-8"), "html.parser")
    soup.select_one("main").decompose()
    sections = soup.select(".page-toc a")
    away = [a["href"] for a in sections if not a["href"].startswith("#")]
    assert not away, f"'On this page' names other pages: {away}"
    for part in soup.select(".page-toc, head > style"):  # about this page
        part.decompose()
    pages = [a["href"] for a in soup.select("#contents a")]
    assert len(pages) == len(set(pages)), "a page is named twice in the contents"
    inside = [href for href in pages if "#" in href[1:]]
    assert not inside, f"the contents name sections of other pages: {inside}"
    most = 3_500 + 100 * len(pages)
    outside = len(str(soup).encode()) - sum(len(a.get_text()) for a in soup.select("a"))
    assert outside <= most, f"{outside} bytes beside the content, {most} wanted"
