from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from app import engine
from app.engine import generate_mapping
from app.engine.live_cases import LIVE_CASES
from tests.unit.engine.case import Case, context, document, flows, process_of, read

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
GO = '<bpmn:message id="M" name="go"/>'


def version(*elements: str) -> engine.ParsedProcess:
    return read(process_of(START, END, *elements))


def user_task(element_id: str, **attributes: str) -> str:
    written = " ".join(f'{name.replace("_", ":", 1)}="{value}"' for name, value in attributes.items())
    return f'<bpmn:userTask id="{element_id}" {written}/>'


def timer(element_id: str, host: str, duration: str, interrupting: str = "false") -> str:
    return (
        f'<bpmn:boundaryEvent id="{element_id}" attachedToRef="{host}" cancelActivity="{interrupting}">'
        f"<bpmn:timerEventDefinition><bpmn:timeDuration>{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )


def migrate(case: Case, target: engine.ParsedProcess, mapping: Mapping[str, str] | None = None) -> engine.Migrated:
    """The case goes on as one of the target; by default with the mapping that is generated."""
    chosen = generate_mapping(case.process, target) if mapping is None else mapping
    before = dict(case.user_tasks)
    migrated = engine.migrate(case.process, case.state or b"", target, chosen, context(now=case.now))
    case.process = target
    case.absorb(migrated.outcome)
    for activity in migrated.activities:
        if activity.id in case.live_activities:
            case.live_activities[activity.id] = activity.element_id
        if activity.id in case.timers:
            case.timers[activity.id] = (activity.element_id, case.timers[activity.id][1])
    assert {key for key in before if key in case.user_tasks} <= {activity.id for activity in migrated.activities}
    LIVE_CASES.clear()
    return migrated


def reasons(case: Case, target: engine.ParsedProcess, mapping: Mapping[str, str] | None = None) -> list[str]:
    chosen = generate_mapping(case.process, target) if mapping is None else mapping
    with pytest.raises(engine.ChangeRefused) as refusal:
        engine.migrate(case.process, case.state or b"", target, chosen, context(now=case.now))
    return [str(reason) for reason in refusal.value.reasons]


def started(process: engine.ParsedProcess, **variables: object) -> Case:
    return Case(process, is_saved=True).start(variables)


FIRST = version(user_task("a"), flows("s a", "a e"))


def test_an_open_user_task_stays_and_goes_on_in_the_new_version() -> None:
    target = version(user_task("a", name="New name", camunda_formKey="new"), user_task("b"), flows("s a", "a b", "b e"))
    case = started(FIRST)
    before = dict(case.user_tasks)
    migrated = migrate(case, target)
    assert case.user_tasks == before
    assert migrated.outcome.opened == migrated.outcome.closed == ()
    (kept,) = migrated.activities
    assert (kept.id, kept.element_name, kept.form_key) == (*before, "New name", "new")
    assert case.do("a").open == ["b"]
    assert case.do("b").is_ended


def test_an_own_mapping_moves_to_an_element_of_another_id() -> None:
    target = version(user_task("renamed"), flows("s renamed", "renamed e"))
    assert reasons(started(FIRST), target) == ["“a” is open: say where it goes in the new version."]
    case = started(FIRST)
    migrated = migrate(case, target, {"a": "renamed"})
    assert [(kept.old_element_id, kept.element_id) for kept in migrated.activities] == [("a", "renamed")]
    (user_task_id,) = case.user_tasks
    done = engine.complete(target, case.state or b"", user_task_id, {}, context())
    assert done.is_ended


def test_all_reasons_at_once() -> None:
    source = version(
        user_task("a"),
        user_task("b"),
        user_task("c"),
        user_task("d"),
        flows("s a", "s b", "s c", "s d", "a e", "b e", "c e", "d e"),
    )
    target = version(
        '<bpmn:scriptTask id="a" scriptFormat="feel"><bpmn:script>{x: 1}</bpmn:script></bpmn:scriptTask>',
        '<bpmn:subProcess id="sub">',
        '<bpmn:startEvent id="is"/>',
        user_task("c"),
        '<bpmn:endEvent id="ie"/>',
        flows("is c", "c ie"),
        "</bpmn:subProcess>",
        user_task("d"),
        flows("s a", "s sub", "a e", "sub e", "s d", "d e"),
    )
    case = started(source)
    found = reasons(case, target, {"a": "a", "c": "c", "d": "nowhere", "x": "d"})
    assert found == [
        "“a” cannot go to “a”, which is of another kind.",
        "“d” cannot go to “nowhere”, which the new version does not have.",
        "“x” is no step of this version.",
        "“b” is open: say where it goes in the new version.",
        "“c” is open and cannot go to “c”: that lies in another subprocess.",
        "“d” is open, and the new version has no “nowhere”.",
    ]
    assert case.do("a").open == ["b", "c", "d"]


def test_boundary_timers_keep_their_due_dates_new_ones_are_armed_removed_ones_given_up() -> None:
    source = version(
        user_task("a"),
        timer("kept", "a", "PT5H"),
        timer("gone", "a", "PT6H"),
        user_task("r"),
        flows("s a", "a e", "kept r", "gone r", "r e"),
    )
    target = version(
        user_task("a"),
        timer("kept", "a", "P9D", "true"),
        timer("new", "a", "PT2H"),
        user_task("r"),
        flows("s a", "a e", "kept r", "new r", "r e"),
    )
    case = started(source).wait(hours=1)
    due = dict(case.timers.values())
    migrate(case, target)
    now = dict(case.timers.values())
    assert set(now) == {"kept", "new"}
    assert now["kept"] == due["kept"]
    assert (now["new"] - case.now).total_seconds() == 2 * 3600
    assert case.fire("new").open == ["a", "r"]
    assert case.fire("kept").open == ["r", "r"]  # it interrupts in the new version


def test_a_timer_that_has_happened_is_not_armed_again() -> None:
    parts = (user_task("a"), timer("late", "a", "PT1H"), user_task("r"), flows("s a", "a e", "late r", "r e"))
    case = started(version(*parts)).fire("late")
    migrate(case, version(*parts))
    assert (case.timers, case.open) == ({}, ["a", "r"])


def message_wait(name: str, message_ref: str = "M") -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{name}"><bpmn:messageEventDefinition messageRef="{message_ref}"/>'
        "</bpmn:intermediateCatchEvent>"
    )


