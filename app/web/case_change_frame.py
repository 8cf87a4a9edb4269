"""What all pages that change a case share: which case it is, what was typed, the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotAllowed
from app.extensions import db
from app.i18n import N_
from app.models.process_instance import ProcessInstance
from app.web.change_attempts import Refusal, attempt
from app.web.content_places import existing_case
from app.web.current import current_person
from app.web.permissions import Permission, sites_with
from app.web.typed_forms import answer_form


@dataclass(frozen=True, slots=True)
class Subject:
    """The case a page is about; plain values, so that they outlive the transaction that changes it."""

    id: str
    definition_id: str
    number: str
    title: str
    is_suspended: bool
    revision: int


def changed_case(instance_id: str) -> Subject:
    """The case, for who sees it and may change cases at its site. Raises NotFound, NotAllowed."""
    instance = existing_case(instance_id)
    if instance.site_id not in sites_with(current_person(), Permission.CHANGE_CASES):
        raise NotAllowed(N_("Only process owners and administrators may do this."))
    return Subject(
        instance.id, instance.definition_id, instance.case_number, instance.title, instance.is_suspended,
        instance.revision,
    )  # fmt: skip


def typed(name: str) -> str:
    """What was typed, in the form or, before there is one, in the address."""
    return (request.form if request.method == "POST" else request.args).get(name, "")


def posted_revision() -> int | None:
    """The revision of the case that the page was made from."""
    return request.form.get("revision", type=int)


def answer_change(
    subject: Subject, action: Callable[[], None], done: str, show: Callable[[Refusal], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do it and go to the case, or show the form again; only in views that commit themselves."""
    refusal = attempt(action, subject.definition_id)
    return answer_form(refusal, done, url_for("cases.show", instance_id=subject.id), show)


def change_form(page: str, subject: Subject, refusal: Refusal | None = None, **offers: object) -> tuple[str, int]:
    """A form with everything that was typed, and why it was refused."""
    revision = db.session.get_one(ProcessInstance, subject.id).revision
    text = render_template(
        f"case_changes/{page}.html", subject=subject, refusal=refusal, typed=typed, revision=revision, **offers
    )
    return text, refusal.status if refusal else 200
