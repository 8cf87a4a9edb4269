"""Whatever a job raises: written down by its worker, which outlives it."""

from types import TracebackType


class Caught:
    """`with Caught() as attempt: …` keeps the error in `attempt.error`, None without; the end of a program goes on."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> "Caught":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if isinstance(error, Exception):
            self.error = error
        return self.error is not None
