"""What goes in and out, and the parts of it that several subjects share. Names are written like `caseNumber`.

A `Meta` is a rule and a word for the reader at once: what is taken is checked by it, and the document tells it.
"""

import hashlib
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from app.i18n import N_

DAY = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
MONTH = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"


class Shape(msgspec.Struct, frozen=True, rename="camel"):
    """What an answer holds."""


class VersionedShape(Shape, frozen=True):
    """An answer about one thing that can be changed; its version goes out with it as ETag.

    Where `is_told_when_refused` it stands in the refusal of a change as well; not where looking at it is written down.
    """

    is_told_when_refused: ClassVar[bool] = True

    @property
    def version(self) -> str:
        """It, as an entity tag (RFC 9110, 8.8.3): another text as soon as anything in the shape is another."""
        content = msgspec.json.encode(self, order="sorted")
        return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


class Received(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What a request brings: a name that is not known is refused, not ignored."""


Cursor = Annotated[str, Meta(max_length=1000, description=N_("“next” of the page before; without it the first page"))]
Next = Annotated[str | None, Meta(description=N_("What to give as “after” for the next page; null on the last one"))]
Day = Annotated[
    str, Meta(pattern=DAY, description=N_("A day, such as 2026-10-31"), extra_json_schema={"format": "date"})
]
MonthText = Annotated[str, Meta(pattern=MONTH, description=N_("A month, such as 2026-10"))]
SiteId = Annotated[str, Meta(max_length=64, description=N_("Of which site; without it the person's own"))]
AnySite = Annotated[str, Meta(max_length=64, description=N_("Of which site; without it all that the person may see"))]
Moment = Annotated[datetime, Meta(tz=True)]
Reason = Annotated[
    str, Meta(min_length=1, max_length=2000, description=N_("Why; people read it in the history later on"))
]
Minutes = Annotated[int, Meta(description=N_("Minutes of working time"))]
