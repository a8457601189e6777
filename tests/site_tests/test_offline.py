"""The unpacked zip, opened by double click: no server, no network, and everything works."""

import zipfile

import pytest

from tools.book import HTML, ZIP

from .conftest import SITE, Visits, html_pages

# All images, also those that wait until they are scrolled to or chosen with a slider.
BROKEN_IMAGES = """async () => {
  const images = [...document.images];
  for (const image of images) image.loading = "eager";
  await Promise.all(images.map((image) => image.decode().catch(() => {})));
  return images.filter((image) => !image.naturalWidth).map((image) => image.src);
}"""


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    if SITE != HTML:
        return SITE  # one page, built alone: there is no zip of it
    if not ZIP.is_file():
        pytest.fail(f"there is no {ZIP}: run `make book` first")
    folder = tmp_path_factory.mktemp("a folder of somebody's")
    with zipfile.ZipFile(ZIP) as archive:
        archive.extractall(folder)
    return folder / "loss-functions-book"


@pytest.fixture
def open_file(browser, unpacked):
    visits = Visits(browser, f"{unpacked.as_uri()}/")
    yield visits
    visits.close()


def test_the_zip_is_of_this_site(unpacked):
    def files(folder):
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith((".", "LICENSE"))
        }

    # So what the tests of the site's links find holds here too: they know no server that would
    # answer `book/` with `book/index.html`.
    inside, outside = files(unpacked), files(SITE)
    differ = {name for name in inside | outside if inside.get(name) != outside.get(name)}
    assert len(inside) > 100
    assert not differ, f"run `make book`; not the same in the zip: {sorted(differ)[:5]}"
    assert (unpacked / "LICENSE-CC-BY-4.0.txt").is_file()


@pytest.mark.parametrize("name", html_pages() or ["(no site)"])
def test_a_page_or_deck_opens_from_the_disk(open_file, unpacked, name):
    visited = open_file(name)
    page = visited.page
    if name.startswith("slides/"):
        total = page.evaluate("Reveal.getTotalSlides()")
        assert total >= 16, f"{total} slides: 16 to 24"
        for number in range(total):
            page.evaluate("(n) => Reveal.slide(n)", number)
    elif name == "index.html":
        page.wait_for_url("**/book/index.html")
    broken = page.evaluate(BROKEN_IMAGES)
    visited.settle()
    fonts = page.evaluate(
        "[...document.fonts].filter((f) => f.status === 'error').map((f) => f.family)"
    )
    assert not broken
    assert not fonts
    assert not visited.messages, f"the console says: {visited.messages}"
    own = (unpacked.as_uri(), "data:")
    assert not [url for url in visited.requests if not url.startswith(own)]
    # Styled: the paper of the style sheet, not the browser's white.
    if not name.startswith("slides/"):
        paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        body = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert "rgb(255, 254, 251)" in (paper, body)


def test_the_search_works_from_the_disk(open_file):
    visited = open_file("book/index.html")
    page = visited.page
    page.get_by_role("searchbox").fill("KL")
    page.keyboard.press("Enter")
    page.locator(".search-results a").first.click()
    page.wait_for_url("**/book/06_specialized.html#kl-divergence")
    page.go_back()
    page.get_by_role("searchbox").fill("log loss")
    page.locator(".search-results a", has_text="Binary cross-entropy").first.wait_for()
    assert not visited.messages


def test_a_slider_works_from_the_disk(open_file):
    visited = open_file("book/03_regression.html")
    slider = visited.page.locator(".frames input").first
    slider.focus()
    visited.page.keyboard.press("Home")
    shown = visited.page.locator(".frames").first.locator("img:visible")
    first = shown.get_attribute("src")
    visited.page.keyboard.press("ArrowRight")
    visited.page.wait_for_function(
        "(first) => [...document.querySelector('.frames').querySelectorAll('img')]"
        ".some((image) => image.checkVisibility() && image.naturalWidth"
        " && image.getAttribute('src') !== first)",
        arg=first,
    )
    assert not visited.messages


def test_the_speaker_view_works_from_the_disk(open_file):
    deck = next(name for name in html_pages() if name.startswith("slides/0"))
    visited = open_file(deck)
    page = visited.page
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
    assert (
        speaker.frame_locator("#upcoming-slide iframe").locator("section.present h2").inner_text()
    )
