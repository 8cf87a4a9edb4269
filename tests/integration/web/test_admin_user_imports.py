"""A list of people in the browser: uploaded, looked at, taken in; the passwords are shown or saved once."""

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from app.models import User
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.filling import CHIEF

ROWS = "user name,name,groups\nmei,=林小禾(1),cr_advisor\nbad one,x,\n"


def upload(browser: Browser, content: bytes) -> TestResponse:
    return browser.post("/admin/user-imports", {"file": (io.BytesIO(content), "people.csv")})


@pytest.mark.parametrize("wanted", ["page", "file"])
def test_list_is_looked_at_and_taken_in(app: Flask, people: None, sessions: sessionmaker[Session], wanted: str) -> None:
    admin = signed_in(app, "admin")
    path = upload(admin, ROWS.encode("gb18030")).headers["Location"]
    preview = admin.get(path).text
    assert "=林小禾(1)" in preview
    assert "To be mended" in preview
    with sessions() as session:
        assert session.get(User, "mei") is None
    assert admin.post(f"{path}/confirm", {"reason": " ", "wanted": wanted}).status_code == 422
    answer = admin.post(f"{path}/confirm", {"reason": "new", "wanted": wanted})
    if wanted == "file":
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        [_header, row] = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
        password = row[1]
    else:
        found = re.search(r'mei</th><td class="number">([^<]+)<', answer.text)
        assert found
        password = found[1]
    assert password not in admin.get(path).text
    assert Browser(app).sign_in("mei", password).status_code == 302
    assert admin.post(f"{path}/confirm", {"reason": "again"}).status_code == 409


def test_template_can_be_sent_back_as_it_is(app: Flask, people: None) -> None:
    chief = signed_in(app, CHIEF)
    template = chief.get("/admin/user-imports/template.csv")
    assert template.headers["Content-Type"].startswith("text/csv")
    assert upload(chief, template.data).status_code == 303


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a,b\n1,2\n", b"PK\x03\x04 no workbook"])
def test_files_that_cannot_be_read_are_refused_with_what_to_do(app: Flask, people: None, content: bytes) -> None:
    answer = upload(signed_in(app, "admin"), content)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_w01_list_of_another_administrator_does_not_exist(app: Flask, people: None) -> None:
    path = upload(signed_in(app, "admin"), ROWS.encode()).headers["Location"]
    chief = signed_in(app, CHIEF)
    assert chief.get(path).status_code == 404
    assert chief.post(f"{path}/confirm", {"reason": "x"}).status_code == 404
