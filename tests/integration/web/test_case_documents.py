"""The diagram of a case as a PDF: what is on the sheet, who gets it, and what is said where it cannot be made."""

from __future__ import annotations

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.extensions import db
from app.models import Look, ProcessInstance, User
from app.operations.actor import Actor
from app.operations.user_task_claims import claim_user_task
from app.worker.documents import DocumentsNotInstalled, make_document
from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import MARKER, Dealership
from tests.integration.web.filling import STRANGER

pytestmark = SQLITE_ONLY


def _address(dealership: Dealership) -> str:
    return f"/cases/{dealership.instance_id}/diagram.pdf"


def _speak(sessions: sessionmaker[Session], user_id: str, locale: str) -> None:
    with writing(), sessions() as session:
        session.get_one(User, user_id).locale = locale
        session.commit()


def test_the_page_of_the_diagram_leads_to_it(app: Flask, dealership: Dealership) -> None:
    page = signed_in(app, "cr_advisor").get(f"/cases/{dealership.instance_id}/diagram")
    assert f'href="{_address(dealership)}"' in page.text


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", ("Process", "The path taken", "Cr Advisor", "now here")), ("zh_CN", ("流程", "步骤", "用时", "进行中"))],
)
def test_the_sheet_says_which_case_and_how_far_it_is(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session], locale: str, words: tuple[str, ...]
) -> None:
    with writing(), sessions() as session:
        claim_user_task(session, dealership.user_task_id, actor=Actor("cr_advisor"), now=dealership.now)
        number = session.get_one(ProcessInstance, dealership.instance_id).case_number
        session.commit()
    _speak(sessions, "cr_advisor", locale)
    answer = signed_in(app, "cr_advisor").get(_address(dealership))
    assert answer.mimetype == "application/pdf"
    for word in (*words, number, MARKER, "Main house", "is-active", 'class="is-taken"'):
        assert word in answer.text, word


def test_w34_it_is_saved_and_never_shown_as_a_page(app: Flask, dealership: Dealership) -> None:
    answer = signed_in(app, "cr_advisor").get(_address(dealership))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_w32_titles_stay_text(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    with writing(), sessions() as session:
        session.get_one(ProcessInstance, dealership.instance_id).title = "<img src=x onerror=alert(1)>"
        session.commit()
    answer = signed_in(app, "cr_advisor").get(_address(dealership))
    assert "<img" not in answer.text
    assert "&lt;img src=x" in answer.text


def test_w02_others_get_nothing_made(app: Flask, dealership: Dealership) -> None:
    made: list[str] = []
    app.extensions["documents"] = lambda html, kind: made.append(html)
    assert signed_in(app, STRANGER).get(_address(dealership)).status_code == 404
    assert made == []


def test_a_look_at_a_customers_case_is_written_down(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    signed_in(app, "auditor").get(_address(dealership))
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Look).where(Look.user_id == "auditor")) == 1


@pytest.mark.parametrize(("locale", "words"), [("en", "This server cannot make PDFs yet"), ("zh_CN", "尚不能生成 PDF")])
def test_where_it_cannot_be_made_the_page_says_what_to_install(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session], locale: str, words: str
) -> None:
    def refuse(_html: str, _kind: str) -> bytes:
        raise DocumentsNotInstalled

    app.extensions["documents"] = refuse
    _speak(sessions, "cr_advisor", locale)
    answer = signed_in(app, "cr_advisor").get(_address(dealership))
    assert answer.status_code == 501
    assert words in answer.text
    assert "fonts-noto-cjk" in answer.text


def test_w51_so_many_a_minute(app: Flask, dealership: Dealership) -> None:
    browser = signed_in(app, "cr_advisor")
    assert [browser.get(_address(dealership)).status_code for _ in range(11)] == [200] * 10 + [429]


def test_no_transaction_is_open_while_it_is_made(app: Flask, dealership: Dealership) -> None:
    def make(_html: str, _kind: str) -> bytes:
        assert not db.session().in_transaction()
        return b"%PDF-"

    app.extensions["documents"] = make
    assert signed_in(app, "cr_advisor").get(_address(dealership)).status_code == 200


@pytest.mark.parametrize(("locale", "words"), [("en", "The path taken"), ("zh_CN", "步骤")])
def test_the_real_pdf_has_the_words_in_it(
    documents_can_be_made: None, app: Flask, dealership: Dealership, sessions: sessionmaker[Session],
    locale: str, words: str,
) -> None:  # fmt: skip
    app.extensions["documents"] = make_document
    _speak(sessions, "cr_advisor", locale)
    answer = signed_in(app, "cr_advisor").get(_address(dealership))
    pages = pypdfium2.PdfDocument(answer.data)
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert words in text
    assert MARKER in text
    width, height = pages[0].get_size()
    assert (round(width), round(height)) == (842, 595)
