"""The command line on a data folder of its own, and the folder as it is after the first commands."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main


def run(*arguments: str, **options: str) -> Result:
    return CliRunner().invoke(main, arguments, **options)


def work_on(data_dir: Path, patch: pytest.MonkeyPatch) -> None:
    """Let the commands work on this folder."""
    patch.setenv("AFTERCARE_DATA_DIR", str(data_dir))
    patch.setattr("app.cli.frame.configure_logging", lambda *_: None)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work_on(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site, as the commands make it; copied for each test that begins with one."""
    folder = tmp_path_factory.mktemp("founded")
    with pytest.MonkeyPatch.context() as patch:
        work_on(folder, patch)
        assert run("upgrade-database").exit_code == 0
        assert run("create-site", "hq", "--name", "Main house").exit_code == 0
    return folder


@pytest.fixture
def site(data_dir: Path, founded: Path) -> Path:
    shutil.copytree(founded, data_dir, dirs_exist_ok=True)
    return data_dir
