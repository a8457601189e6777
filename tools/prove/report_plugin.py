"""A plugin for pytest: append every failure, with its message, to the file PROVE_REPORT."""

import json
import os


def pytest_runtest_logreport(report):
    """Write a line for a failure; with xdist, the process that collects the reports does."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        with open(os.environ["PROVE_REPORT"], "a", encoding="utf-8") as target:
            target.write(json.dumps([report.nodeid, report.longreprtext]) + "\n")
