"""Connectors that change our own data: run inside the transaction of their job, so that both happen or neither."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.operations.complaint_facts import record_complaint
from app.operations.customer_letters import write_to_customer
from app.operations.customers import correct_customer, phone_digits, record_consent
from app.operations.follow_up_leaving import leave_plan
from app.operations.follow_up_results import record_follow_up
from app.operations.measures import judge_measures, propose_measures, record_measure
from app.operations.monthly_reports import compute_report, issue_report
from app.operations.operation_call import Inputs, OperationCall
from app.operations.people_told import tell_people


@dataclass(frozen=True, slots=True)
class OperationConnector:
    """A connector by the name diagrams use; `run` takes FEEL values and returns those of its result."""

    name: str
    run: Callable[[OperationCall], Mapping[str, object]]


def _record_consent_withdrawn(call: OperationCall) -> Inputs:
    customer_id = call.needed("customer_id")
    record_consent(call.session, customer_id, "withdrawn", source="call", actor=call.actor, now=call.now)
    leave_plan(call.session, customer_id, actor=call.actor, now=call.now)
    return {}


def _correct_customer(call: OperationCall) -> Inputs:
    phone = call.text("phone")
    correct_customer(
        call.session,
        call.needed("customer_id"),
        name=call.text("name"),
        phone=phone_digits(phone) if phone is not None else None,
        actor=call.actor,
        now=call.now,
    )
    return {}


OPERATION_CONNECTORS: tuple[OperationConnector, ...] = (
    OperationConnector("correct-customer", _correct_customer),
    OperationConnector("record-consent-withdrawn", _record_consent_withdrawn),
    OperationConnector("close-planned-follow-up", record_follow_up),
    OperationConnector("write-to-customer", write_to_customer),
    OperationConnector("record-complaint", record_complaint),
    OperationConnector("tell-people", tell_people),
    OperationConnector("propose-measures", propose_measures),
    OperationConnector("judge-measures", judge_measures),
    OperationConnector("record-measure", record_measure),
    OperationConnector("compute-monthly-report", compute_report),
    OperationConnector("issue-monthly-report", issue_report),
)
BY_NAME: Mapping[str, OperationConnector] = {connector.name: connector for connector in OPERATION_CONNECTORS}
