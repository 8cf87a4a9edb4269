"""What work outside may use of the settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.config import Config, MailServer
from app.connectors.outgoing_guard import OutgoingGuard
from app.operations.file_work import FileWork


def no_picture(_svg: str) -> None:
    """Where nobody said what makes pictures."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Addresses of webhooks by the names diagrams use, the mail server, our own address for links in mails.

    `guard` lets out what goes over HTTP; `secret_keys` open what lies encrypted; `files` reaches the files of cases.
    `picture_of` makes a picture (PNG) of a drawing (SVG), None where this machine cannot.
    """

    webhooks: Mapping[str, str] = field(default_factory=dict)
    mail: MailServer | None = None
    public_url: str = ""
    guard: OutgoingGuard = field(default_factory=OutgoingGuard)
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    files: FileWork | None = None
    picture_of: Callable[[str], bytes | None] = no_picture

    @property
    def file_work(self) -> FileWork:
        if self.files is None:
            raise LookupError("this worker was not told where the files are")
        return self.files


def surroundings_of(config: Config) -> Surroundings:
    """What the settings say."""
    return Surroundings(
        config.webhooks, config.mail, config.public_url, outgoing_guard(config),
        (config.secret_key, *config.secret_key_fallbacks),
    )  # fmt: skip


def outgoing_guard(config: Config) -> OutgoingGuard:
    """Lets out to the hosts the settings name, those of this machine in tests and the demo only."""
    return OutgoingGuard(frozenset(config.outgoing_hosts), may_reach_loopback=not config.is_production)
