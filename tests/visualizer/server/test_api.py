"""What other programs ask: /predict as ``predict --json`` prints it, /health, and what is refused."""

import asyncio
import hashlib
import json
import random
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from neuralscope import __version__
from neuralscope.network import save, storage
from neuralscope.network.model import Layer, Network
from neuralscope.predict import main
from neuralscope.visualizer.server import predict_service, reading_process
from neuralscope.visualizer.server.request_body import JSON_TYPE
from tests.helpers.environment import PROJECT
from tests.helpers.http_client import TIMEOUT_S, until, with_server
from tests.helpers.image_bytes import image_bytes, oversized_png


@pytest.fixture(scope="session")
def digits(embedded):
    """Return the embedded test digits, (297, 28, 28) uint8."""
    return np.rint(embedded.test.images * 255).astype(np.uint8).reshape(-1, 28, 28)


def drawn(digit, side=140):
    """Return a digit as somebody would draw it: large, dark on light."""
    return 255 - np.asarray(Image.fromarray(digit).resize((side, side)))


def printed(capsys, monkeypatch, path):
    """Return the objects that ``predict --json`` prints for a file."""
    main(["--json", "--weights", str(PROJECT / "trained_weights.npz"), str(path)])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def nearly(made):
    """Return JSON's objects to compare others with: their floats may differ in the last digits, as sums do."""
    if isinstance(made, dict):
        return {name: nearly(value) for name, value in made.items()}
    if isinstance(made, list):
        return [nearly(value) for value in made]
    return pytest.approx(made, rel=1e-4, abs=1e-6) if isinstance(made, float) else made


@pytest.mark.parametrize(("format", "large"), [("PNG", False), ("PNG", True), ("JPEG", True)])
def test_a_picture_is_answered_as_the_program_prints_it(shipped, embedded, digits, capsys, monkeypatch, tmp_path,
                                                        format, large):
    content = image_bytes(drawn(digits[7]) if large else digits[7], format)
    (tmp_path / "one").write_bytes(content)
    (expected,) = printed(capsys, monkeypatch, tmp_path / "one")

    async def story(client):
        found = await client.ask("/predict", content, f"image/{format.lower()}")
        assert found.status == 200
        assert found.headers["Content-Type"] == "application/json; charset=utf-8"
        assert found.json == nearly(expected | {"file": "-"})
        assert bool(found.json["steps"]) == large

    with_server(shipped, embedded, story)


@pytest.mark.parametrize("form", [
    lambda some: some.reshape(-1, 784), lambda some: some, lambda some: some.reshape(-1, 784) / 255,
    lambda some: np.float64([drawn(one) for one in some]) / 255, lambda some: some[:1], lambda some: some[:0:-1]])
def test_many_are_answered_as_a_list(shipped, embedded, digits, capsys, monkeypatch, tmp_path, form):
    array = form(digits[:12])
    array = array.astype(int) if array.dtype == np.uint8 else array
    np.save(tmp_path / "many.npy", array)
    expected = printed(capsys, monkeypatch, tmp_path / "many.npy")

    async def story(client):
        found = await client.ask("/predict", json.dumps(array.tolist()).encode(), JSON_TYPE)
        assert found.json == nearly([one | {"file": "-"} for one in expected])

    with_server(shipped, embedded, story)


def test_a_bad_one_among_many_is_told_in_its_place(shipped, embedded, digits):
    async def story(client):
        some = digits[:3].astype(int)
        some[1] = 0
        found = (await client.ask("/predict", json.dumps(some.tolist()).encode(), JSON_TYPE)).json
        assert ["error" in one for one in found] == [False, True, False]
        found = await client.ask("/predict", json.dumps(some[1].tolist()).encode(), JSON_TYPE)
        assert (found.status, list(found.json)) == (400, ["error"])

    with_server(shipped, embedded, story)


