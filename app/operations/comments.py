"""The discussion of a case: written, mended within minutes by who wrote it; the history keeps every wording."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import Comment
from app.models.visibility import can_see_instance
from app.operations.actor import Actor
from app.operations.case_content import case_to_add_to, count_content, element_of, tell
from app.operations.cases import Case
from app.operations.history import Event
from app.operations.mentions import mentioned_in, with_names
from app.operations.notifications import notify
from app.operations.rows import insert_rows

LONGEST_COMMENT = 5000  # characters
LONGEST_NOTE = 300  # characters of the comment in the notification
TO_MEND = timedelta(minutes=15)


class CommentNotFound(NotFound):
    """There is no such comment, or this person may not know of it."""

    def __init__(self) -> None:
        super().__init__(N_("This comment does not exist, or you may not see it."))


class CommentTooOld(Conflict):
    """The minutes in which a comment can be changed are over."""


def write_comment(
    session: Session, instance_id: str, text: str, *, user_task_id: str | None = None, actor: Actor, now: datetime
) -> str:
    """Add to the discussion of a case and return the comment's id; who is mentioned is told.

    Arguments: user_task_id, on whose page it was written. Raises CaseNotFound, AuditorsChangeNothing, InvalidInput,
    PersonErased, UserTaskNotFound.
    """
    case = case_to_add_to(session, instance_id, actor=actor)
    wording = _wording(text)
    element_id = element_of(session, case, user_task_id)
    comment_id, mentions = new_id(), mentioned_in(session, case.id, wording)
    row = {
        "id": comment_id,
        "instance_id": case.id,
        "site_id": case.site_id,
        "user_task_id": user_task_id,
        "author_id": actor.user_id,
        "on_behalf_of_id": actor.on_behalf_of,
        "text": wording,
        "mentions": mentions,
        "written_at": now,
    }
    insert_rows(session, Comment, [row])
    event = Event(
        "comment_written", {"comment_id": comment_id, "mentions": mentions}, element_id, user_task_id,
        personal={"text": wording}, subject_id=case.subject_id,
    )  # fmt: skip
    tell(session, case, event, actor=actor, now=now)
    count_content(session, case.id, comments=1)
    _notify(session, case, mentions, with_names(session, wording, mentions), user_task_id, actor, now)
    return comment_id


def edit_comment(session: Session, comment_id: str, text: str, *, actor: Actor, now: datetime) -> None:
    """Word one's own comment anew, within minutes; the wording before stays in the history.

    Raises CommentNotFound, NotAllowed, CommentTooOld, InvalidInput.
    """
    comment = session.get(Comment, comment_id)
    if comment is None or not can_see_instance(session, actor.user_id, comment.instance_id):
        raise CommentNotFound
    case = case_to_add_to(session, comment.instance_id, actor=actor)
    session.refresh(comment)
    if comment.author_id != actor.user_id:
        raise NotAllowed(N_("Only who wrote a comment may change it."))
    if not can_mend(comment, actor.user_id, now):
        raise CommentTooOld(N_("A comment can be changed for 15 minutes. Write another one instead."))
    wording, old = _wording(text), comment.text
    if wording == old:
        return
    before = set(comment.mentions)
    mentions = mentioned_in(session, case.id, wording)
    comment.text, comment.mentions, comment.edited_at = wording, mentions, now
    event = Event(
        "comment_edited", {"comment_id": comment_id, "mentions": mentions},
        element_of(session, case, comment.user_task_id), comment.user_task_id,
        personal={"old": old, "new": wording}, subject_id=case.subject_id,
    )  # fmt: skip
    tell(session, case, event, actor=actor, now=now)
    newly = [person for person in mentions if person not in before]
    _notify(session, case, newly, with_names(session, wording, mentions), comment.user_task_id, actor, now)


def _notify(
    session: Session,
    case: Case,
    people: Sequence[str],
    text: str,
    user_task_id: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    note = text if len(text) <= LONGEST_NOTE else f"{text[:LONGEST_NOTE]}…"
    notify(
        session, people, "mentioned", params={"note": note}, instance_id=case.id, user_task_id=user_task_id,
        actor=actor, now=now,
    )  # fmt: skip


def can_mend(comment: Comment, user_id: str, now: datetime) -> bool:
    """Whether this person may still change a comment."""
    return comment.author_id == user_id and now - comment.written_at <= TO_MEND and bool(comment.text)


def _wording(text: str) -> str:
    """Line breaks as browsers mean them, no blanks around; raises InvalidInput where nothing or a book is left."""
    wording = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    if not wording:
        refusal = N_("Write something first.")
        raise InvalidInput(refusal, fields={"text": refusal})
    if len(wording) > LONGEST_COMMENT:
        refusal = N_("The comment is too long: 5,000 characters at most.")
        raise InvalidInput(refusal, fields={"text": refusal})
    return wording
