"""Settings: read once from AFTERCARE_* variables, checked, then never changed."""

import ipaddress
import os
import re
import secrets
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from app.errors import AppError
from app.i18n import LOCALES, N_

PREFIX = "AFTERCARE_"
SHORTEST_KEY, FEWEST_SIGNS = 32, 8
ENVIRONMENTS = ("production", "demo", "test")
KNOWN_KEYS = ("dev", "secret", "changeme", "change-me", "password", "default", "aftercare")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")

MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
MAIL_PORTS = {"smtps": 465, "smtp": 587}
SMTP_URL_TEXT = N_("AFTERCARE_SMTP_URL must be like smtps://user:password@host or smtp://host:587.")

T = TypeVar("T")


class ConfigRefused(AppError):
    """A setting is missing, malformed or unsafe: the product does not start with it."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out and in whose name: TLS from the beginning, or after STARTTLS, or none (loopback only)."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The provider whose accounts may sign in (OpenID Connect); `name` is what people read on the button."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scope: str = "openid"
    groups_claim: str = "groups"
    # Groups of the provider that stand for groups of ours, as (group, site).
    groups: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Config:
    """All settings. `public_url` is the address in people's browsers; its scheme decides on secure cookies.

    `secret_key_fallbacks` still verify what an earlier key signed; `max_streams` bounds the open event streams of
    one process; `trusted_proxies` are the addresses whose X-Forwarded headers count;
    `webhooks` the addresses that diagrams may call, by the name they call them; `outgoing_hosts` are
    the hosts and ports that may be reached over HTTP, those of `webhooks` among them; `mail` where mail goes out, None
    where there is no mail server: then it stays on the outbox page; `basic_auth` lets programs
    in with name and password on /engine-rest; `metrics_token` opens /metrics; the sizes of
    files are in megabytes, those of a person within a day; `scanner` is asked about each file before anybody gets it,
    where there is one.
    """

    data_dir: Path
    database_url: str
    keys_database_url: str
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    is_production: bool = True
    public_url: str = "http://127.0.0.1:8080"
    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 32
    max_streams: int = 20
    worker_in_process: bool = True
    test_clock: bool = False
    basic_auth: bool = False
    default_locale: str = "zh_CN"
    trusted_hosts: tuple[str, ...] = LOOPBACK_NAMES
    trusted_proxies: tuple[str, ...] = ()
    webhooks: Mapping[str, str] = field(default_factory=dict, repr=False)
    outgoing_hosts: tuple[tuple[str, int], ...] = ()
    mail: MailServer | None = None
    metrics_token: str = field(default="", repr=False)
    oidc: OidcSettings | None = None
    largest_file_mb: int = 25
    files_of_case_mb: int = 500
    files_of_person_mb: int = 1000
    scanner: str = ""

    @property
    def is_loopback_only(self) -> bool:
        """Nobody but this machine reaches the product."""
        return _is_loopback(self.public_url) and self.host in LOOPBACK

    @property
    def files_dir(self) -> Path:
        """Where the files of cases are kept, encrypted."""
        return self.data_dir / "files"

    @property
    def is_https(self) -> bool:
        """People reach the product over TLS (a proxy in front ends it)."""
        return self.public_url.startswith("https://")


def load_config(environment: Mapping[str, str]) -> Config:
    """Read and check the settings; raises ConfigRefused naming the variable.

    Arguments: environment, usually `os.environ`. Creates the data folder and, where none is given, a secret key in it.
    """
    config, refusals = inspect_config(environment)
    if refusals:
        raise refusals[0]
    return config


def inspect_config(environment: Mapping[str, str]) -> tuple[Config, list[ConfigRefused]]:
    """The settings and everything that is wrong with them; where one cannot be read, its default stands there."""
    values = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
    refusals: list[ConfigRefused] = []

    def read(setting: Callable[[], T], default: T) -> T:
        try:
            return setting()
        except ConfigRefused as refusal:
            refusals.append(refusal)
            return default

    data_dir = Path(values.get("DATA_DIR", "var")).absolute()
    public_url = values.get("PUBLIC_URL", f"http://127.0.0.1:{values.get('PORT', '8080')}").rstrip("/")
    no_texts: tuple[str, ...] = ()
    no_hosts: Sequence[tuple[str, int]] = ()
    no_addresses: dict[str, str] = {}
    webhooks = read(lambda: _addresses(values, "WEBHOOKS"), no_addresses)
    hosts = read(lambda: _host_list(values, "OUTGOING_HOSTS"), no_hosts)
    kind = read(lambda: _choice(values, "ENVIRONMENT", ENVIRONMENTS, ENVIRONMENTS[0]), ENVIRONMENTS[0])
    config = Config(
        data_dir=data_dir,
        database_url=values.get("DATABASE_URL", f"sqlite:///{data_dir / 'aftercare.db'}"),
        keys_database_url=values.get("KEYS_DATABASE_URL", f"sqlite:///{data_dir / 'keys.db'}"),
        secret_key=values.get("SECRET_KEY") or _stored_secret_key(data_dir),
        secret_key_fallbacks=_list(values, "SECRET_KEY_FALLBACKS"),
        is_production=kind == ENVIRONMENTS[0],
        public_url=public_url,
        host=values.get("HOST", "127.0.0.1"),
        port=read(lambda: _number(values, "PORT", 8080, 65535), 8080),
        threads=read(lambda: _number(values, "THREADS", 32, 500), 32),
        max_streams=read(lambda: _number(values, "MAX_STREAMS", 20, 400), 20),
        worker_in_process=read(lambda: _switch(values, "WORKER_IN_PROCESS", default=True), True),
        test_clock=read(lambda: _switch(values, "TEST_CLOCK", default=False), False),
        basic_auth=read(lambda: _switch(values, "BASIC_AUTH", default=False), False),
        default_locale=read(lambda: _choice(values, "LOCALE", LOCALES, LOCALES[0]), LOCALES[0]),
        trusted_hosts=(*read(lambda: _own_hosts(public_url), no_texts), *_list(values, "TRUSTED_HOSTS")),
        trusted_proxies=read(lambda: _networks(values, "TRUSTED_PROXIES"), no_texts),
        webhooks=webhooks,
        outgoing_hosts=(*hosts, *map(_host_and_port, webhooks.values())),
        mail=read(lambda: _mail_server(values), None),
        metrics_token=values.get("METRICS_TOKEN", ""),
        oidc=read(lambda: _oidc(values), None),
        largest_file_mb=read(lambda: _number(values, "LARGEST_FILE_MB", 25, 500), 25),
        files_of_case_mb=read(lambda: _number(values, "FILES_OF_CASE_MB", 500, 100_000), 500),
        files_of_person_mb=read(lambda: _number(values, "FILES_OF_PERSON_MB", 1000, 1_000_000), 1000),
        scanner=read(lambda: _scanner(values), ""),
    )
    return config, refusals + list(_unsafe(config, environment))


def _unsafe(config: Config, environment: Mapping[str, str]) -> Iterator[ConfigRefused]:
    if any(map(_is_weak, (config.secret_key, *config.secret_key_fallbacks))):
        yield ConfigRefused(
            N_("AFTERCARE_SECRET_KEY is too short or too simple: give at least %(count)s random characters."),
            count=SHORTEST_KEY,
        )
    if config.metrics_token and len(config.metrics_token) < SHORTEST_KEY:
        text = N_("AFTERCARE_METRICS_TOKEN is too short: give at least %(count)s random characters.")
        yield ConfigRefused(text, count=SHORTEST_KEY)
    if config.max_streams >= config.threads:
        yield ConfigRefused(N_("AFTERCARE_MAX_STREAMS must be less than AFTERCARE_THREADS: pages need threads too."))
    if not config.is_https and not config.is_loopback_only:
        yield ConfigRefused(
            N_("Without HTTPS the product serves this machine only. Set AFTERCARE_PUBLIC_URL to its https:// address.")
        )
    if config.is_production and any(not address.startswith("https://") for address in config.webhooks.values()):
        yield ConfigRefused(N_("AFTERCARE_WEBHOOKS: use https:// addresses; others are for demonstrations and tests."))
    if config.test_clock and not config.is_loopback_only:
        yield ConfigRefused(N_("AFTERCARE_TEST_CLOCK is for a product that serves this machine only."))
    if config.is_production and config.test_clock:
        yield ConfigRefused(N_("AFTERCARE_TEST_CLOCK is for demonstrations and tests, not for production."))
    if config.is_production and environment.get("FLASK_DEBUG", "") not in NO:
        yield ConfigRefused(N_("FLASK_DEBUG shows secrets to everybody: it cannot be on in production."))


def _is_weak(key: str) -> bool:
    return len(key) < SHORTEST_KEY or key.lower() in KNOWN_KEYS or len(set(key)) < FEWEST_SIGNS


def _stored_secret_key(data_dir: Path) -> str:
    """The key kept in the data folder, made at the first start: strong without anybody choosing one."""
    path = data_dir / "secret.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _own_hosts(public_url: str) -> tuple[str, ...]:
    host = urlsplit(public_url).hostname
    if not host or urlsplit(public_url).scheme not in ("http", "https"):
        raise ConfigRefused(N_("AFTERCARE_PUBLIC_URL must be an address such as https://aftercare.example."))
    return LOOPBACK_NAMES if _is_loopback(public_url) else (host,)


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def _list(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in values.get(name, "").split(",") if part.strip())


def _networks(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    networks = _list(values, name)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ConfigRefused(
                N_("AFTERCARE_%(name)s: “%(value)s” is not an IP address or network."), name=name, value=network
            ) from error
    return networks


def _addresses(values: Mapping[str, str], name: str) -> dict[str, str]:
    """`crm=https://crm.example/hook, shop=https://…` by name; the addresses may hold tokens, so they are not shown."""
    found = {}
    for entry in _list(values, name):
        key, _, address = entry.partition("=")
        parts = urlsplit(address.strip())
        if not key.strip() or parts.scheme not in ("http", "https") or not _has_sound_place(parts):
            raise ConfigRefused(N_("AFTERCARE_%(name)s must be entries like name=https://address."), name=name)
        found[key.strip()] = address.strip()
    return found


def _has_sound_place(parts: SplitResult) -> bool:
    try:
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def _host_list(values: Mapping[str, str], name: str) -> list[tuple[str, int]]:
    """`hooks.example, crm.example:8443`: hosts by name, each with its port."""
    hosts = _list(values, name)
    try:
        return [_host_and_port(f"https://{host}") for host in hosts if _is_bare(host)]
    except ValueError as error:
        raise ConfigRefused(
            N_("AFTERCARE_%(name)s must be hosts like hooks.example or crm.example:8443."), name=name
        ) from error


def _is_bare(host: str) -> bool:
    if any(sign in host for sign in "/@?#\\ "):
        raise ValueError(host)
    return True


def _host_and_port(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def _oidc(values: Mapping[str, str]) -> OidcSettings | None:
    given = {name: values.get(f"OIDC_{name}", "").strip() for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")}
    if not any(given.values()):
        return None
    parts = urlsplit(given["ISSUER"])
    if not all(given.values()) or parts.query or parts.fragment or not parts.hostname:
        raise ConfigRefused(
            N_("Give AFTERCARE_OIDC_ISSUER, AFTERCARE_OIDC_CLIENT_ID and AFTERCARE_OIDC_CLIENT_SECRET together.")
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(given["ISSUER"])):
        raise ConfigRefused(N_("AFTERCARE_OIDC_ISSUER must begin with https://."))
    name = values.get("OIDC_NAME", "").strip() or parts.hostname
    scope = " ".join(dict.fromkeys(["openid", *values.get("OIDC_SCOPE", "").split()]))
    claim = values.get("OIDC_GROUPS_CLAIM", "").strip() or "groups"
    listed = _provider_groups(values.get("OIDC_GROUPS", ""))
    return OidcSettings(given["ISSUER"], given["CLIENT_ID"], given["CLIENT_SECRET"], name, scope, claim, listed)


def _provider_groups(text: str) -> Mapping[str, tuple[str, str]]:
    """`their-group=our_group@site, …`; administration is given here only, so it is refused."""
    found: dict[str, tuple[str, str]] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        theirs, _, ours = part.rpartition("=")
        group, _, site = ours.strip().partition("@")
        if not theirs.strip() or not group or not site or group == "admin":
            raise ConfigRefused(
                N_("AFTERCARE_OIDC_GROUPS is a list such as their-group=cr_advisor@site; it cannot name admin.")
            )
        found[theirs.strip()] = (group, site)
    return found


def _mail_server(values: Mapping[str, str]) -> MailServer | None:
    """`smtps://user:password@host:465` or `smtp://…:587` (STARTTLS); plain text on this machine only."""
    url, sender = values.get("SMTP_URL", ""), values.get("MAIL_FROM", "")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ConfigRefused(SMTP_URL_TEXT)
    if not MAIL_ADDRESS.fullmatch(sender):
        raise ConfigRefused(N_("AFTERCARE_MAIL_FROM must be the address in whose name mail is sent."))
    is_local = parts.scheme == "smtp" and parts.hostname in LOOPBACK
    security: Literal["tls", "starttls", "none"] = "tls" if parts.scheme == "smtps" else "starttls"
    return MailServer(
        parts.hostname, _mail_port(url), "none" if is_local else security, sender,
        unquote(parts.username or ""), unquote(parts.password or ""),
    )


def _mail_port(url: str) -> int:
    try:
        return urlsplit(url).port or MAIL_PORTS[urlsplit(url).scheme]
    except ValueError as error:
        raise ConfigRefused(SMTP_URL_TEXT) from error


def _scanner(values: Mapping[str, str]) -> str:
    """The address of clamd or a command; a program that is not there would keep every file waiting."""
    setting = values.get("SCANNER", "").strip()
    if setting.startswith("clamd:"):
        address = urlsplit(setting)
        if not address.hostname and not address.path.startswith("/"):
            raise ConfigRefused(
                N_("AFTERCARE_SCANNER must be clamd://host:port, clamd:///path/of/socket or a command.")
            )
    elif setting and shutil.which(_words(setting)[0]) is None:
        raise ConfigRefused(N_("AFTERCARE_SCANNER: there is no program “%(name)s”."), name=_words(setting)[0])
    return setting


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command) or [command]
    except ValueError as error:
        raise ConfigRefused(N_("AFTERCARE_SCANNER has a quotation mark without its other half.")) from error


def _number(values: Mapping[str, str], name: str, default: int, highest: int) -> int:
    text = values.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= highest:
        raise ConfigRefused(
            N_("AFTERCARE_%(name)s must be a whole number from 1 to %(highest)s, not “%(value)s”."),
            name=name, highest=highest, value=text,
        )
    return int(text)


def _choice(values: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = values.get(name, default)
    if value not in choices:
        raise ConfigRefused(
            N_("AFTERCARE_%(name)s must be one of %(choices)s, not “%(value)s”."),
            name=name, choices=", ".join(choices), value=value,
        )
    return value


def _switch(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    return _choice(values, name, (*YES, *NO), YES[0] if default else NO[0]) in YES
