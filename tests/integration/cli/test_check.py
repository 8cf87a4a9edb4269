"""`aftercare check`: everything that is wrong, at once, and nothing where all is well."""

from pathlib import Path

import pytest

from tests.integration.cli.commands import run


def test_all_is_well(site: Path) -> None:
    del site
    answer = run("check")
    assert answer.exit_code == 0, answer.output
    assert "Nothing is wrong." in answer.output
    assert "Advice: No mail server is set" in answer.output


def test_everything_wrong_is_said_at_once(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del site
    for name, value in {
        "AFTERCARE_SECRET_KEY": "changeme", "AFTERCARE_PORT": "eighty", "AFTERCARE_LOCALE": "de", "FLASK_DEBUG": "1",
        "AFTERCARE_TEST_CLOCK": "1", "AFTERCARE_PUBLIC_URL": "http://aftercare.example", "AFTERCARE_THREADS": "10",
        "AFTERCARE_SMTP_URL": "nonsense", "AFTERCARE_METRICS_TOKEN": "short",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    answer = run("check")
    assert answer.exit_code == 1
    wrong = [line for line in answer.stderr.splitlines() if line.startswith("WRONG: ")]
    for words in (
        "SECRET_KEY", "PORT", "LOCALE", "FLASK_DEBUG", "TEST_CLOCK", "HTTPS", "MAX_STREAMS", "SMTP_URL",
        "METRICS_TOKEN",
    ):  # fmt: skip
        assert any(words in line for line in wrong), words
    assert "Traceback" not in answer.output


def test_an_empty_folder_is_told_what_to_run(data_dir: Path) -> None:
    del data_dir
    answer = run("check")
    assert answer.exit_code == 1
    assert "aftercare upgrade-database" in answer.stderr
