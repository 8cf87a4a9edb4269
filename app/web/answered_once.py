"""`Idempotency-Key`: a program that got no answer sends the same again, it is done once and answered alike.

The answer is kept in the transaction of what was done. A refusal changes nothing and is not kept: what is sent again
is tried again.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson
from flask import Request, current_app, g
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.extensions import db
from app.i18n import N_
from app.operations.kept_answers import (
    AnswerLost,
    FoundAnswer,
    RequestUnderWay,
    complete_answer,
    find_answer,
    keep_answer,
)
from app.web.answers import PROGRAM_PATHS
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_person, current_person_or_none, session_time
from app.web.sealing import sealed_secrets

KEY, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
LONGEST_KEY = 200
PURPOSE, RIGHTS = "kept answer", "rights"
EXTENSION = "requests_under_way"


class UnderWay:
    """The keys of the requests that this process is doing now."""

    def __init__(self) -> None:
        self._keys: set[bytes] = set()
        self._lock = threading.Lock()

    @contextmanager
    def __call__(self, key_id: bytes) -> Iterator[None]:
        """Nobody else does the same meanwhile. Raises RequestUnderWay."""
        with self._lock:
            if key_id in self._keys:
                raise RequestUnderWay
            self._keys.add(key_id)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key_id)


@dataclass(slots=True)
class KeyedRequest:
    """A request with a key: `id` is a hash of person and key, `content` one of what is asked.

    `is_noted` once something was committed for it before its answer was known.
    """

    id: bytes
    content: bytes
    is_noted: bool = False


def keyed_request(asking: Request) -> KeyedRequest | None:
    """The request as one that is done once, where it is a program's and has a key. Raises MalformedRequest."""
    key = asking.headers.get(KEY)
    if not key or not asking.path.startswith(PROGRAM_PATHS):
        return None
    person = current_person_or_none()
    if person is None:
        return None
    if len(key) > LONGEST_KEY:
        raise MalformedRequest(N_("The Idempotency-Key is too long: 200 characters at most."))
    return KeyedRequest(_digest([person.id.encode(), key.encode()]), _digest(_parts(asking)))


@contextmanager
def done_once(keyed: KeyedRequest) -> Iterator[None]:
    """Nobody does the same in this process meanwhile. Raises RequestUnderWay."""
    under_way: UnderWay = current_app.extensions.setdefault(EXTENSION, UnderWay())
    with under_way(keyed.id):
        yield


def earlier_answer(keyed: KeyedRequest) -> Response | None:
    """The answer to the same request before, as long as the person has the same groups.

    Raises KeyUsedDifferently, AnswerLost.
    """
    found = find_answer(db.session(), keyed.id, keyed.content)
    if found is None:
        return None
    told, body = sealed_secrets(PURPOSE).open(found.content, keyed.id.hex()).split(b"\n", 1)
    headers = orjson.loads(told)
    if headers.pop(RIGHTS, None) != _rights():
        raise AnswerLost
    return current_app.response_class(body, found.status, {**headers, REPLAYED: "true"})


def keep(keyed: KeyedRequest, answer: Response) -> None:
    """Keep the answer, in the transaction that is about to be committed. Raises RequestUnderWay."""
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    content = orjson.dumps({**headers, RIGHTS: _rights()}) + b"\n" + answer.get_data()
    found = FoundAnswer(answer.status_code, sealed_secrets(PURPOSE).seal(content, keyed.id.hex()))
    if keyed.is_noted:
        complete_answer(db.session(), keyed.id, found)
    else:
        keep_answer(db.session(), keyed.id, keyed.content, found, now=session_time())


@contextmanager
def noting_commits(keyed: KeyedRequest) -> Iterator[None]:
    """For views that commit themselves: the first transaction inside that writes keeps that it was done."""
    g.keyed_request = keyed
    try:
        yield
    finally:
        g.pop("keyed_request")


def note_commit() -> None:
    """Before the commit of a view that commits itself. Raises RequestUnderWay."""
    keyed: KeyedRequest | None = g.get("keyed_request")
    if keyed is not None and not keyed.is_noted:
        keep_answer(db.session(), keyed.id, keyed.content, None, now=session_time())
        keyed.is_noted = True


def _rights() -> str:
    """What the person's groups and sites are: who has others now would perhaps be told something else."""
    return _digest(text.encode() for membership in sorted(current_person().memberships) for text in membership).hex()


def _parts(asking: Request) -> Iterable[bytes]:
    yield from (asking.method.encode(), asking.path.encode(), asking.query_string, asking.mimetype.encode())
    if asking.mimetype != "multipart/form-data":
        yield asking.get_data()
        return
    # What parts the parts is chosen anew by each client that sends again.
    for name, text in sorted(asking.form.items(multi=True)):
        yield from (name.encode(), text.encode())
    for name, file in asking.files.items(multi=True):
        yield from (name.encode(), (file.filename or "").encode(), _file_digest(file))


def _file_digest(file: FileStorage) -> bytes:
    digest = hashlib.file_digest(file.stream, "sha256").digest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return digest


def _digest(parts: Iterable[bytes]) -> bytes:
    """Of parts, each with its length: other parts never make the same."""
    made = hashlib.sha256()
    for part in parts:
        made.update(len(part).to_bytes(8))
        made.update(part)
    return made.digest()
