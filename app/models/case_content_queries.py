"""What people added to a case, as far as the reader may see it; and who may see a case at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session

from app.models.case_content import Attachment, AttachmentPreview, Comment
from app.models.customer_access import FILE_READERS, working_sites
from app.models.organisation import User
from app.models.prepared import table_of
from app.models.process_instance import ProcessInstance
from app.models.visibility import can_see_instance, is_visible_to

MOST_SUGGESTED = 8
MOST_ASKED_ABOUT = 300


@dataclass(frozen=True, slots=True)
class Page:
    """A picture of an attachment's page; 0 is the thumbnail."""

    number: int
    stored_name: str
    media_type: str
    size: int
    width: int
    height: int


_PREVIEW = table_of(AttachmentPreview)
_PAGE = (
    _PREVIEW.c.page, _PREVIEW.c.stored_name, _PREVIEW.c.media_type, _PREVIEW.c.size, _PREVIEW.c.width, _PREVIEW.c.height
)  # fmt: skip


def attachments_of(session: Session, instance_id: str) -> Sequence[Attachment]:
    """All files of a case, the newest first, those that were removed too."""
    query = select(Attachment).where(Attachment.instance_id == instance_id)
    return session.scalars(query.order_by(Attachment.uploaded_at.desc(), Attachment.id.desc())).all()


def pages_of(session: Session, attachment_ids: Sequence[str]) -> dict[str, list[Page]]:
    """The pictures of files by attachment, in the order of their pages."""
    query = select(_PREVIEW.c.attachment_id, *_PAGE).where(_PREVIEW.c.attachment_id.in_(attachment_ids))
    found: dict[str, list[Page]] = {}
    for attachment_id, *page in session.execute(query.order_by(_PREVIEW.c.page)):
        found.setdefault(attachment_id, []).append(Page(*page))
    return found


def visible_attachment(session: Session, user_id: str, attachment_id: str) -> Attachment | None:
    """The file, if it exists and this person may see its case, or reads files of vehicles at its site."""
    found = session.get(Attachment, attachment_id)
    if found is None:
        return None
    if found.instance_id is not None:
        return found if can_see_instance(session, user_id, found.instance_id) else None
    return found if found.site_id in working_sites(session, user_id, FILE_READERS) else None


def comments_of(session: Session, instance_id: str) -> Sequence[Comment]:
    """The discussion of a case, the oldest first."""
    query = select(Comment).where(Comment.instance_id == instance_id)
    return session.scalars(query.order_by(Comment.written_at, Comment.id)).all()


def visible_comment(session: Session, user_id: str, comment_id: str) -> Comment | None:
    """The comment, if it exists and this person may see its case."""
    query = select(Comment).join(ProcessInstance, ProcessInstance.id == Comment.instance_id)
    return session.scalars(query.where(Comment.id == comment_id, is_visible_to(user_id))).one_or_none()


def people_who_see(
    session: Session, instance_id: str, *, ids: Sequence[str] | None = None, words: str = ""
) -> list[tuple[str, str]]:
    """(id, name) of active users who may see a case, by name; those of its site first.

    Arguments: ids, only these; words, only those whose name or id has them, and the first few of them.
    """
    elsewhere = func.coalesce(User.home_site_id, "") != ProcessInstance.site_id
    query = (
        select(User.id, User.display_name)
        .join(ProcessInstance, ProcessInstance.id == instance_id)
        .where(User.is_active == true())
        .order_by(elsewhere, User.display_name, User.id)
    )
    if words:
        query = query.where(
            or_(User.display_name.icontains(words, autoescape=True), User.id.icontains(words, autoescape=True))
        )
    query = query.where(User.id.in_(ids)) if ids is not None else query.limit(MOST_ASKED_ABOUT)
    # One by one, by the very rule: it is a statement about one person, and a few of them are wanted.
    found = session.execute(query).all()
    seeing = ((person, name) for person, name in found if can_see_instance(session, person, instance_id))
    return list(islice(seeing, None if ids is not None else MOST_SUGGESTED))
