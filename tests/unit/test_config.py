"""Settings: what is refused, and what the defaults are (W21, W52, W57, W58)."""

import stat
from pathlib import Path

import pytest

from app.config import Config, ConfigRefused, MailServer, inspect_config, load_config

KEY = "0123456789abcdefghijklmnopqrstuvwxyz"


def _load(tmp_path: Path, **values: str) -> Config:
    return load_config({"AFTERCARE_DATA_DIR": str(tmp_path), **values})


def test_defaults_are_safe(tmp_path: Path) -> None:
    config = _load(tmp_path)
    assert config.is_production
    assert config.host == "127.0.0.1"
    assert not config.test_clock
    assert not config.is_https
    assert config.database_url == f"sqlite:///{tmp_path / 'aftercare.db'}"
    assert config.keys_database_url != config.database_url


def test_w21_key_is_made_once_and_readable_for_its_owner_only(tmp_path: Path) -> None:
    first, second = _load(tmp_path), _load(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 48
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["dev", "secret", "a" * 40, "short but random 123", "changeme"])
def test_w21_weak_keys_are_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigRefused, match="AFTERCARE_SECRET_KEY"):
        _load(tmp_path, AFTERCARE_SECRET_KEY=key)
    with pytest.raises(ConfigRefused, match="AFTERCARE_SECRET_KEY"):
        _load(tmp_path, AFTERCARE_SECRET_KEY=KEY, AFTERCARE_SECRET_KEY_FALLBACKS=key)


def test_w21_earlier_keys_are_kept_for_verification(tmp_path: Path) -> None:
    config = _load(tmp_path, AFTERCARE_SECRET_KEY=KEY, AFTERCARE_SECRET_KEY_FALLBACKS=f"{KEY}1, {KEY}2")
    assert config.secret_key_fallbacks == (f"{KEY}1", f"{KEY}2")


def test_keys_do_not_show_in_tracebacks(tmp_path: Path) -> None:
    assert KEY not in repr(_load(tmp_path, AFTERCARE_SECRET_KEY=KEY))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"AFTERCARE_HOST": "0.0.0.0"}, "HTTPS"),  # noqa: S104 - refused
        ({"AFTERCARE_PUBLIC_URL": "http://aftercare.example"}, "HTTPS"),
        ({"AFTERCARE_PUBLIC_URL": "aftercare.example"}, "PUBLIC_URL"),
        ({"AFTERCARE_PUBLIC_URL": "ftp://aftercare.example"}, "PUBLIC_URL"),
        ({"AFTERCARE_TEST_CLOCK": "1"}, "TEST_CLOCK"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"AFTERCARE_PORT": "0"}, "PORT"),
        ({"AFTERCARE_PORT": "eighty"}, "PORT"),
        ({"AFTERCARE_PORT": "٨٠"}, "PORT"),
        ({"AFTERCARE_LOCALE": "de"}, "LOCALE"),
        ({"AFTERCARE_ENVIRONMENT": "prod"}, "ENVIRONMENT"),
        ({"AFTERCARE_WORKER_IN_PROCESS": "maybe"}, "WORKER_IN_PROCESS"),
        ({"AFTERCARE_TRUSTED_PROXIES": "10.0.0.1, proxy.example"}, "proxy.example"),
        ({"AFTERCARE_THREADS": "10"}, "MAX_STREAMS"),
    ],
)
def test_unsafe_or_malformed_settings_are_refused_by_name(tmp_path: Path, values: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigRefused, match=words):
        _load(tmp_path, **values)


def test_debugging_and_test_clock_outside_production(tmp_path: Path) -> None:
    config = _load(tmp_path, AFTERCARE_ENVIRONMENT="demo", AFTERCARE_TEST_CLOCK="1", FLASK_DEBUG="1")
    assert config.test_clock
    assert not config.is_production


def test_the_test_clock_is_for_this_machine_only(tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused, match="TEST_CLOCK"):
        _load(
            tmp_path,
            AFTERCARE_ENVIRONMENT="test",
            AFTERCARE_TEST_CLOCK="1",
            AFTERCARE_PUBLIC_URL="https://aftercare.example",
        )


def test_all_that_is_wrong_is_found_at_once(tmp_path: Path) -> None:
    wrong = {"AFTERCARE_PORT": "x", "AFTERCARE_LOCALE": "de", "AFTERCARE_HOST": "0.0.0.0", "FLASK_DEBUG": "1"}  # noqa: S104
    config, refusals = inspect_config({"AFTERCARE_DATA_DIR": str(tmp_path), **wrong})
    assert (config.port, config.default_locale, config.is_production) == (8080, "zh_CN", True)
    assert len(refusals) == len(wrong)


def test_w57_host_names_come_from_the_public_address(tmp_path: Path) -> None:
    config = _load(
        tmp_path,
        AFTERCARE_PUBLIC_URL="https://aftercare.example/",
        AFTERCARE_HOST="0.0.0.0",  # noqa: S104
        AFTERCARE_TRUSTED_HOSTS="backup.example",
        AFTERCARE_TRUSTED_PROXIES="10.0.0.1",
    )
    assert config.trusted_hosts == ("aftercare.example", "backup.example")
    assert config.trusted_proxies == ("10.0.0.1",)
    assert config.is_https


def test_webhooks_are_named_addresses(tmp_path: Path) -> None:
    config = _load(tmp_path, AFTERCARE_WEBHOOKS="crm=https://crm.example/hook?a=b, shop=https://shop.example:8443/in")
    assert config.webhooks == {"crm": "https://crm.example/hook?a=b", "shop": "https://shop.example:8443/in"}
    assert config.outgoing_hosts == (("crm.example", 443), ("shop.example", 8443))
    assert "hook?a=b" not in repr(config)


