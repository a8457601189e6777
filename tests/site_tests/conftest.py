"""The built site, served from this machine, in a real browser.

Without Chromium these tests are skipped, with the reason; under CI they fail instead, because
a check that did not run has not passed.
"""

import functools
import http.server
import os
import re
import threading
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright
from xdist.scheduler.loadscope import LoadScopeScheduling

from tools.book import BROWSERS, HTML, ROOT, find_browser

SITE = Path(os.environ.get("SITE_HTML", HTML))
AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"
COLORS = ["color-contrast", "link-in-text-block"]  # axe's rules about them
DECKS = sorted(path.stem for path in (SITE / "slides").glob("*.html")) or ["(no slides)"]
TAKES_LONG = ("test_pdf", "test_launch")  # to be ready
# Milliseconds until something that should appear counts as missing: for a machine ten times slower.
PATIENCE = 60_000

# A page at rest: loaded with its scripts, its fonts and images there, its deck set up, and in
# three frames in a row everything in its place. What a resize, a changed medium or the arrival
# of a font sets off in a script runs before the next frame, and shows in the one after.
# Playwright asks once a frame. It would take the promise of an async function for a yes.
AT_REST = """(since) => {
  const root = document.documentElement;
  const settingUp = document.querySelector(".reveal:not(.ready)") && !root.matches(".handout");
  if (document.readyState !== "complete" || settingUp) return false;
  const boxes = "img, pre, table, h1, h2, .katex-display, p, button, [tabindex]";
  const places = [...document.querySelectorAll(boxes)].map((node) => {
    const {x, y, width, height} = node.getBoundingClientRect();
    return [node.tabIndex, node.scrollWidth, x, y, width, height];
  });
  const state = JSON.stringify([
    since, innerWidth, innerHeight, root.className, root.scrollWidth, root.scrollHeight, places,
  ]);
  const seen = window.lastSeen?.state === state ? window.lastSeen.times + 1 : 1;
  window.lastSeen = {state, times: seen};
  const shown = (image) => image.loading !== "lazy" && image.checkVisibility();
  return seen >= 3 && document.fonts.status === "loaded"
    && [...document.images].every((image) => image.complete || !shown(image));
}"""


def html_pages():
    """Return every page of the built site, as paths below it."""
    return sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))


@cache
def parsed(name):
    """Return a file of the built site as a tree, which nobody may change."""
    return BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")


def same_worker(nodeid):
    """Return what a test needs that others need too: a page, the print or the second build."""
    stem = Path(nodeid.partition("::")[0]).stem
    parameters = nodeid.partition("[")[2].rstrip("]")
    page = re.search(r"(\w+)\.html", parameters) or re.match(r"(\d\d_\w+)", parameters)
    return page[1] if page and stem not in TAKES_LONG else stem


def pytest_collection_modifyitems(items):
    """Put those together, and first what takes long to be ready."""

    def place(item):
        group = same_worker(item.nodeid)
        return (TAKES_LONG.index(group) if group in TAKES_LONG else len(TAKES_LONG)), group

    items.sort(key=place)


class ByPage(LoadScopeScheduling):
    """Gives each of these groups to one worker: a page is opened once in each way, and parsed once.

    Groups by marks (``--dist loadgroup``) have no effect with this version of pytest.
    """

    def _split_scope(self, nodeid):
        return same_worker(nodeid)


@pytest.hookimpl(optionalhook=True)  # there are runs without pytest-xdist
def pytest_xdist_make_scheduler(config, log):
    """Hand out the tests by page."""
    config.option.loadscopereorder = False
    return ByPage(config, log)


def pytest_generate_tests(metafunc):
    """Run a test that asks for `page_name` once for every page of the course."""
    if "page_name" in metafunc.fixturenames:
        names = [n for n in html_pages() if n.startswith("book/") or n == "search.html"]
        metafunc.parametrize("page_name", names or ["(no site)"])


