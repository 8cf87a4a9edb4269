"""The form of a user task: found in the bundle of its case, bound to what the person typed, else the draft."""

import json
from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from app import feel
from app.errors import NotFound
from app.extensions import db
from app.forms import BoundForm, FormDefinition, bind
from app.i18n import N_
from app.models.form_data import KeptDraft, kept_draft, variables_in_scope
from app.models.user_task_place import SeenCase, SeenUserTask
from app.operations.definitions import load_definition
from app.web.current import current_person, current_time
from app.web.form_context import case_surroundings
from app.web.human_times import clock_time, describe_moment
from app.web.languages import locale
from app.web.texts import gettext

EMPTY_FORM = FormDefinition("", (), frozenset())


@dataclass(frozen=True, slots=True)
class ShownForm:
    """The form as the page shows it."""

    bound: BoundForm
    submit_url: str
    draft_url: str
    again_url: str
    draft_text: str
    can_submit: bool
    why_not: str


def form_definition(definition_id: str, form_key: str | None) -> FormDefinition:
    """The form of a bundle with this key; a user task without a form has nothing to fill in."""
    if form_key is None:
        return EMPTY_FORM
    form = load_definition(db.session(), definition_id).forms.get(form_key)
    if form is None:
        raise NotFound(N_("The form “%(form)s” is missing. Tell your administrator."), form=form_key)
    return form


def bind_user_task(user_task: SeenUserTask, instance: SeenCase, posted: MultiDict[str, str] | None = None) -> BoundForm:
    """The form with what stands in it: what was posted, else the person's draft, else the case's values."""
    session = db.session()
    stored = variables_in_scope(session, instance.id, user_task.execution_id)
    variables = {name: feel.decode(json.loads(value)) for name, value in stored.items()}
    draft = kept_draft(session, user_task.id, current_person().id) if posted is None else None
    form = form_definition(instance.definition_id, user_task.form_key)
    surroundings = case_surroundings(session, form, instance, user_task.id, current_time())
    return bind(
        form,
        {**variables, **surroundings.values},
        posted,
        draft.content if draft else None,
        surroundings.environment,
        locale(),
    )


def show_form(user_task: SeenUserTask, bound: BoundForm, *, can_submit: bool, why_not: str = "") -> ShownForm:
    """The form with its addresses and the state of the draft."""
    draft = kept_draft(db.session(), user_task.id, current_person().id) if can_submit else None
    return ShownForm(
        bound=bound,
        submit_url=url_for("user_tasks.complete", user_task_id=user_task.id),
        draft_url=url_for("user_tasks.draft", user_task_id=user_task.id),
        again_url=url_for("user_tasks.form_again", user_task_id=user_task.id),
        draft_text=saved_text(draft) if draft else "",
        can_submit=can_submit,
        why_not=why_not,
    )


def saved_text(draft: KeptDraft) -> str:
    """When the draft was saved: the time alone when it was today."""
    zone, now = current_person().zone, current_time()
    if draft.saved_at.astimezone(zone).date() == now.astimezone(zone).date():
        return gettext("Draft saved %(time)s", time=clock_time(draft.saved_at, zone))
    return gettext("Draft saved %(time)s", time=describe_moment(draft.saved_at, now, zone, locale()).text)
