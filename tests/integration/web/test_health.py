"""Is it up, is it ready, what does it do: for machines, and details for operators only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from app.config import Config, ConfigRefused, load_config
from app.database import writing
from app.operations import readiness
from app.operations.jobs import enqueue
from app.web.request_log import QUIET
from tests.integration.web.browser import Browser
from tests.integration.web.dealership import Dealership

TOKEN = "a token only monitoring knows, long enough"


def _checks(browser: Browser) -> tuple[int, dict[str, str]]:
    answer = browser.get("/health/ready")
    return answer.status_code, answer.get_json()["checks"]


def test_all_is_well(browser: Browser) -> None:
    assert browser.get("/health").get_json() == {"status": "ok"}
    assert _checks(browser) == (200, {"database": "ok", "keys": "ok", "worker": "ok", "disk": "ok"})


def test_work_that_waits_too_long_is_told(browser: Browser, sessions: sessionmaker[Session]) -> None:
    now = datetime.now(UTC)
    with writing(), sessions() as session:
        enqueue(session, "continuation", run_at=now - timedelta(seconds=300), now=now)
        session.commit()
    status, checks = _checks(browser)
    assert status == 503
    assert "start a worker" in checks["worker"]


def test_a_database_of_another_release_is_told(browser: Browser, sessions: sessionmaker[Session]) -> None:
    with writing(), sessions() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        session.commit()
    status, checks = _checks(browser)
    assert status == 503
    assert "upgrade-database" in checks["database"]


def test_a_full_disk_is_told(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 1 << 62)
    status, checks = _checks(browser)
    assert status == 503
    assert "MB are free" in checks["disk"]


def test_strangers_learn_no_details(make_app: Callable[[Config], Flask], config: Config) -> None:
    for settings in (
        replace(config, metrics_token=TOKEN),
        replace(config, public_url="https://aftercare.example", trusted_hosts=("127.0.0.1",)),
    ):
        browser = Browser(make_app(settings))
        assert browser.get("/health/ready").get_json() == {"status": "ready"}
        refused = browser.get("/metrics")
        assert refused.status_code == 401
        assert "aftercare_" not in refused.text
        wrong = browser.get("/metrics", headers={"Authorization": "Bearer wrong"})
        assert wrong.status_code == 401


def test_the_token_opens_details(make_app: Callable[[Config], Flask], config: Config) -> None:
    browser = Browser(make_app(replace(config, metrics_token=TOKEN)))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert "checks" in browser.get("/health/ready", headers=headers).get_json()
    assert browser.get("/metrics", headers=headers).status_code == 200


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ConfigRefused):
        load_config({"AFTERCARE_METRICS_TOKEN": "short", "AFTERCARE_SECRET_KEY": "0123456789abcdef" * 4})


def test_figures(browser: Browser, dealership: Dealership) -> None:
    del dealership
    browser.sign_in("cr_advisor")
    browser.request("BREW", "/cases")
    answer = browser.get("/metrics")
    assert answer.content_type.startswith("text/plain")
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["aftercare_cases", "active"] == 1
    assert found["aftercare_incidents_open",] == 1
    assert found["aftercare_sessions",] == 1
    assert found["aftercare_request_seconds_count", "302", "POST", "sign_in.sign_in"] >= 1
    assert {"aftercare_history_unsealed", "aftercare_search_unindexed"} <= {name for name, *_ in found}
    assert any("other" in labels for _, *labels in found)
    assert "BREW" not in answer.text


def test_what_machines_ask_is_logged_only_when_it_fails() -> None:
    assert {"health.health", "health.ready", "health.metrics"} <= set(QUIET)
