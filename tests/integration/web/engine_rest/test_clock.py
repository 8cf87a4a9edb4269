"""The clock that tests of whole processes move from outside."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.clock import engine_clock
from app.config import Config
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.engine_rest.program import Program, deployed

pytestmark = SQLITE_ONLY


def test_without_the_setting_there_is_none(program_of: Callable[[str], Program]) -> None:
    program_of("process_owner").done("POST", "/test-clock", {"seconds": 1}, 404)


class TestWithIt:
    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, test_clock=True)

    def test_what_is_due_is_done(self, app: Flask, program_of: Callable[[str], Program], config: Config) -> None:
        owner = program_of("process_owner")
        app.extensions["clock"] = engine_clock(config)
        deployed(owner, "timer_catch_event_duration.bpmn")
        case_id = owner.done("POST", "/process-definition/key/p/start", {}, 200)["id"]
        (timer,) = owner.get("/job", processInstanceId=case_id)
        assert timer["dueDate"]
        for wrong in (-1, None, "1", 10**9):
            owner.done("POST", "/test-clock", {"seconds": wrong}, 400)
        moved = owner.done("POST", "/test-clock", {"seconds": 40 * 24 * 3600}, 200)
        assert moved["jobs"] >= 1
        assert moved["aheadSeconds"] == 40 * 24 * 3600
        assert owner.get("/job/count", processInstanceId=case_id, timers="true") == {"count": 0}