def with_messages(*elements: str) -> engine.ParsedProcess:
    inner = ['<bpmn:process id="p" isExecutable="true">', START, END, *elements, "</bpmn:process>"]
    return read(document(GO, '<bpmn:message id="N" name="other"/>', *inner))


def test_a_subscription_stays_and_another_message_is_refused() -> None:
    source = with_messages(message_wait("w"), flows("s w", "w e"))
    target = with_messages(message_wait("w"), user_task("b"), flows("s w", "w b", "b e"))
    case = started(source)
    before = dict(case.subscriptions)
    migrate(case, target)
    assert case.subscriptions == before
    assert case.receive("w").open == ["b"]
    other = with_messages(message_wait("w", "N"), flows("s w", "w e"))
    assert (
        "“w” cannot go to “w”, which does or waits for something else" in reasons(started(source), other, {"w": "w"})[0]
    )


def test_events_behind_a_gateway_are_kept_armed_and_given_up() -> None:
    late = (
        '<bpmn:intermediateCatchEvent id="late"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    source = with_messages(
        '<bpmn:eventBasedGateway id="race"/>',
        message_wait("told"),
        message_wait("other", "N"),
        flows("s race", "race told", "race other", "told e", "other e"),
    )
    target = with_messages(
        '<bpmn:eventBasedGateway id="race"/>',
        message_wait("told"),
        late,
        user_task("b"),
        flows("s race", "race told", "race late", "told b", "late e", "b e"),
    )
    case = started(source)
    told = next(key for key, entry in case.subscriptions.items() if entry.element_id == "told")
    migrate(case, target)
    assert list(case.subscriptions) == [told]
    assert [entry[0] for entry in case.timers.values()] == ["late"]
    case.receive("told")
    assert (case.open, case.timers, case.subscriptions) == (["b"], {}, {})


