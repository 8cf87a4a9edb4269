import pytest

from app.web.comment_text import comment_html

NAMES = {"li.na": "李娜", "bo": "<b>Bo</b>"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a <b> & c", "a &lt;b&gt; &amp; c"),
        ("two\nlines", "two\nlines"),
        ("请看@li.na。", '请看<span class="mention" title="@li.na">@李娜</span>。'),
        ("@bo!", '<span class="mention" title="@bo">@&lt;b&gt;Bo&lt;/b&gt;</span>!'),
        ("@nobody", "@nobody"),
        ("a@li.na", "a@li.na"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_w32_a_comment_is_text_with_names_and_links(text: str, html: str) -> None:
    assert str(comment_html(text, NAMES)) == html


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("see https://a.example/x?y=1&z=2.", "https://a.example/x?y=1&amp;z=2", "."),
        ("(http://a.example/x)", "http://a.example/x", ")"),
        ("看https://a.example/x，好", "https://a.example/x", "，好"),
        ('https://a.example/"onclick="x', "https://a.example/", "&#34;onclick=&#34;x"),
        ("https://a.example/<script>", "https://a.example/", "&lt;script&gt;"),
    ],
)
def test_w33_addresses_become_links(text: str, address: str, rest: str) -> None:
    html = str(comment_html(text, {}))
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{address}</a>'
    assert link in html
    assert html.endswith(rest)
    assert html.count("<") == 2
