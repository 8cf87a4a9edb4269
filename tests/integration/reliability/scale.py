"""How long the drills take: seconds each with the tests, up to ten minutes each by `make drill`."""

import os

IS_LONG = os.environ.get("DRILL") == "long"


def scaled(short: int, long: int) -> int:
    return long if IS_LONG else short