def test_scopes_keep_their_nesting_and_their_variables() -> None:
    def sub(*inside: str) -> str:
        return "".join(('<bpmn:subProcess id="sub"><bpmn:startEvent id="is"/>', *inside, "</bpmn:subProcess>"))

    end = '<bpmn:endEvent id="ie"/>'
    source = version(sub(user_task("a"), end, flows("is a", "a ie")), flows("s sub", "sub e"))
    target = version(
        sub(user_task("a"), user_task("b"), end, flows("is a", "a b", "b ie")),
        timer("late", "sub", "PT1H"),
        flows("s sub", "sub e", "late e"),
    )
    case = started(source, x=1)
    scopes = set(case.scopes)
    migrate(case, target)
    assert set(case.scopes) == scopes
    assert [entry[0] for entry in case.timers.values()] == ["late"]
    assert case.do("a", y=2).open == ["b"]
    assert case.do("b").is_ended


def several(marker: str, name: str = "vote") -> str:
    return f'<bpmn:userTask id="{name}"><bpmn:multiInstanceLoopCharacteristics {marker}/></bpmn:userTask>'


def test_a_multi_instance_activity_goes_on_with_its_passes() -> None:
    marker = 'isSequential="true" camunda:collection="=items" camunda:elementVariable="item"'
    source = version(several(marker), flows("s vote", "vote e"))
    target = version(several(marker), user_task("b"), flows("s vote", "vote b", "b e"))
    case = started(source, items=["x", "y"]).do("vote")
    migrate(case, target)
    assert case.do("vote").open == ["b"]
    parallel = version(several(marker.replace("true", "false")), flows("s vote", "vote e"))
    found = reasons(started(source, items=["x"]), parallel, {"vote": "vote"})
    assert ["something else: compare" in reason for reason in found] == [True]


JOIN = ('<bpmn:parallelGateway id="j"/>', '<bpmn:parallelGateway id="f"/>')


def test_a_join_keeps_the_tokens_it_has() -> None:
    source = version(*JOIN, user_task("a"), user_task("b"), flows("s f", "f a", "f b", "a j", "b j", "j e"))
    target = read(
        process_of(
            START,
            END,
            *JOIN,
            user_task("a"),
            user_task("b"),
            user_task("c"),
            flows("s f", "f a", "f b", "b j", "j c", "c e"),
            '<bpmn:sequenceFlow id="another_id" sourceRef="a" targetRef="j"/>',
        )
    )
    case = started(source).do("a")
    migrate(case, target)
    assert case.do("b").open == ["c"]


def test_a_join_that_waits_for_less_goes_on_at_once() -> None:
    source = version(
        *JOIN,
        user_task("a"),
        user_task("b"),
        user_task("c"),
        flows("s f", "f a", "f b", "f c", "a j", "b j", "c j", "j e"),
    )
    target = version(
        *JOIN,
        user_task("a"),
        user_task("b"),
        user_task("c"),
        user_task("d"),
        flows("s f", "f a", "f b", "f c", "a j", "b j", "c e", "j d", "d e"),
    )
    case = started(source).do("a").do("b")
    migrate(case, target)
    assert case.open == ["c", "d"]
    fewer = version(
        *JOIN,
        user_task("b"),
        user_task("c"),
        user_task("x"),
        flows("s f", "f b", "f c", "f x", "b j", "c j", "x e", "j e"),
    )
    found = reasons(started(source).do("a"), fewer)
    assert found == ["“j” has a token of a path that does not lead there any more."]


