"""Several user tasks of one step completed together: their form shown once, one result for each.

A form allows it where it asks for no answer in each case: what it requires is there already. Answers that a case has
stay its own; the others, empty in all of them, may be given once for all.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.errors import Conflict
from app.extensions import db
from app.forms import BoundForm
from app.forms.binding import renderings_in
from app.forms.rendering import Rendering, Rows
from app.i18n import N_
from app.models.display_names import definition_names
from app.models.form_data import kept_draft
from app.models.user_task_place import Place, find_visible_place
from app.operations.user_tasks import complete_user_task
from app.web.current import current_actor, current_person, current_time
from app.web.inbox_several import asked, several_page, ticked
from app.web.languages import locale
from app.web.permissions import Permission, requires
from app.web.several_changes import make_change, try_change
from app.web.texts import gettext
from app.web.transactions import commits_itself
from app.web.user_task_form import bind_user_task

MOST = 50  # each is a step of its own
Answers = MultiDict[str, str]
_NO_ANSWERS: Answers = MultiDict()

blueprint = Blueprint("inbox_completions", __name__, url_prefix="/inbox/several/complete")


class AsksInEachCase(Conflict):
    """The form of a user task wants something that only this case can say."""


@dataclass(frozen=True, slots=True)
class SharedForm:
    """The inputs that are empty in all cases, as the macros of forms want them."""

    rows: Rows

    @property
    def has_errors(self) -> bool:
        return any(rendering.errors for row in self.rows for rendering in row)


@blueprint.post("/preview")
@requires(Permission.WORK)
@commits_itself  # keeps nothing: each step is tried and undone
def preview() -> ResponseReturnValue:
    """The form, once, and what would become of each."""
    places = _places()
    problem = _problem(places)
    return (several_page([], problem), 422) if problem else _preview_page(places, _NO_ANSWERS)


@blueprint.post("")
@requires(Permission.WORK)
@commits_itself  # a transaction for each user task
def complete() -> ResponseReturnValue:
    """Complete them, each with the answers given once."""
    places = _places()
    problem = _problem(places)
    if problem:
        return several_page([], problem), 422
    names = _names_empty_in_all(places)
    answers: Answers = MultiDict([pair for pair in request.form.items(multi=True) if pair[0] in names])
    if _shared(places[0], names, answers).has_errors:
        return _preview_page(places, answers), 422
    return several_page([make_change(one, lambda place: _complete(place, answers)) for one in _chosen()])


def _chosen() -> list[str]:
    """What was ticked in the list, or stands in the preview, where the names of answers must not clash with ours."""
    return ticked("_id") or ticked()


def _places() -> list[Place]:
    found = (find_visible_place(db.session(), current_person().id, one) for one in _chosen())
    return [place for place in found if place]


def _problem(places: Sequence[Place]) -> str:
    if not places:
        return gettext("Tick at least one task.")
    if len(places) > MOST:
        return gettext("Complete at most %(most)s at once.", most=MOST)
    if len({(place.user_task.process_key, place.user_task.element_id) for place in places}) > 1:
        return gettext("Tick tasks of one step only: their form is shown once for all of them.")
    return ""


def _complete(place: Place, answers: Answers) -> None:
    user_task, now = place.user_task, current_time()
    if kept_draft(db.session(), user_task.id, current_person().id):
        raise AsksInEachCase(N_("You have begun to fill in its form: complete it there."))
    bound = bind_user_task(user_task, place.instance, answers)
    if any(one.type == "dynamiclist" and not one.is_readonly for one in renderings_in(bound.rows)):
        raise AsksInEachCase(N_("Its form has a list that each case fills in for itself."))
    if not bound.validate():
        labels = ", ".join(one.label for one in _answerable(bound) if one.errors)
        raise AsksInEachCase(N_("Its form wants an answer in each case (%(fields)s)."), fields=labels)
    values, seen = bound.values(), request.form.get(f"_revision.{user_task.id}", user_task.revision, type=int)
    complete_user_task(
        db.session(), user_task.id, values, revision=seen, is_claimed_implicitly=True, actor=current_actor(), now=now
    )


def _names_empty_in_all(places: Sequence[Place]) -> frozenset[str]:
    """The inputs that no case has an answer to."""
    forms = (bind_user_task(place.user_task, place.instance, _NO_ANSWERS) for place in places)
    return frozenset.intersection(
        *(frozenset(one.name for one in _answerable(bound) if one.control and one.control.is_empty) for bound in forms)
    )


def _shared(first: Place, names: Collection[str], answers: Answers) -> SharedForm:
    """These inputs, as the form of one case has them, with what was answered, checked."""
    bound = bind_user_task(first.user_task, first.instance, answers)
    if answers:
        bound.validate()
    return SharedForm([[one] for one in _answerable(bound) if one.name in names])


def _answerable(bound: BoundForm) -> Sequence[Rendering]:
    return [one for one in renderings_in(bound.rows) if one.control is not None and not one.is_readonly]


def _preview_page(places: Sequence[Place], answers: Answers) -> str:
    first = places[0].user_task
    names = definition_names(db.session(), {first.definition_id})[first.definition_id]
    verdicts = [try_change(one, lambda place: _complete(place, _NO_ANSWERS)) for one in _chosen()]
    possible = {verdict.id for verdict in verdicts if verdict.is_done}
    done_together = [place for place in places if place.user_task.id in possible]
    bound = SharedForm([])
    if done_together:
        bound = _shared(done_together[0], _names_empty_in_all(done_together), answers)
    return render_template(
        "inbox/several_complete.html",
        verdicts=verdicts,
        step=names.element(first.element_id, first.name, locale()),
        revisions={place.user_task.id: place.user_task.revision for place in done_together},
        bound=bound,
        asked=asked(),
    )