@pytest.mark.parametrize("text", [
    "https://crm.example", "crm=", "crm=file:///etc/passwd", "=https://crm.example", "crm=https://a:b@crm.example",
    "crm=https://crm.example:port", "crm=http://crm.example", "crm=http://127.0.0.1:8080",
])  # fmt: skip
def test_w38_webhooks_without_name_or_address_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigRefused, match="AFTERCARE_WEBHOOKS"):
        _load(tmp_path, AFTERCARE_WEBHOOKS=text)


def test_w38_hosts_that_may_be_reached(tmp_path: Path) -> None:
    config = _load(tmp_path, AFTERCARE_OUTGOING_HOSTS="Hooks.example, crm.example:8443")
    assert config.outgoing_hosts == (("hooks.example", 443), ("crm.example", 8443))


@pytest.mark.parametrize("text", ["https://hooks.example", "a@hooks.example", "hooks.example:x", "hooks.example/in"])
def test_w38_hosts_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigRefused, match="AFTERCARE_OUTGOING_HOSTS"):
        _load(tmp_path, AFTERCARE_OUTGOING_HOSTS=text)


def test_mail_server_of_the_settings(tmp_path: Path) -> None:
    sender = {"AFTERCARE_MAIL_FROM": "care@shop.example"}
    config = _load(tmp_path, AFTERCARE_SMTP_URL="smtps://care:p%40ss@mail.example", **sender)
    assert config.mail == MailServer("mail.example", 465, "tls", "care@shop.example", "care", "p@ss")
    assert "p@ss" not in repr(config)
    assert _mail(tmp_path, "smtp://mail.example", **sender) == ("mail.example", 587, "starttls")
    assert _mail(tmp_path, "smtp://127.0.0.1:2525", **sender) == ("127.0.0.1", 2525, "none")
    assert _load(tmp_path).mail is None


def _mail(folder: Path, url: str, **more: str) -> tuple[str, int, str]:
    server = _load(folder, AFTERCARE_SMTP_URL=url, **more).mail
    assert server
    return server.host, server.port, server.security


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:x", "smtp://mail.example/in"]
)
def test_mail_server_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigRefused, match="AFTERCARE_SMTP_URL"):
        _load(tmp_path, AFTERCARE_SMTP_URL=url, AFTERCARE_MAIL_FROM="care@shop.example")


@pytest.mark.parametrize("sender", ["", "care", "care@shop.example\nBcc: a@b.example", "A <a@b.example>"])
def test_w50_mail_from_nobody_is_refused(tmp_path: Path, sender: str) -> None:
    with pytest.raises(ConfigRefused, match="AFTERCARE_MAIL_FROM"):
        _load(tmp_path, AFTERCARE_SMTP_URL="smtp://mail.example", AFTERCARE_MAIL_FROM=sender)


OIDC = {
    "AFTERCARE_OIDC_ISSUER": "https://idp.example/realm",
    "AFTERCARE_OIDC_CLIENT_ID": "aftercare",
    "AFTERCARE_OIDC_CLIENT_SECRET": "not shown",
}


def test_w28_the_provider_is_given_whole_and_over_https(tmp_path: Path) -> None:
    environment = {"AFTERCARE_DATA_DIR": str(tmp_path), **OIDC}
    config = load_config(environment)
    assert config.oidc
    assert (config.oidc.issuer, config.oidc.name) == ("https://idp.example/realm", "idp.example")
    assert "not shown" not in repr(config)
    assert (config.oidc.scope, config.oidc.groups_claim, config.oidc.groups) == ("openid", "groups", {})
    listed = load_config({
        **environment, "AFTERCARE_OIDC_GROUPS": "cn=Calls=cr_advisor@hq, desk=front_desk@hq",
        "AFTERCARE_OIDC_SCOPE": "groups openid", "AFTERCARE_OIDC_GROUPS_CLAIM": "roles",
    }).oidc  # fmt: skip
    assert listed
    assert listed.groups == {"cn=Calls": ("cr_advisor", "hq"), "desk": ("front_desk", "hq")}
    assert (listed.scope, listed.groups_claim) == ("openid groups", "roles")
    wrong = [{"AFTERCARE_OIDC_GROUPS": text} for text in ("desk", "desk=front_desk", "boss=admin@hq", "=x@hq")]
    for change in ({"AFTERCARE_OIDC_CLIENT_SECRET": ""}, {"AFTERCARE_OIDC_ISSUER": "http://idp.example"}, *wrong):
        with pytest.raises(ConfigRefused):
            load_config({**environment, **change})


@pytest.mark.parametrize("setting", ["", "clamd://127.0.0.1:3310", "clamd:///run/clamd.sock", "true --some argument"])
def test_w48_scanner_is_taken(tmp_path: Path, setting: str) -> None:
    assert _load(tmp_path, AFTERCARE_SCANNER=setting).scanner == setting


@pytest.mark.parametrize("setting", ["clamd:", "clamd:relative/path", "no-such-program-anywhere -x", "'half"])
def test_w48_scanner_that_cannot_answer_is_refused(tmp_path: Path, setting: str) -> None:
    with pytest.raises(ConfigRefused, match="AFTERCARE_SCANNER"):
        _load(tmp_path, AFTERCARE_SCANNER=setting)


def test_w45_limits_of_files(tmp_path: Path) -> None:
    config = _load(tmp_path, AFTERCARE_LARGEST_FILE_MB="3")
    assert (config.largest_file_mb, config.files_of_case_mb, config.files_of_person_mb) == (3, 500, 1000)
    assert config.files_dir == tmp_path / "files"
    with pytest.raises(ConfigRefused, match="LARGEST_FILE_MB"):
        _load(tmp_path, AFTERCARE_LARGEST_FILE_MB="0")