def test_tokens_gathered_for_an_activity_that_needs_fewer_begin_it() -> None:
    def version_of(quantity: int) -> engine.ParsedProcess:
        lot = '<bpmn:task id="x" completionQuantity="4"/>'
        return version(lot, f'<bpmn:userTask id="u" startQuantity="{quantity}"/>', flows("s x", "x u", "u e"))

    case = started(version_of(9))
    assert (case.open, case.incidents) == ([], ["false_completion"])
    migrate(case, version_of(2))
    assert case.open == ["u", "u"]
    assert case.do("u").do("u").is_ended
    case = started(version_of(9))
    migrate(case, version_of(3))
    assert (case.open, case.modify(engine.StartBefore("u")).open) == (["u"], ["u"]), "one of four is left, one is added"
    assert case.modify(engine.StartBefore("u")).open == ["u", "u"]
    assert case.do("u").do("u").is_ended


CALLER = '<bpmn:callActivity id="call" calledElement="q"/>'


def called(*elements: str) -> dict[str, engine.ParsedProcess]:
    return {"q": read(process_of(START, END, *elements, key="q"))}


def test_called_processes_go_along_by_their_ids() -> None:
    source = version(CALLER, flows("s call", "call e"))
    target = version(CALLER, user_task("b"), flows("s call", "call b", "b e"))
    old, new = (
        called(user_task("a"), flows("s a", "a e")),
        called(user_task("a"), user_task("c"), flows("s a", "a c", "c e")),
    )
    case = Case(source, is_saved=True, processes=old).start()
    migrated = engine.migrate(source, case.state or b"", target, {"call": "call"}, context(processes=new), called=old)
    case.process, case.limits = target, {"processes": new}
    case.absorb(migrated.outcome)
    LIVE_CASES.clear()
    assert case.do("a").open == ["c"]
    assert case.do("c").open == ["b"]
    gone = called(user_task("z"), flows("s z", "z e"))
    case = Case(source, is_saved=True, processes=old).start()
    with pytest.raises(engine.ChangeRefused, match="no “a”"):
        engine.migrate(source, case.state or b"", target, {"call": "call"}, context(processes=gone), called=old)


def test_elements_of_called_processes_can_be_mapped_too() -> None:
    source = version(CALLER, flows("s call", "call e"))
    target = version(CALLER, user_task("b"), flows("s call", "call b", "b e"))
    join = '<bpmn:parallelGateway id="f"/><bpmn:parallelGateway id="j"/>'
    old = called(user_task("a"), user_task("x"), join, flows("s f", "f a", "f x", "a j", "x j", "j e"))
    renamed = '<bpmn:parallelGateway id="f"/><bpmn:parallelGateway id="k"/>'
    new = called(user_task("a"), user_task("y"), renamed, flows("s f", "f a", "f y", "a k", "y k", "k e"))
    case = Case(source, is_saved=True, processes=old).start().do("a")

    def migrated(**inside: str) -> engine.Migrated:
        mapping = {"call": "call", **{f"q/{element}": other for element, other in inside.items()}}
        return engine.migrate(source, case.state or b"", target, mapping, context(processes=new), called=old)

    for inside, said in (
        ({"x": "y", "j": ""}, "say where it goes"),
        ({"x": "y", "j": "gone"}, "does not have"),
        ({"x": "k", "j": "k"}, "of another kind"),
        ({"x": "y", "j": "k", "nothing": "a"}, "no step of this version"),
    ):
        with pytest.raises(engine.ChangeRefused, match=said):
            migrated(**inside)
    outcome = migrated(x="y", j="k").outcome
    case.process, case.limits = target, {"processes": new}
    case.absorb(outcome)
    LIVE_CASES.clear()
    (waiting,) = case.user_tasks
    case.user_tasks[waiting] = replace(case.user_tasks[waiting], element_id="y")
    assert case.do("y").open == ["b"]


def test_jobs_stay_with_the_same_connector_only() -> None:
    def service(topic: str) -> engine.ParsedProcess:
        return version(
            f'<bpmn:serviceTask id="w" camunda:type="external" camunda:topic="{topic}"/>', flows("s w", "w e")
        )

    case = started(service("print"))
    migrate(case, service("print"))
    assert case.finish("w").is_ended
    assert reasons(started(service("print")), service("send"), {"w": "w"})[0].startswith(
        "“w” cannot go to “w”, which does or"
    )


