"""R9: the disk is full while people work. Nothing acknowledged is lost, nothing is half there, and it goes on."""

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.cli.disk_reserve import NAME, keep_reserve
from app.models import Job, UserTask
from benchmarks.server import Server
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import Dealership
from tests.integration.reliability.people_at_work import DONE, complete, open_cases
from tests.integration.reliability.product import Person, Place, becomes, children, running_workers
from tests.integration.reliability.scale import scaled
from tests.integration.reliability.verdict import find_faults, is_idle

OK, FULL = 200, 507
DISK_MEGABYTES = scaled(64, 256)  # each round leaves cases behind
LEFT = 150_000  # bytes, when the ballast lies on the disk


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of its own where one may be mounted, else a folder in which the server's files may not grow."""
    folder = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)]
    try:
        is_mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    yield folder
    if is_mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Disk:
    """Can be filled, and freed by what the product has set aside for it."""

    def __init__(self, place: Place, server: Server) -> None:
        self._folder, self._server = place.folder, server
        self._file = Path(place.database_url.removeprefix("sqlite:///"))
        self._is_own = os.path.ismount(self._folder)

    def fill(self) -> None:
        if not self._is_own:
            wal = self._file.with_name(self._file.name + "-wal")
            self._limit(max(self._file.stat().st_size, wal.stat().st_size if wal.exists() else 0) + LEFT)
            return
        free = os.statvfs(self._folder).f_bavail * os.statvfs(self._folder).f_frsize
        with (self._folder / "ballast").open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, max(free - LEFT, 1))

    def free(self) -> None:
        """Delete what may be deleted."""
        (self._folder / NAME).unlink()
        if not self._is_own:
            self._limit(resource.RLIM_INFINITY)

    def restore(self) -> None:
        """Room as at the beginning."""
        (self._folder / "ballast").unlink(missing_ok=True)
        keep_reserve(self._folder)

    def _limit(self, size: int) -> None:
        for process_id in (self._server.process_id, *children(self._server.process_id)):
            resource.prlimit(process_id, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@only_sqlite
def test_r9_a_full_disk_loses_nothing(
    place: Place, server: Server, sign_in: Callable[[str], Person], dealership: Dealership
) -> None:
    rounds, at_once = scaled(1, 10), 60
    acknowledged: list[str] = []
    for _round in range(rounds):
        waiting = open_cases(dealership, at_once, "ada")
        person = sign_in("ada")
        person.open_page()
        disk = Disk(place, server)
        disk.fill()
        refused = None
        while waiting and refused is None:
            answer = complete(person, waiting[0])
            if answer.status == DONE:
                acknowledged.append(waiting.pop(0))
            else:
                refused = answer
        assert refused is not None, "the disk was never full"
        assert (refused.status, "The disk of the server is full" in refused.text) == (FULL, True), refused.text
        assert int(refused.headers["Retry-After"]) > 0
        assert person.open_page("/inbox").status == OK  # reading goes on
        assert place.ask(lambda reader, left=waiting[0]: reader.get_one(UserTask, left).state) == "open"
        disk.free()
        for user_task_id in waiting:
            assert complete(person, user_task_id).status == DONE
            acknowledged.append(user_task_id)
        disk.restore()
    with running_workers(place):
        assert becomes(lambda: place.ask(lambda reader: is_idle(reader, "message")), within=60)
    assert place.ask(lambda reader: find_faults(reader, acknowledged)) == []
    assert place.ask(lambda reader: reader.query(Job).filter_by(state="dead").count()) == 0
