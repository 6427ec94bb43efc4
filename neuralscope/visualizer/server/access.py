"""Who may speak to the server: under which names, from which pages, and with which token."""

import hmac
import ipaddress
import secrets
import socket
from urllib.parse import urlsplit

from neuralscope.visualizer.server.base_handler import Refusal

LOOPBACK_HOST = "127.0.0.1"
# any other name may be a foreign page's, bound anew to this address
LOOPBACK_NAMES = frozenset({LOOPBACK_HOST, "localhost", "::1"})
DEFAULT_HTTP_PORT = 80


class AccessRules:
    """The rules by which a request comes in.

    Without ``host`` only this machine's browsers come: their Host header names it. With a ``host`` to listen on, any
    address and this machine's own names will do, and whoever comes has ``token``.
    """

    def __init__(self, host=None):
        """Make the rules; a token is a new one each time."""
        self.host, self.is_remote = host or LOOPBACK_HOST, host is not None
        self.token = secrets.token_urlsafe(24) if self.is_remote else ""
        self.host_names = LOOPBACK_NAMES | (machine_names(host) if self.is_remote else set())

    def check_request(self, request):
        """Raise Refusal for an HTTPServerRequest that may not come in."""
        if not self.admits_host(request.host):
            raise Refusal(403, "this server does not answer to the name in Host; use " + (
                "its address or the machine's own name" if self.is_remote else "127.0.0.1 or localhost"))
        origin = request.headers.get("Origin")
        if origin is None and request.headers.get("Upgrade"):
            raise Refusal(403, "a WebSocket is opened by a page of this server, whose address it sends as Origin")
        if origin is not None and origin_netloc(origin) != request.host.lower():
            raise Refusal(403, "a page of another origin may not use this server; open its own page")
        if self.token and not any(map(self.is_token, request_tokens(request))):
            raise Refusal(401, "a token is needed; use the address that the program printed, its ?token= included")

    def admits_host(self, host):
        """Say whether the server answers to this Host header."""
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname or "", parts.port  # which raises ValueError where it is no number
            if parts.netloc != host or "@" in host:
                return False
            return name in self.host_names or (self.is_remote and bool(ipaddress.ip_address(name)))
        except ValueError:
            return False

    def is_token(self, token):
        """Say whether this is the token, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(token.encode(), self.token.encode())


def machine_names(host):
    """Return the names that this machine may be called by, ``host`` among them."""
    machine_name = socket.gethostname().lower()
    return {host.lower(), machine_name, machine_name.partition(".")[0] + ".local", socket.getfqdn().lower()}


def origin_netloc(origin):
    """Return the host and port of an Origin header, in small letters; "" where it is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def cookie_name(request):
    """Return the name of the cookie that holds the token: cookies are of a host, whatever its port."""
    return f"neuralscope-token-{urlsplit(f'//{request.host}').port or DEFAULT_HTTP_PORT}"


def request_tokens(request):
    """Yield every token that came with a request: in the address, as a cookie, in a header."""
    yield from (token.decode("utf-8", "replace") for token in request.query_arguments.get("token", ()))
    if cookie_name(request) in request.cookies:
        yield request.cookies[cookie_name(request)].value
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        yield token.strip()
