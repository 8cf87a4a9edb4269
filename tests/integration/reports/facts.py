"""One small fixed set of facts around October 2026; its figures are worked out by hand in test_hand_computed.py.

The site `east` is in Shanghai (UTC+8), so its October lasts from 30 September 16:00 UTC to 31 October 16:00 UTC.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.models import (
    CaseClock,
    ComplaintFact,
    Customer,
    Deployment,
    FollowUpAnswer,
    FollowUpResult,
    Measure,
    PlannedFollowUp,
    ProcessDefinition,
    ProcessInstance,
    Site,
    User,
    Vehicle,
    Visit,
)

THEN = datetime(2026, 1, 1, tzinfo=UTC)


class Facts:
    """Short words for the rows that operations would have written."""

    def __init__(self, session: Session) -> None:
        self.session = session
        session.add_all([Site(id="east", name="东店"), Site(id="west", name="西店")])
        session.add(User(id="lin", display_name="林一", created_at=THEN))
        session.add(Deployment(id="bundle", name="b", reason="r", deployed_by="lin", deployed_at=THEN))
        session.flush()
        for key in ("follow_up", "complaint", "monthly_report"):
            session.add(
                ProcessDefinition(
                    id=f"{key}_1", key=key, version=1, name=key, translations={}, deployment_id="bundle",
                    resource_name=f"{key}.bpmn",
                )
            )  # fmt: skip
        session.flush()

    def case(self, case_id: str, key: str = "follow_up", site_id: str = "east") -> str:
        self.session.add(
            ProcessInstance(
                id=case_id, site_id=site_id, definition_id=f"{key}_1", process_key=key, case_number=f"N-{case_id}",
                title=f"title of {case_id}", state="active", started_by="system", started_at=THEN, revision=1,
            )
        )  # fmt: skip
        self.session.flush()
        return case_id

    def visit(
        self, visit_id: str, customer: str, on: date, *, kind: str = "repair", amount: str | None = None,
        model: str = "微风 2", site_id: str = "east",
    ) -> str:  # fmt: skip
        session = self.session
        if session.get(Customer, customer) is None:
            session.add(Customer(id=customer, name=customer, phone="1", created_at=THEN, created_by="lin"))
            session.flush()
            session.add(Vehicle(id=customer, vin=f"VIN{customer}", model=model, holder_id=customer, created_at=THEN))
            session.flush()
        session.add(
            Visit(
                id=visit_id, site_id=site_id, kind=kind, order_number=f"R-{visit_id}", customer_id=customer,
                vehicle_id=customer, handed_over_at=datetime(on.year, on.month, on.day, 2, tzinfo=UTC),
                amount=None if amount is None else Decimal(amount), created_at=THEN,
            )
        )  # fmt: skip
        session.flush()
        return visit_id

    def follow_up(
        self, name: str, latest_on: date, *, occasion: str = "repair_3dc", state: str = "closed",
        skip_reason: str | None = None, visit: str | None = None, site_id: str = "east",
        **result: object,
    ) -> None:  # fmt: skip
        """A planned follow-up `name`; with `closed_at` its case and result, `answers` by question id."""
        visit = visit or self.visit(f"v{name}", f"k{name}", latest_on - timedelta(days=3), site_id=site_id)
        row = self.session.get_one(Visit, visit)
        case = None if state in ("planned", "skipped") else self.case(f"i{name}", site_id=site_id)
        shared = {"site_id": site_id, "visit_id": visit, "customer_id": row.customer_id, "vehicle_id": row.vehicle_id}
        shared |= {"occasion": occasion, "level": 1, "planned_on": latest_on, "latest_on": latest_on}
        shared |= {"instance_id": case}
        self.session.add(PlannedFollowUp(id=name, first_on=latest_on, state=state, skip_reason=skip_reason, **shared))
        self.session.flush()
        if "closed_at" in result:
            answers = result.pop("answers", {})
            values = {"result": "reached", "attempts": 1, "complaint_level": "none"} | result
            self.session.add(FollowUpResult(planned_follow_up_id=name, **shared, **values))
            self.session.flush()
            assert isinstance(answers, dict)
            self.session.add_all(
                FollowUpAnswer(planned_follow_up_id=name, question_id=question, answer=answer, is_good=is_good)
                for question, (answer, is_good) in answers.items()
            )
            self.session.flush()

    def complaint(self, case_id: str, received_at: datetime, **values: object) -> None:
        self.case(case_id, "complaint")
        given = {"site_id": "east", "channel": "counter", "outcome": "open", "rounds": 1} | values
        self.session.add(ComplaintFact(instance_id=case_id, received_at=received_at, **given))
        self.session.flush()

    def clock(
        self, case_id: str, clock_id: str, state: str, started_at: datetime, *, number: int = 1,
        process_key: str = "complaint", stopped_at: datetime | None = None,
    ) -> None:  # fmt: skip
        self.session.add(
            CaseClock(
                instance_id=case_id, clock_id=clock_id, number=number, execution_id=case_id, site_id="east",
                process_key=process_key, state=state, started_at=started_at, warn_at=started_at, due_at=started_at,
                stopped_at=stopped_at, limit_minutes=480, escalate_groups="", pause_groups="",
            )
        )  # fmt: skip
        self.session.flush()

    def measure(self, name: str, effective_from: date, **values: object) -> None:
        self.case(f"i{name}", "complaint")
        given = {"site_id": "east", "number": 1, "origin_kind": "report", "kind": "corrective"} | values
        self.session.add(
            Measure(
                id=name, instance_id=f"i{name}", responsible_id="lin", due_on=effective_from,
                effective_from=effective_from, proposed_at=THEN, **{"state": "done"} | given,
            )
        )  # fmt: skip
        self.session.flush()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def october(facts: Facts) -> None:
    """Everything the tests count by hand."""
    _visits(facts)
    _follow_ups(facts)
    _complaints(facts)
    facts.measure("m1", date(2026, 10, 10), problem_kind="quality")
    facts.measure("m2", date(2026, 10, 5), question_id="q_price", state="verified", kind="preventive")
    facts.measure("m3", date(2026, 10, 5), problem_kind="quality", state="approved")


def _visits(facts: Facts) -> None:
    facts.visit("v1", "k1", date(2026, 10, 2), amount="300", model="晨风 3")
    facts.visit("v2", "k2", date(2026, 10, 7), amount="500", model="晨风 3")
    facts.visit("v2before", "k2", date(2026, 5, 1))
    facts.visit("v3", "k3", date(2026, 10, 9), amount="1999.99")
    facts.visit("v4", "k4", date(2026, 10, 13), kind="delivery")
    facts.visit("v5", "k5", date(2026, 10, 22), amount="5000")
    facts.visit("v6", "k6", date(2026, 10, 23))
    facts.visit("v7", "k7", date(2026, 10, 24), amount="100")
    facts.visit("v8", "k8", date(2026, 10, 28), amount="2500")
    facts.visit("v9", "k9", date(2026, 9, 27))
    facts.visit("v10", "k10", date(2026, 9, 28))
    facts.visit("v11", "k11", date(2026, 3, 1))
    facts.visit("v11again", "k11", date(2026, 10, 20), amount="50")
    facts.visit("v12", "k12", date(2026, 4, 15))


def _follow_ups(facts: Facts) -> None:
    good, bad = ("yes", True), ("no", False)
    facts.follow_up(
        "f1", date(2026, 10, 5), visit="v1", closed_at=utc("2026-10-04T02:00"), satisfaction=3, problem_kind="price",
        answers={"q_quality": good, "q_price": bad},
    )  # fmt: skip
    facts.follow_up(
        "f2", date(2026, 10, 10), visit="v2", closed_at=utc("2026-10-09T02:00"), satisfaction=1,
        complaint_level="minor", problem_kind="quality", answers={"q_quality": bad, "q_price": good},
    )  # fmt: skip
    facts.follow_up(
        "f3", date(2026, 10, 12), visit="v3", closed_at=utc("2026-10-12T02:00"), result="not_reached", attempts=3,
        complaint_level=None,
    )  # fmt: skip
    facts.follow_up(
        "f4", date(2026, 10, 20), visit="v4", occasion="new_car_7dc", closed_at=utc("2026-10-20T02:00"), satisfaction=2
    )
    facts.follow_up("f5", date(2026, 10, 25), visit="v5", state="started")
    facts.follow_up("f6", date(2026, 10, 26), visit="v6", state="skipped", skip_reason="no_consent")
    facts.follow_up("f7", date(2026, 10, 27), visit="v7", state="skipped", skip_reason="called_off")
    # Due in November, spoken to in October.
    facts.follow_up(
        "f8", date(2026, 11, 2), visit="v8", closed_at=utc("2026-10-30T02:00"), satisfaction=3, complaint_level="major",
        problem_kind="quality", has_suggestion=True,
    )  # fmt: skip
    # One minute before midnight in Shanghai is September, midnight is October.
    facts.follow_up("f9", date(2026, 9, 30), visit="v9", closed_at=utc("2026-09-30T15:59"), satisfaction=3)
    facts.follow_up("f10", date(2026, 10, 1), visit="v10", closed_at=utc("2026-09-30T16:00"), satisfaction=3)
    facts.follow_up(
        "f11", date(2026, 10, 15), visit="v11", occasion="lost", closed_at=utc("2026-10-12T02:00"),
        answers={"price": ("yes", None), "distance": ("no", None)},
    )  # fmt: skip
    facts.follow_up("f12", date(2026, 10, 5), site_id="west", closed_at=utc("2026-10-04T02:00"), satisfaction=1)


def _complaints(facts: Facts) -> None:
    facts.complaint("c1", utc("2026-10-08T02:00"), problem_kind="attitude")
    closed = utc("2026-10-10T02:00")
    facts.complaint("c2", utc("2026-10-09T02:00"), outcome="not_a_complaint", closed_at=closed)
    facts.complaint(
        "c8", utc("2026-10-30T02:05"), origin_id="if8", problem_kind="quality", outcome="satisfied",
        closed_at=utc("2026-11-05T02:00"),
    )  # fmt: skip
    facts.clock("if2", "answer", "met", utc("2026-10-09T02:00"), process_key="follow_up", stopped_at=closed)
    facts.clock("if2", "general_manager_informed", "met", utc("2026-10-09T02:00"), process_key="follow_up")
    facts.clock("c1", "answer", "met", utc("2026-10-08T02:00"))
    facts.clock("c1", "answer", "running", utc("2026-10-20T02:00"), number=2)
    facts.clock("c1", "general_manager_informed", "breached", utc("2026-10-08T02:00"))
    facts.clock("c2", "answer", "withdrawn", utc("2026-10-09T02:00"))
    facts.clock("c8", "answer", "breached", utc("2026-10-30T02:05"), stopped_at=utc("2026-11-03T02:00"))
    facts.clock("c8", "general_manager_informed", "met", utc("2026-10-30T02:05"))
