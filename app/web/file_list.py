"""The files of a case as the page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import url_for

from app.extensions import db
from app.files import EXTENSIONS
from app.i18n import N_
from app.models.case_content import Attachment
from app.models.case_content_queries import Page, attachments_of, pages_of
from app.models.user_task_place import AnyCase
from app.models.visibility import AUDITORS
from app.operations.attachments import GONE, can_take_back
from app.operations.authority import CASE_OWNERS, groups_at
from app.web.content_places import FIELD
from app.web.current import current_person, current_time
from app.web.human_times import HumanTime, describe_moment
from app.web.languages import locale
from app.web.people_names import acting_name, actor_names
from app.web.receiving_files import receiving_files
from app.web.texts import gettext

ICONS = {"image": "image", "audio": "volume-2", "text": "file-text", "application": "file"}
STATES = {
    "pending": (N_("being checked for viruses"), "amber"),
    "quarantined": (N_("locked away: a threat was found"), "red"),
    "removed": (N_("removed"), "grey"),
    "erased": (N_("erased with the person's data"), "grey"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A page to look at."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file in the list; addresses are empty where the person cannot do that."""

    id: str
    name: str
    icon: str
    size: str
    who: str
    when: HumanTime
    state: str
    tone: str
    note: str
    download_url: str
    remove_url: str
    thumbnail: Picture | None
    pages: list[Picture]
    is_preview_coming: bool
    problem: str


@dataclass(frozen=True, slots=True)
class FileList:
    """The section; `largest` in bytes, `accept` as an <input> has it, `fields` go with every form."""

    files: list[ShownFile]
    count: int
    can_add: bool
    add_url: str
    list_url: str
    accept: str
    kinds: str
    largest: int
    largest_text: str
    fields: dict[str, str]
    is_waiting: bool  # for a job, which will change the list soon


def file_list(
    instance: AnyCase, user_task_id: str | None = None, problems: Mapping[str, str] | None = None
) -> FileList:
    """The files of a case, the newest first. Arguments: problems, why a file could not be removed, by file."""
    found = attachments_of(db.session(), instance.id)
    pages = pages_of(db.session(), [file.id for file in found])
    names = actor_names({person for file in found for person in (file.uploaded_by, file.on_behalf_of_id)})
    groups = groups_at(db.session(), current_person().id, instance.site_id)
    fields = {FIELD: user_task_id} if user_task_id else {}
    limits = receiving_files().limits
    told = problems or {}
    shown = [
        _shown(file, pages.get(file.id, []), names, _can_remove(file, instance, groups), told.get(file.id, ""))
        for file in found
    ]
    return FileList(
        files=shown,
        count=sum(file.state not in GONE for file in found),
        can_add=AUDITORS not in groups,
        add_url=url_for("attachments.add", instance_id=instance.id),
        list_url=url_for("attachments.listing", instance_id=instance.id, **cast(dict[str, Any], fields)),
        accept=",".join(f".{extension}" for extension in EXTENSIONS),
        kinds=", ".join(EXTENSIONS),
        largest=limits.largest,
        largest_text=size_text(limits.largest),
        fields=fields,
        is_waiting=any(
            file.state == "pending" or entry.is_preview_coming for file, entry in zip(found, shown, strict=True)
        ),
    )


def size_text(size: int) -> str:
    """Bytes as people say them: 12 KB, 3.4 MB."""
    if size < 1000:
        return gettext("%(count)s bytes", count=size)
    if size < 1_000_000:
        return f"{round(size / 1000)} KB"
    return f"{size / 1_000_000:.1f}".removesuffix(".0") + " MB"


def _can_remove(file: Attachment, instance: AnyCase, groups: frozenset[str]) -> bool:
    if file.state in GONE or AUDITORS in groups:
        return False
    is_open = instance.state in ("active", "incident")
    person = current_person()
    return bool(groups & CASE_OWNERS) or can_take_back(file, is_open=is_open, user_id=person.id, now=current_time())


def _shown(file: Attachment, pages: list[Page], names: dict[str, str], can_remove: bool, problem: str) -> ShownFile:
    state, tone = STATES.get(file.state, ("", ""))
    is_here = file.state == "available"
    pictures = [
        Picture(url_for("attachments.preview", attachment_id=file.id, page=page.number), page.width, page.height)
        for page in pages
        if is_here
    ]
    return ShownFile(
        id=file.id,
        name=file.original_name or gettext("File"),
        icon=ICONS[file.media_type.partition("/")[0]],
        size=size_text(file.size),
        who=acting_name(file.uploaded_by, file.on_behalf_of_id, names),
        when=describe_moment(file.uploaded_at, current_time(), current_person().zone, locale()),
        state=gettext(state) if state else "",
        tone=tone,
        note=file.removal_reason or file.threat or "",
        download_url=url_for("attachments.download", attachment_id=file.id) if is_here else "",
        remove_url=url_for("attachments.remove", attachment_id=file.id) if can_remove else "",
        thumbnail=pictures[0] if pictures else None,
        pages=pictures[1:],
        is_preview_coming=is_here and file.preview_state == "pending",
        problem=problem,
    )
