"""What a connector raises when the world outside did not do its part."""

from typing import Literal

Problem = Literal["failed", "refused", "unknown_host", "no_answer", "too_slow", "too_large", "certificate", "status"]


class ConnectorFailed(Exception):
    """The work could not be done this time; the job tries again. `problem` is why, for who reads it in words."""

    problem: Problem

    def __init__(self, text: str, problem: Problem = "failed") -> None:
        super().__init__(text)
        self.problem = problem
