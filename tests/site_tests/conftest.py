"""The built site, served from this machine, in a real browser.

Without Chromium these tests are skipped, with the reason; under CI they fail instead, because
a check that did not run has not passed.
"""

import functools
import http.server
import os
import shutil
import threading
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"
DECKS = sorted(path.stem for path in (SITE / "slides").glob("*.html")) or ["(no slides)"]
TAKES_LONG = ("test_launch", "test_pdf")  # to be ready
PATIENCE = 15_000  # milliseconds until something that should appear counts as missing
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def html_pages():
    """Return every page of the built site, as paths below it."""
    return sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))


@cache
def parsed(name):
    """Return a file of the built site as a tree, which nobody may change."""
    return BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")


def pytest_collection_modifyitems(items):
    """Put together what needs the same page, the same print or the same second build.

    pytest-xdist hands out neighbors together, the first eighth of all tests to one worker. So few
    pages are opened or parsed twice, and the book is printed and built again by one worker only.
    """

    def place(item):
        if item.path.stem in TAKES_LONG:
            return 0, item.path.stem
        about = getattr(item, "callspec", None)
        values = [v for v in about.params.values() if isinstance(v, str)] if about else []
        return 1, next((Path(v).stem for v in values if v.endswith(".html") or v in DECKS), "")

    items.sort(key=place)


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
    """Serve files without writing a line for each."""

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def site_url():
    handler = functools.partial(QuietHandler, directory=SITE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        message = f"no Chromium found (looked for {', '.join(BROWSERS)})"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


class Visit:
    """An opened page, with what it asked for and what it logged."""

    def __init__(self, page):
        self.page, self.requests, self.messages = page, [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("requestfailed", lambda request: self.messages.append(f"failed: {request.url}"))

    def axe(self, *, on_paper=False, parts=None):
        """Return what axe finds on the page or in parts of it, one line a finding."""
        # Fonts decide how wide a formula is, and so what scrolls.
        self.page.evaluate("document.fonts.ready.then(() => true)")
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.add_script_tag(path=AXE)
        # All rules of WCAG 2 at A and AA and the best practices are on, but for this one of 2.2:
        # targets of 24 pixels. On paper there is nothing to press.
        found = self.page.evaluate(
            """([parts, on]) => axe.run(parts || document,
                 {resultTypes: ['violations'], rules: {'target-size': {enabled: on}}})""",
            [parts, not on_paper],
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

    def __call__(
        self, name, *, width=1280, height=900, scheme="light", javascript=True, before=None
    ):
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(30_000)
        self.contexts.append(context)
        visit = Visit(context.new_page())
        if before:
            before(visit.page)
        visit.page.goto(self.url + name, wait_until="load")
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
    """Open a page, as a computer or a phone does, for all tests that only look at it."""
    visits, opened = Visits(browser, site_url), {}

    def look(name, *, phone=False):
        if not any(other == name for other, _ in opened):
            visits.close()
            opened.clear()
        if (name, phone) not in opened:
            opened[name, phone] = visits(name, **({"width": 390, "height": 844} if phone else {}))
        return opened[name, phone]

    yield look
    visits.close()
