"""Drafts: what a person typed into a form and did not yet submit, kept on the server."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import Draft
from app.operations.actor import Actor
from app.operations.cases import lock_case_of
from app.operations.rows import upsert_rows
from app.operations.user_task_claims import require_candidate
from app.operations.user_task_rows import read_user_task, refuse_ended

LARGEST_DRAFT = 1_000_000  # characters of JSON


def save_draft(
    session: Session,
    user_task_id: str,
    content: Mapping[str, object],
    *,
    base_revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what a person typed, in place of the draft before.

    Arguments: content, raw text or list of texts by field key; base_revision, the revision of the user task the
    page was made from. Raises NotAllowed, NotFound, Conflict once the user task has ended, InvalidInput if too large.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    require_candidate(session, user_task, actor, now)
    refuse_ended(user_task, content)
    keep_draft(
        session, user_task_id, content, site_id=case.site_id, base_revision=base_revision, actor=actor, now=now
    )


def keep_draft(
    session: Session,
    user_task_id: str,
    content: Mapping[str, object],
    *,
    site_id: str,
    base_revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """The same for a caller that has asked the questions. Raises InvalidInput if too large."""
    text = json.dumps(content, ensure_ascii=False)
    if len(text) > LARGEST_DRAFT:
        raise InvalidInput(N_("This is too much text to keep as a draft."))
    row = {
        "user_task_id": user_task_id,
        "user_id": actor.user_id,
        "site_id": site_id,
        "content": text,
        "base_revision": base_revision,
        "saved_at": now,
    }
    upsert_rows(session, Draft, [row], replaced=("content", "base_revision", "saved_at"))


def discard_draft(session: Session, user_task_id: str, *, actor: Actor) -> None:
    """Throw the person's own draft away; none is no error."""
    session.execute(
        delete(Draft).where(Draft.user_task_id == user_task_id, Draft.user_id == actor.user_id),
        execution_options={"synchronize_session": False},
    )
