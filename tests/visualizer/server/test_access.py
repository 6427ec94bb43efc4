"""Who is let in: names, origins, tokens, over real sockets."""

import socket

import pytest

from neuralscope.visualizer.server.access import Door
from neuralscope.visualizer.server.pages import ROUTES
from tests.helpers.http_client import visit

PATHS = [*ROUTES, "/socket", "/predict", "/health", "/openapi.json", "/nowhere", "/../../etc/passwd",
         "/%2e%2e/draw.html"]
UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
           "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
FOREIGN = ["evil.example", "evil.example:80", "127.0.0.1.evil.example:8080", "192.168.0.7:80", "localhost.evil.example",
           "localhost@evil.example", "127.0.0.1:x", "[::1", "2130706433", ""]


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_refused_everywhere(shipped, embedded, host):
    async def story(asker):
        for path in PATHS:
            found = await asker.ask(path, Host=host)
            assert found.status in (400, 403)  # tornado itself refuses what no Host header may hold
            assert b"digit" not in found.body
        found = await asker.ask("/socket", Host=host, Origin=f"http://{host}", **UPGRADE)
        assert found.status in (400, 403)
        await asker.lives()

    visit(shipped, embedded, story)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:80", "[::1]:9000", "LocalHost:1234"])
def test_this_machines_names_are_answered_with_any_port_or_none(shipped, embedded, host):
    async def story(asker):
        for path in ("/", "/draw", "/health"):
            assert (await asker.ask(path, Host=host)).status == 200
        assert (await asker.ask("/socket", Host=host, Origin=f"http://{host}", **UPGRADE)).status == 101

    visit(shipped, embedded, story)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "",
                                    "http://[::1", "file://"])
@pytest.mark.parametrize("host", [None, "127.0.0.1"])
def test_a_foreign_page_is_refused(shipped, embedded, origin, host):
    async def story(asker):
        token = f"?token={asker.server.door.token}"
        for path in ("/", "/health", "/socket"):
            assert (await asker.ask(path + token, Origin=origin)).status == 403
        assert (await asker.ask("/predict" + token, b"[]", "application/json", Origin=origin)).status == 403
        assert (await asker.ask("/socket" + token, Origin=origin, **UPGRADE)).status == 403
        await asker.lives()

    visit(shipped, embedded, story, host)


def test_a_page_of_ours_may_ask_and_so_may_who_is_no_page(shipped, embedded):
    async def story(asker):
        assert (await asker.ask("/health", Origin=f"http://{asker.place}")).status == 200
        assert (await asker.ask("/health")).status == 200
        assert (await asker.ask("/socket", Origin=f"http://{asker.place}", **UPGRADE)).status == 101
        assert (await asker.ask("/socket", **UPGRADE)).status == 403  # a browser always says where a page came from

    visit(shipped, embedded, story)


def test_with_a_host_nobody_comes_in_without_the_token(shipped, embedded):
    async def story(asker):
        for path in PATHS:
            for words in ("", "?token=", "?token=wrong", "?token=%ff"):
                found = await asker.ask(path + words)
                assert found.status == 401
                assert found.headers["Www-Authenticate"] == "Bearer"
                assert "token" in found.json["error"]
        wrong = {"Cookie": f"neuralscope-token-{asker.port}=wrong", "Authorization": "Bearer wrong"}
        assert (await asker.ask("/health", **wrong)).status == 401
        assert (await asker.ask("/socket", Origin=f"http://{asker.place}", **UPGRADE)).status == 401
        assert (await asker.ask("/predict", b"[0]", "application/json")).status == 401
        await asker.lives()

    visit(shipped, embedded, story, "127.0.0.1")


def test_the_token_in_the_address_becomes_a_cookie_and_goes_from_the_address(shipped, embedded):
    async def story(asker):
        token = asker.server.door.token
        assert asker.address.endswith(f"/?token={token}")
        assert len(token) >= 32
        for path in ("/", "/draw"):
            found = await asker.ask(f"{path}?token={token}")
            assert (found.status, found.headers["Location"]) == (302, path)
            cookie, *rules = found.headers["Set-Cookie"].split("; ")
            assert {rule.lower() for rule in rules} >= {"httponly", "samesite=lax"}
            assert (await asker.ask(path, Cookie=cookie)).status == 200
        assert (await asker.ask("/socket", Cookie=cookie, Origin=f"http://{asker.place}", **UPGRADE)).status == 101
        for words in ({"Cookie": cookie}, {"Authorization": f"Bearer {token}"}):
            assert (await asker.ask("/health", **words)).status == 200
        assert (await asker.ask(f"/health?token={token}")).status == 200
        own = socket.gethostname()
        for host, status in ((own, 200), ("192.168.0.7:80", 200), ("[fe80::1]:80", 200), ("evil.example", 403)):
            assert (await asker.ask("/draw", Cookie=f"neuralscope-token-80={token}", Host=host)).status == status

    visit(shipped, embedded, story, "127.0.0.1")


def test_each_start_has_a_token_of_its_own_where_there_is_one():
    assert Door("0.0.0.0").token != Door("0.0.0.0").token
    assert Door().token == ""


@pytest.mark.parametrize("host", ["localhost/x", "localhost?x", "x@localhost", "localhost:80:80", "localhost:x", "[::1",
                                  ""])
def test_what_only_looks_like_a_name_of_ours_is_none(host):
    assert Door().knows("localhost:80")
    assert not Door().knows(host)
    assert not Door("0.0.0.0").knows(host)


def test_a_refused_connection_leaves_nothing_on_the_terminal(shipped, embedded, caplog):
    async def story(asker):
        for _ in range(3):
            found = await asker.ask("/socket", Upgrade="websocket", Connection="Upgrade", Origin="http://evil.example",
                                    Sec_WebSocket_Version="13", Sec_WebSocket_Key="AAAAAAAAAAAAAAAAAAAAAA==")
            assert found.status == 403
        found = await asker.ask("/socket")
        assert (found.status, "a WebSocket" in found.json["error"]) == (400, True)
        await asker.lives()

    visit(shipped, embedded, story)
    assert not caplog.records


def test_servers_on_other_ports_have_cookies_of_their_own(shipped, embedded):
    async def story(asker):
        found = await asker.ask(f"/?token={asker.server.door.token}")
        name, _, _ = found.headers["Set-Cookie"].partition("=")
        assert name == f"neuralscope-token-{asker.port}"
        for held, status in ((name, 200), (f"{name[:-1]}x", 401)):
            cookie = f"{held}={asker.server.door.token}"
            assert (await asker.ask("/draw", Cookie=cookie)).status == status

    visit(shipped, embedded, story, host="127.0.0.1")
