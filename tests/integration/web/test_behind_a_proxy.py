"""W17, W57: the recipe of HTTPS: a proxy that ends TLS, the settings of the service, cookies behind it."""

import re
from collections.abc import Callable
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from app.config import Config, load_config
from tests.integration.web.browser import PASSWORD
from tests.integration.web.conftest import SQLITE_ONLY

RECIPE = Path(__file__).parents[3] / "docs" / "recipes" / "https.md"
HOST = "aftercare.example"
PROXY = {"Host": HOST, "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}


def settings_of_recipe() -> dict[str, str]:
    """What the service of the recipe starts with."""
    lines = re.findall(r"^ *Environment=(AFTERCARE_\w+)=(\S+)$", RECIPE.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(lines)


@pytest.fixture
def client(people: None, config: Config, make_app: Callable[[Config], Flask], tmp_path: Path) -> Client:
    """What the proxy of the recipe talks to."""
    given = load_config({**settings_of_recipe(), "AFTERCARE_DATA_DIR": str(tmp_path)})
    changes = {name: getattr(given, name) for name in ("public_url", "trusted_hosts", "trusted_proxies", "host")}
    return make_app(replace(config, **changes)).test_client()


def ask(client: Client, path: str, data: dict[str, str] | None = None, **headers: str) -> tuple[int, str, list[str]]:
    answer = client.open(
        path, method="POST" if data else "GET", data=data, headers={**PROXY, **headers},
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
    )  # fmt: skip
    return answer.status_code, answer.text, answer.headers.getlist("Set-Cookie")


@SQLITE_ONLY
def test_w17_signing_in_through_the_proxy_of_the_recipe(client: Client) -> None:
    status, page, cookies = ask(client, "/sign-in")
    assert status == 200
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    data = {"user_id": "cr_advisor", "password": PASSWORD, "csrf_token": token[1]}
    jar = "; ".join(cookie.split(";")[0] for cookie in cookies)
    from_here = {"Origin": f"https://{HOST}", "Referer": f"https://{HOST}/sign-in", "Cookie": jar}
    status, _page, given = ask(client, "/sign-in", data, **from_here)
    assert status == 302
    names = {name: dict(morsel) for header in given for name, morsel in SimpleCookie(header).items()}
    assert all(name.startswith("__Host-") for name in names)
    session = names["__Host-aftercare-session"]
    assert (session["secure"], session["httponly"], session["path"], session["domain"]) == (True, True, "/", "")


@SQLITE_ONLY
def test_w57_without_the_proxy_nothing_is_believed_and_nobody_signs_in(client: Client) -> None:
    answer = client.get("/sign-in", headers=PROXY, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token
    data = {"user_id": "cr_advisor", "password": PASSWORD, "csrf_token": token[1]}
    refused = client.post("/sign-in", data=data, headers={**PROXY, "Origin": "https://evil.example"})
    assert refused.status_code == 403


def test_the_recipe_sets_nothing_that_does_not_exist() -> None:
    security = (RECIPE.parents[1] / "security.md").read_text(encoding="utf-8")
    for name in settings_of_recipe():
        assert f"`{name}`" in security
