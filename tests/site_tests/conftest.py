"""The built site, served from this machine, in a real browser.

Without Chromium these tests are skipped, with the reason; under CI they fail instead, because
a check that did not run has not passed.
"""

import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def html_pages():
    """Return every page of the built site, as paths below it."""
    return sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))


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

    def axe(self, *, on_paper=False):
        """Return what axe finds, one line a finding."""
        # Fonts decide how wide a formula is, and so what scrolls.
        self.page.evaluate("document.fonts.ready.then(() => true)")
        self.page.add_script_tag(path=AXE)
        # All rules of WCAG 2 at A and AA and the best practices are on, but for this one of 2.2:
        # targets of 24 pixels. On paper there is nothing to press.
        found = self.page.evaluate(
            "(on) => axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: on}}})",
            not on_paper,
        )
        return [
            f"{v['id']}: {v['help']}: {node['html'][:160]}"
            for v in found["violations"]
            for node in v["nodes"][:3]
        ]


@pytest.fixture
def visit(browser, site_url):
    """Open a page of the site: ``visit("book/index.html", width=390, scheme="dark")``."""
    contexts = []

    def opened(name, *, width=1280, height=900, scheme="light", javascript=True, before=None):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        visit = Visit(context.new_page())
        if before:
            before(visit.page)
        visit.page.goto(site_url + name, wait_until="load")
        return visit

    yield opened
    for context in contexts:
        context.close()
