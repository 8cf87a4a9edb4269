"""The calls of a week or month spread again: a preview, then exactly that."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.display_names import user_names
from app.operations.follow_up_respreading import look_at_spreading, spread_again
from app.web.current import current_actor, current_time
from app.web.follow_ups.grid import short_day
from app.web.follow_ups.plan import may_change
from app.web.follow_ups.shown import Shown, shown_part
from app.web.permissions import Permission, requires
from app.web.texts import ngettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("plan_spreading", __name__, url_prefix="/plan/spread")


@blueprint.get("")
@requires(Permission.CHANGE_PLAN)
def look() -> ResponseReturnValue:
    """What spreading would do."""
    return _page(shown_part())


@blueprint.post("")
@requires(Permission.CHANGE_PLAN)
def confirm() -> ResponseReturnValue:
    """Do it, if the plan is still as it was shown."""
    shown, moved = shown_part(), []
    refusal = attempt(
        lambda: moved.append(
            spread_again(
                db.session(), shown.part, digest=typed("digest"), reason=typed("reason"), actor=current_actor(),
                now=current_time(),
            )
        )
    )  # fmt: skip
    text = ngettext("%(num)d follow-up moved.", "%(num)d follow-ups moved.", sum(moved))
    return answer_form(refusal, text, url_for("plan.index", **shown.arguments()), lambda why: _page(shown, why))


def _page(shown: Shown, refusal: AppError | None = None) -> ResponseReturnValue:
    spreading = look_at_spreading(db.session(), shown.part, now=current_time())
    places = {*spreading.before, *spreading.after}
    callers = sorted({caller or "" for _, caller in places})
    form = TypedForm({}, refusal)
    text = render_template(
        "plan/spread.html",
        shown=shown,
        form=form,
        spreading=spreading,
        days=sorted({day for day, _ in places}),
        callers=callers,
        names=user_names(db.session(), callers),
        short_day=short_day,
        may_change=may_change(shown),
        back=url_for("plan.index", **shown.arguments()),
    )
    return text, form.status
