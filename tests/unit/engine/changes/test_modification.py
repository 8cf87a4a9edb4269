from __future__ import annotations

import pytest

from app import engine
from app.engine import CancelActivity, StartAfter, StartBefore
from tests.unit.engine.case import Case, context, flows, process_of, read
from tests.unit.engine.conftest import NewCase


def refused(case: Case, *instructions: engine.Instruction) -> list[str]:
    """The reasons; the case goes on as if nobody had asked."""
    before = (case.state, case.open)
    with pytest.raises(engine.ChangeRefused) as refusal:
        case.modify(*instructions)
    assert (case.state, case.open) == before
    return [str(reason) for reason in refusal.value.reasons]


def test_a_token_moves_from_one_step_to_another(new_case: NewCase) -> None:
    case = new_case("parallel_gateways.bpmn").start()
    kept = case.user_tasks[case.activity("b")]
    case.modify(CancelActivity(case.activity("a")), StartBefore("after"))
    assert case.open == ["after", "b"]
    assert case.user_tasks[case.activity("b")] == kept
    assert case.last is not None
    assert [(closed.element_id, closed.state) for closed in case.last.closed] == [("a", "cancelled")]


def test_a_token_put_before_a_join_is_one_it_waits_for(new_case: NewCase) -> None:
    case = new_case("parallel_gateways.bpmn").start().do("a")
    case.modify(CancelActivity(case.activity("b")), StartBefore("join"))
    assert case.open == ["after"]
    assert case.do("after").end_event_id == "end"


@pytest.mark.parametrize("skipped", ["a", "b", "c"])
@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
def test_a_token_before_a_join_stands_for_the_path_that_nobody_takes(
    new_case: NewCase, gateway: str, skipped: str
) -> None:
    fork_and_join = f'<bpmn:startEvent id="s"/><bpmn:{gateway} id="f"/><bpmn:{gateway} id="j"/><bpmn:endEvent id="e"/>'
    steps = "".join(f'<bpmn:userTask id="{key}"/>' for key in "abcz")
    paths = flows("s f", "f a", "f b", "f c", "a j", "b j", "c j", "j z", "z e")
    case = new_case(process_of(fork_and_join, steps, paths)).start()
    case.modify(CancelActivity(case.activity(skipped)), StartBefore("j"))
    first, second = case.open
    assert case.do(first).do(second).open == ["z"]
    assert case.do("z").is_ended


def test_a_join_whose_other_token_is_gone_is_an_incident(new_case: NewCase) -> None:
    case = new_case("parallel_gateways.bpmn").start().do("a")
    case.modify(CancelActivity(case.activity("b")))
    assert case.incidents == ["false_completion"]
    assert case.last is not None
    case.modify(StartAfter("join"), CancelActivity(case.last.incidents[0].activity_id or ""))
    assert case.do("after").is_ended


def test_a_token_behind_a_step_goes_where_its_conditions_say(new_case: NewCase) -> None:
    case = new_case("exclusive_gateway_without_default.bpmn").start({"answer": "yes"})
    assert refused(case, StartAfter("end")) == ["Nothing follows “end”."]
    with pytest.raises(engine.StepFailed, match="no condition"):
        case.set(case.root, answer="maybe").modify(CancelActivity(case.activity("ask")), StartAfter("ask"))
    case.set(case.root, answer="yes").modify(CancelActivity(case.activity("ask")), StartAfter("ask"))
    assert case.end_event_id == "end"


