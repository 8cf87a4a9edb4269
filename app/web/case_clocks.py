"""Pages on which a clock of a case is paused, with a reason, and resumed."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from app.errors import AppError, NotAllowed, NotFound
from app.extensions import db
from app.i18n import N_
from app.models.clock_ledger import clock_ledger
from app.models.process_instance import ProcessInstance
from app.operations.case_clocks import pause_case_clock, resume_case_clock
from app.web.clock_view import may_pause, shown_clocks
from app.web.content_places import back_to, existing_case, named_user_task
from app.web.current import current_actor, current_time
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("case_clocks", __name__, url_prefix="/cases/<instance_id>/clocks/<clock_id>/<int:number>")


@blueprint.get("/pause")
@requires(Permission.WORK)
def pause_form(instance_id: str, clock_id: str, number: int) -> ResponseReturnValue:
    """Ask for the reason."""
    instance = existing_case(instance_id)
    wanted = (clock_id, number)
    found = [one for one in clock_ledger(db.session(), instance_id) if (one.clock_id, one.number) == wanted]
    if not found:
        raise NotFound(N_("This case has no such clock."))
    if not may_pause(found[0]):
        raise NotAllowed(N_("You may not pause this clock: ask a manager or a process owner."))
    return _page(instance, clock_id, number)


@blueprint.post("/pause")
@requires(Permission.WORK)
def pause(instance_id: str, clock_id: str, number: int) -> ResponseReturnValue:
    """Let the clock stand still."""
    existing_case(instance_id)
    user_task_id = named_user_task()
    refusal = attempt(
        lambda: pause_case_clock(
            db.session(), instance_id, clock_id, number, typed("reason"), actor=current_actor(), now=current_time()
        )
    )
    return answer_form(
        refusal, gettext("The clock is paused: nothing of it is due until it is resumed."),
        back_to(instance_id, user_task_id, "show"),
        lambda why: _page(existing_case(instance_id), clock_id, number, why),
    )  # fmt: skip


@blueprint.post("/resume")
@requires(Permission.WORK)
def resume(instance_id: str, clock_id: str, number: int) -> ResponseReturnValue:
    """Let it go on; who was too late is told on the page itself."""
    existing_case(instance_id)
    user_task_id = named_user_task()
    refusal = attempt(
        lambda: resume_case_clock(
            db.session(), instance_id, clock_id, number, actor=current_actor(), now=current_time()
        )
    )
    if refusal is not None:
        flash(gettext(refusal.msgid, **refusal.params), "warning")
    else:
        flash(gettext("The clock runs again: what is due by it is due later by the working time of the pause."))
    return redirect(back_to(instance_id, user_task_id, "show"), 303)


def _page(instance: ProcessInstance, clock_id: str, number: int, refusal: AppError | None = None) -> tuple[str, int]:
    user_task_id = named_user_task()
    shown = next(one for one in shown_clocks(instance) if (one.clock_id, one.number) == (clock_id, number))
    form = TypedForm({}, refusal)
    text = render_template(
        "cases/clock_pause.html", clock=shown, form=form, instance=instance, user_task_id=user_task_id or "",
        back_url=back_to(instance.id, user_task_id, "show"),
    )  # fmt: skip
    return text, form.status
