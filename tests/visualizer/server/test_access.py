"""Who is let in: names, origins, tokens, over real sockets."""

import asyncio
import socket
from contextlib import suppress

import pytest

from neuralscope.errors import InputError
from neuralscope.visualizer.server.access import AccessRules
from neuralscope.visualizer.server.pages import ROUTES
from tests.helpers.http_client import read_response, with_server

PATHS = [*ROUTES, "/socket", "/predict", "/health", "/openapi.json", "/nowhere", "/../../etc/passwd",
         "/%2e%2e/draw.html"]
UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
           "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
FOREIGN = ["evil.example", "evil.example:80", "127.0.0.1.evil.example:8080", "192.168.0.7:80", "localhost.evil.example",
           "localhost@evil.example", "127.0.0.1:x", "[::1", "2130706433", ""]


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_refused_everywhere(shipped, embedded, host):
    async def story(client):
        asked = [(path, {}) for path in PATHS] + [("/socket", {"Origin": f"http://{host}", **UPGRADE})]
        for path, headers in asked:
            with suppress(asyncio.IncompleteReadError):  # tornado 6.5 hangs up where a Host header is none
                found = await client.ask(path, Host=host, **headers)
                assert found.status in (400, 403)  # of which some versions refuse a few by themselves
                assert b"digit" not in found.body
        await client.lives()

    with_server(shipped, embedded, story)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:80", "[::1]:9000", "LocalHost:1234"])
def test_this_machines_names_are_answered_with_any_port_or_none(shipped, embedded, host):
    async def story(client):
        for path in ("/", "/draw", "/health"):
            assert (await client.ask(path, Host=host)).status == 200
        assert (await client.ask("/socket", Host=host, Origin=f"http://{host}", **UPGRADE)).status == 101

    with_server(shipped, embedded, story)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "",
                                    "http://[::1", "file://"])
@pytest.mark.parametrize("host", [None, "127.0.0.1"])
def test_a_foreign_page_is_refused(shipped, embedded, origin, host):
    async def story(client):
        token = f"?token={client.server.access_rules.token}"
        for path in ("/", "/health", "/socket"):
            assert (await client.ask(path + token, Origin=origin)).status == 403
        assert (await client.ask("/predict" + token, b"[]", "application/json", Origin=origin)).status == 403
        assert (await client.ask("/socket" + token, Origin=origin, **UPGRADE)).status == 403
        await client.lives()

    with_server(shipped, embedded, story, host)


def test_a_page_of_ours_may_ask_and_so_may_who_is_no_page(shipped, embedded):
    async def story(client):
        assert (await client.ask("/health", Origin=f"http://{client.netloc}")).status == 200
        assert (await client.ask("/health")).status == 200
        assert (await client.ask("/socket", Origin=f"http://{client.netloc}", **UPGRADE)).status == 101
        assert (await client.ask("/socket", **UPGRADE)).status == 403  # a browser always says where a page came from

    with_server(shipped, embedded, story)


def test_with_a_host_nobody_comes_in_without_the_token(shipped, embedded):
    async def story(client):
        for path in PATHS:
            for words in ("", "?token=", "?token=wrong", "?token=%ff"):
                found = await client.ask(path + words)
                assert found.status == 401
                assert found.headers["Www-Authenticate"] == "Bearer"
                assert "token" in found.json["error"]
        wrong = {"Cookie": f"neuralscope-token-{client.port}=wrong", "Authorization": "Bearer wrong"}
        assert (await client.ask("/health", **wrong)).status == 401
        assert (await client.ask("/socket", Origin=f"http://{client.netloc}", **UPGRADE)).status == 401
        assert (await client.ask("/predict", b"[0]", "application/json")).status == 401
        await client.lives()

    with_server(shipped, embedded, story, "127.0.0.1")


