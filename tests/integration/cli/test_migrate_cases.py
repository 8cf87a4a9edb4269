"""`aftercare migrate-cases`"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session, sessionmaker

from app.cli import main
from app.config import load_config
from app.database import create_engine_for, session_factory, writing
from app.models import ProcessInstance
from app.operations.actor import SYSTEM
from app.operations.process_instances import start_process
from app.worker import run_due
from tests.integration.operations.dealership import NOW

RESOURCES = Path(__file__).parents[2] / "resources" / "operations"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data of a site with two versions of a process, the first with a case."""
    monkeypatch.setenv("AFTERCARE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("app.cli.frame.configure_logging", lambda *_: None)
    (tmp_path / "data").mkdir()
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    diagram = (RESOURCES / "teller.bpmn").read_text(encoding="utf-8")
    (bundle / "teller.bpmn").write_text(diagram, encoding="utf-8")
    for command in (("upgrade-database",), ("create-site", "hq", "--name", "Main"), ("deploy", str(bundle))):
        assert run(*command).exit_code == 0, command
    with writing(1), sessions_of(tmp_path)() as session:
        start_process(session, "listener", {"order": "7"}, site_id="hq", actor=SYSTEM, now=NOW)
        session.commit()
    (bundle / "teller.bpmn").write_text(diagram.replace('name="After"', 'name="Afterwards"'), encoding="utf-8")
    assert run("deploy", str(bundle)).exit_code == 0
    return tmp_path


def sessions_of(folder: Path) -> sessionmaker[Session]:
    config = load_config({"AFTERCARE_DATA_DIR": str(folder / "data")})
    keys = create_engine_for(config.keys_database_url, is_key_store=True)
    return session_factory(create_engine_for(config.database_url), keys)


def test_cases_are_checked_then_taken_over_by_a_worker(folder: Path) -> None:
    checked = run("migrate-cases", "listener", "--check")
    assert (checked.exit_code, checked.output.strip().endswith(": goes")) == (0, True)
    result = run("migrate-cases", "listener", "--reason", "a better one")
    assert (result.exit_code, "1 cases go to version 2" in result.output) == (0, True)
    run_due(sessions_of(folder), NOW.replace(year=2030))
    assert run("migrate-cases", "listener", "--check").output == ""
    back = run("migrate-cases", "listener", "--to", "1", "--check")
    assert back.output.strip().endswith(": goes")
    with sessions_of(folder)() as session:
        assert session.query(ProcessInstance).one().definition_id


def test_an_unknown_version_is_refused(folder: Path) -> None:
    for arguments in (("nothing",), ("listener", "--to", "9")):
        result = run("migrate-cases", *arguments)
        assert (result.exit_code, "no such version" in result.output) == (1, True)
