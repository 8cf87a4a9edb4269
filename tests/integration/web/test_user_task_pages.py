"""Inbox and user tasks over HTTP: what people see, what they may do, what is written down."""

from flask import Flask
from lxml import etree
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database import writing
from app.models import Look, ProcessInstance, UserTask
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import MARKER, Dealership

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
JSON = {"Accept": "application/json"}


def address(dealership: Dealership, action: str = "") -> str:
    return f"/user-tasks/{dealership.user_task_id}{action}"


def count_looks(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Look)) or 0


def stored(engine: Engine, dealership: Dealership) -> UserTask:
    with Session(engine) as session:
        return session.get_one(UserTask, dealership.user_task_id)


def test_the_inbox_lists_the_user_task_with_case_and_step(advisor: Browser, dealership: Dealership) -> None:
    page = advisor.get("/inbox?view=claimable")
    assert MARKER in page.text
    assert "Prepare call" in page.text
    assert address(dealership) in page.text
    assert "Nothing waits for you" in advisor.get("/inbox").text


@SQLITE_ONLY
def test_a_user_task_with_a_title_of_its_own_is_told_by_it(
    advisor: Browser, dealership: Dealership, main_engine: Engine
) -> None:
    with writing(), Session(main_engine) as session:
        case_title = session.get_one(ProcessInstance, dealership.instance_id).title
        session.get_one(UserTask, dealership.user_task_id).title = f"Call twice · {case_title}"
        session.commit()
    assert f"Call twice · {case_title}" in advisor.get("/inbox?view=claimable").text
    assert f"Prepare call · Call twice · {case_title}" in advisor.get(address(dealership)).text
    case = advisor.get(f"/cases/{dealership.instance_id}").text
    assert "Prepare call · Call twice<" in case, "the page of the case says its title once"


def test_rows_alone_come_with_the_counts(advisor: Browser) -> None:
    rows = advisor.get("/inbox/rows?view=claimable", headers=PARTIAL)
    assert MARKER in rows.text
    assert 'hx-target="#navigation-links"' in rows.text
    assert "<html" not in rows.text
    assert advisor.get("/inbox/rows?view=claimable").location == "/inbox?view=claimable"


def test_a_place_in_the_list_that_does_not_exist_is_refused(advisor: Browser) -> None:
    assert advisor.get("/inbox?after=nowhere").status_code == 422
    assert advisor.get("/cases?after=nowhere").status_code == 422


def test_whoever_looks_at_the_facts_is_written_down_first(
    advisor: Browser, dealership: Dealership, main_engine: Engine
) -> None:
    page = advisor.get(address(dealership))
    assert "tel:10011112222" in page.text
    with Session(main_engine) as session:
        look = session.scalars(select(Look)).one()
        case = session.get_one(ProcessInstance, dealership.instance_id)
    assert (look.user_id, look.customer_id, look.page) == ("cr_advisor", case.customer_id, "/user-tasks/<user_task_id>")


