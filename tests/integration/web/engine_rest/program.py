"""A program with a token of a person: it speaks JSON and keeps no cookie."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.database import writing
from app.extensions import db
from app.models import ApiToken
from app.operations.actor import Actor
from app.operations.api_tokens import SCOPES, NewToken, create_api_token

RESOURCES = Path(__file__).parents[3] / "resources"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ADDRESS = "http://127.0.0.1:8080"
ALL_SCOPES = tuple(scope for scope, _text in SCOPES)


def make_token(app: Flask, user_id: str, scopes: tuple[str, ...] = ALL_SCOPES) -> str:
    """A token of a person; that it was used just now is written down already."""
    now = datetime.now(UTC)
    with app.app_context(), writing():
        token = create_api_token(db.session(), NewToken("test", scopes, 30), actor=Actor(user_id), now=now)
        db.session.execute(update(ApiToken).values(last_used_at=now + timedelta(minutes=5)))
        db.session.commit()
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class Program:
    """Asks under /engine-rest, or under another prefix."""

    def __init__(self, app: Flask, headers: dict[str, str], prefix: str = "/engine-rest") -> None:
        self._prefix = prefix
        self._client = app.test_client(use_cookies=False)
        self._headers = headers

    def send(self, method: str, path: str, body: object = None, **options: Any) -> TestResponse:
        if body is not None:
            options["json"] = body
        headers = {**self._headers, **options.pop("headers", {})}
        return self._client.open(f"{self._prefix}{path}", method=method, headers=headers, base_url=ADDRESS, **options)

    def get(self, path: str, **query: Any) -> Any:
        """What a GET answers; it must be 200."""
        answer = self.send("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def done(self, method: str, path: str, body: object = None, status: int = 204, **options: Any) -> Any:
        """What a request answers; it must have this status."""
        answer = self.send(method, path, body, **options)
        assert answer.status_code == status, answer.text
        return answer.get_json(silent=True)


def deployed(owner: Program, *names: str, **fields: str) -> dict[str, Any]:
    """Deploy resources of the tests; the process `p` may be started by process owners."""
    files = {name: (io.BytesIO(_content(name)), name) for name in names}
    answer = owner.send("POST", "/deployment/create", data={**files, "deployment-name": "by program", **fields})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def started(owner: Program, key: str = "p", **body: object) -> str:
    """The id of a new case of a process."""
    return str(owner.done("POST", f"/process-definition/key/{key}/start", body, 200)["id"])


def _content(name: str) -> bytes:
    text = (RESOURCES / name).read_text(encoding="utf-8")
    if "xmlns:camunda" not in text:
        text = text.replace("<bpmn:definitions ", f'<bpmn:definitions xmlns:camunda="{CAMUNDA}" ', 1)
    mark = '<bpmn:process id="p"'
    return text.replace(mark, f'{mark} camunda:candidateStarterGroups="process_owner"').encode()
