"""Mail on the wire: private, to the right server, signed in; refusals told apart."""

from pathlib import Path

import pytest

from app.connectors import ConnectorFailed
from app.connectors.mail import Letter, MailRefused, send_mail
from tests.integration.certificates import certificate_for, server_context
from tests.integration.mail_receiver import accept_only, mail_receiver

LETTER = Letter("key-1", "lin@shop.example", "回访", "您好")


def test_starttls_with_a_certificate_of_the_name_and_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_for("localhost", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    options = {"authenticator": accept_only(b"care", b"p@ss"), "auth_required": True}
    with mail_receiver(server_context(certificate), **options) as receiver:
        server = receiver.server(host="localhost", security="starttls", user="care", password="p@ss")
        send_mail(server, LETTER)
        assert receiver.is_private == [True]
        wrong = receiver.server(host="localhost", security="starttls", user="care", password="guess")
        with pytest.raises(ConnectorFailed, match="535") as refused:
            send_mail(wrong, LETTER)
        assert not isinstance(refused.value, MailRefused)  # the settings are to blame, not the letter
        assert "guess" not in str(refused.value)
    assert receiver.subjects() == ["回访"]


def test_certificate_of_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = certificate_for("other.example", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_receiver(server_context(certificate)) as receiver, pytest.raises(ConnectorFailed, match="Hostname"):
        send_mail(receiver.server(host="localhost", security="starttls"), LETTER)
    assert receiver.received == []


def test_server_without_tls_gets_nothing_where_tls_is_demanded() -> None:
    with mail_receiver() as receiver:
        for security in ("starttls", "tls"):
            with pytest.raises(ConnectorFailed):
                send_mail(receiver.server(host="localhost", security=security), LETTER)
    assert receiver.received == []


@pytest.mark.parametrize(("answer", "kind"), [("550 no such person", MailRefused), ("451 later", ConnectorFailed)])
def test_refusals_for_good_are_told_from_those_for_now(answer: str, kind: type[Exception]) -> None:
    with mail_receiver() as receiver:
        receiver.answer = answer
        with pytest.raises(ConnectorFailed, match=answer) as refused:
            send_mail(receiver.server(), LETTER)
    assert type(refused.value) is kind


def test_server_that_is_away_fails_the_attempt() -> None:
    with mail_receiver() as receiver:
        server = receiver.server()
    with pytest.raises(ConnectorFailed, match="mail server"):
        send_mail(server, LETTER)
