"""The clock of the cases can be moved ahead, where allowed, for all processes at once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.clock import engine_clock, move_clock, real_clock
from app.config import Config


def _config(tmp_path: Path) -> Config:
    return Config(data_dir=tmp_path, database_url="", keys_database_url="", secret_key="", test_clock=True)


def test_moves_add_up_and_every_clock_sees_them(tmp_path: Path) -> None:
    config = _config(tmp_path)
    clock = engine_clock(config)
    assert clock() - real_clock() < timedelta(seconds=1)
    move_clock(config, timedelta(hours=1))
    assert move_clock(config, timedelta(days=2)) == timedelta(days=2, hours=1)
    for seen in (clock, engine_clock(config)):
        assert timedelta(days=2, hours=1) <= seen() - real_clock() + timedelta(seconds=1) < timedelta(days=2, hours=2)


def test_without_test_clock_the_file_counts_for_nothing(tmp_path: Path) -> None:
    config = _config(tmp_path)
    move_clock(config, timedelta(days=2))
    assert engine_clock(replace(config, test_clock=False)) is real_clock
