"""The command line takes its language from the environment when it is imported: these tests read English."""

import os

os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="")

from tests.integration.cli.commands import data_dir, founded, site

__all__ = ["data_dir", "founded", "site"]
