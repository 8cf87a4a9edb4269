"""A dealership with one real case: an imported visit whose follow-up waits for the CR advisors of the main house."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.files import FileStore
from app.models import (
    CardRequest,
    CaseBatch,
    CaseBatchItem,
    CaseClock,
    Customer,
    Department,
    DuplicatePair,
    FollowUpList,
    FollowUpListEntry,
    HandOver,
    Incident,
    Job,
    PlannedFollowUp,
    ProcessInstance,
    Substitution,
    UserTask,
    Visit,
)
from app.models.case_content import Attachment, AttachmentPreview, Comment
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.sealed_texts import seal_texts
from app.operations.shipped import shipped_resources
from app.operations.subject_keys import subject_keys
from app.operations.visit_imports import import_good_rows, upload_visits
from app.operations.working_calendars import seed_working_calendar
from app.visit_files import read_export
from app.worker import run_due

HERE, ELSEWHERE = "hq", "outlet"
# Stands in every fact of the case that only people of its site may read.
MARKER = "琥珀木牌"

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)  # a Wednesday, ten o'clock in Shanghai
FAR_AHEAD = NOW + timedelta(days=365)
ROWS = f"""业务类型,单号,客户姓名,联系电话,车牌号,VIN,交车时间,开票日期,同意回访
维修,RO-1,{MARKER},10011112222,示A11111,ZZZFTRFX0TA000218,2026-05-18,,是
"""


@dataclass(frozen=True)
class Dealership:
    """The ids that addresses are made of, and when all this is."""

    instance_id: str
    user_task_id: str
    import_id: str
    definition_id: str
    incident_id: str = "incident"
    batch_id: str = "batch"
    clock_id: str = "answer"
    number: int = 1
    substitution_id: str = "substitution"
    process_key: str = "complaint"
    token: str = "never-made"
    filename: str = "none.css"
    attachment_id: str = "attachment"
    comment_id: str = "comment"
    page: int = 0
    group_id: str = "cr_advisor"
    authorization_id: str = "9:*:cr_advisor"
    notification_id: str = "of-nobody"
    message_id: str = "of-nobody"
    subscription_id: str = "of-nobody"
    view_id: str = "of-nobody"
    user_id: str = "cr_advisor"
    site_id: str = HERE
    questionnaire_id: str = "repair_3dc"
    department_id: str = "department"
    job_id: str = "job"
    hand_over_id: str = "hand-over"
    list_id: str = "list"
    variable_name: str = "level"
    report_id: str = "of-nobody"
    month: str = "2026-05"
    rest: str = "of-nobody"
    customer_id: str = ""
    vehicle_id: str = ""
    request_id: str = "request"
    pair_id: str = "pair"
    deployment_id: str = "of-nobody"
    decision_key: str = "of-nobody"
    decision_id: str = "of-nobody"
    external_task_id: str = "of-nobody"
    filter_id: str = "of-nobody"
    file_id: str = "of-nobody"
    file_key: str = "of-nobody"
    job_definition_id: str = "of-nobody"
    message_name: str = "none"
    now: datetime = NOW + timedelta(days=7)

    execution_id: str = ""
    activity_id: str = ""
    event_id: str = "of-nobody"
    metric_name: str = "activity-instance-start"
    variable_id: str = ""

    def __post_init__(self) -> None:
        """The scope of the whole case has the id of the case, and a user task is a pass through its element."""
        object.__setattr__(self, "execution_id", self.instance_id)
        object.__setattr__(self, "activity_id", self.user_task_id)
        object.__setattr__(self, "variable_id", f"{self.instance_id}:{self.variable_name}")


def build(sessions: sessionmaker[Session]) -> Dealership:
    """Deploy the shipped processes, import a visit and start its follow-up, as the product does."""
    advisor = Actor("service_advisor")
    with writing(), sessions() as session:
        for site_id in (HERE, ELSEWHERE):
            seed_working_calendar(session, site_id, years=(NOW.year,), actor=SYSTEM, now=NOW)
        deploy(session, shipped_resources(), name="shipped", reason="tests", actor=SYSTEM, now=NOW)
        export = read_export(ROWS.encode(), f"{MARKER}.csv")
        upload = upload_visits(session, export, site_id=HERE, actor=advisor, now=NOW)
        import_good_rows(session, upload.id, is_consent_assumed=False, actor=advisor, now=NOW)
        session.execute(update(PlannedFollowUp).values(advisor_id=None))  # for whoever claims it
        session.commit()
        import_id = upload.id
    with writing():
        run_due(sessions, Dealership.now)
    with sessions() as session:
        case = session.scalars(select(ProcessInstance)).one()
        user_task = session.scalars(select(UserTask).where(UserTask.state == "open")).one()
        of_case = {"customer_id": str(case.customer_id), "vehicle_id": str(case.vehicle_id)}
        built = Dealership(case.id, user_task.id, import_id, case.definition_id, **of_case)
    with writing(), sessions() as session:
        _add_change_records(session, built)
        _add_substitution(session, built)
        _add_to_customer_file(session, built)
        _add_list(session, built)
        session.commit()
    return built


def _add_change_records(session: Session, dealership: Dealership) -> None:
    """A department and an incident of the site that belong to no case, and a batch carried out on the case."""
    session.add(Department(id=dealership.department_id, site_id=HERE, name_en=MARKER, name_zh=MARKER))
    session.add(
        HandOver(
            id=dealership.hand_over_id, user_id="cr_advisor", memberships=f'["cr_advisor@{HERE}"]', reason=MARKER,
            ordered_by="admin", ordered_at=NOW,
        )
    )  # fmt: skip
    session.add(
        Incident(
            id=dealership.incident_id, kind="job_failed", site_id=HERE, msgid="x", params="{}", is_open=True,
            created_at=NOW,
        )
    )  # fmt: skip
    session.add(
        Job(
            id=dealership.job_id, kind="message", state="dead", site_id=HERE, run_at=NOW, created_at=NOW, attempts=5,
            last_error=f"Unreachable: {MARKER}",
        )
    )  # fmt: skip
    session.add(
        CaseClock(
            instance_id=dealership.instance_id, clock_id=dealership.clock_id, number=dealership.number,
            execution_id=dealership.instance_id, site_id=HERE, process_key="follow_up", state="running",
            started_at=NOW, warn_at=FAR_AHEAD, due_at=FAR_AHEAD, limit_minutes=480, escalate_groups="general_manager",
            pause_groups="general_manager",
        )
    )  # fmt: skip
    session.add(
        CaseBatch(
            id=dealership.batch_id, kind="suspend", definition_id=dealership.definition_id, mapping="{}", reason="r",
            ordered_by="process_owner", ordered_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        CaseBatchItem(
            batch_id=dealership.batch_id, instance_id=dealership.instance_id, site_id=HERE, state="done", refusals="[]"
        )
    )


def _add_list(session: Session, dealership: Dealership) -> None:
    """A list of repairs for the general manager's office, with the visit on it."""
    session.add(
        FollowUpList(
            id=dealership.list_id, site_id=HERE, occasion="quarter_repair", first_day=NOW.date(), last_day=NOW.date(),
            state="supplied", supplied_by="service_manager", supplied_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    visit = session.scalars(select(Visit)).one()
    session.add(FollowUpListEntry(list_id=dealership.list_id, visit_id=visit.id, ground="", picked=""))


def _add_substitution(session: Session, dealership: Dealership) -> None:
    """One that is far ahead."""
    begin = datetime(2099, 1, 1, tzinfo=UTC)
    session.add(
        Substitution(
            id=dealership.substitution_id, principal_id="cr_advisor", substitute_id="service_manager",
            first_day=begin.date(), last_day=begin.date(), starts_at=begin, ends_at=begin + timedelta(days=1),
            is_in_force=False, includes_open=True, named_by="cr_advisor", named_at=NOW,
        )
    )  # fmt: skip


def _add_to_customer_file(session: Session, dealership: Dealership) -> None:
    """Something asked for of the customer's card, and a file that was merged into it."""
    content = {"reason": MARKER, "changes": {"phone": {"old": "10011112222", "new": "10011113333"}}}
    sealed = seal_texts(session, dealership.customer_id, f"card_request:{dealership.request_id}", content, NOW)
    session.add(
        CardRequest(
            id=dealership.request_id, card_kind="customer", card_id=dealership.customer_id, kind="change",
            subject_id=dealership.customer_id, nonce=sealed.nonce, content=sealed.content, state="open",
            requested_by="service_advisor", requested_at=NOW,
        )
    )  # fmt: skip
    session.add(
        Customer(
            id="merged", name=MARKER, phone="10011112223", merged_into_id=dealership.customer_id, site_id=HERE,
            created_at=NOW, created_by="service_advisor",
        )
    )  # fmt: skip
    session.flush()
    session.add(
        DuplicatePair(
            id=dealership.pair_id, kept_id=dealership.customer_id, other_id="merged", verdict="merged", moved={},
            decided_by="service_manager", decided_at=NOW,
        )
    )  # fmt: skip


def add_content(sessions: sessionmaker[Session], store: FileStore, dealership: Dealership) -> None:
    """A file with a preview and a comment, both by an advisor, as the operations would write them."""
    case = {"instance_id": dealership.instance_id, "site_id": HERE}
    with writing(), sessions() as session:
        key = subject_keys(session).key(dealership.instance_id, NOW)
        stored, picture = (store.add(io.BytesIO(f"{MARKER} {number}".encode()), key) for number in range(2))
        session.add(
            Attachment(
                id=dealership.attachment_id,
                **case,
                subject_id=dealership.instance_id,
                original_name=f"{MARKER}.txt",
                stored_name=stored.name,
                media_type="text/plain",
                size=stored.size,
                sha256=stored.sha256,
                state="available",
                preview_state="ready",
                uploaded_by="cr_advisor",
                uploaded_at=dealership.now,
            )
        )
        session.add(
            Comment(
                id=dealership.comment_id,
                **case,
                author_id="cr_advisor",
                text=MARKER,
                mentions=[],
                written_at=dealership.now,
            )
        )
        session.flush()
        session.add(
            AttachmentPreview(
                attachment_id=dealership.attachment_id,
                page=0,
                stored_name=picture.name,
                media_type="image/png",
                size=picture.size,
                width=1,
                height=1,
            )
        )
        session.commit()
