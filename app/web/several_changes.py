"""A change of several user tasks: tried or done one after the other, so that one refusal stops no other."""

from collections.abc import Callable
from dataclasses import dataclass

from app.errors import AppError
from app.extensions import db
from app.models.user_task_place import Place
from app.operations.failures import StepNotDone, record_failed_step
from app.operations.four_eyes import OwnWork
from app.web.current import current_actor, current_time
from app.web.own_work import tell_refused_own_work
from app.web.people_names import actor_names, name_of
from app.web.texts import gettext
from app.web.transactions import done_in_transaction, write_transaction
from app.web.user_task_detail import find_place

Operation = Callable[[Place], object]


class _OnlyTried(Exception):  # nothing is wrong: it ends the transaction without keeping anything
    pass


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became, or would become, of one of those ticked; `text` says why not."""

    id: str
    title: str
    text: str
    is_done: bool


def try_change(user_task_id: str, operation: Operation) -> Verdict:
    """What would become of it: all of it is done and nothing kept, so that no rule is written twice."""
    return _changed(user_task_id, operation, is_kept=False)


def make_change(user_task_id: str, operation: Operation) -> Verdict:
    """Do it, in a transaction of its own."""
    return _changed(user_task_id, operation, is_kept=True)


def _changed(user_task_id: str, operation: Operation, *, is_kept: bool) -> Verdict:
    title = gettext("Task")
    db.session.rollback()  # lets go of the connection that only reads, with which something was looked up before

    def change() -> None:
        nonlocal title
        place = find_place(user_task_id)  # strangers learn nothing
        title = f"{place.instance.case_number} · {place.instance.title}"
        operation(place)
        _end(is_kept=is_kept)

    try:
        done_in_transaction(change)
    except _OnlyTried:
        return Verdict(user_task_id, title, "", is_done=True)
    except AppError as refusal:
        if is_kept:
            _record(refusal)
        return Verdict(user_task_id, title, _why(refusal), is_done=False)
    return Verdict(user_task_id, title, "", is_done=True)


def _end(*, is_kept: bool) -> None:
    if not is_kept:
        raise _OnlyTried


def _record(refusal: AppError) -> None:
    """What the page of a single user task keeps of a refusal is kept here, too."""
    if isinstance(refusal, OwnWork):
        tell_refused_own_work(refusal)
    elif isinstance(refusal, StepNotDone):
        with write_transaction():
            record_failed_step(db.session(), refusal, actor=current_actor(), now=current_time())


def _why(refusal: AppError) -> str:
    params = dict(refusal.params)
    if params.get("user"):
        user_id = str(params["user"])
        params["user"] = name_of(user_id, actor_names([user_id]))
    return gettext(refusal.msgid, **params)
