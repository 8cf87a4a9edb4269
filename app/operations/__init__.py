"""Every write of the product: verb_noun functions that take session, actor and now, and never commit."""
