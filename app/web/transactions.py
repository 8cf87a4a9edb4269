"""One request, one transaction: what writes begins as a writer and commits once, here; what reads never commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, Request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.database import WEB_WAIT_SECONDS, writing
from app.extensions import db
from app.operations.giving_way import WAITED_FOR
from app.web.answered_once import (
    KeyedRequest,
    done_once,
    earlier_answer,
    keep,
    keyed_request,
    note_commit,
    noting_commits,
)
from app.web.current import at_one_time, this_request
from app.web.long_steps import beside_others
from app.web.permissions import SAFE_METHODS

MARK = "aftercare_commits_itself"
View = TypeVar("View", bound=Callable[..., Any])
Done = TypeVar("Done")


def commits_itself(view: View) -> View:
    """For the few views that must not hold the writers' lock all the time; each says why."""
    setattr(view, MARK, True)
    return view


@contextmanager
def write_transaction() -> Iterator[None]:
    """One write transaction, committed at the end; an error leaves nothing behind."""
    with writing(WEB_WAIT_SECONDS), _undoing_the_rest():
        yield
        note_commit()
        db.session.commit()


@contextmanager
def _undoing_the_rest() -> Iterator[None]:
    try:
        yield
    finally:
        db.session.rollback()  # nothing is left to undo after a commit


def done_in_transaction(work: Callable[[], Done]) -> Done:
    """A piece of work in a write transaction of its own, done again where a step of it takes long."""

    def once() -> Done:
        with write_transaction():
            return work()

    with at_one_time():
        return beside_others(once)


class TransactionalFlask(Flask):
    """Flask whose unsafe requests run in one write transaction around the view.

    It commits when the view answers with a status below 400. A refusal, returned or raised, leaves nothing behind.
    Raises Busy when another writer holds the database for longer than WEB_WAIT_SECONDS.
    """

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Every function is called as it is: none of ours is a coroutine, and asking each time costs."""
        return func

    def redirect(self, location: str, code: int = 302) -> Response:
        """The address is all that a browser needs: a page with a link would be made and sent for nobody."""
        return self.response_class(status=code, headers={"Location": location})

    def wsgi_app(self, environ: Any, start_response: Any) -> Any:
        """Somebody waits until the answer begins: what takes long in this process gives way."""
        with WAITED_FOR:
            return super().wsgi_app(environ, start_response)

    def dispatch_request(self) -> ResponseReturnValue:
        asking = this_request()
        if asking.method in SAFE_METHODS:
            return super().dispatch_request()
        keyed = keyed_request(asking)
        if keyed is None:
            return self._done(asking)
        with done_once(keyed):
            return self._done(asking, keyed)

    def _done(self, asking: Request, keyed: KeyedRequest | None = None) -> ResponseReturnValue:
        if self._commits_itself(asking):
            return self._done_by_view(keyed) if keyed else super().dispatch_request()
        with writing(WEB_WAIT_SECONDS), _undoing_the_rest(), at_one_time():
            return beside_others(lambda: self._answer_of_view(keyed))

    def _answer_of_view(self, keyed: KeyedRequest | None) -> Response:
        earlier = keyed and earlier_answer(keyed)
        if earlier:
            return earlier
        answer = self.make_response(super().dispatch_request())
        if answer.status_code < 400:
            if keyed:
                keep(keyed, answer)
            db.session.commit()
        return answer

    def _done_by_view(self, keyed: KeyedRequest) -> ResponseReturnValue:
        with _undoing_the_rest():
            earlier = earlier_answer(keyed)
        if earlier:
            return earlier
        with noting_commits(keyed), _undoing_the_rest():
            answer = self.make_response(super().dispatch_request())
        if keyed.is_noted:
            with write_transaction():
                keep(keyed, answer)
        return answer

    def _commits_itself(self, asking: Request) -> bool:
        return getattr(self.view_functions.get(asking.endpoint or ""), MARK, False)
