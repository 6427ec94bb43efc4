"""Who may speak to the server: under which names, from which pages, and with which token."""

import contextlib
import hmac
import ipaddress
import re
import secrets
import socket
from urllib.parse import urlsplit

from neuralscope.errors import InputError
from neuralscope.visualizer.server.base_handler import Refusal

LOOPBACK_HOST = "127.0.0.1"
# any other name may be a foreign page's, bound anew to this address
LOOPBACK_NAMES = frozenset({LOOPBACK_HOST, "localhost", "::1"})
DEFAULT_HTTP_PORT = 80
# RFC 9110, section 7.2, without what no name of a machine has; tornado's own reading differs from version to version
HOST_PATTERN = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.ASCII)


class AccessRules:
    """The rules by which a request comes in.

    Without ``host`` only this machine's browsers come: their Host header names it. With a ``host`` to listen on, any
    address and this machine's own names will do. ``public_names`` are those of a proxy before this server. Where there
    is either, whoever comes has ``token``.
    """

    def __init__(self, host=None, public_names=()):
        """Make the rules; a token is a new one each time. Raises InputError for a name that is none."""
        self.host, self.is_remote = host or LOOPBACK_HOST, host is not None
        self.public_names = frozenset(map(public_name, public_names))
        self.token = secrets.token_urlsafe(24) if self.is_remote or self.public_names else ""
        self.host_names = LOOPBACK_NAMES | self.public_names | (machine_names(host) if self.is_remote else set())

    def check_request(self, request):
        """Raise Refusal for an HTTPServerRequest that may not come in."""
        hosts = request.headers.get_list("Host")
        if len(hosts) != 1 or not self.admits_host(hosts[0]):
            raise Refusal(403, "this server does not answer to the name in Host; use " + (
                "its address or the machine's own name" if self.is_remote else "127.0.0.1 or localhost")
                + "; --allow-host NAME lets it answer to another")
        origin = request.headers.get("Origin")
        if origin is None and request.headers.get("Upgrade"):
            raise Refusal(403, "a WebSocket is opened by a page of this server, whose address it sends as Origin")
        if origin is not None and not self.admits_origin(origin, hosts[0]):
            raise Refusal(403, "a page of another origin may not use this server; open its own page")
        if self.token and not any(map(self.is_token, request_tokens(request))):
            raise Refusal(401, "a token is needed; use the address that the program printed, its ?token= included")

    def admits_host(self, host):
        """Say whether the server answers to this Host header."""
        matched = HOST_PATTERN.fullmatch(host.lower())
        name = matched[1].strip("[]") if matched else ""
        try:
            return name in self.host_names or (self.is_remote and bool(ipaddress.ip_address(name)))
        except ValueError:
            return False

    def admits_origin(self, origin, host):
        """Say whether an Origin header is that of a page of this server, which was asked for by ``host``."""
        try:
            parts = urlsplit(origin.lower())
            # a proxy may put this machine's name for the one that it was asked for
            return parts.netloc == host.lower() or parts.hostname in self.public_names
        except ValueError:
            return False

    def is_token(self, token):
        """Say whether this is the token, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(token.encode(), self.token.encode())


def machine_names(host):
    """Return the names that this machine may be called by, ``host`` among them."""
    machine_name = socket.gethostname().lower()
    return {host.lower(), machine_name, machine_name.partition(".")[0] + ".local", socket.getfqdn().lower()}


def public_name(name):
    """Return a name as browsers send it; raises InputError."""
    with contextlib.suppress(UnicodeError):
        encoded = name.encode("idna").decode().lower()
        if HOST_PATTERN.fullmatch(encoded) and ":" not in encoded:
            return encoded
    raise InputError(f"--allow-host {name}: is no name of a machine", "give it alone, such as digits.example.org")


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
