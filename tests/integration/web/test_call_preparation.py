"""The day's follow-ups on one page: all good ones at once, one in its row, wrong ones to the service advisor."""

import re
from datetime import timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from app.database import writing
from app.models import Customer, Look, UserTask, UserTaskCandidate, Variable, Visit
from app.operations.outgoing import lay_out_letter
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import ELSEWHERE, HERE, NOW, Dealership

PAGE = "/calls/preparation"
pytestmark = SQLITE_ONLY


def change_files(engine: Engine, work_done: str, phone: str) -> None:
    with writing(), Session(engine) as session:
        session.execute(update(Visit).values(work_done=work_done))
        session.execute(update(Customer).values(phone=phone))
        session.commit()


def test_letters_wait_to_be_posted(advisor: Browser, main_engine: Engine) -> None:
    with writing(), Session(main_engine) as session:
        letter = lay_out_letter(session, to="安宁", text="欢迎您来电", site_id=HERE, now=NOW)
        lay_out_letter(session, to="别处", text="elsewhere", site_id=ELSEWHERE, now=NOW)
        session.commit()
    page = advisor.get("/calls/letters").text
    assert ("欢迎您来电" in page, "elsewhere" in page) == (True, False)
    assert advisor.post(f"/calls/letters/{letter}/posted").status_code == 303
    assert "to be posted" not in advisor.get("/calls/letters").text


def open_elements(engine: Engine) -> dict[str, str | None]:
    with Session(engine) as session:
        query = select(UserTask.element_id, UserTask.assignee_id).where(UserTask.state == "open")
        return {row.element_id: row.assignee_id for row in session.execute(query)}


def test_all_good_ones_are_prepared_at_once(advisor: Browser, dealership: Dealership, main_engine: Engine) -> None:
    change_files(main_engine, "更换刹车片", "10011112222")
    page = advisor.get(PAGE).text
    assert f'value="{dealership.user_task_id}" form="prepare-all" checked' in page
    with Session(main_engine) as session:
        assert session.scalars(select(Look.page)).all() == [PAGE]
    answer = advisor.post(PAGE, {"user_task": [dealership.user_task_id, "unknown"]})
    assert "1 is done · 1 is not" in answer.text
    assert "This user task does not exist, or you may not see it." in answer.text
    assert open_elements(main_engine) == {"Activity_Call": "cr_advisor"}
    with Session(main_engine) as session:
        version = session.scalars(select(Variable.value).where(Variable.name == "questionnaire_version_id")).one()
    assert version == '"repair_3dc_1"'
    history = advisor.get(f"/cases/{dealership.instance_id}/history").text
    assert "After a repair (3DC) (1)" in history
    again = advisor.post(f"{PAGE}/{dealership.user_task_id}", {"data_state": "right"})
    assert (again.status_code, "is done by now" in again.text or "1 is not" in again.text) == (422, True)


def test_one_is_prepared_in_its_row_and_wrong_data_goes_to_the_service_advisor(
    advisor: Browser, dealership: Dealership, main_engine: Engine
) -> None:
    change_files(main_engine, "", "12")
    page = advisor.get(PAGE).text
    assert "The phone number cannot be right." in page
    assert "What was repaired is missing." in page
    assert 'form="prepare-all" checked' not in page
    row = f"{PAGE}/{dealership.user_task_id}"
    missing = advisor.post(row, {"data_state": "wrong", "data_problem": ""})
    assert (missing.status_code, "Please fill this in." in missing.text) == (422, True)
    assert advisor.post(row, {"data_state": "wrong", "data_problem": "电话错误", "revision": "1"}).status_code == 200
    assert open_elements(main_engine) == {"Activity_CorrectData": None}


def test_the_queue_has_number_customer_and_what_was_tried(
    advisor: Browser, dealership: Dealership, main_engine: Engine
) -> None:
    change_files(main_engine, "更换刹车片", "10011112222")
    assert "Nobody to call now" in advisor.get("/calls").text
    advisor.post(PAGE, {"user_task": [dealership.user_task_id]})
    page = advisor.get("/calls").text
    assert 'href="tel:10011112222"' in page
    assert "1 call to make now" in page
    task = re.search(r'href="/user-tasks/(\w+)\?view=mine"', page)
    assert task
    tomorrow = f"{dealership.now + timedelta(days=1):%Y-%m-%dT12:00}"
    appointment = {"call_outcome": "inconvenient", "appointment_at": tomorrow}
    answer = advisor.post(f"/user-tasks/{task[1]}/complete", appointment)
    assert answer.status_code == 303
    assert "Nobody to call now" in advisor.get("/calls").text
    with writing(), Session(main_engine) as session:
        awake = update(UserTask).where(UserTask.state == "open").values(follow_up_at=dealership.now)
        session.execute(awake)
        session.execute(update(UserTaskCandidate).values(follow_up_at=dealership.now))
        session.commit()
    page = advisor.get("/calls").text
    assert "Agreed: " in page
    assert "1 call made" in page
    done = advisor.get(f"/user-tasks/{task[1]}?done=1").text
    assert "示A11111" in done, "the next call is offered"