@pytest.fixture(scope="session", autouse=True)
def _site_exists():
    if not (SITE / "index.html").is_file():
        pytest.fail(f"there is no site in {SITE}: run `make book` first")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serve files without writing a line for each; scripts late, if ``SITE_DELAY`` says so.

    ``SITE_DELAY=1`` keeps every script back for a second: a test that does not wait for what the
    script does fails then, and not only on a busy machine.
    """

    delay = float(os.environ.get("SITE_DELAY", 0))

    def do_GET(self):
        if self.delay and self.path.partition("?")[0].endswith(".js"):
            time.sleep(self.delay)
        super().do_GET()

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    """Let all that a page asks for at once wait in line: five places, the default, are too few.

    A browser whose connection finds no place tries again after a second, or after three.
    """

    request_queue_size = 128


@pytest.fixture(scope="session")
def site_url():
    server = Server(("127.0.0.1", 0), functools.partial(QuietHandler, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    path = find_browser()
    if path is None:
        message = f"no Chromium found (looked for {', '.join(BROWSERS)})"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            timeout=PATIENCE,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


class Visit:
    """An opened page, with what it asked for and what it logged."""

    def __init__(self, page, *, script=True):
        self.page, self.script, self.asked, self.messages = page, script, [], []
        page.on("request", lambda request: self.asked.append(request))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("requestfailed", self._failed)

    def _failed(self, request):
        # What is on its way when a link is followed is called off, and nothing is missing.
        if request.failure != "net::ERR_ABORTED":
            self.messages.append(f"failed: {request.url}: {request.failure}")

    @property
    def requests(self):
        """Return the addresses that the page asked for."""
        return [request.url for request in self.asked]

    def open(self, address):
        """Go to a page and wait until it is at rest."""
        self.page.goto(address, wait_until="load")
        self.settle()

    def settle(self):
        """Wait until the page is at rest, after anything that may move it."""
        if self.script:  # without, there are no frames to ask for, and nothing moves after loading
            self.page.wait_for_function(AT_REST, arg=time.monotonic())

    def resize(self, width, height):
        """Give the window another size."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_function("(width) => innerWidth === width", arg=width)
        self.settle()

    @contextmanager
    def shown(self, *, media="screen", scheme="light"):
        """Show the page as in print or in the dark, and then again as it was."""
        self._show(media, scheme)
        try:
            yield
        finally:
            self._show("screen", "light")

    def _show(self, media, scheme):
        self.page.emulate_media(media=media, color_scheme=scheme)
        self.page.wait_for_function(
            "([media, scheme]) => matchMedia(media).matches"
            " && matchMedia(`(prefers-color-scheme: ${scheme})`).matches",
            arg=[media, scheme],
        )
        self.settle()

    def axe(self, *, parts=None, rules=None):
        """Return what axe finds on the page or in parts of it, one line a finding.

        Where the same page has been looked at with all rules, `rules` names those whose answer
        may be another one now.
        """
        self.settle()
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.add_script_tag(path=AXE)
        # All rules of WCAG 2 at A and AA and the best practices are on, but for this one of 2.2:
        # targets of 24 pixels.
        which = {"runOnly": rules} if rules else {"rules": {"target-size": {"enabled": True}}}
        which["resultTypes"] = ["violations"]
        found = self.page.evaluate(
            "([parts, which]) => axe.run(parts || document, which)", [parts, which]
        )
        return [
            f"{v['id']}: {v['help']}: {node['html'][:160]}"
            for v in found["violations"]
            for node in v["nodes"][:3]
        ]


class Visits:
    """Opens pages of the site: ``visits("book/index.html", width=390, scheme="dark")``."""

    def __init__(self, browser, url):
        self.browser, self.url, self.contexts = browser, url, []

    def __call__(self, name, *, width=1280, height=900, scheme="light", javascript=True):
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        visit = Visit(context.new_page(), script=javascript)
        visit.open(self.url + name)
        return visit

    def close(self):
        """Close all pages."""
        while self.contexts:
            self.contexts.pop().close()


@pytest.fixture
def visit(browser, site_url):
    """Open a page for one test."""
    visits = Visits(browser, site_url)
    yield visits
    visits.close()


@pytest.fixture(scope="session")
def shared(browser, site_url):
    """Open a page, as a computer or a phone does, for all tests that leave it as it was."""
    visits, opened = Visits(browser, site_url), {}

    def look(name, *, phone=False):
        if not any(other == name for other, _ in opened):
            visits.close()
            opened.clear()
        if (name, phone) not in opened:
            slide = {"width": 1280, "height": 720} if name.startswith("slides/") else {}
            size = {"width": 390, "height": 844} if phone else slide
            opened[name, phone] = visits(name, **size)
            opened[name, phone].first_asked = list(opened[name, phone].asked)
        return opened[name, phone]

    yield look
    visits.close()
