"""Markdown of form authors."""

import pytest
from markdown_it.ruler import Ruler

from app.forms.markdown import render_markdown


def test_the_first_threads_of_a_process_find_everything_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library prepares its rules at the first use: a thread that comes meanwhile would get half of them."""

    def prepare(_ruler: object) -> None:
        raise AssertionError("rules are prepared while somebody may already read them")

    monkeypatch.setattr(Ruler, "__compile__", prepare)
    page = render_markdown("Never rendered before: *one*, [two](https://example.com)\n\n- three\n\n| a |\n| - |\n| b |")
    assert all(part in page for part in ("<em>one</em>", 'href="https://example.com"', "<li>three</li>", "<td>b</td>"))
