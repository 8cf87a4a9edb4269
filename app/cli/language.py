"""The command line speaks the language of the terminal's settings (LANG)."""

import os

from app.i18n import compile_catalogs, locale_of_environment, translations

compile_catalogs()
_ = translations(locale_of_environment(os.environ)).gettext
