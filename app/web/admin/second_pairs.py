"""Second pairs of eyes: for each site, who of another site does what nobody of the site may do."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.second_pair_list import SecondPairRow, people_elsewhere, second_pairs_at
from app.operations.second_pairs import name_second_pair, remove_second_pair
from app.web.admin.choices import site_choices
from app.web.current import current_actor, current_time
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("second_pairs", __name__, url_prefix="/admin/second-pairs")


@dataclass(frozen=True, slots=True)
class SiteWithPairs:
    """A site, who helps it out, and who might."""

    id: str
    name: str
    pairs: list[SecondPairRow]
    people: list[tuple[str, str]]
    form: TypedForm


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """All sites that the person administers."""
    return _page()


@blueprint.post("")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def create() -> ResponseReturnValue:
    """Name somebody for a site, or take somebody away."""
    is_removal = "remove" in request.form
    change = remove_second_pair if is_removal else name_second_pair
    refusal = attempt(
        lambda: change(
            db.session(), typed("site"), typed("user"), reason=typed("reason"), actor=current_actor(),
            now=current_time(),
        )
    )  # fmt: skip
    done = (
        gettext("The person is asked no more.")
        if is_removal
        else gettext("The person is named; what waited for it is offered to the person now.")
    )
    return answer_form(refusal, done, url_for("second_pairs.index"), _page)


def _page(refusal: AppError | None = None) -> ResponseReturnValue:
    choices = site_choices()
    pairs = second_pairs_at(db.session(), [site_id for site_id, _name in choices])
    sites = [
        SiteWithPairs(
            site_id,
            name,
            [pair for pair in pairs if pair.site_id == site_id],
            list(people_elsewhere(db.session(), site_id)),
            TypedForm(refusal=refusal if typed("site") == site_id else None),
        )
        for site_id, name in choices
    ]
    return render_template("admin/second_pairs.html", sites=sites), refusal.http_status if refusal else 200
