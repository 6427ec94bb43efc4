"""Who may speak to the server: under which names, from which pages, and with which token."""

import hmac
import ipaddress
import secrets
import socket
from urllib.parse import urlsplit

from neuralscope.visualizer.server.base_handler import Refusal

HOST = "127.0.0.1"
HOME = frozenset({HOST, "localhost", "::1"})  # any other name may be a foreign page's, bound anew to this address
HTTP_PORT = 80


class Door:
    """The rules by which a request comes in.

    Without ``host`` only this machine's browsers come: their Host header names it. With a ``host`` to listen on, any
    address and this machine's own names will do, and whoever comes has ``token``.
    """

    def __init__(self, host=None):
        """Make the rules; a token is a new one each time."""
        self.host, self.open = host or HOST, host is not None
        self.token = secrets.token_urlsafe(24) if self.open else ""
        self.names = HOME | (own_names(host) if self.open else set())

    def check(self, request):
        """Raise Refusal for an HTTPServerRequest that may not come in."""
        if not self.knows(request.host):
            raise Refusal(403, "this server does not answer to the name in Host; use " + (
                "its address or the machine's own name" if self.open else "127.0.0.1 or localhost"))
        origin = request.headers.get("Origin")
        if origin is None and request.headers.get("Upgrade"):
            raise Refusal(403, "a WebSocket is opened by a page of this server, whose address it sends as Origin")
        if origin is not None and place(origin) != request.host.lower():
            raise Refusal(403, "a page of another origin may not use this server; open its own page")
        if self.token and not any(map(self.fits, keys(request))):
            raise Refusal(401, "a token is needed; use the address that the program printed, its ?token= included")

    def knows(self, host):
        """Say whether the server answers to this Host header."""
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname or "", parts.port  # which raises ValueError where it is no number
            if parts.netloc != host or "@" in host:
                return False
            return name in self.names or (self.open and bool(ipaddress.ip_address(name)))
        except ValueError:
            return False

    def fits(self, token):
        """Say whether this is the token, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(token.encode(), self.token.encode())


def own_names(host):
    """Return the names that this machine may be called by, ``host`` among them."""
    own = socket.gethostname().lower()
    return {host.lower(), own, own.partition(".")[0] + ".local", socket.getfqdn().lower()}


def place(origin):
    """Return the host and port of an Origin header, in small letters; "" where it is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def cookie(request):
    """Return the name of the cookie that holds the token: cookies are of a host, whatever its port."""
    return f"neuralscope-token-{urlsplit(f'//{request.host}').port or HTTP_PORT}"


def keys(request):
    """Yield every token that came with a request: in the address, as a cookie, in a header."""
    yield from (token.decode("utf-8", "replace") for token in request.query_arguments.get("token", ()))
    if cookie(request) in request.cookies:
        yield request.cookies[cookie(request)].value
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        yield token.strip()
