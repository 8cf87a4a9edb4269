"""X-Forwarded headers count only when the request comes straight from a configured proxy (W57)."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """WSGI middleware: believes the headers of the proxies in `networks`, and of nobody else."""

    def __init__(self, application: "WSGIApplication", networks: Iterable[str]) -> None:
        self._direct = application
        self._behind_proxy = ProxyFix(application, x_for=1, x_proto=1, x_host=1)
        self._networks = [ip_network(network) for network in networks]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_proxy = self._is_trusted(environ.get("REMOTE_ADDR", ""))
        return (self._behind_proxy if is_proxy else self._direct)(environ, start_response)

    def _is_trusted(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False  # a Unix socket has no address
        return any(found in network for network in self._networks)
