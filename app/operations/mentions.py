"""People named in a text by @ and their user name, such as `@li.na`: those among them who may see the case."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.models.case_content_queries import people_who_see
from app.models.display_names import user_names

# As `users.USER_ID` has them; a dot or hyphen at the end is the sentence's. An address of mail is no mention.
MENTION = re.compile(r"(?<![\w.@-])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)", re.ASCII)
MOST_MENTIONS = 20


def mentioned_in(session: Session, instance_id: str, text: str) -> list[str]:
    """The ids of people a text names, each once; who may not see the case is not among them."""
    named = list(dict.fromkeys(found[1] for found in MENTION.finditer(text)))[:MOST_MENTIONS]
    return [user_id for user_id, _name in people_who_see(session, instance_id, ids=named)] if named else []


def with_names(session: Session, text: str, mentions: Sequence[str]) -> str:
    """A text with the display names of the people it mentions in place of their user names."""
    names = user_names(session, mentions)
    return MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
