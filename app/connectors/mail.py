"""Mail: one letter at a time to the mail server of the settings, over TLS with a verified certificate."""

import html
import smtplib
import ssl
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP

from app.config import MailServer
from app.connectors.connector_failed import ConnectorFailed

TIMEOUT_SECONDS = 20
# Refused for good, as far as one letter goes (RFC 5321, 4.2.1).
PERMANENT = range(500, 600)
LANGUAGE_TAGS = {"zh_CN": "zh-CN", "en": "en"}


class MailRefused(ConnectorFailed):
    """The server does not take this letter; sending it again would end the same way."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG shown under the text of a mail; `description` is read to who does not see it."""

    content: bytes
    description: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one address. `key` is the same at every attempt; `link` is where the reader can go on."""

    key: str
    to: str
    subject: str
    text: str
    link: str = ""
    locale: str = "en"
    picture: Picture | None = None

    def with_address_of(self, product: str) -> "Letter":
        """The same with the whole address of the link; arguments: product, the address people know it by."""
        return replace(self, link=product + self.link) if self.link.startswith("/") else self


def one_line(text: str) -> str:
    """A text for a header or a heading: control, format (such as direction) and line characters become spaces."""
    kept = (" " if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Cs") else sign for sign in text)
    return " ".join("".join(kept).split())


def send_mail(server: MailServer, letter: Letter) -> None:
    """Hand a letter to the mail server; raises ConnectorFailed, or MailRefused where trying again is of no use."""
    try:
        with _connected(server) as smtp:
            smtp.send_message(compose(letter, server.sender), server.sender, [letter.to])
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise _failure(code, answer) from error
    except smtplib.SMTPDataError as error:
        raise _failure(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:  # greeting, sign-in, sender: the settings, not the letter
        raise ConnectorFailed(f"mail server: {error.smtp_code} {_readable(error.smtp_error)}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise ConnectorFailed(f"mail server: {type(error).__name__}: {error}") from error


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The letter as text and as simple HTML; whatever its texts hold, each header stays one line."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    # The library would decode what looks like an encoded word (RFC 2047), and with it line ends that begin a header.
    message["Subject"] = one_line(letter.subject).replace("=?", "= ?")
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{letter.key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office programs stay silent
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(f"{letter.text}\n\n{letter.link}\n" if letter.link else f"{letter.text}\n")
    content_id = f"drawing.{letter.key}@{domain}"  # RFC 2392
    message.add_alternative(_as_html(letter, content_id), subtype="html")
    if letter.picture:
        _add_inline(message, letter.picture, content_id)
    message["Content-Language"] = LANGUAGE_TAGS.get(letter.locale, "en")
    return message


def _add_inline(message: EmailMessage, picture: Picture, content_id: str) -> None:
    """Beside the HTML that shows it (RFC 2387)."""
    page = message.get_body(("html",))
    if not isinstance(page, EmailMessage):
        raise TypeError("a letter with a picture has HTML to show it")
    page.add_related(
        picture.content, maintype="image", subtype="png", cid=f"<{content_id}>", disposition="inline",
        filename="diagram.png",
    )  # fmt: skip


def _as_html(letter: Letter, content_id: str) -> str:
    paragraphs = "".join(
        f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in letter.text.split("\n\n") if part.strip()
    )
    link = html.escape(letter.link)
    anchor = f'<p><a href="{link}">{link}</a></p>' if link else ""
    picture = _picture(letter.picture.description, content_id) if letter.picture else ""
    language = LANGUAGE_TAGS.get(letter.locale, "en")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(letter.subject)}'
        f'</title></head><body style="font-family:sans-serif;line-height:1.5">{paragraphs}{anchor}{picture}'
        "</body></html>\n"
    )


def _picture(description: str, content_id: str) -> str:
    return f'<p><img src="cid:{content_id}" alt="{html.escape(description)}" style="max-width:100%;height:auto"></p>'


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection that is as private as the settings demand, signed in where they say so."""
    own_name = server.sender.rpartition("@")[2]
    context = ssl.create_default_context()
    with _opened(server, own_name, context) as smtp:
        if server.security == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp


def _opened(server: MailServer, own_name: str, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, own_name, timeout=TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, own_name, timeout=TIMEOUT_SECONDS)


def _failure(code: int, answer: bytes | str) -> ConnectorFailed:
    text = f"mail server: {code} {_readable(answer)}"
    return MailRefused(text) if code in PERMANENT else ConnectorFailed(text)


def _readable(answer: bytes | str) -> str:
    return one_line(answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)
