"""Letters: their headers stay one line each, their parts are text."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from app.connectors.mail import Letter, compose, one_line

HOSTILE = (
    "Invoice\r\nBcc: everybody@evil.example",
    "Invoice\nSubject: another",
    "Invoice\u2028X-Evil: 1",
    "Invoice\x00\x0b\x0cX: 1",
    "\u202etpircs\u202c \u2066hidden\u2069 \u200fleft",
    "<b onmouseover=alert(1)>name</b>",
    "=?utf-8?q?=0D=0ABcc:_x@evil.example?=",
)


def _read(letter: Letter) -> EmailMessage:
    message = message_from_bytes(compose(letter, "care@shop.example").as_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("text", HOSTILE)
def test_w50_texts_stay_in_their_header(text: str) -> None:
    message = _read(Letter("key", "lin@shop.example", f"Due: {text}", "body"))
    expected = [
        "From", "To", "Subject", "Message-ID", "Content-Language", "Auto-Submitted", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert sorted(message.keys()) == sorted(expected)
    assert message["To"] == "lin@shop.example"
    assert not any(sign in str(message["Subject"]) for sign in "\r\n\x00\u2028\u202e\u2066\u200f")


@pytest.mark.parametrize("text", HOSTILE)
def test_w32_texts_add_no_elements_to_the_html(text: str) -> None:
    part = _read(Letter("key", "lin@shop.example", text, text, "https://care.example/inbox")).get_body(("html",))
    assert part
    html = part.get_content()
    assert "<b" not in html.replace("<body", "").replace("<br>", "")
    assert html.count("<a ") == 1


def test_letter_is_text_and_html_in_its_language() -> None:
    message = _read(
        Letter("key", "lin@shop.example", "回访：客户王", "您好。\n\n请看。", "https://care.example/x", "zh_CN")
    )
    assert message["Content-Language"] == "zh-CN"
    assert message["Subject"] == "回访：客户王"
    plain, html = (body.get_content() for kind in ("plain", "html") if (body := message.get_body((kind,))))
    assert plain.splitlines() == ["您好。", "", "请看。", "", "https://care.example/x"]
    assert "<p>您好。</p><p>请看。</p>" in html


def test_one_line_keeps_the_words() -> None:
    assert one_line(" a\r\n b\u202e  c\t") == "a b c"