def test_mappings_of_the_new_version_open_a_scope() -> None:
    with_outputs = (
        '<bpmn:userTask id="a"><bpmn:extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="local">=x</camunda:inputParameter>'
        '<camunda:outputParameter name="result">=local + 1</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>"
    )
    case = started(FIRST, x=1)
    migrate(case, version(with_outputs, user_task("b"), flows("s a", "a b", "b e")))
    case.do("a")
    assert case.value("result") == 2
    with pytest.raises(engine.StepFailed, match="“x”"):
        migrate(started(FIRST), version(with_outputs, flows("s a", "a e")))


def test_what_is_generated() -> None:
    source = version(user_task("a"), timer("late", "a", "PT1H"), flows("s a", "a e", "late e"))
    target = version(
        '<bpmn:subProcess id="sub">',
        '<bpmn:startEvent id="is"/>',
        user_task("a"),
        '<bpmn:endEvent id="ie"/>',
        timer("late", "a", "PT1H"),
        flows("is a", "a ie", "late ie"),
        "</bpmn:subProcess>",
        flows("s sub", "sub e"),
    )
    assert generate_mapping(source, source) == {"s": "s", "e": "e", "a": "a", "late": "late"}
    assert generate_mapping(source, target) == {"s": "s", "e": "e"}


def test_what_was_done_can_still_be_undone() -> None:
    def with_undoing(undone: str, *more: str) -> engine.ParsedProcess:
        return version(
            user_task(undone),
            user_task("wait"),
            f'<bpmn:boundaryEvent id="undo" attachedToRef="{undone}">'
            "<bpmn:compensateEventDefinition/></bpmn:boundaryEvent>",
            '<bpmn:userTask id="back" isForCompensation="true"/>',
            '<bpmn:association id="as" sourceRef="undo" targetRef="back"/>',
            '<bpmn:intermediateThrowEvent id="throw"><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>',
            flows(f"s {undone}", f"{undone} wait", "wait throw", "throw e"),
            *more,
        )

    source, renamed = with_undoing("book"), with_undoing("reserve")
    case = started(source).do("book")
    assert reasons(case, renamed)[0] == "“book” was done and can be undone, in the new version it cannot."
    migrate(case, renamed, {**generate_mapping(source, renamed), "book": "reserve"})
    assert case.do("wait").open == ["back"]
    assert reasons(case, renamed, {})[0] == "“throw” is just undoing what was done: wait until it is through."
    assert case.do("back").is_ended


def handler(name: str, inside: str) -> str:
    """An event subprocess that goes beside."""
    return (
        f'<bpmn:subProcess id="{name}" triggeredByEvent="true">'
        f'<bpmn:startEvent id="{name}_start" isInterrupting="false">{inside}</bpmn:startEvent>'
        f'<bpmn:endEvent id="{name}_end"/>' + flows(f"{name}_start {name}_end") + "</bpmn:subProcess>"
    )


def test_event_subprocesses_wait_as_the_new_version_says() -> None:
    hour = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    work = user_task("a") + flows("s a", "a e")
    case = started(version(work, handler("kept", hour), handler("gone", hour)))
    (kept, due), _gone = case.timers.values()
    case.wait(minutes=30)
    migrate(case, version(work, handler("kept", hour), handler("added", hour)))
    assert case.timers.keys() == case.live_activities.keys() & case.timers.keys()
    assert dict(case.timers.values()) == {kept: due, "added_start": due + timedelta(minutes=30)}
    assert case.fire("kept_start").fire("added_start").do("a").is_ended