def test_what_is_asked_for_is_shown(shipped, embedded, digits):
    async def story(client):
        body = json.dumps(digits[7].reshape(-1).tolist()).encode()
        found = (await client.ask("/predict?show=prepared,hidden,words,classes", body, JSON_TYPE)).json
        plain = (await client.ask("/predict", body, JSON_TYPE)).json
        assert {name: found[name] for name in plain} == plain
        assert set(found) - set(plain) == {"prepared", "hidden", "words", "classes"}
        np.testing.assert_array_equal(found["prepared"], digits[7].reshape(-1))
        trace = shipped.network.forward(digits[7].reshape(1, -1) / np.float32(255))
        (layer,) = found["hidden"]
        np.testing.assert_allclose(layer["values"], trace.activations[0][0], atol=1e-4)
        assert (layer["sheet"], layer["signed"], layer["activation"]) == ([16, 16], False, "relu")
        assert max(layer["values"]) <= layer["top"] == float(layer["top_in_words"])
        fire = int((trace.activations[0] > 0).sum())
        assert layer["in_words"] == f"{fire} fire, {256 - fire} stay at 0"
        assert found["classes"] == list("0123456789")
        assert found["words"][found["digit"]].endswith("%")
        assert set((await client.ask("/predict?show=words", body, JSON_TYPE)).json) - set(plain) == {"words"}
        assert set((await client.ask("/predict?show=", body, JSON_TYPE)).json) == set(plain)

    with_server(shipped, embedded, story)


def test_what_json_has_no_word_for_is_null(embedded, digits, tmp_path):
    first = np.random.default_rng(0).normal(size=(784, 3)).astype(np.float32)
    first[:, 1] = 3e38
    layers = [Layer(first, np.zeros(3, np.float32), "relu"),
              Layer(np.ones((3, 4), np.float32), np.zeros(4, np.float32), "sigmoid")]
    save(Network(layers), tmp_path / "huge.npz", {})

    async def story(client):
        body = json.dumps(digits[7].reshape(-1).tolist()).encode()
        found = await client.ask("/predict?show=hidden", body, JSON_TYPE)
        assert found.status == 200
        assert found.json["outputs"] == [1.0] * 4
        (layer,) = found.json["hidden"]
        assert [value is None for value in layer["values"]] == [False, True, False]
        assert layer["top"] >= max(value for value in layer["values"] if value is not None)

    with_server(storage.load(tmp_path / "huge.npz"), embedded, story)


def test_a_network_of_another_kind_is_shown(shipped, embedded, digits, tmp_path):
    network = Network.random((784, 30, 12, 10), "tanh", "sigmoid", rng=np.random.default_rng(0))
    save(network, tmp_path / "other.npz", {"dataset": "mnist", "preparation": "deskew"})

    async def story(client):
        found = (await client.ask("/predict?show=hidden,words,prepared", image_bytes(digits[7]), "image/png")).json
        assert [(len(layer["values"]), layer["signed"]) for layer in found["hidden"]] == [(30, True), (12, True)]
        assert all(words.startswith("output ") for words in found["words"])
        assert len(found["outputs"]) == 10
        assert found["prepared"] != digits[7].reshape(-1).tolist()  # set upright
        assert (await client.ask("/health")).json["model"]["accuracy"] is None
        assert (await client.ask("/draw")).body.count(b'class="layer"') == 2

    with_server(shipped, embedded, story, model=storage.load(tmp_path / "other.npz"))


def test_health_says_which_network_it_is(shipped, embedded):
    async def story(client):
        content = Path(shipped.path).read_bytes()
        assert (await client.ask("/health")).json == {"status": "ok", "version": __version__, "model": {
            "architecture": {"sizes": [784, 256, 10], "activations": ["relu", "softmax"]}, "dataset": "mnist",
            "accuracy": shipped.metadata["test_accuracy"], "sha256": hashlib.sha256(content).hexdigest()}}

    with_server(shipped, embedded, story)


@pytest.mark.parametrize(("path", "body", "kind", "status", "words"), [
    ("/predict", b"x", "text/plain", 415, "Content-Type"), ("/predict", b"x", None, 415, "Content-Type"),
    ("/predict", b"GIF89a", "image/png", 415, "neither PNG nor JPEG"), ("/predict", b"", "image/png", 400, "empty"),
    ("/predict", b"\x89PNG\r\n\x1a\n", "image/png", 400, "damaged"), ("/predict", b"[1", JSON_TYPE, 400, "not JSON"),
    ("/predict", json.dumps([0] * 784).encode(), JSON_TYPE, 400, "no ink"),
    ("/predict", json.dumps([300] * 783 + [1]).encode(), JSON_TYPE, 400, "0 to 255"),
    ("/predict?show=all", b"[1]", JSON_TYPE, 400, "show takes prepared, hidden"),
    ("/predict", json.dumps([[0] * 5000] * 4000).encode()[:10**6], JSON_TYPE, 400, "not JSON"),
], ids=[f"request {number}" for number in range(10)])  # processes are given the test's name: not a megabyte of it
def test_bad_requests_are_refused_in_a_sentence(shipped, embedded, path, body, kind, status, words):
    async def story(client):
        found = await client.ask(path, body, kind)
        assert found.status == status
        assert words in found.json["error"]
        assert client.server.predict_service.reserved_bytes == 0
        await client.lives()

    with_server(shipped, embedded, story)


