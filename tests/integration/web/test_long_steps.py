"""A request whose step takes long holds no lock while it is computed, and answers as always."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import ProcessInstance, Site
from app.operations import long_steps
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.giving_way import WAITED_FOR
from app.operations.long_steps import Foreseen, Limits, Question, foreseen
from tests.integration.operations.dealership import resources
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import HERE, NOW, Dealership


def test_others_write_while_a_step_is_computed(
    app: Flask,
    dealership: Dealership,
    main_engine: Engine,
    sessions: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del dealership
    with writing(5), sessions() as session:
        deploy(session, resources("ad_hoc.bpmn"), name="ad hoc", reason="r", actor=SYSTEM, now=NOW)
        session.commit()
    meanwhile: list[bool] = []

    def beside_a_writer(reader: Session, question: Question[Any]) -> Foreseen:
        meanwhile.append(WAITED_FOR.is_any)  # not even the request itself
        with writing(0), Session(main_engine) as other:
            other.add(Site(id="new", name="New"))
            other.commit()
        return foreseen(reader, question)

    browser = signed_in(app, "cr_advisor")
    monkeypatch.setattr(long_steps, "_HASTY_LIMITS", Limits(-1.0))
    monkeypatch.setattr("app.web.long_steps.foreseen", beside_a_writer)
    answer = browser.post("/start/ad_hoc", data={"site": HERE})
    assert (answer.status_code, meanwhile) == (303, [False])
    with sessions() as session:
        assert session.scalars(
            select(ProcessInstance.revision).where(ProcessInstance.process_key == "ad_hoc")
        ).all() == [1]