def test_who_may_not_see_the_case_leaves_no_look(app: Flask, dealership: Dealership, main_engine: Engine) -> None:
    stranger = signed_in(app, "stranger")
    for path in (address(dealership), address(dealership, "/history"), f"/cases/{dealership.instance_id}"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert MARKER not in answer.text
    assert count_looks(main_engine) == 0


def test_claim_assign_and_return(advisor: Browser, dealership: Dealership, main_engine: Engine) -> None:
    assert "Not claimed yet" in advisor.get(address(dealership)).text
    answer = advisor.post(address(dealership, "/claim"), {"view": "claimable"})
    assert (answer.status_code, answer.location) == (303, address(dealership) + "?view=claimable")
    assert "Assigned to me" in advisor.get(address(dealership)).text
    advisor.post(address(dealership, "/unclaim"))
    assert stored(main_engine, dealership).assignee_id is None


def test_an_answer_to_htmx_names_the_next_page_and_refreshes_the_list(advisor: Browser, dealership: Dealership) -> None:
    answer = advisor.post(address(dealership, "/claim"), headers=PARTIAL)
    assert answer.status_code == 200
    assert '"target": "#detail"' in answer.headers["HX-Location"]
    assert answer.headers["HX-Trigger"] == "inbox-changed"


def test_a_draft_is_kept_per_person_and_comes_back(app: Flask, advisor: Browser, dealership: Dealership) -> None:
    draft = {"revision": "1", "call_focus": "异响", "not_a_field": "x"}
    answer = advisor.post(address(dealership, "/draft"), draft, headers=JSON)
    assert answer.json is not None
    assert answer.json["message"].startswith("Draft saved ")
    assert "异响" in advisor.get(address(dealership)).text
    assert "异响" not in signed_in(app, "process_owner").get(address(dealership)).text


def test_a_missing_answer_is_told_and_changes_nothing(
    advisor: Browser, dealership: Dealership, main_engine: Engine
) -> None:
    answer = advisor.post(address(dealership, "/complete"), {"revision": "1", "call_focus": "kept text"})
    assert answer.status_code == 422
    assert "Nothing you typed is lost" in answer.text
    assert "kept text" in answer.text
    assert stored(main_engine, dealership).state == "open"


def test_completing_goes_on_to_the_next_step_of_the_case(advisor: Browser, dealership: Dealership) -> None:
    answer = advisor.post(address(dealership, "/complete"), {"revision": "1", "data_state": "right"})
    assert answer.status_code == 303
    following = advisor.get(answer.location or "")
    assert "Call customer" in following.text
    assert "next step of the same case" in following.text
    ended = advisor.get(address(dealership))
    assert "completed" in ended.text
    assert "data-submit" not in ended.text


def test_who_is_slower_gets_409_with_both_versions(app: Flask, advisor: Browser, dealership: Dealership) -> None:
    leader = signed_in(app, "process_owner")
    leader.get(address(dealership))
    assert leader.post(address(dealership, "/assign"), {"assignee": "service_manager"}).status_code == 303
    late = advisor.post(
        address(dealership, "/complete"), {"revision": "1", "data_state": "right", "call_focus": "late"}
    )
    assert late.status_code == 409
    assert "Service Manager has this user task" in late.text
    assert "late" in late.text
    assert "data-submit" not in late.text


def test_both_answers_stand_side_by_side(app: Flask, advisor: Browser, dealership: Dealership) -> None:
    second = advisor.copy()
    done = advisor.post(
        address(dealership, "/complete"), {"revision": "1", "data_state": "right", "call_focus": "first text"}
    )
    assert done.status_code == 303
    late = second.post(
        address(dealership, "/complete"),
        {"revision": "1", "data_state": "wrong", "data_problem": "no such number"},
        headers=PARTIAL,
    )
    assert late.status_code == 409
    for text in ("first text", "no such number", "What you typed"):
        assert text in late.text


def test_an_auditor_reads_and_is_offered_nothing_to_do(app: Flask, dealership: Dealership) -> None:
    auditor = signed_in(app, "auditor")
    assert auditor.get("/").location == "/cases"
    page = auditor.get(address(dealership))
    assert MARKER in page.text
    for offer in ("data-submit", 'data-key="claim"', "/assign", "data-draft="):
        assert offer not in page.text
    overview = auditor.get(f"/cases/{dealership.instance_id}")
    assert "planned_follow_up_id" in overview.text  # raw variables are for those who look after the process


def test_only_some_see_raw_variables(advisor: Browser, dealership: Dealership) -> None:
    assert "planned_follow_up_id" not in advisor.get(f"/cases/{dealership.instance_id}").text


def test_the_case_is_found_by_number_plate_and_phone(advisor: Browser, dealership: Dealership) -> None:
    for words in ("示A11111", "10011112222", MARKER, "FU-2026-000001"):
        assert dealership.instance_id in advisor.get("/cases", query_string={"q": words}).text, words
    assert dealership.instance_id not in advisor.get("/cases?state=completed").text


def test_words_find_a_case_whatever_became_of_it(advisor: Browser, dealership: Dealership, main_engine: Engine) -> None:
    with writing(), Session(main_engine) as session:
        session.get_one(ProcessInstance, dealership.instance_id).state = "completed"
        session.commit()
    assert dealership.instance_id not in advisor.get("/cases").text
    assert dealership.instance_id not in advisor.get("/cases?q=FU-2026-000001&state=open").text
    assert dealership.instance_id in advisor.get("/cases?q=FU-2026-000001").text


def test_diagram_and_path_of_a_case(advisor: Browser, dealership: Dealership) -> None:
    xml = advisor.get(f"/cases/{dealership.instance_id}/diagram.xml")
    assert xml.mimetype == "application/xml"
    assert b"Activity_Prepare" in xml.data
    run = advisor.get(f"/cases/{dealership.instance_id}/run.json").json
    assert run is not None
    assert run["nodes"]["Activity_Prepare"] == {"state": "active", "count": 1, "seconds": 0}
    assert run["nodes"]["Start_Due"] == {"state": "done", "count": 1, "seconds": 0}


def test_the_diagram_is_drawn_without_any_script_in_the_readers_language(
    advisor: Browser, dealership: Dealership
) -> None:
    english = advisor.get(f"/cases/{dealership.instance_id}/diagram").text
    drawing = etree.fromstring(english[english.index("<svg xmlns") : english.index("</bpmn-viewer>")])
    texts = {element.get("data-element"): " ".join(map(str, element.itertext())) for element in drawing}
    assert "now here" in texts["Activity_Prepare"]
    assert "Call customer" in texts["Activity_Call"]
    advisor.post("/preferences", {"locale": "zh_CN"})
    chinese = advisor.get(f"/cases/{dealership.instance_id}/diagram").text
    assert "实施电话回访" in chinese[chinese.index("<svg xmlns") :]


def test_the_history_names_questions_and_answers_in_the_readers_language(
    app: Flask, advisor: Browser, dealership: Dealership
) -> None:
    advisor.post(address(dealership, "/complete"), {"revision": "1", "data_state": "right", "call_focus": "异响"})
    english = advisor.get(f"/cases/{dealership.instance_id}/history").text
    assert "Completed: Prepare call" in english
    assert "Is the data right?" in english
    advisor.post("/preferences", {"locale": "zh_CN"})
    chinese = advisor.get(f"/cases/{dealership.instance_id}/history").text
    assert "办结：回访准备" in chinese
    assert "异响" in chinese
    assert "Completed" not in chinese
