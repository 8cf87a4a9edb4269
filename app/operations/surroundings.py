"""What work outside may use of the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.config import Config, MailServer


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Addresses of webhooks by the names diagrams use, the mail server, and our own address for links in mails."""

    webhooks: Mapping[str, str] = field(default_factory=dict)
    mail: MailServer | None = None
    public_url: str = ""


def surroundings_of(config: Config) -> Surroundings:
    """What the settings say."""
    return Surroundings(config.webhooks, config.mail, config.public_url)
