"""Decision tables are part of a bundle: checked with it, pinned with it, asked by its cases."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.errors import AppError
from app.models import ActivityInstance, Deployment, DeploymentResource, Incident, Variable
from app.operations.actor import SYSTEM, Actor
from app.operations.deployment_warnings import DeploymentNotFound, deployment_warnings
from app.operations.deployments import BundleRefused, deploy
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import start_process
from tests.integration.operations.dealership import Dealership, later, resources

pytestmark = pytest.mark.usefixtures("every_case_replays")

QUOTE = resources("quote.bpmn", "discount.dmn")


def changed(old: str, new: str, name: str = "discount.dmn") -> dict[str, bytes]:
    assert old.encode() in QUOTE[name]
    return {**QUOTE, name: QUOTE[name].replace(old.encode(), new.encode())}


def made(session: Session, files: dict[str, bytes], days: int = 1) -> Deployment:
    return deploy(session, files, name="quotes", reason="a reason", actor=SYSTEM, now=later(days=days))


def problems(session: Session, files: dict[str, bytes]) -> list[str]:
    with pytest.raises(BundleRefused) as refused:
        made(session, files)
    return [str(problem) for problem in refused.value.problems]


def quoted(session: Session, amount: object) -> str:
    case = start_process(session, "quote", {"amount": amount}, site_id="main", actor=Actor("ada"), now=later(days=3))
    return case.id


def discount_of(session: Session, instance_id: str) -> object:
    columns = select(Variable.value).where(Variable.instance_id == instance_id, Variable.name == "discount")
    return feel.decode(json.loads(session.scalars(columns).one()))


def test_a_case_asks_the_table_of_its_own_deployment(session: Session, dealership: Dealership) -> None:
    made(session, QUOTE)
    before = quoted(session, Decimal(600))
    made(session, changed("<text>10</text>", "<text>12.5</text>"), days=2)
    assert discount_of(session, before) == 10
    after = quoted(session, Decimal(600))
    assert discount_of(session, after) == Decimal("12.5")
    (told,) = [one for one in read_events(session, case_stream(after)) if one.type == "decision_evaluated"]
    assert told.body == {
        "decision": "discount", "inputs": {"amount": ["n", "600"]}, "outputs": [{"percent": ["n", "12.5"]}],
        "rules": ["Rule_large"],
    }  # fmt: skip
    kinds = set(session.scalars(select(DeploymentResource.kind).where(DeploymentResource.name == "discount.dmn")))
    assert kinds == {"dmn"}
    ask = select(ActivityInstance).where(
        ActivityInstance.instance_id == after, ActivityInstance.element_id == "Ask"
    )
    done = session.scalars(ask).one()
    assert (done.element_type, done.ended_at) == ("businessRuleTask", later(days=3))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (changed('decisionRef="discount"', 'decisionRef="reduction"', "quote.bpmn"), "no decision “reduction”"),
        (changed("#amount_data", "#gone"), "discount.dmn:5: requiredInput in decision “Discount” There is no element"),
        (changed("&lt; 500", "&lt; "), "discount.dmn:9: inputEntry “Cell_1” in decision “Discount”"),
        ({**QUOTE, "other.dmn": QUOTE["discount.dmn"]}, "other.dmn: The decision “discount” is in two files"),
        ({**QUOTE, "other.dmn": b"<definitions"}, "other.dmn:1"),
        (resources("quote.bpmn"), "quote.bpmn: There is no decision “discount”"),
    ],
)
def test_refusals(session: Session, dealership: Dealership, files: dict[str, bytes], words: str) -> None:
    found = problems(session, files)
    assert any(words in problem for problem in found), found


def test_weak_tables_are_deployed_with_warnings(session: Session, dealership: Dealership) -> None:
    assert deployment_warnings(session, made(session, QUOTE).id) == ()
    weak = made(session, changed("&lt; 500", "[0..500]"), days=2)
    warnings = deployment_warnings(session, weak.id)
    assert [(one.resource, one.line, one.element, one.rules, one.example) for one in warnings] == [
        ("discount.dmn", 6, "decisionTable “discount_table” in decision “Discount”", (1, 2), {"amount": "500"}),
        ("discount.dmn", 6, "decisionTable “discount_table” in decision “Discount”", (), {"amount": "< 0"}),
    ]


def test_what_has_no_effect_in_a_diagram_is_a_warning(session: Session, dealership: Dealership) -> None:
    files = changed('<bpmn:process id', '<bpmn:process xmlns:x="urn:other" x:colour="red" id', "quote.bpmn")
    (warning,) = deployment_warnings(session, made(session, files).id)
    assert (warning.resource, warning.element, warning.params["name"]) == ("quote.bpmn", "quote", "colour")


def test_there_are_no_warnings_of_nothing(session: Session) -> None:
    with pytest.raises(DeploymentNotFound):
        deployment_warnings(session, "nothing")


def test_a_table_that_contradicts_itself_stops_the_step(session: Session, dealership: Dealership) -> None:
    made(session, changed("&lt; 500", "&lt;= 500"))
    with pytest.raises(AppError, match="2 rules match"):
        quoted(session, Decimal(500))
    assert session.scalars(select(Incident)).all() == []
