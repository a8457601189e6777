"""The whole site as one file to take along: pages, slides, workbooks, and the search.

python tools/offline.py

The same site gives the same bytes: names are sorted, and every file has the same date.
"""

import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
ZIP = ROOT / "_build" / "loss-functions-book.zip"
FOLDER = "loss-functions-book"  # what the file unpacks to
LICENSES = ("LICENSE", "LICENSE-CC-BY-4.0")
DATE = (1980, 1, 1, 0, 0, 0)  # the first that the format knows


def contents(site=SITE, root=ROOT):
    """Return ``{name in the zip: file}``: the site, and the licenses that go with a copy of it."""
    found = {
        path.relative_to(site).as_posix(): path
        for path in site.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    return found | {f"{name}.txt": root / name for name in LICENSES if (root / name).is_file()}


def write_zip(site=SITE, target=ZIP, root=ROOT):
    """Write the site as a zip and return its path."""
    partial = target.with_suffix(".part")
    with zipfile.ZipFile(partial, "w") as archive:
        for name, path in sorted(contents(site, root).items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", DATE)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same on every system
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    # A run that was stopped leaves the last whole file.
    partial.replace(target)
    return target


if __name__ == "__main__":
    print(write_zip())
