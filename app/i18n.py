"""Languages of the product: marks of texts to translate, the catalogs and which language a wish means."""

import gettext
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

BASE_LOCALE = "en"  # the language of the texts in the code
LOCALES = ("zh_CN", BASE_LOCALE)
CATALOGS = Path(__file__).with_name("translations")


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools know
    """Mark `text` for extraction where it cannot be translated yet, because the reader is not known."""
    return text


def best_locale(wish: str | None) -> str | None:
    """The locale of ours that a language tag such as `zh-Hans-CN`, `en_GB.UTF-8` or `zh` means, or None."""
    language = (wish or "").replace("_", "-").split("-")[0].split(".")[0].lower()
    return {"zh": "zh_CN", "en": BASE_LOCALE}.get(language)


def locale_of_environment(environment: dict[str, str] | os._Environ[str]) -> str:
    """The language of the person at the command line: the first of gettext's variables that is set decides."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    wish = next((environment[name] for name in names if environment.get(name)), None)
    return best_locale(wish) or BASE_LOCALE


def translations(locale: str) -> gettext.NullTranslations:
    """The catalog of `locale`; texts without an entry stay English."""
    if locale == BASE_LOCALE:
        return NullTranslations()
    return Translations.load(CATALOGS, [folder_of(locale)])


def folder_of(locale: str) -> str:
    """The folder of a locale's catalog: Babel knows `zh_CN` by its full name `zh_Hans_CN` and looks there only."""
    return str(Locale.parse(locale))


def compile_catalogs(locales: Iterable[str] = LOCALES) -> None:
    """Compile each catalog that is missing or older than its source; safe when several processes do it at once."""
    for locale in locales:
        source = CATALOGS / folder_of(locale) / "LC_MESSAGES" / "messages.po"
        target = source.with_suffix(".mo")
        if source.exists() and not (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            _compile(source, target, locale)


def _compile(source: Path, target: Path, locale: str) -> None:
    with source.open("rb") as file:
        catalog = read_po(file, locale)
    # Written aside and renamed: another process never reads half a catalog.
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as aside:
        write_mo(aside, catalog)
    Path(aside.name).chmod(0o644)
    Path(aside.name).replace(target)
