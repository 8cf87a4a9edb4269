from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import RESOURCES, context, flows, process_of, read
from tests.unit.engine.conftest import NewCase


def test_script_sets_variables(new_case: NewCase) -> None:
    case = new_case("script_task.bpmn").start({"price": 3})
    assert (case.value("total"), case.value("who"), case.value("more")) == (Decimal(6), "x", Decimal(7))


def test_script_with_an_unknown_variable_is_an_incident(new_case: NewCase) -> None:
    with pytest.raises(engine.StepFailed, match="“price”") as failure:
        new_case("script_task.bpmn").start()
    assert failure.value.incident.element_id == "compute"


def test_abstract_and_manual_tasks_need_nobody(new_case: NewCase) -> None:
    case = new_case("abstract_and_manual_task.bpmn").start()
    assert case.end_event_id == "end"
    assert case.last is not None
    assert [change.element_type for change in case.last.activities] == ["startEvent", "task", "manualTask", "endEvent"]


def test_a_process_without_events_starts_and_ends_where_no_flow_leads(new_case: NewCase) -> None:
    case = new_case("implicit_start_and_end.bpmn").start().do("a").do("b")
    assert (case.is_ended, case.end_event_id) == (True, None)


def test_connector_gets_its_inputs_and_its_outputs_are_mapped(new_case: NewCase) -> None:
    case = new_case("service_task_connector.bpmn").start({"address": "me"})
    (job,) = case.jobs.values()
    assert (job.connector, job.topic, job.inputs) == ("mail", None, {"to": "me"})
    case.finish("ask", reply="yes", more=1)
    assert (case.open, case.value("answer")) == (["after"], "YES")
    assert {name for _scope, name in case.variables} == {"address", "answer"}


def test_job_that_ends_with_an_error_goes_the_way_of_the_boundary_event(new_case: NewCase) -> None:
    case = new_case("service_task_connector.bpmn").start({"address": "me"}).fail("ask", "STOP")
    assert (case.open, case.value("why")) == (["repair"], "said")


def test_job_is_finished_only_once(new_case: NewCase) -> None:
    case = new_case("service_task_external_topic.bpmn").start({"order": "A1"})
    (job,) = case.jobs.values()
    assert (job.connector, job.topic, job.inputs) == (None, "print", {"number": "A1"})
    case.finish("ask", pages=2)
    assert (case.open, case.value("pages")) == (["after"], Decimal(2))
    with pytest.raises(engine.ActivityNotWaiting):
        engine.finish_job(case.process, case.state or b"", job.activity_id, {}, context())


def test_mappings_are_local_to_the_activity(new_case: NewCase) -> None:
    case = new_case("input_output_mapping.bpmn").start({"outer": 2})
    (task,) = case.user_tasks.values()
    assert task.candidate_groups == ("as it is",)
    assert case.variables[task.execution_id, "local"] == Decimal(4)
    case.do("work", given=1)
    assert case.value("result") == Decimal(5)


