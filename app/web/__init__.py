"""The pages: blueprints and what surrounds them."""
