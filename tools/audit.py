"""Let Lighthouse judge every page of the built site, and print one table.

    python tools/audit.py            all pages
    python tools/audit.py index 404  the pages whose names contain one of these words

The site is served from this machine, compressed, as a web server would. Exits 1 if a page scores
below 95 in performance (on a desktop) or below 100 in accessibility, best practices or search.
"""

import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
LIGHTHOUSE = ROOT / "site" / "audit" / "node_modules" / "lighthouse" / "cli" / "index.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
FIGURES = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "shift",
}
COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt"}


class CompressingHandler(http.server.SimpleHTTPRequestHandler):
    """Serve files with gzip and a day of caching, without a line for each."""

    def log_message(self, *args):
        """Stay silent."""

    def do_GET(self):
        """Answer with the file, compressed where that helps."""
        path = Path(self.translate_path(self.path))
        if path.suffix not in COMPRESSED or not path.is_file():
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "public, max-age=86400")
        self.end_headers()
        self.wfile.write(body)


def serve(folder):
    """Serve a folder in the background; return its address."""
    handler = functools.partial(CompressingHandler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def judge(address, browser):
    """Return Lighthouse's report on one page."""
    command = ["node", LIGHTHOUSE, address, "--output=json", "--quiet", "--preset=desktop"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    command += [f"--only-categories={','.join(WANTED)}"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=os.environ | {"CHROME_PATH": browser},
    )
    if done.returncode:
        sys.exit(f"Lighthouse failed on {address}:\n{done.stderr[-1500:]}")
    return json.loads(done.stdout)


def failures(report):
    """Return what cost a page points, one line each, the weightiest first."""
    lines = []
    for category, wanted in WANTED.items():
        found = report["categories"][category]
        if round(100 * (found["score"] or 0)) >= wanted:
            continue
        for reference in sorted(found["auditRefs"], key=lambda r: -r["weight"]):
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                shown = audit.get("displayValue", "")
                lines.append(f"    {category}: {audit['title']} {shown}".rstrip())
    return lines


def main(words):
    """Judge the pages, print the table, exit 1 if one is below."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"make audit needs Chromium or Chrome (looked for {', '.join(BROWSERS)})")
    names = ["404.html", "search.html", *sorted(f"book/{p.name}" for p in SITE.glob("book/*.html"))]
    names = [n for n in names if not words or any(word in n for word in words)]
    base, below = serve(SITE), 0
    head = [c.replace("best-practices", "practices") for c in WANTED] + list(FIGURES.values())
    print(f"{'page':34}" + "".join(f"{h:>14}" for h in head))
    for name in names:
        report = judge(base + name, browser)
        scores = [round(100 * (report["categories"][c]["score"] or 0)) for c in WANTED]
        shown = [report["audits"][f].get("displayValue", "?") for f in FIGURES]
        print(f"{name:34}" + "".join(f"{x!s:>14}" for x in [*scores, *shown]), flush=True)
        lost = failures(report)
        below += bool(lost)
        print("\n".join(lost), end="\n" * bool(lost))
    wanted = ", ".join(f"{c} {n}" for c, n in WANTED.items())
    print(f"\n{len(names) - below} of {len(names)} pages reach {wanted}")
    sys.exit(1 if below else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
