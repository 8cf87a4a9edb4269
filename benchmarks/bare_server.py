"""`python -m benchmarks.bare_server`: the product's web server with a Flask application that does nothing."""

from typing import Any

from flask import Flask

from app.cli.frame import settings
from app.cli.server import Server

PATH = "/preferences"


class BareServer(Server):
    """The same server with the same settings: what remains of a request when the product is taken out of it."""

    def load(self) -> Any:
        """Runs in the serving process."""
        app = Flask(__name__)
        app.add_url_rule("/health", view_func=lambda: "ok")
        app.add_url_rule(PATH, "store", lambda: "", methods=["POST"])
        return app


if __name__ == "__main__":
    BareServer(settings(), lambda: None).run()
