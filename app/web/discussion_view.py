"""The discussion of a case as the page shows it."""

from dataclasses import dataclass
from typing import Any, cast

from flask import url_for
from markupsafe import Markup

from app.extensions import db
from app.models.case_content import Comment
from app.models.case_content_queries import comments_of
from app.models.user_task_place import AnyCase
from app.models.visibility import AUDITORS
from app.operations.authority import groups_at
from app.operations.comments import LONGEST_COMMENT, can_mend
from app.web.comment_text import comment_html
from app.web.content_places import FIELD
from app.web.current import current_person, current_time
from app.web.human_times import HumanTime, describe_moment
from app.web.languages import locale
from app.web.people_names import acting_name, actor_names


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed that could not be taken; `comment_id` empty for a new comment."""

    comment_id: str
    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment; `edit_url` is empty where the person cannot change it."""

    id: str
    who: str
    is_mine: bool
    when: HumanTime
    html: Markup
    text: str
    is_edited: bool
    is_erased: bool
    edit_url: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Discussion:
    """The section; `typed` is what could not be taken, `fields` go with every form."""

    comments: list[ShownComment]
    can_write: bool
    add_url: str
    list_url: str
    people_url: str
    longest: int
    fields: dict[str, str]
    typed: str = ""
    problem: str = ""
    case_id: str = ""


def discussion_of(instance: AnyCase, user_task_id: str | None = None, typed: Typed | None = None) -> Discussion:
    """The discussion, the oldest comment first."""
    found = comments_of(db.session(), instance.id)
    people = {person for comment in found for person in (comment.author_id, comment.on_behalf_of_id, *comment.mentions)}
    names = actor_names(people)
    groups = groups_at(db.session(), current_person().id, instance.site_id)
    fields = {FIELD: user_task_id} if user_task_id else {}
    is_new = typed is not None and not typed.comment_id
    return Discussion(
        comments=[_shown(comment, names, typed) for comment in found],
        can_write=AUDITORS not in groups,
        add_url=url_for("comments.add", instance_id=instance.id),
        list_url=url_for("comments.listing", instance_id=instance.id, **cast(dict[str, Any], fields)),
        people_url=url_for("comments.people", instance_id=instance.id),
        longest=LONGEST_COMMENT,
        fields=fields,
        typed=typed.text if typed and is_new else "",
        problem=typed.problem if typed and is_new else "",
        case_id=instance.id,
    )


def _shown(comment: Comment, names: dict[str, str], typed: Typed | None) -> ShownComment:
    person, now = current_person(), current_time()
    mine = typed if typed and typed.comment_id == comment.id else None
    return ShownComment(
        id=comment.id,
        who=acting_name(comment.author_id, comment.on_behalf_of_id, names),
        is_mine=comment.author_id == person.id,
        when=describe_moment(comment.written_at, now, person.zone, locale()),
        html=comment_html(comment.text, names),
        text=mine.text if mine else comment.text,
        is_edited=comment.edited_at is not None,
        is_erased=not comment.text,
        edit_url=url_for("comments.edit", comment_id=comment.id) if can_mend(comment, person.id, now) else "",
        problem=mine.problem if mine else "",
    )