def test_subprocess_is_done_when_its_last_token_has_ended(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start()
    assert case.open == ["inner"]
    # A new variable belongs to the process, not to the subprocess: it is there afterwards.
    case.do("inner", found=1)
    assert (case.open, case.value("found")) == (["after"], Decimal(1))


def test_call_with_all_variables_gives_and_takes_them_all(new_case: NewCase) -> None:
    case = new_case("call_activity_with_all_variables.bpmn").start({"given": 1, "number": 5}).do("c_work", late=1)
    assert (case.open, case.value("result"), case.value("late")) == (["after"], Decimal(2), Decimal(1))


def test_called_process_of_another_file_comes_with_the_context(new_case: NewCase) -> None:
    caller = read("call_activity.bpmn")
    caller.siblings.clear()
    with pytest.raises(engine.StepFailed, match="“called”, which is not deployed"):
        engine.start(caller, {"number": 1}, context())
    called = engine.parse((RESOURCES / "call_activity.bpmn").read_bytes(), "x")[1]
    outcome = engine.start(caller, {"number": 1}, context(processes={"called": called}))
    assert [task.element_id for task in outcome.opened] == ["c_work"]
    assert caller.called_processes == {"called"}


def test_lanes_are_the_innermost_and_hold_inside_a_subprocess(new_case: NewCase) -> None:
    case = new_case("lanes.bpmn").start()
    assert [task.lane for task in case.user_tasks.values()] == ["Lane_house"]
    case.do("top")
    assert [task.lane for task in case.user_tasks.values()] == ["Lane_office"]


@pytest.mark.parametrize("kind", ["sequential", "parallel"])
def test_multi_instance_runs_once_per_item_and_collects(new_case: NewCase, kind: str) -> None:
    case = new_case(f"multi_instance_{kind}_user_task.bpmn").start({"voters": ["ann", "bob", "cy"]})
    assert [task.assignee for task in case.user_tasks.values()] == (
        ["ann"] if kind == "sequential" else ["ann", "bob", "cy"]
    )
    for number in range(3):
        assert "after" not in case.open
        # In parallel the last voter answers first: results stay in the order of the list.
        case.do("vote", nth=-1, vote=f"{list(case.user_tasks.values())[-1].assignee} {number}")
    expected = ["ann 0", "bob 1", "cy 2"] if kind == "sequential" else ["ann 2", "bob 1", "cy 0"]
    assert (case.open, case.value("votes")) == (["after"], expected)


@pytest.mark.parametrize("kind", ["sequential", "parallel"])
def test_multi_instance_over_nothing_goes_on(new_case: NewCase, kind: str) -> None:
    case = new_case(f"multi_instance_{kind}_user_task.bpmn").start({"voters": []})
    assert (case.open, case.value("votes")) == (["after"], [])


def test_multi_instance_over_what_is_no_list_is_an_incident(new_case: NewCase) -> None:
    with pytest.raises(engine.StepFailed, match="is not a list"):
        new_case("multi_instance_parallel_user_task.bpmn").start({"voters": "ann"})


def test_completion_condition_withdraws_the_rest(new_case: NewCase) -> None:
    case = new_case("multi_instance_completion_condition.bpmn").start({"voters": ["a", "b", "c", "d"]}).do("vote")
    assert len(case.user_tasks) == 3
    assert case.do("vote").open == ["after"]


def test_the_counters_have_the_names_of_camunda_and_of_the_standard(new_case: NewCase) -> None:
    names = (
        "[numberOfInstances, numberOfActiveInstances, numberOfCompletedInstances, numberOfTerminatedInstances,"
        " nrOfInstances, nrOfActiveInstances, nrOfCompletedInstances]"
    )
    marker = (
        f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1, 2, 3]" aftercare:outputCollection="seen"'
        f' aftercare:outputElement="{names}"><bpmn:completionCondition>numberOfCompletedInstances = 2'
        "</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
    )
    source = process_of('<bpmn:userTask id="u">' + marker + "</bpmn:userTask>", '<bpmn:userTask id="v"/>', flows("u v"))
    case = new_case(source).start().do("u").do("u")
    first, second = ([Decimal(number) for number in row] for row in ([3, 2, 1, 0, 3, 2, 1], [3, 1, 2, 0, 3, 1, 2]))
    assert case.value("seen") == [first, second, None]
    ended = {name: value for (_scope, name), value in case.variables.items() if name.endswith("Instances")}
    assert (ended["nrOfActiveInstances"], ended["numberOfTerminatedInstances"]) == (Decimal(0), Decimal(1))


def test_instances_inside_instances_keep_their_own_counters_and_results(new_case: NewCase) -> None:
    outer = (
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="rows" camunda:elementVariable="row"'
        ' aftercare:outputCollection="all" aftercare:outputElement="cells"/>'
    )
    inner = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true" camunda:collection="row"'
        ' camunda:elementVariable="cell" aftercare:outputCollection="cells"'
        ' aftercare:outputElement="cell * 10 + loopCounter"/>'
    )
    source = process_of(
        f'<bpmn:subProcess id="x">{outer}<bpmn:userTask id="u">{inner}</bpmn:userTask></bpmn:subProcess>',
        '<bpmn:userTask id="v"/>',
        flows("x v"),
    )
    case = new_case(source).start({"rows": [[1, 2], [3], []]})
    while "u" in case.open:
        case.do("u", nth=-1)
    expected = [[Decimal(10), Decimal(21)], [Decimal(30)], []]
    assert (case.open, case.value("all")) == (["v"], expected)


def test_multi_instance_by_number(new_case: NewCase) -> None:
    case = new_case("multi_instance_cardinality.bpmn").start({"times": 4, "total": 0})
    assert (case.open, case.value("total")) == (["after"], Decimal(6))


def test_instances_of_a_subprocess_do_not_see_each_others_variables(new_case: NewCase) -> None:
    case = new_case("multi_instance_subprocess.bpmn").start({"items": ["x", "y"]})
    case.do("plan", result="first").do("plan", result="second").do("check").do("check")
    assert (case.open, case.value("results"), case.timers) == (["after"], ["first", "second"], {})


def test_a_boundary_event_interrupts_all_instances(new_case: NewCase) -> None:
    case = new_case("multi_instance_subprocess.bpmn").start({"items": ["x", "y"]}).do("plan", result=1).fire("late")
    assert case.open == ["escalate"]
    assert case.do("escalate").end_event_id == "end_late"


def test_multi_instance_call_gives_each_call_its_item(new_case: NewCase) -> None:
    case = new_case("multi_instance_call_activity.bpmn").start({"items": [1, 2]}).do("c_work").do("c_work")
    assert case.value("results") == [Decimal(2), Decimal(3)]


def test_translations_and_title_are_read() -> None:
    process = read("translations_and_title.bpmn")
    assert process.reader_groups == ("managers", "office")
    assert process.translations == {"zh_CN": {"": "过程", "work": "工作"}}
    assert process.elements["work"] == engine.ElementName("userTask", "Work")
    assert process.flows["start_work"] == engine.FlowEnds("start", "work")
    assert engine.case_title(process, {"who": "x"}, context()) == "Case of x"