def test_a_subprocess_is_opened_for_a_token_inside(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start().do("inner")
    case.modify(CancelActivity(case.activity("after")), StartBefore("inner"))
    assert (case.open, len(case.scopes)) == (["inner"], 3)
    assert "in_start_inner" in case.flows
    assert case.flows.count("in_start_inner") == 1  # its start event did not begin again
    assert case.do("inner").do("after").is_ended


def test_a_token_joins_the_open_subprocess(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start()
    case.modify(StartBefore("inner"))
    assert (case.open, len(case.scopes)) == (["inner", "inner"], 2)
    case.do("inner")
    assert case.open == ["inner"]
    assert case.do("inner").open == ["after"]


def test_a_subprocess_left_empty_is_withdrawn(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start()
    case.modify(CancelActivity(case.activity("inner")), StartBefore("after"))
    assert (case.open, sorted(case.live_activities.values())) == (["after"], ["after"])


def test_a_withdrawn_subprocess_is_opened_anew(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start()
    first = case.activity("work")
    case.modify(CancelActivity(first), CancelActivity(case.activity("inner")), StartBefore("inner"))
    assert case.open == ["inner"]
    assert case.activity("work") != first


def test_a_subprocess_running_twice_must_be_chosen(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start()
    case.modify(StartBefore("work"))
    assert case.open == ["inner", "inner"]
    assert "runs several times" in refused(case, StartBefore("inner"))[0]
    chosen = [task.execution_id for task in case.user_tasks.values()][1]
    case.modify(StartBefore("inner", scope_id=chosen))
    assert [task.execution_id for task in case.user_tasks.values()].count(chosen) == 2


def test_passes_of_a_multi_instance_subprocess(new_case: NewCase) -> None:
    case = new_case("multi_instance_subprocess.bpmn").start({"items": ["a", "b"]})
    passes = {task.id: task.execution_id for task in case.user_tasks.values()}
    first = next(iter(passes))
    case.modify(CancelActivity(first), StartBefore("check", scope_id=passes[first]))
    assert case.open == ["check", "plan"]
    assert "done several times" in refused(case, CancelActivity(case.activity("measure")), StartBefore("plan"))[0]
    case.do("check", result="x").do("plan").do("check", result="y")
    assert case.value("results") == ["x", "y"]


def test_what_has_a_scope_is_withdrawn_by_that_as_well(new_case: NewCase) -> None:
    case = new_case("multi_instance_subprocess.bpmn").start({"items": ["a", "b"]})
    whole, *_passes = [scope for scope, around in case.scopes.items() if around == case.root]
    first, second = [scope for scope, around in case.scopes.items() if around == whole]
    inside = next(scope for scope, around in case.scopes.items() if around == second)
    case.modify(CancelActivity(first))
    assert case.open == ["plan"]
    assert "no longer open" in refused(case, CancelActivity(case.root))[0]
    case.modify(CancelActivity(whole), CancelActivity(inside), StartBefore("measure"))
    assert case.open == ["plan", "plan"]


def test_a_multi_instance_activity_is_withdrawn_as_a_whole(new_case: NewCase) -> None:
    case = new_case("multi_instance_subprocess.bpmn").start({"items": ["a", "b"]})
    case.modify(CancelActivity(case.activity("measure")), StartBefore("measure"))
    assert case.open == ["plan", "plan"]
    assert [entry[0] for entry in case.timers.values()] == ["late"]


def test_the_activity_as_a_whole_goes_before_its_passes(new_case: NewCase) -> None:
    case = new_case("multi_instance_subprocess.bpmn").start({"items": ["a", "b"]})
    single, whole = case.activity("plan"), case.activity("measure")
    case.modify(CancelActivity(single), CancelActivity(whole), StartBefore("measure"))
    assert case.open == ["plan", "plan"]


@pytest.mark.parametrize("done", [0, 1])
def test_an_instance_is_left_out_of_those_beside_it(new_case: NewCase, done: int) -> None:
    case = new_case("multi_instance_parallel_user_task.bpmn").start({"voters": ["a", "b", "c"]})
    (element,) = set(case.open)
    for _ in range(done):
        case.do(element, vote=1)
    case.modify(CancelActivity(next(iter(case.user_tasks))))
    (body,) = {parent for scope, parent in case.scopes.items() if (scope, "loopCounter") in case.variables}
    counted = {name: case.variables[body or "", name] for name in ("nrOfActiveInstances", "nrOfCompletedInstances")}
    assert counted == {"nrOfActiveInstances": 2 - done, "nrOfCompletedInstances": done}
    assert case.variables[body or "", "numberOfTerminatedInstances"] == 1
    for _ in range(2 - done):
        case.do(element, vote=1)
    assert element not in case.open


def test_an_instance_in_which_nothing_is_left_is_left_out(new_case: NewCase) -> None:
    case = new_case("multi_instance_subprocess.bpmn").start({"items": ["a", "b"]})
    case.modify(CancelActivity(case.activity("plan")))
    assert case.open == ["plan"]
    case.do("plan").do("check", result="y")
    assert case.value("results") == [None, "y"]


def test_a_pass_is_left_out_and_the_next_one_begins(new_case: NewCase) -> None:
    case = new_case("multi_instance_sequential_user_task.bpmn").start({"voters": ["a", "b", "c"], "items": [1, 2, 3]})
    (element,) = case.open
    (first,) = case.user_tasks
    case.modify(CancelActivity(first))
    (second,) = case.user_tasks
    assert second != first
    assert case.variables[case.user_tasks[second].execution_id, "loopCounter"] == 1
    (last,) = case.do(element, vote=1).user_tasks
    case.modify(CancelActivity(last))
    assert (case.open, case.value("votes")) == (["after"], [None, 1, None])


def test_open_passes_have_their_numbers(new_case: NewCase) -> None:
    case = new_case("multi_instance_parallel_user_task.bpmn").start({"voters": ["a", "b"]})
    found = engine.open_activities(case.process, case.state or b"", context())
    assert sorted(one.number for one in found) == [0, 1, 2]
    assert {one.refusal for one in found} == {None}


def test_boundary_events_go_with_their_activity(new_case: NewCase) -> None:
    case = new_case("multi_instance_subprocess.bpmn").start({"items": ["a"]})
    timer = next(iter(case.timers))
    assert refused(case, CancelActivity(timer)) == ["“late” goes with the activity on whose boundary it waits."]
    assert "on the boundary" in refused(case, StartBefore("late"))[0]
    case.modify(StartAfter("late"))
    assert case.open == ["escalate", "plan"]
    case.modify(CancelActivity(case.activity("measure")))
    assert case.timers == {}


def test_events_behind_a_gateway_belong_to_it(new_case: NewCase) -> None:
    case = new_case("event_based_gateway.bpmn").start({"order": "7"})
    told = next(iter(case.subscriptions))
    assert "withdraw the gateway" in refused(case, CancelActivity(told))[0]
    assert "start before the gateway" in refused(case, StartBefore("told"))[0]
    assert "what happens first" in refused(case, StartAfter("race"))[0]
    case.modify(CancelActivity(case.activity("race")), StartAfter("told"))
    assert (case.open, case.subscriptions, case.timers) == (["answer"], {}, {})


def test_a_case_is_not_emptied(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start()
    assert refused(case, CancelActivity(case.activity("inner"))) == [
        "Nothing of the case would be left open. Cancel the case instead."
    ]
    assert case.do("inner").open == ["after"]


def test_all_reasons_are_told_at_once(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start()
    reasons = refused(case, CancelActivity("gone"), StartBefore("nowhere"), StartAfter("in_end"))
    assert len(reasons) == 3
    assert "no longer open" in reasons[0]


def test_nothing_is_put_into_another_process(new_case: NewCase) -> None:
    case = new_case("call_activity.bpmn").start({"number": 1})
    inner = case.open[0]
    assert "no step of this process" in refused(case, StartBefore(inner))[0]


def test_a_case_can_be_ended_by_moving(new_case: NewCase) -> None:
    case = new_case("subprocess.bpmn").start()
    case.modify(CancelActivity(case.activity("inner")), StartBefore("end"))
    assert case.is_ended
    assert case.end_event_id == "end"


def test_what_is_open_and_where_tokens_can_go() -> None:
    case = Case("multi_instance_subprocess.bpmn", is_saved=True).start({"items": ["a"]})
    found = engine.open_activities(case.process, case.state or b"", context())
    assert [(activity.element_id, activity.refusal is None) for activity in found] == [
        ("measure", True),
        ("late", False),
        ("measure", True),
        ("plan", True),
    ]
    targets = {target.element_id: target for target in engine.move_targets(case.process)}
    assert targets["late"].why_not_before
    assert not targets["late"].why_not_after
    assert targets["end"].why_not_after
    assert not targets["plan"].why_not_before


def test_a_process_that_calls_itself_is_changed_outside(new_case: NewCase) -> None:
    xml = process_of(
        '<bpmn:startEvent id="s"/>',
        '<bpmn:userTask id="ask"/>',
        '<bpmn:callActivity id="again" calledElement="p"/>',
        '<bpmn:endEvent id="e"/>',
        flows("s ask", "ask again", "again e"),
    )
    case = Case(read(xml), is_saved=True).start().do("ask")
    assert case.open == ["ask"]
    case.modify(StartBefore("ask"))
    assert sorted(task.execution_id == case.root for task in case.user_tasks.values()) == [False, True]


def test_a_loop_is_withdrawn_as_a_whole(new_case: NewCase) -> None:
    case = new_case("loop_of_user_task.bpmn").start()
    (element,) = case.open
    single = next(iter(case.user_tasks))
    whole = next(key for key, found in case.live_activities.items() if found == element and key != single)
    case.modify(CancelActivity(whole), StartBefore(element))
    assert case.open == [element]
    assert single not in case.user_tasks


def test_a_token_before_a_complex_join_counts(new_case: NewCase) -> None:
    case = new_case("complex_gateway_two_of_three.bpmn").start({"with_c": True})
    case.do("a").modify(CancelActivity(case.activity("b")), StartBefore("enough"))
    assert case.open == ["after", "c"]


def test_an_ad_hoc_subprocess_waits_for_what_is_begun_next(new_case: NewCase) -> None:
    case = new_case("ad_hoc_without_condition.bpmn").start({"chosen": ["a"]})
    case.modify(CancelActivity(case.activity("a")))
    assert case.open == []
    case.modify(StartBefore("b"))
    assert case.open == ["b"]
    case.modify(CancelActivity(case.activity("jobs")), StartBefore("b2"))
    assert case.do("b2").open == ["after"]


def test_an_event_subprocess_cannot_be_started_by_hand(new_case: NewCase) -> None:
    case = new_case("event_subprocess_beside.bpmn").start()
    by_id = {target.element_id: target for target in engine.move_targets(case.process)}
    assert "begins when its event happens" in (by_id["handler"].why_not_before or "")
    listener = next(
        one for one in engine.open_activities(case.process, case.state or b"", context()) if "start" in one.element_id
    )
    assert "as long as what is around it" in (listener.refusal or "")
    assert refused(case, StartBefore("handler_task")) == [
        "“handler” begins when its event happens: it cannot be started by hand."
    ]


def test_a_subprocess_that_is_opened_waits_for_its_events(new_case: NewCase) -> None:
    inside = '<bpmn:startEvent id="s1"/><bpmn:userTask id="inner"/><bpmn:endEvent id="e1"/>' + flows(
        "s1 inner", "inner e1"
    )
    hour = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    due = f'<bpmn:startEvent id="due">{hour}</bpmn:startEvent>'
    late = f'<bpmn:subProcess id="late" triggeredByEvent="true">{due}</bpmn:subProcess>'
    level = '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:endEvent id="e"/>' + flows("s a", "a sub", "sub e")
    case = new_case(process_of(level, f'<bpmn:subProcess id="sub">{inside}{late}</bpmn:subProcess>')).start()
    case.modify(StartBefore("inner"))
    assert [name for name, _due in case.timers.values()] == ["due"]


def test_an_opened_subprocess_listens_too(new_case: NewCase) -> None:
    xml = process_of(
        '<bpmn:startEvent id="s"/>', '<bpmn:userTask id="a"/>', '<bpmn:endEvent id="e"/>',
        '<bpmn:subProcess id="sub"><bpmn:startEvent id="is"/><bpmn:userTask id="in"/><bpmn:endEvent id="ie"/>',
        '<bpmn:subProcess id="es" triggeredByEvent="true"><bpmn:startEvent id="ess"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:startEvent>"
        '<bpmn:userTask id="late"/><bpmn:endEvent id="ese"/>', flows("ess late", "late ese"), "</bpmn:subProcess>",
        flows("is in", "in ie"), "</bpmn:subProcess>", flows("s a", "a sub", "sub e"),
    )  # fmt: skip
    case = new_case(xml).start()
    assert "cannot be started by hand" in refused(case, StartBefore("es"))[0]
    case.modify(CancelActivity(case.activity("a")), StartBefore("in"))
    assert (case.open, [entry[0] for entry in case.timers.values()]) == (["in"], ["ess"])
    assert "waits as long as" in refused(case, CancelActivity(next(iter(case.timers))))[0]
    assert case.fire("ess").open == ["late"]
