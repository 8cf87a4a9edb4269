from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import Case, flows, process_of
from tests.unit.engine.conftest import NewCase

SIMPLE = "user_tasks_and_exclusive_gateway.bpmn"


def simple(new_case: NewCase) -> Case:
    return new_case(SIMPLE).start({"owner": "ann"})


def test_user_task_carries_its_evaluated_attributes(new_case: NewCase) -> None:
    (task,) = simple(new_case).user_tasks.values()
    assert (task.element_id, task.name, task.form_key, task.priority) == ("first", "First", "form1", 70)
    assert (task.assignee, task.candidate_users, task.candidate_groups) == ("ann", ("u1", "u2"), ("g1", "g2"))
    assert task.due_at == datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # noon in Shanghai
    assert task.follow_up_at == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)  # a day from now


def test_a_date_that_is_none_is_named(new_case: NewCase) -> None:
    task = '<bpmn:userTask id="t" camunda:dueDate="=when"/>'
    process = process_of('<bpmn:startEvent id="s"/>', task, '<bpmn:endEvent id="e"/>', flows("s t", "t e"))
    with pytest.raises(engine.StepFailed, match="“soon” of “t” is not a date"):
        new_case(process).start({"when": "soon"})


def titled(value: str) -> Case:
    title = f'<bpmn:extensionElements><aftercare:title value="{value}"/></bpmn:extensionElements>'
    task = f'<bpmn:userTask id="t" name="Do it">{title}</bpmn:userTask>'
    process = process_of('<bpmn:startEvent id="s"/>', task, '<bpmn:endEvent id="e"/>', flows("s t", "t e"))
    return Case(process, is_saved=True).start({"what": " a list ", "nothing": None, "number": 7})


@pytest.mark.parametrize(
    ("value", "title"), [("Always", "Always"), ("=what", "a list"), ("=nothing", None), ("= &quot;&quot;", None)]
)
def test_a_title_of_its_own(value: str, title: str | None) -> None:
    (task,) = titled(value).user_tasks.values()
    assert (task.name, task.title) == ("Do it", title)


def test_a_title_is_a_text() -> None:
    with pytest.raises(engine.StepFailed, match=r"The title of “Do it” is not a text\."):
        titled("=number")


@pytest.mark.parametrize(("score", "end"), [(70, "end_good"), (50, "end_bad")])
def test_case_reaches_the_end_its_values_lead_to(new_case: NewCase, score: int, end: str) -> None:
    case = simple(new_case).do("first", score=score)
    if case.open == ["second"]:
        case.do("second")
    assert (case.is_ended, case.end_event_id) == (True, end)


def test_values_become_variables_of_the_process(new_case: NewCase) -> None:
    case = simple(new_case).do("first", score=70, remark={"typename": ["a", 1]})
    assert case.value("score") == Decimal(70)
    assert case.value("remark") == {"typename": ["a", Decimal(1)]}


def test_only_an_open_user_task_can_be_completed(new_case: NewCase) -> None:
    case = simple(new_case)
    (task_id,) = case.user_tasks
    case.do("first", score=70)
    for wrong in (task_id, "never-heard-of"):
        with pytest.raises(engine.UserTaskNotOpen):
            engine.complete(case.process, case.state or b"", wrong, {}, case._context())


def test_activity_ids_stay_the_same_across_steps(new_case: NewCase) -> None:
    case = simple(new_case)
    (task_id,) = case.user_tasks
    case.do("first", score=70)
    assert case.last is not None
    assert (task_id, "done") in [(change.id, change.state) for change in case.last.activities]
    assert [closed.id for closed in case.last.closed] == [task_id]


def assigned(attributes: str, **variables: object) -> Case:
    source = process_of(f'<bpmn:startEvent id="s"/><bpmn:userTask id="t" {attributes}/>', flows("s t"))
    return Case(source, is_saved=True).start(variables)


@pytest.mark.parametrize(("value", "priority"), [("70", 70), ("=100 / 2", 50), ("=25 * 2.0", 50), ("=1e3", 1000)])
def test_a_priority_is_a_whole_number_however_it_is_written(value: str, priority: int) -> None:
    (task,) = assigned(f'camunda:priority="{value}"').user_tasks.values()
    assert task.priority == priority


@pytest.mark.parametrize("value", ["=1.5", "=soon", "1000001", "=0 - 10 ** 30", "=true", "=[1]"])
def test_a_priority_that_no_database_keeps_is_an_incident(value: str) -> None:
    with pytest.raises(engine.StepFailed, match="is not a whole number of at most 1000000"):
        assigned(f'camunda:priority="{value}"', soon="soon")


@pytest.mark.parametrize("attribute", ["camunda:candidateGroups", "camunda:candidateUsers"])
def test_a_candidate_with_a_name_that_nobody_has_is_an_incident(attribute: str) -> None:
    assert len(assigned(f'{attribute}="=[name]"', name="x" * 64).user_tasks) == 1
    with pytest.raises(engine.StepFailed, match="a candidate with more than 64 characters"):
        assigned(f'{attribute}="=[name]"', name="x" * 65)
