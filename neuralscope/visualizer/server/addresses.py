"""Where the window is found: every address that works, and what else whoever opens one has to know."""

import getpass
import ipaddress
import os
import socket
import threading
from contextlib import suppress
from itertools import chain
from urllib.parse import urlsplit

from neuralscope.visualizer.server.access import LOOPBACK_HOST

ANY_ADDRESSES = {"0.0.0.0": socket.AF_INET, "::": socket.AF_UNSPEC}  # where every address of the machine is listened at
# for documentation, RFC 5737 and 3849: nothing is sent there, but the system says by which address it would be
FAR_ADDRESSES = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
RESOLVE_TIMEOUT_S = 1  # seconds for a name; without a service for .local it would be many
DEFAULT_SSH_PORT = "22"


def window_addresses(access_rules, port):
    """Return the addresses of the window, as they are opened in a browser, the surest first."""
    hosts = [access_rules.host]
    if access_rules.host in ANY_ADDRESSES:
        hosts = machine_hosts(ANY_ADDRESSES[access_rules.host]) or [LOOPBACK_HOST]
    token = f"?token={access_rules.token}" * bool(access_rules.token)
    return [f"http://{f'[{host}]' if ':' in host else host}:{port}/{token}" for host in hosts]


def machine_hosts(family):
    """Return this machine's addresses in its networks, and those of its names that lead to one of them."""
    name = socket.gethostname().lower()
    names = dict.fromkeys([name, name.partition(".")[0] + ".local"])
    found = {name: addresses_of(name, family) for name in names}
    addresses = dict.fromkeys([*outgoing_addresses(family), *filter(is_own, chain(*found.values()))])
    reachable = dict.fromkeys(filter(is_reachable, addresses))
    return [*reachable, *(name for name in names if reachable.keys() & set(found[name]))]


def addresses_of(name, family):
    """Return the addresses that a name stands for on this machine; none where that takes long to find out."""
    found = []

    def resolve():
        with suppress(OSError, UnicodeError):
            found.extend(entry[4][0] for entry in socket.getaddrinfo(name, None, family, socket.SOCK_STREAM))

    thread = threading.Thread(target=resolve, name="resolve", daemon=True)
    thread.start()
    thread.join(RESOLVE_TIMEOUT_S)
    return list(found)


def outgoing_addresses(family):
    """Return the addresses by which this machine speaks to others."""
    found = []
    for each, far in FAR_ADDRESSES.items():
        if family in (each, socket.AF_UNSPEC):
            with suppress(OSError), socket.socket(each, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                found.append(probe.getsockname()[0])
    return found


def is_own(address):
    """Say whether an address is this machine's: a name may lead to another one."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.bind((address, 0))
        return True
    return False


def is_reachable(address):
    """Say whether other machines can use an address: neither this machine's own nor one that needs a network's name."""
    value = ipaddress.ip_address(address.partition("%")[0])
    return not (value.is_loopback or value.is_unspecified or (value.version == 6 and value.is_link_local))


def access_advice(addresses, public_names=()):
    """Yield lines on how the window is reached from elsewhere, and by whom."""
    first, *others = map(urlsplit, addresses)
    yield from (f"or {other.geturl()}" for other in others)
    for name in public_names:
        yield f"or at {name}, where its proxy answers, with ?{first.query} after the address"
    if first.query:
        yield "whoever has this address, token and all, can use the window; it is not encrypted on its way"
    elif os.environ.get("SSH_CONNECTION"):
        with suppress(ValueError, KeyError, OSError):  # of another form, or a user without a name
            *_, server, ssh_port = os.environ["SSH_CONNECTION"].split()
            port_option = f"-p {ssh_port} " * (ssh_port != DEFAULT_SSH_PORT)
            yield (f"on the machine before you, first run: ssh {port_option}-N -L "
                   f"{first.port}:{LOOPBACK_HOST}:{first.port} {getpass.getuser()}@{server}")