def test_the_token_in_the_address_becomes_a_cookie_and_goes_from_the_address(shipped, embedded):
    async def story(client):
        token = client.server.access_rules.token
        assert client.address.endswith(f"/?token={token}")
        assert len(token) >= 32
        for path in ("/", "/draw"):
            found = await client.ask(f"{path}?token={token}")
            assert (found.status, found.headers["Location"]) == (302, f".{path}")
            cookie, *rules = found.headers["Set-Cookie"].split("; ")
            assert {rule.lower() for rule in rules} >= {"httponly", "samesite=lax"}
            assert (await client.ask(path, Cookie=cookie)).status == 200
        assert (await client.ask("/socket", Cookie=cookie, Origin=f"http://{client.netloc}", **UPGRADE)).status == 101
        for words in ({"Cookie": cookie}, {"Authorization": f"Bearer {token}"}):
            assert (await client.ask("/health", **words)).status == 200
        assert (await client.ask(f"/health?token={token}")).status == 200
        own = socket.gethostname()
        for host, status in ((own, 200), ("192.168.0.7:80", 200), ("[fe80::1]:80", 200), ("evil.example", 403)):
            assert (await client.ask("/draw", Cookie=f"neuralscope-token-80={token}", Host=host)).status == status

    with_server(shipped, embedded, story, "127.0.0.1")


def test_each_start_has_a_token_of_its_own_where_there_is_one():
    assert AccessRules("0.0.0.0").token != AccessRules("0.0.0.0").token
    assert AccessRules().token == ""


def test_without_a_host_header_nobody_comes_in(shipped, embedded):
    async def story(client):
        reader, writer = await client.connect()
        writer.write(b"GET /health HTTP/1.0\r\n\r\n")
        assert (await read_response(reader)).status in (400, 403)
        writer.close()

    with_server(shipped, embedded, story)


def test_a_public_name_is_answered_with_a_token_and_so_is_its_page(shipped, embedded):
    async def story(client):
        token = f"?token={client.server.access_rules.token}"
        for host in ("Digits.example.org", "digits.example.org:8443", client.netloc):
            assert (await client.ask(f"/draw{token}", Host=host)).status == 302
            assert (await client.ask("/draw", Host=host)).status == 401
            for page, status in (("https://digits.example.org", 101), ("https://digits.example.org:8443", 101),
                                 ("https://evil.example", 403), ("https://digits.example.org.evil.example", 403)):
                assert (await client.ask(f"/socket{token}", Host=host, Origin=page, **UPGRADE)).status == status
        found = await client.ask(f"/draw{token}", Host="other.example.org")
        assert (found.status, "--allow-host NAME" in found.json["error"]) == (403, True)

    with_server(shipped, embedded, story, public_names=["DIGITS.example.org"])


@pytest.mark.parametrize("name", ["", "a b", "https://digits.example.org", "digits.example.org:80", "[::1]", "x" * 64])
def test_a_public_name_that_is_none_is_refused(name):
    with pytest.raises(InputError, match=r"--allow-host .*such as digits"):
        AccessRules(None, [name])


@pytest.mark.parametrize("host", ["localhost/x", "localhost?x", "x@localhost", "localhost:80:80", "localhost:x",
                                  "localhost:", "[::1", ""])
def test_what_only_looks_like_a_name_of_ours_is_none(host):
    assert AccessRules().admits_host("localhost:80")
    assert not AccessRules().admits_host(host)
    assert not AccessRules("0.0.0.0").admits_host(host)


def test_a_refused_connection_leaves_nothing_on_the_terminal(shipped, embedded, caplog):
    async def story(client):
        for _ in range(3):
            found = await client.ask("/socket", Upgrade="websocket", Connection="Upgrade", Origin="http://evil.example",
                                    Sec_WebSocket_Version="13", Sec_WebSocket_Key="AAAAAAAAAAAAAAAAAAAAAA==")
            assert found.status == 403
        found = await client.ask("/socket")
        assert (found.status, "a WebSocket" in found.json["error"]) == (400, True)
        await client.lives()

    with_server(shipped, embedded, story)
    assert not caplog.records


def test_servers_on_other_ports_have_cookies_of_their_own(shipped, embedded):
    async def story(client):
        found = await client.ask(f"/?token={client.server.access_rules.token}")
        name, _, _ = found.headers["Set-Cookie"].partition("=")
        assert name == f"neuralscope-token-{client.port}"
        for held, status in ((name, 200), (f"{name[:-1]}x", 401)):
            cookie = f"{held}={client.server.access_rules.token}"
            assert (await client.ask("/draw", Cookie=cookie)).status == status

    with_server(shipped, embedded, story, host="127.0.0.1")
