"""Unit tests touch neither a database nor a socket: what needs one belongs to tests/integration."""

import socket
import sqlite3
from typing import NoReturn

import pytest
from sqlalchemy import Engine


def _refuse(*_args: object, **_kwargs: object) -> NoReturn:
    pytest.fail("a unit test opened a database or a socket: move it to tests/integration")


@pytest.fixture(autouse=True)
def _no_outside_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _refuse)
    monkeypatch.setattr(sqlite3, "connect", _refuse)
    monkeypatch.setattr(Engine, "connect", _refuse)
