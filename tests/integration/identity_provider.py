"""A provider of sign-ins (OpenID Connect) as a program of its own on loopback."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@dataclass
class Provider:
    """A provider that runs as a program of its own; people there sign in by choosing who they are."""

    address: str
    product: str = "http://127.0.0.1:8080"

    def let_in(self, location: str, subject: str) -> str:
        """Sign in where the product has sent the browser; the path that the browser is sent back to."""
        assert location.startswith(self.address)
        form = urllib.parse.urlencode({"sub": subject}).encode()
        try:
            urllib.request.build_opener(_NoRedirect).open(location, form, timeout=10)
        except urllib.error.HTTPError as answer:
            back = urllib.parse.urlsplit(answer.headers["Location"])
            assert f"{back.scheme}://{back.netloc}" == self.product, "the exact address of the settings"
            return f"{back.path}?{back.query}"
        raise AssertionError("the provider did not send the browser back")


@contextmanager
def started_provider(claims: Mapping[str, object]) -> Iterator[Provider]:
    """Arguments: claims, of the one person that the provider knows beforehand."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user-claims", json.dumps(claims)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield Provider(f"http://127.0.0.1:{port}")
        finally:
            program.terminate()
