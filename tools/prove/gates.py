"""Every check is switched off once; its own test must go red and say where.

Faults of sources run one at a time, each in a fresh copy of its file. Faults of the built pages
are spread over the pages of one copied site, one fault a page, and a browser visits them all in
one run. So are those of the printed book, in one PDF. Faults that the build itself must refuse are
put into one copy: it has to name them all.
"""

import json
import os
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

from tools import pdf
from tools.prove import faults_book, faults_course, faults_pdf, faults_site, scratch
from tools.prove.record import Outcome, Progress, expected

PLUGIN = ("-p", "tools.prove.report_plugin")


def blamed(fault, failed):
    """Tell whether the fault's own test failed with a message that names it."""
    return any(
        t.startswith(fault.test) and fault.says in f"{t} {text}" for t, text in failed.items()
    )


def break_files(root, faults):
    """Put faults into a copy; a file that was not there is made."""
    for fault in faults:
        path = root / fault.file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(fault.change(text), encoding="utf-8")


def visit(found, kind, root, faults, *options):
    """Run the tests of faults that are all in one copy, and count which of them were named."""
    report = root / "report.jsonl"
    report.unlink(missing_ok=True)
    tests = sorted({fault.test.partition("[")[0] for fault in faults if unnamed(fault)})
    tests += sorted({fault.test for fault in faults if not unnamed(fault)})
    args = ["-q", "--tb=short", *options, *PLUGIN, *tests]
    # A site test must fail without a browser; of other tests CI would show differences in full.
    ci = "true" if kind in ("site", "PDF") else ""
    done = scratch.pytest(root, *args, PROVE_REPORT=str(report), CI=ci)
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    failed = dict(json.loads(line) for line in lines)
    if not failed:
        said = (done.stdout + done.stderr)[-600:]
        found.problems.append(f"no test failed, {kind}, {faults[0].name}: {said}")
    for fault in faults:
        note(found, kind, fault, failed)


def prove_sources(found, faults):
    """Try faults of sources, one after the other in a copy of their own."""
    with scratch.copy() as root:
        for fault in faults:
            with scratch.kept(root, fault.file):
                break_files(root, [fault])
                visit(found, "sources", root, [fault], "-p", "no:xdist", "-p", "no:cov")


def prove_outputs(found, faults):
    """Spoil what one notebook stores in several places; nbval must name each."""
    with scratch.copy() as root:
        break_files(root, faults)
        visit(found, "outputs", root, faults, *scratch.COMMAND)


def prove_site(found, faults):
    """Spread faults over one copied site and let their tests visit it."""
    with scratch.copy(with_site=True) as root:
        break_files(root, faults)
        visit(found, "site", root, faults, "-n", "2")  # broken pages are waited for in vain


def print_book():
    """Print the book, unless that has been done since it was built."""
    if not pdf.is_current():
        printed = scratch.python(scratch.ROOT, "-m", "tools.pdf")
        if printed.returncode:
            raise RuntimeError(printed.stderr[-2000:])


def prove_pdf(found, in_print, in_document):
    """Break one printed book in several places, and what it is printed with in others."""
    data = pdf.PDF.read_bytes()
    for fault in in_print:
        data = fault.change(data)
    with scratch.copy(with_site=True) as root:
        break_files(root, in_document)
        shutil.copy2(pdf.ZIP, root / "_build")
        broken = root / in_print[0].file
        broken.write_bytes(data)
        os.utime(broken, (time.time() + 3600,) * 2)  # the tests print a PDF anew that is older
        visit(found, "PDF", root, [*in_print, *in_document], "-n", "1")


def unnamed(fault):
    """Tell whether a fault names only the beginning of its test's parameters."""
    return "[" in fault.test and not fault.test.endswith("]")


def broken_build(faults):
    """Put faults into one copy and build it; return whether the build failed, and what it said."""
    with scratch.copy() as root:
        break_files(root, faults)
        done = scratch.python(root, "-m", "tools.build")
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    lines = [line for line in said.splitlines() if "WARNING" in line or "rror" in line]
    return done.returncode != 0, lines


def count_build(found, faults, failed, said):
    """Count the faults that a failed build has named."""
    for fault in faults:
        found.progress.step()
        named = any(fault.test in line and fault.says in line for line in said)
        found.add("build", failed and named, fault.name)
        if not named:
            found.notes.append(f"{fault.name}: the build did not name {fault.says!r}")


def note(found, kind, fault, failed):
    """Count one fault; say what happened instead when its own test did not name it."""
    found.progress.step()
    caught = blamed(fault, failed)
    found.add(kind, caught, fault.name)
    if not caught:
        red = "; ".join(sorted(failed)[:3]) or "no test"
        found.notes.append(f"{fault.name}: {fault.test} did not say {fault.says!r}; red: {red}")


def prove_builds(found):
    """Build two copies with faults that a build must refuse: those of pages, those of formulas."""
    for faults in (faults_site.build_faults(), faults_site.formula_faults()):
        count_build(found, faults, *broken_build(faults))


def prove(everything, seed):
    """Switch off every check once, and return which ones nobody missed.

    Three things at a time: each of them waits for a browser or a disk now and then, and together
    they keep two cores busy.
    """
    found, listed = Outcome("gates", complete=True), expected("gates")
    in_print, in_document = faults_pdf.print_faults(), faults_pdf.document_faults()
    on_pages = [*faults_site.page_faults(), *faults_site.site_faults()]
    outputs, sources = faults_book.output_faults(), [*faults_book.faults(), *faults_course.faults()]
    builds = [*faults_site.build_faults(), *faults_site.formula_faults()]
    every = [*in_print, *in_document, *on_pages, *outputs, *sources, *builds]
    found.progress = Progress("gates", len(every))

    def printed():
        print_book()
        prove_pdf(found, in_print, in_document)

    def visited():
        prove_site(found, on_pages)

    with ThreadPoolExecutor(3) as pool:
        lanes = [pool.submit(prove_outputs, found, outputs)]
        lanes += [pool.submit(printed), pool.submit(visited), pool.submit(prove_builds, found)]
        for share in (sources[::2], sources[1::2]):
            lanes.append(pool.submit(prove_sources, found, share))
        for lane in lanes:
            lane.result()
    found.gone += [f"{name} (caught now)" for name in listed if name not in found.survived]
    return found
