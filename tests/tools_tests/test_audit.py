"""The audit: what it serves, and what it reports as lost."""

import gzip
import urllib.request

import pytest

from tools import audit


@pytest.fixture
def address(tmp_path):
    (tmp_path / "page.html").write_text("<p>loss</p>" * 100, encoding="utf-8")
    (tmp_path / "font.woff2").write_bytes(b"already small")
    return audit.serve(tmp_path)


def test_text_is_served_compressed_and_the_rest_as_it_is(address):
    with urllib.request.urlopen(f"{address}page.html") as answer:
        body = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body).decode() == "<p>loss</p>" * 100
    with urllib.request.urlopen(f"{address}font.woff2") as answer:
        assert answer.headers["Content-Encoding"] is None
        assert answer.read() == b"already small"


def report(performance, contrast):
    """Return the parts of a Lighthouse report that are read."""
    weights = [{"id": "contrast", "weight": 3}, {"id": "manual", "weight": 0}]
    return {
        "categories": {
            name: {
                "score": performance if name == "performance" else contrast,
                "auditRefs": weights,
            }
            for name in audit.WANTED
        },
        "audits": {
            "contrast": {"title": "Contrast", "score": contrast, "displayValue": "2 elements"},
            "manual": {"title": "Manual", "score": 0},
        },
    }


def test_a_page_that_reaches_all_scores_lost_nothing():
    assert audit.failures(report(0.95, 1.0)) == []


def test_a_page_below_says_what_it_lost_and_where():
    lines = audit.failures(report(1.0, 0.5))
    assert lines[0] == "    accessibility: Contrast 2 elements"
    assert len(lines) == 3
    assert not any("Manual" in line for line in lines)
