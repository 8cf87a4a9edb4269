"""People named in a text by @ and their user name, such as `@li.na`: those among them who may see the case."""

import re

from sqlalchemy.orm import Session

from app.models.case_content_queries import people_who_see

# As `users.USER_ID` has them; a dot or hyphen at the end is the sentence's. An address of mail is no mention.
MENTION = re.compile(r"(?<![\w.@-])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)", re.ASCII)
MOST_MENTIONS = 20


def mentioned_in(session: Session, instance_id: str, text: str) -> list[str]:
    """The ids of people a text names, each once; who may not see the case is not among them."""
    named = list(dict.fromkeys(found[1] for found in MENTION.finditer(text)))[:MOST_MENTIONS]
    return [user_id for user_id, _name in people_who_see(session, instance_id, ids=named)] if named else []
