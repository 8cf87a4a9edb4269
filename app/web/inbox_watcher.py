"""One thread per process asks the database whether inboxes changed or people were told, and wakes their streams."""

import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.errors import AppError
from app.identifiers import first_id_at
from app.models.inbox_changes import OVERLAP, ChangedInboxes, changed_inboxes, newest_sequence
from app.models.notification_list import told_since
from app.models.signed_in_person import Person
from app.models.stand_ins import StandIn

SECONDS_BETWEEN_LOOKS = 1.0
STREAMS_PER_PERSON = 4
# A transaction may commit some time after it has made an identifier: look this far back each time.
SECONDS_OF_DOUBT = 60.0

log = structlog.get_logger(__name__)


class News(Enum):
    """What a browser is told of."""

    INBOX = "inbox"
    BELL = "bell"


@dataclass(frozen=True, eq=False)
class Subscription:
    """A stream of a person, `people` and `memberships` being the person's and those of whom the person stands in for.

    `woken` is set when there is news, `is_over` with it when it must end.
    """

    person: Person
    people: frozenset[str]
    memberships: frozenset[tuple[str, str]]
    woken: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)
    _news: set[News] = field(default_factory=set)

    def tell(self, news: News) -> None:
        self._news.add(news)
        self.woken.set()

    def take(self, news: News) -> bool:
        """Whether there is news of this kind since it was last asked for."""
        is_new = news in self._news
        self._news.discard(news)
        return is_new

    def concerns(self, changes: ChangedInboxes) -> bool:
        """Whether the person sees something else in the inbox after these changes."""
        return not (self.people.isdisjoint(changes.users) and self.memberships.isdisjoint(changes.groups))


class InboxWatcher:
    """Knows the open streams of this process. Its thread lives only while there are any."""

    def __init__(self, engine: Engine, most_streams: int) -> None:
        self._engine = engine
        self._most_streams = most_streams
        self._lock = threading.Lock()
        self._subscriptions: set[Subscription] = set()
        self._new: set[Subscription] = set()
        self._thread: threading.Thread | None = None
        self._nobody_left = threading.Event()
        self._is_ending = threading.Event()

    def end_streams(self) -> None:
        """The process is about to stop: have the streams end within moments. Takes no lock, for a signal handler."""
        self._is_ending.set()

    def subscribe(self, person: Person, stand_ins: Iterable[StandIn] = ()) -> Subscription | None:
        """Begin to watch for a person; None when there are too many streams, so that the page polls instead."""
        with self._lock:
            of_person = Counter(subscription.person.id for subscription in self._subscriptions)[person.id]
            is_full = len(self._subscriptions) >= self._most_streams or of_person >= STREAMS_PER_PERSON
            if is_full or self._is_ending.is_set():
                return None
            subscription = Subscription(
                person,
                frozenset({person.id, *(one.principal_id for one in stand_ins)}),
                person.memberships.union(*(one.memberships for one in stand_ins)),
            )
            self._subscriptions.add(subscription)
            self._new.add(subscription)
            if self._thread is None:
                self._nobody_left.clear()
                # Looked at before the page hears that it is connected: what happens from then on is told.
                since = self._first_look()
                self._thread = threading.Thread(target=self._watch, args=since, name="inbox-watcher", daemon=True)
                self._thread.start()
            return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Stop watching; may be called twice."""
        with self._lock:
            self._subscriptions.discard(subscription)
            self._new.discard(subscription)
            if not self._subscriptions:
                self._nobody_left.set()

    def _watch(self, newest: int, seen: set[int]) -> None:
        told = self._told_lately(frozenset())
        while not self._is_over():
            try:
                with Session(self._engine) as session:
                    changes = changed_inboxes(session, newest - OVERLAP, seen)
            except (SQLAlchemyError, AppError):
                log.warning("inbox_watch_failed", exc_info=True)
                continue
            newest = max((newest, *changes.sequences))
            seen = {sequence for sequence in seen | changes.sequences if sequence > newest - OVERLAP}
            self._wake(changes)
            newly_told = self._told_lately(told.keys())
            told = _still_of_interest(told | newly_told)
            self._ring(set(newly_told.values()), set(told.values()))

    def _told_lately(self, seen: Collection[str]) -> dict[str, str]:
        """Notifications of the last moments that were not seen yet, and whom they are for."""
        try:
            with Session(self._engine) as session:
                return told_since(session, _lately(), seen)
        except (SQLAlchemyError, AppError):
            log.warning("inbox_watch_failed", exc_info=True)
            return {}

    def _first_look(self) -> tuple[int, set[int]]:
        try:
            with Session(self._engine) as session:
                newest = newest_sequence(session)
                return newest, set(changed_inboxes(session, newest - OVERLAP, ()).sequences)
        except (SQLAlchemyError, AppError):
            log.warning("inbox_watch_failed", exc_info=True)
            return 0, set()

    def _is_over(self) -> bool:
        """Pause; then, with nobody left to wake, give the place of the thread free."""
        self._nobody_left.wait(SECONDS_BETWEEN_LOOKS)
        with self._lock:
            if self._is_ending.is_set():
                self._end_all()
            if self._subscriptions:
                self._nobody_left.clear()
                return False
            self._thread = None
            return True

    def _end_all(self) -> None:
        for subscription in self._subscriptions:
            subscription.is_over.set()
            subscription.woken.set()

    def _wake(self, changes: ChangedInboxes) -> None:
        if not changes.sequences:
            return
        with self._lock:
            for subscription in self._subscriptions:
                if subscription.concerns(changes):
                    subscription.tell(News.INBOX)

    def _ring(self, just_now: set[str], lately: set[str]) -> None:
        """Those of a new stream may have been told something between asking for the bell and this."""
        with self._lock:
            for subscription in self._subscriptions:
                if subscription.person.id in (lately if subscription in self._new else just_now):
                    subscription.tell(News.BELL)
            self._new.clear()


def _lately() -> str:
    return first_id_at(time.time() - SECONDS_OF_DOUBT)


def _still_of_interest(told: Mapping[str, str]) -> dict[str, str]:
    first = _lately()
    return {notification: user for notification, user in told.items() if notification >= first}
