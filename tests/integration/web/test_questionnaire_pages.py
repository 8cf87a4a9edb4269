"""Managers change a questionnaire in the browser; what was typed stays when it is refused."""

import re

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.models.questionnaire import questionnaires_for, questions_of
from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership

PAGE = "/questionnaires/repair_3dc"
pytestmark = SQLITE_ONLY


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send back unchanged."""
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
    ticks = re.findall(r'type="checkbox" name="([^"]+)" value="yes" checked', page)
    selects = re.findall(r'<select id="[^"]*" name="([^"]+)">.*?<option value="([^"]*)" selected', page, re.DOTALL)
    unticked = {name: text for name, text in found.items() if not name.startswith(("is_", "csrf"))}
    return {**unticked, **dict(selects), **dict.fromkeys(ticks, "yes")}


def test_a_manager_makes_a_new_version(app: Flask, dealership: Dealership, main_engine: Engine) -> None:
    manager = signed_in(app, "service_manager")
    assert PAGE in manager.get("/questionnaires").text
    fields = fields_of(manager.get(PAGE).text)
    fields |= {"text-7": "Was it quick?", "text_zh-7": "快吗？", "kind-7": "score_5", "good_from-7": "4"}
    fields["place-7"] = "0.5"
    fields |= {"is_active-7": "yes", "is_active": "yes", "occasion": "repair_3dc", "level": ""}
    refused = manager.post(PAGE, fields)
    assert (refused.status_code, "Was it quick?" in refused.text) == (422, True)  # no reason given
    assert manager.post(PAGE, {**fields, "reason": "Customers wait"}).status_code == 303
    with Session(main_engine) as session:
        ((_, version),) = questionnaires_for(session, "repair_3dc", 1)
    questions = questions_of(version)
    assert (version.number, version.reason, len(questions)) == (2, "Customers wait", 8)
    assert (questions[0].text, questions[0].good_from, questions[1].id) == ("Was it quick?", 4, "reception")
    assert "Customers wait" in manager.get(PAGE).text
