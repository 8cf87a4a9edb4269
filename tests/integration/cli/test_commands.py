"""The command line: what it does, what it prints, and that refusals are one clear line (W21, W25, W52)."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.cli.run import _print_welcome
from app.config import load_config
from app.database import create_engine_for, session_factory
from app.models import DeploymentResource, FirstRun, HistoryEvent, Membership, ProcessDefinition, User
from app.operations.passwords import is_right_password
from app.operations.sign_in import hash_token
from tests.integration.cli.commands import run

START_SECONDS = 30
RESOURCES = Path(__file__).parents[2] / "resources" / "operations"


def rows(data_dir: Path, statement: object) -> list[object]:
    config = load_config({"AFTERCARE_DATA_DIR": str(data_dir)})
    main_engine, keys = create_engine_for(config.database_url), create_engine_for(config.keys_database_url)
    with session_factory(main_engine, keys)() as session:
        found = list(session.scalars(statement))  # type: ignore[call-overload]
    main_engine.dispose()
    keys.dispose()
    return found


def test_upgrading_again_changes_nothing(data_dir: Path) -> None:
    assert run("upgrade-database").exit_code == 0
    assert run("upgrade-database").exit_code == 0
    assert (data_dir / "keys.db").stat().st_mode & 0o077 == 0
    assert (data_dir / "aftercare.db").stat().st_mode & 0o077 == 0


def test_w27_a_second_factor_is_demanded_of_a_group_and_reset_for_who_lost_it(site: Path) -> None:
    del site
    assert "Demanded of admin" in run("second-factor", "require", "admin").output
    assert "Not demanded of admin any more" in run("second-factor", "require", "admin", "--off").output
    unknown = run("second-factor", "require", "nobody")
    assert unknown.exit_code == 1
    assert "There is no group" in unknown.output
    assert "There is no user" in run("second-factor", "reset", "li").output
    run("create-user", "li", "--name", "Li", "--member", "cr_advisor@hq")
    assert run("second-factor", "reset", "li").exit_code == 0


def test_a_database_that_everybody_could_read_is_closed_to_others(data_dir: Path) -> None:
    file = data_dir / "aftercare.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    file.chmod(0o664)
    assert run("upgrade-database").exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o660


def test_w25_created_user_gets_a_password_that_nobody_knows_beforehand(site: Path) -> None:
    answer = run("create-user", "li", "--name", "Li", "--member", "cr_advisor@hq", "--member", "auditor@hq")
    assert answer.exit_code == 0, answer.output
    password = re.search(r": (\S+)\s*$", answer.output)
    assert password
    [user] = rows(site, select(User))
    assert isinstance(user, User)
    assert is_right_password(user.password_hash, password[1])
    assert user.must_change_password
    assert user.home_site_id == "hq"
    assert set(rows(site, select(Membership.group_id))) == {"cr_advisor", "auditor"}
    assert "user_created" in rows(site, select(HistoryEvent.type))


def test_password_can_be_typed_in(site: Path) -> None:
    typed = "four brown kettles sing\n"
    answer = run("create-user", "li", "--name", "Li", "--ask-password", input=typed * 2)
    assert answer.exit_code == 0, answer.output
    assert "kettles" not in answer.output


def test_w29_an_operator_makes_a_link_to_a_new_password(site: Path) -> None:
    assert run("create-user", "li", "--name", "Li", "--member", "cr_advisor@hq").exit_code == 0
    link = run("password-link", "li")
    assert re.search(r"^http://127\.0\.0\.1:8080/password/link/[\w-]{32}$", link.output, re.MULTILINE)


def test_reset_and_disable(site: Path) -> None:
    run("create-user", "li", "--name", "Li", "--member", "cr_advisor@hq")
    assert run("set-password", "li").exit_code == 0
    assert run("disable-user", "li").exit_code == 0
    [user] = rows(site, select(User))
    assert isinstance(user, User)
    assert not user.is_active
    types = rows(site, select(HistoryEvent.type).order_by(HistoryEvent.sequence))
    assert types[-3:] == ["user_created", "user_password_set", "user_disabled"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create-user", "Li", "--name", "Li"), "cannot be a user name"),
        (("create-user", "system", "--name", "Li"), "cannot be a user name"),
        (("create-user", "li", "--name", "Li", "--member", "nobody@hq"), "no group"),
        (("create-user", "li", "--name", "Li", "--member", "cr_advisor@moon"), "no site"),
        (("create-user", "li", "--name", "Li", "--member", "cr_advisor"), "GROUP@SITE"),
        (("create-site", "hq", "--name", "Again"), "already a site"),
        (("create-site", "H Q", "--name", "x"), "cannot be the id"),
        (("create-site", "x", "--name", "x", "--zone", "Mars/Olympus"), "not a time zone"),
        (("set-password", "nobody"), "no user"),
        (("password-link", "nobody"), "no user"),
        (("disable-user", "nobody"), "no user"),
        (("move-clock", "--days", "1"), "AFTERCARE_TEST_CLOCK"),
        (("deploy", "."), "no .bpmn"),
    ],
)
def test_refusals_are_one_line(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    answer = run(*arguments)
    assert answer.exit_code == 1
    assert words in answer.output
    assert answer.output.startswith("Error: ")
    assert len(answer.output.splitlines()) == 1


def test_database_without_tables_says_what_to_run(data_dir: Path) -> None:
    answer = run("create-user", "li", "--name", "Li")
    assert answer.exit_code == 1
    assert "aftercare upgrade-database" in answer.output


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AFTERCARE_SECRET_KEY", "dev", "AFTERCARE_SECRET_KEY"),
        ("FLASK_DEBUG", "1", "FLASK_DEBUG"),
        ("AFTERCARE_HOST", "0.0.0.0", "HTTPS"),  # noqa: S104 - refused
    ],
)
def test_w21_w52_unsafe_settings_do_not_start(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    answer = run("run")
    assert answer.exit_code == 1
    assert words in answer.output


def test_clock_moves_where_allowed(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_TEST_CLOCK", "1")
    monkeypatch.setenv("AFTERCARE_ENVIRONMENT", "demo")
    assert run("move-clock", "--hours", "2").exit_code == 0
    assert "1 day, 2:00:00" in run("move-clock", "--days", "1").output


def test_shipped_processes_deploy_once(site: Path) -> None:
    assert run("deploy").exit_code == 0
    assert run("deploy").exit_code == 0
    keys = sorted(rows(site, select(ProcessDefinition.key)))  # type: ignore[type-var]
    assert keys == ["complaint", "follow_up", "monthly_report", "rectification"]


def test_refused_bundle_names_file_and_reason(site: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "bad.bpmn").write_text("<definitions")
    answer = run("deploy", str(bundle))
    assert answer.exit_code == 1
    assert "Nothing was deployed" in answer.output
    assert "bad.bpmn" in answer.output
    assert rows(site, select(ProcessDefinition.key)) == []


def test_deployed_tables_are_looked_at(site: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for file in (RESOURCES / "quote.bpmn", RESOURCES / "discount.dmn"):
        (bundle / file.name).write_text(file.read_text(encoding="utf-8").replace("&lt; 500", "&lt;= 500"))
    answer = run("deploy", str(bundle))
    assert answer.exit_code == 0, answer.output
    assert "discount.dmn:6: decisionTable “discount_table” in decision “Discount”: rules 1, 2:" in answer.stderr
    assert "Example: amount: 500" in answer.stderr
    assert rows(site, select(DeploymentResource.kind).order_by(DeploymentResource.name)) == ["dmn", "bpmn"]
    (bundle / "discount.dmn").unlink()
    answer = run("deploy", str(bundle))
    assert answer.exit_code == 1
    assert "quote.bpmn: There is no decision “discount” in this deployment." in answer.stderr


def test_history_is_verified(site: Path) -> None:
    answer = run("verify-history")
    assert answer.exit_code == 0
    assert "intact" in answer.output


def test_broken_history_is_named_and_fails(site: Path) -> None:
    config = load_config({"AFTERCARE_DATA_DIR": str(site)})
    engine = create_engine_for(config.database_url)
    raw = engine.raw_connection()
    raw.cursor().execute("PRAGMA query_only = OFF")
    triggers = [name for (name,) in raw.cursor().execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for name in triggers:
        raw.cursor().execute(f'DROP TRIGGER "{name}"')
    raw.cursor().execute("UPDATE history_event SET canonical = X'7B7D' WHERE stream_sequence = 1")
    raw.commit()
    raw.close()
    engine.dispose()
    answer = run("verify-history")
    assert answer.exit_code == 1
    assert "BROKEN" in answer.output


def test_help_and_errors_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    environment = {**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8", "AFTERCARE_DATA_DIR": str(tmp_path)}
    environment.pop("LANGUAGE", None)
    command = [sys.executable, "-m", "app.cli", "create-user", "LI", "--name", "x"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr.startswith("错误：“LI”不能用作用户名")


def test_server_starts_serves_and_stops_cleanly(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "AFTERCARE_DATA_DIR": str(tmp_path), "AFTERCARE_PORT": str(port)}
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "run"], env=environment, stdout=output, stderr=output
        )
    try:
        answer = _wait_for(f"http://127.0.0.1:{port}/health", server, log)
        assert answer["Server"] == "gunicorn"  # no version
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(15) == 0
    assert "Traceback" not in log.read_text()
    assert "Nobody can sign in yet" in log.read_text()


def test_a_port_in_use_is_said_before_anything_else(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        environment = {**os.environ, "AFTERCARE_DATA_DIR": str(tmp_path), "AFTERCARE_PORT": port, "LC_ALL": "C.UTF-8"}
        for command in (["run"], ["demo", "--port", port]):
            line = [sys.executable, "-m", "app.cli", *command]
            answer = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
            assert answer.returncode == 1
            assert answer.stderr.startswith(f"Error: Port {port} is in use on 127.0.0.1.")
            assert answer.stdout == ""
            assert not (tmp_path / "aftercare.db").exists()


def test_w25_the_first_start_prints_a_token_that_lets_nobody_in_twice(data_dir: Path) -> None:
    assert run("upgrade-database").exit_code == 0
    config = load_config(os.environ)
    printed = []
    for _ in range(2):
        with CliRunner().isolation() as (output, *_rest):
            _print_welcome(config)
            printed.append(output.getvalue().decode().split()[-1])
    assert len(set(printed)) == 2, "each start has a token of its own"
    [kept] = rows(data_dir, select(FirstRun.token_hash))
    assert kept == hash_token(printed[1])
    assert run("create-site", "hq", "--name", "Main house").exit_code == 0
    assert run("create-user", "li", "--name", "Li", "--member", "admin@hq").exit_code == 0
    with CliRunner().isolation() as (output, *_rest):
        _print_welcome(config)
        assert "/set-up" not in output.getvalue().decode()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
                return dict(answer.headers)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_w48_rescanning_needs_a_scanner(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("upgrade-database").exit_code == 0
    refused = run("rescan-files")
    assert refused.exit_code == 1
    assert "set AFTERCARE_SCANNER first" in refused.output
    monkeypatch.setenv("AFTERCARE_SCANNER", "true")
    assert "will be scanned: 0" in run("rescan-files").output


def test_groups_of_a_user_are_changed_with_a_reason(site: Path) -> None:
    assert run("create-group", "driver", "--name-zh", "司机", "--name-en", "Drivers").exit_code == 0
    run("create-user", "li", "--name", "Li", "--member", "cr_advisor@hq")
    change = ("change-groups", "li", "--add", "driver@hq", "--remove", "cr_advisor@hq")
    assert run(*change, "--reason", " ").exit_code == 1
    assert run(*change, "--reason", "new post").exit_code == 0
    assert rows(site, select(Membership.group_id).where(Membership.user_id == "li")) == ["driver"]


def test_disabled_user_comes_back(site: Path) -> None:
    run("create-user", "li", "--name", "Li")
    assert run("disable-user", "li").exit_code == 0
    assert run("enable-user", "li").exit_code == 0
    assert rows(site, select(User.is_active).where(User.id == "li")) == [True]


def test_work_of_who_leaves_is_handed_over(site: Path) -> None:
    run("create-user", "li", "--name", "Li", "--member", "cr_advisor@hq")
    assert "is closed; 0 open tasks" in run("hand-over", "li", "--reason", "leaves").output
    assert rows(site, select(Membership.group_id).where(Membership.user_id == "li")) == []


def test_people_are_looked_at_and_imported(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("用户名,姓名,用户组\nmei,林小梅,cr_advisor\nbad one,名,\n", encoding="gb18030")
    looked = run("import-users", str(file))
    assert "2\tnew\tmei" in looked.output
    assert "3\tbad\tbad one" in looked.output
    assert rows(site, select(User.id)) == []
    assert "1 new, 0 changed" in run("import-users", str(file), "--confirm", "new colleagues").output
    assert rows(site, select(User.id)) == ["mei"]
