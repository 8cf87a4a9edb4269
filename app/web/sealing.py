"""What seals and opens the product's own secrets."""

from flask import current_app

from app.operations.sealed_secrets import SealedSecrets


def sealed_secrets(purpose: str) -> SealedSecrets:
    """Secrets under the product's key, kept apart from those of other purposes."""
    return SealedSecrets([current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]], purpose)
