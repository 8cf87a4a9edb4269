"""Markdown, values inside texts, translations."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.unit.forms.form_of import NOW, bound, part


def html(text: str, locale: str = "en", **variables: object) -> str:
    return str(bound({"type": "text", "id": "t", "text": text}, locale=locale, **variables).rows[0][0].html)


def test_markdown() -> None:
    shown = html("## A\n- **b**\n\n> c").replace("\n", "")
    assert shown == "<h2>A</h2><ul><li><strong>b</strong></li></ul><blockquote><p>c</p></blockquote>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a <b onclick=x>b</b>",
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,x)", "[x](//e.invalid)",
        "[x](/inbox)",
        "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_no_markup_but_markdown(text: str) -> None:
    shown = html(text)
    for forbidden in ("<script", "<img", "<b ", "href"):
        assert forbidden not in shown


def test_links_to_the_web_and_to_mail() -> None:
    assert 'href="https://e.invalid/a"' in html("[x](https://e.invalid/a)")
    assert 'rel="noopener noreferrer"' in html("[x](https://e.invalid/a)")
    assert "<img" not in html("![x](https://e.invalid/x.png)")
    assert 'href="mailto:a@b.invalid"' in html("[x](mailto:a@b.invalid)")


@pytest.mark.parametrize(
    "value",
    ["<b>x</b>", "**x**", "[x](https://e.invalid)", "# x", "`x`", "\ue0000\ue001", "{{1 + 1}}", "&amp;", '"><script>'],
)
def test_a_value_is_text_whatever_it_holds(value: str) -> None:
    shown = html("**{{name}}** and [{{name}}](https://e.invalid)", name=value)
    assert shown.count("<strong>") == 1
    assert shown.count("<a ") == 1
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "2" not in shown


def test_values_in_the_readers_language() -> None:
    text = "{{n}} | {{d}} | {{m}} | {{t}} | {{b}} | {{l}} | {{unknown}}"
    values = {
        "n": 1234.5, "d": dt.date(2026, 3, 2), "m": NOW, "t": dt.time(9, 5), "b": True, "l": ["x", "y"],
    }
    assert html(text, **values) == "<p>1,234.5 | March 2, 2026 | Mar 2, 2026 09:00 | 09:05 | yes | x, y | </p>\n"
    chinese = html(text, "zh_CN", **values)
    assert chinese == "<p>1,234.5 | 2026年3月2日 | 2026年3月2日 09:00 | 09:05 | 是 | x、y | </p>\n"


def test_several_lines_stay_several_lines() -> None:
    assert html("{{a}}", a="x\ny<") == "<p>x<br>y&lt;</p>\n"


def test_labels_are_translated_and_may_name_values() -> None:
    component = part(
        "textfield", label="Cost, at most {{limit}}", description="Why",
        properties={"label.zh_CN": "费用,最多 {{limit}}", "description.zh_CN": "原因"},
    )
    english, chinese = bound(component, limit=5).rows[0][0], bound(component, locale="zh_CN", limit=5).rows[0][0]
    assert (english.label, english.hint) == ("Cost, at most 5", "Why")
    assert (chinese.label, chinese.hint) == ("费用,最多 5", "原因")


def test_a_table_shows_the_entries_of_a_list() -> None:
    table = {
        "type": "table", "id": "t", "dataSource": "=rows", "rowCount": 2,
        "columns": [{"label": "Day", "label.zh_CN": "日期", "key": "day"}, {"label": "Paid", "key": "paid"}],
    }
    rows = [{"day": dt.date(2026, 3, 2), "paid": True}, {"day": None}, {"day": "third"}]
    rendering = bound(table, locale="zh_CN", rows=rows).rows[0][0]
    assert rendering.header == ["日期", "Paid"]
    assert rendering.body == [["2026年3月2日", "是"], ["", ""]]
    assert bound(table, rows="nothing").rows[0][0].body == []