def event_subprocess(element_id: str, duration: str) -> str:
    return (
        f'<bpmn:subProcess id="{element_id}" triggeredByEvent="true"><bpmn:startEvent id="{element_id}_s" '
        f'isInterrupting="false"><bpmn:timerEventDefinition><bpmn:timeDuration>{duration}</bpmn:timeDuration>'
        f'</bpmn:timerEventDefinition></bpmn:startEvent><bpmn:userTask id="{element_id}_u"/>'
        f'<bpmn:endEvent id="{element_id}_e"/>'
        + flows(f"{element_id}_s {element_id}_u", f"{element_id}_u {element_id}_e")
        + "</bpmn:subProcess>"
    )


def test_event_subprocesses_keep_waiting_begin_to_and_cease_to() -> None:
    source = version(
        user_task("a"), event_subprocess("kept", "PT5H"), event_subprocess("gone", "PT6H"), flows("s a", "a e")
    )
    target = version(
        user_task("a"), event_subprocess("kept", "P9D"), event_subprocess("new", "PT2H"), flows("s a", "a e")
    )
    case = started(source).wait(hours=1)
    due = dict(case.timers.values())
    migrate(case, target)
    now = dict(case.timers.values())
    assert (set(now), now["kept_s"]) == ({"kept_s", "new_s"}, due["kept_s"])
    assert case.fire("new_s").open == ["a", "new_u"]
    assert case.fire("kept_s").open == ["a", "kept_u", "new_u"]


def continued(*more: str, gives: str = "") -> engine.ParsedProcess:
    return version(f'<bpmn:userTask id="a" {gives}/>', user_task("b"), *more, flows("s a", "b e"))


def test_a_token_that_waits_for_its_job_goes_along() -> None:
    def behind(flow_id: str) -> engine.ParsedProcess:
        flow = f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="a" targetRef="b"/>'
        return continued(flow, gives='camunda:asyncAfter="true"')

    case = started(behind("one")).do("a")
    migrate(case, behind("two"))
    assert case.go_on("a").open == ["b"]
    found = reasons(started(behind("one")).do("a"), continued(flows("a b")), {"a": "a", "b": "b"})
    assert found == ["“a” waits for a job before or behind it, “a” does not: let the job run first."]


def test_events_of_several_definitions_go_along_part_by_part() -> None:
    both = (
        '<bpmn:intermediateCatchEvent id="w"><bpmn:messageEventDefinition messageRef="M"/>'
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:intermediateCatchEvent>"
    )
    case = started(with_messages(both, flows("s w", "w e")))
    migrate(case, with_messages(both, user_task("b"), flows("s w", "w b", "b e")))
    assert (len(case.subscriptions), len(case.timers)) == (1, 1)
    assert case.receive("w").open == ["b"]
    assert case.timers == {}


def test_data_that_only_the_new_version_names_is_null() -> None:
    def drawn(*elements: str, process: str = "", level: str = "") -> engine.ParsedProcess:
        inner = f'<bpmn:startEvent id="si"/>{user_task("b")}<bpmn:endEvent id="ei"/>{flows("si b", "b ei")}'
        sub = f'<bpmn:subProcess id="sub">{level}{inner}</bpmn:subProcess>'
        return version(process, sub, *elements)

    named = '<bpmn:property id="P_{0}" name="{0}"/>'
    case = started(drawn(flows("s sub", "sub e")), kept="given")
    choice = (
        '<bpmn:exclusiveGateway id="g"/><bpmn:endEvent id="other"/><bpmn:sequenceFlow id="g_other" sourceRef="g"'
        ' targetRef="other"><bpmn:conditionExpression>=added = null and kept = "given"</bpmn:conditionExpression>'
        '</bpmn:sequenceFlow><bpmn:sequenceFlow id="g_e" sourceRef="g" targetRef="e">'
        "<bpmn:conditionExpression>=added != null</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    target = drawn(
        choice, flows("s sub", "sub g"), process=named.format("added") + named.format("kept"), level=named.format("own")
    )
    migrate(case, target)
    assert (case.value("added"), case.value("kept")) == (None, "given")
    assert [scope == case.root for scope, name in case.variables if name == "own"] == [False]
    assert case.do("b").end_event_id == "other"