def test_a_packed_body_is_not_unpacked(shipped, embedded):
    async def story(client):
        assert (await client.ask("/predict", b"[0]", JSON_TYPE, Content_Encoding="gzip")).status == 415

    with_server(shipped, embedded, story)


def test_a_bomb_is_refused(shipped, embedded):
    async def story(client):
        found = await client.ask("/predict", oversized_png(9000, 9000), "image/png")
        assert found.status == 413
        assert "9,000 x 9,000 pixels" in found.json["error"]
        await client.lives()

    with_server(shipped, embedded, story)


def test_a_full_server_says_so_and_the_others_are_answered(shipped, embedded, digits, monkeypatch):
    monkeypatch.setattr(predict_service, "MAX_PENDING_REQUESTS", 3)
    photograph = image_bytes(drawn(digits[7], 2000))

    async def story(client):
        service, all_asked = client.server.predict_service, threading.Event()
        work = reading_process.ReadingProcess.answer

        def held(process, body, *rest):
            assert process in service.pad_lane.processes or all_asked.wait(TIMEOUT_S)
            return work(process, body, *rest)

        monkeypatch.setattr(reading_process.ReadingProcess, "answer", held)
        asking = [asyncio.ensure_future(client.ask("/predict", photograph, "image/png")) for _ in range(12)]
        await until(lambda: sum(one.done() for one in asking) == 9)
        small = await client.ask("/predict", image_bytes(digits[7]), "image/png")  # needs no process
        pads = await client.ask("/predict", image_bytes(drawn(digits[7], 280)), "image/png")  # has one of its own
        all_asked.set()
        found = await asyncio.gather(*asking)
        assert (small.status, pads.status) == (200, 200)
        assert sorted(one.status for one in found) == [200] * 3 + [503] * 9
        full = next(one for one in found if one.status == 503)
        assert full.headers["Retry-After"] == "1"
        assert "try again" in full.json["error"]
        assert (service.photograph_lane.pending_requests, service.reserved_bytes) == (0, 0)
        assert (await client.ask("/predict", photograph, "image/png")).status == 200

    with_server(shipped, embedded, story)


def test_bodies_under_way_are_bounded_together(shipped, embedded, digits, monkeypatch):
    monkeypatch.setattr(predict_service, "MAX_RESERVED_BYTES", 10**6)

    async def story(client):
        _, writer = await client.connect()
        writer.write(f"POST /predict HTTP/1.1\r\nHost: {client.netloc}\r\nContent-Type: image/png\r\n"
                     "Content-Length: 999000\r\n\r\n".encode())
        await until(lambda: client.server.predict_service.reserved_bytes)
        assert (await client.ask("/predict", bytes(40_000), "image/png")).status == 503
        writer.close()
        await until(lambda: not client.server.predict_service.reserved_bytes)
        assert (await client.ask("/predict", image_bytes(digits[7]), "image/png")).status == 200
        assert client.server.predict_service.reserved_bytes == 0

    with_server(shipped, embedded, story)


def test_who_announces_much_and_sends_nothing_keeps_no_digit_out(shipped, embedded, digits, monkeypatch):
    monkeypatch.setattr(predict_service, "MAX_RESERVED_BYTES", 10**6)

    async def story(client):
        _, writer = await client.connect()
        writer.write(f"POST /predict HTTP/1.1\r\nHost: {client.netloc}\r\nContent-Type: image/png\r\n"
                     "Content-Length: 1000000\r\n\r\n".encode())
        await until(lambda: client.server.predict_service.reserved_bytes)
        assert (await client.ask("/predict", image_bytes(digits[7]), "image/png")).status == 200
        assert (await client.ask("/predict", bytes(40_000), "image/png")).status == 503
        writer.close()

    with_server(shipped, embedded, story)


