"""Rows of a case as the operations would write them, where a test needs a case and not its engine."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.models import Deployment, ProcessDefinition, ProcessInstance, UserTask, UserTaskCandidate

THEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def add_case(session: Session, case_id: str, site_id: str, started_by: str) -> None:
    """A case of a process `follow_up`, deployed once."""
    if session.get(Deployment, "bundle") is None:
        session.add(Deployment(id="bundle", name="b", reason="r", deployed_by="admin", deployed_at=THEN))
        session.flush()
        session.add(
            ProcessDefinition(
                id="follow_up_1",
                key="follow_up",
                version=1,
                name="Follow-up",
                translations={},
                deployment_id="bundle",
                resource_name="follow_up.bpmn",
            )
        )
        session.flush()
    session.add(
        ProcessInstance(
            id=case_id,
            site_id=site_id,
            definition_id="follow_up_1",
            process_key="follow_up",
            case_number=f"F-{case_id}",
            title="Call",
            state="active",
            started_by=started_by,
            started_at=THEN,
            revision=1,
        )
    )
    session.flush()


def add_user_task(session: Session, user_task_id: str, case_id: str, site_id: str, group: str) -> None:
    """An open user task that the group may claim."""
    session.add(
        UserTask(
            id=user_task_id,
            instance_id=case_id,
            execution_id=case_id,
            site_id=site_id,
            definition_id="follow_up_1",
            process_key="follow_up",
            case_number=f"F-{case_id}",
            title="Call",
            element_id="call",
            name="Call",
            state="open",
            due_sort=THEN,
            created_at=THEN,
            revision=1,
        )
    )
    session.flush()
    session.add(
        UserTaskCandidate(
            user_task_id=user_task_id,
            kind="group",
            candidate_id=group,
            site_id=site_id,
            is_claimable=True,
            due_sort=THEN,
        )
    )
    session.flush()
