"""Every address that works is printed, and what else one has to know."""

import socket
from urllib.parse import urlsplit

import pytest

from neuralscope.visualizer.server import addresses as module
from neuralscope.visualizer.server.access import AccessRules
from neuralscope.visualizer.server.addresses import access_advice, machine_hosts, window_addresses


@pytest.mark.parametrize(("host", "place"), [(None, "127.0.0.1"), ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_the_address_can_be_opened(host, place):
    access_rules = AccessRules(host)
    token = f"?token={access_rules.token}" if host else ""
    assert window_addresses(access_rules, 80) == [f"http://{place}:80/{token}"]


def names_of(known):
    """Return what stands in for `socket.getaddrinfo` where these names are known."""
    def look_up(name, port, family=0, *_):
        if name not in known:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return [(family, 1, 6, "", (address, 0)) for address in known[name]]

    return look_up


@pytest.mark.parametrize(("known", "hosts"), [
    ({}, ["192.168.1.5"]),
    ({"pi": ["127.0.1.1"], "pi.local": ["192.168.1.5"]}, ["192.168.1.5", "pi.local"]),
    ({"pi": ["192.168.1.5", "10.0.0.7"], "pi.local": ["10.9.9.9"]}, ["192.168.1.5", "10.0.0.7", "pi"]),
    ({"pi": ["127.0.0.1"], "pi.local": ["127.0.0.1"]}, ["192.168.1.5"])])
def test_with_all_addresses_those_of_the_networks_and_the_names_that_lead_to_them_are_told(monkeypatch, known, hosts):
    monkeypatch.setattr(module, "outgoing_addresses", lambda family: ["192.168.1.5"])
    monkeypatch.setattr(module, "is_own", lambda address: address != "10.9.9.9")  # another machine of this name
    monkeypatch.setattr(socket, "gethostname", lambda: "Pi")
    monkeypatch.setattr(socket, "getaddrinfo", names_of(known))
    assert machine_hosts(socket.AF_INET) == hosts


def test_a_machine_without_a_network_tells_its_own_address(monkeypatch):
    monkeypatch.setattr(module, "outgoing_addresses", lambda family: [])
    monkeypatch.setattr(socket, "getaddrinfo", names_of({}))
    assert window_addresses(AccessRules("0.0.0.0"), 80)[0].startswith("http://127.0.0.1:80/?token=")


def test_every_address_that_is_told_leads_here():
    with socket.create_server(("0.0.0.0", 0)) as listening:
        port = listening.getsockname()[1]
        for address in window_addresses(AccessRules("0.0.0.0"), port):
            with socket.create_connection((urlsplit(address).hostname, port), 5):
                listening.accept()[0].close()


def test_a_name_that_takes_long_to_look_up_holds_nothing_up(monkeypatch):
    waiting = module.threading.Event()
    monkeypatch.setattr(module, "RESOLVE_TIMEOUT_S", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: waiting.wait(60) and [])
    assert module.addresses_of("pi.local", socket.AF_INET) == []
    waiting.set()


def test_an_address_of_this_machine_is_told_from_anothers():
    assert [module.is_own(address) for address in ("127.0.0.1", "192.0.2.77", "2001:db8::77")] == [True, False, False]


def test_the_other_addresses_and_the_public_names_are_advised():
    lines = list(access_advice(["http://10.0.0.7:80/?token=x", "http://pi.local:80/?token=x"], ["digits.example.org"]))
    assert lines[:2] == ["or http://pi.local:80/?token=x",
                         "or at digits.example.org, where its proxy answers, with ?token=x after the address"]
    assert "whoever has this address" in lines[2]


def test_over_ssh_the_start_prints_the_line_that_forwards_the_port(monkeypatch):
    here = ["http://127.0.0.1:8123/"]
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    assert not list(access_advice(here))
    monkeypatch.setenv("LOGNAME", "ada")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")
    assert [line.partition("ssh ")[2] for line in access_advice(here)] == ["-N -L 8123:127.0.0.1:8123 ada@10.0.0.2"]
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 2200")
    assert "ssh -p 2200 -N -L" in next(access_advice(here))
    monkeypatch.setenv("SSH_CONNECTION", "garbage")
    assert not list(access_advice(here))