@pytest.mark.parametrize(("body", "words"), [
    (b"[" + b",".join([b"[[0,0,99,0,0],[0,99,0,9,0]]"] * 1001) + b"]", "1,001 pictures; send 1,000 at a time"),
    (b"[" + b" " * 2**21 + b"]", "2 MiB of JSON"),
])
def test_an_answer_without_bound_is_refused(shipped, embedded, body, words):
    async def story(client):
        found = await client.ask("/predict?show=prepared,hidden", body, "application/json")
        assert found.status == 413
        assert words in found.json["error"]

    with_server(shipped, embedded, story)


def test_many_small_pictures_hold_nobody_up_and_a_closed_server_ends_with_them(shipped, embedded):
    many = b"[" + b",".join([b"[[0,0,99,0,0],[0,99,0,9,0]]"] * 900) + b"]"  # which is short, but takes long

    async def story(client):
        asking = asyncio.ensure_future(client.ask("/predict", many, "application/json"))
        while not client.server.predict_service.photograph_lane.pending_requests:
            await asyncio.sleep(0.001)
        assert not asking.done()
        await client.lives()
        client.server.predict_service.close()
        assert (await asking).status == 503

    with_server(shipped, embedded, story)


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_random_bodies_are_refused_one_by_one(shipped, embedded, digits, count):
    rng = random.Random(1)
    good = [(image_bytes(digits[7]), "image/png"), (image_bytes(drawn(digits[7]), "JPEG"), "image/jpeg"),
            (json.dumps(digits[7].tolist()).encode(), JSON_TYPE)]

    def damaged():
        body, kind = rng.choice(good)
        if rng.random() < 0.3:
            return rng.randbytes(rng.randrange(200)), kind
        body = bytearray(body)
        for _ in range(rng.randrange(1, 20)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        return bytes(body[:rng.randrange(len(body))] if rng.random() < 0.3 else body), kind

    async def story(client):
        for _ in range(count):
            found = await client.ask("/predict", *damaged())
            assert found.status in (200, 400, 413, 415)
            assert found.status == 200 or set(found.json) == {"error"}
        await client.lives()

    with_server(shipped, embedded, story)


def test_numbers_that_are_dark_on_light_are_inverted_and_it_is_said(shipped, embedded, digits):
    async def story(client):
        light, dark = [(await client.ask("/predict", json.dumps(one.tolist()).encode(), JSON_TYPE)).json
                       for one in (digits[7], 255 - digits[7])]
        assert (light["steps"], dark["steps"]) == ([], ["ink"])
        assert dark["probabilities"] == nearly(light["probabilities"])

    with_server(shipped, embedded, story)


def two_ones():
    """Return two ones side by side, dark on light."""
    picture = np.full((280, 280), 255, np.uint8)
    picture[60:230, 80:100] = picture[60:230, 170:190] = 0
    return picture


def test_two_digits_in_a_picture_are_told_and_a_dot_is_refused(shipped, embedded):
    async def story(client):
        found = (await client.ask("/predict", image_bytes(two_ones(), "PNG"), "image/png")).json
        assert found["looks_like"] == {"digits": 2, "number": "11"}
        dot = np.full((280, 280), 255, np.uint8)
        dot[130:150, 130:150] = 0
        refused = await client.ask("/predict", image_bytes(dot, "PNG"), "image/png")
        assert refused.status == 400
        assert refused.json["error"].startswith("too little ink for a digit")

    with_server(shipped, embedded, story)


def test_who_waits_too_long_for_a_turn_is_told_to_come_back(shipped, embedded, digits, monkeypatch):
    monkeypatch.setattr(predict_service, "MAX_WAIT_S", -1)

    async def story(client):
        found = await client.ask("/predict", image_bytes(drawn(digits[7], 2000)), "image/png")
        assert (found.status, found.headers["Retry-After"]) == (503, "1")

    with_server(shipped, embedded, story)


def test_a_process_that_has_begun_is_taken_before_one_that_has_not(monkeypatch):
    taken = []
    monkeypatch.setattr(reading_process.ReadingProcess, "answer", lambda process, *_: taken.append(process))
    lane = predict_service.ReadingLane(None, 2)

    async def story():
        for _ in range(3):
            await lane.answer(b"", "image/png", ())

    asyncio.run(story())
    lane.close()
    assert taken == [taken[0]] * 3
