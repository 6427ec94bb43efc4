"""/openapi.json is true: what it names is there, answers as it says, and refuses with the statuses it says."""

import json
import random

import numpy as np
import pytest

from neuralscope.predictor import Predictor
from neuralscope.visualizer.server.extra_fields import EXTRA_FIELDS
from neuralscope.visualizer.server.openapi import openapi_document
from neuralscope.visualizer.server.request_body import JSON_TYPE
from tests.helpers.http_client import with_server
from tests.helpers.image_bytes import image_bytes

jsonschema = pytest.importorskip("jsonschema")
STATUSES = {200, 400, 401, 403, 405, 411, 413, 415, 503}


def check(description, path, method, found):
    """Assert that an Answer is as it is described, its status, its type and what is in it."""
    said = description["paths"][path][method]["responses"]
    assert str(found.status) in said
    kind = found.headers["Content-Type"].partition(";")[0]
    schema = said[str(found.status)]["content"][kind]["schema"]
    whole = {**schema, "components": description["components"]}
    jsonschema.Draft202012Validator(whole).validate(found.json)


def test_it_is_an_openapi_description_whose_schemas_are_schemas(shipped):
    description = openapi_document(Predictor.from_saved(shipped))
    assert description["openapi"] == "3.1.0"
    assert set(description["paths"]) == {"/predict", "/health", "/openapi.json"}
    for schema in description["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    operation = description["paths"]["/predict"]["post"]
    assert {int(status) for status in operation["responses"]} == STATUSES
    assert operation["parameters"][0]["schema"]["items"]["enum"] == list(EXTRA_FIELDS)


def test_what_is_answered_is_as_described(shipped, embedded):
    digit = np.rint(embedded.test.images[7] * 255).astype(int)
    rows = digit.reshape(28, 28)
    bodies = [digit, rows, rows / 255, rows[:, :, np.newaxis].repeat(3, 2), [digit] * 3, [rows] * 2, digit * 0,
              [digit * 0], [1, 2], rows > 100, digit * 2, 255 - rows]
    eleven, ladder = np.zeros((2, 280, 280), np.uint8)  # looks like two digits; is too wide for one
    eleven[60:230, 80:100] = eleven[60:230, 170:190] = 255
    ladder[100:200, 30:250:40] = ladder[100:200, 40:260:40] = ladder[140:160, 30:240] = 255

    async def story(client):
        description = (await client.ask("/openapi.json")).json
        assert description == json.loads(json.dumps(openapi_document(client.server.predict_service.predictor)))
        check(description, "/health", "get", await client.ask("/health"))
        check(description, "/openapi.json", "get", await client.ask("/openapi.json"))
        for body in bodies:
            for show in ("", "?show=prepared", "?show=" + ",".join(EXTRA_FIELDS)):
                content = json.dumps(np.asarray(body).tolist()).encode()
                check(description, "/predict", "post", await client.ask("/predict" + show, content, JSON_TYPE))
        for picture in (np.uint8(rows), eleven, ladder):
            check(description, "/predict", "post", await client.ask("/predict", image_bytes(picture), "image/png"))

    with_server(shipped, embedded, story)


def test_what_is_refused_is_as_described(shipped, embedded):
    async def story(client):
        description = (
            await client.ask("/openapi.json", Authorization=f"Bearer {client.server.access_rules.token}")
        ).json
        token = f"?token={client.server.access_rules.token}"
        refused = [
            await client.ask("/predict", b"[]", JSON_TYPE), await client.ask("/predict" + token, b"[]", JSON_TYPE),
            await client.ask("/predict" + token, b"[]", "text/csv"),
            await client.ask("/predict" + token, b"[]", JSON_TYPE, Origin="http://evil.example"),
            await client.ask("/predict" + token, method="POST", kind=JSON_TYPE, Content_Length=10**9),
            await client.ask("/predict" + token, method="POST", kind=JSON_TYPE, Transfer_Encoding="chunked"),
            await client.ask("/predict" + token)]
        client.server.predict_service.reserved_bytes = 10**9
        refused.append(await client.ask("/predict" + token, b"[" + bytes(40_000), JSON_TYPE))
        client.server.predict_service.reserved_bytes = 0
        for found in refused:
            check(description, "/predict", "post", found)
        assert {found.status for found in refused} == STATUSES - {200}

    with_server(shipped, embedded, story, "127.0.0.1")


def test_whatever_fits_the_description_is_answered_as_described(shipped, embedded):
    """Bodies that are made by the schema of the request at random."""
    rng = random.Random(2)

    def make(schema):
        if "anyOf" in schema:
            return make(rng.choice(schema["anyOf"]))
        if schema["type"] == "array":
            low = schema.get("minItems", 0)
            count = rng.randint(low, schema.get("maxItems", low + 3))
            return [make(schema["items"]) for _ in range(count)]
        return rng.choice([rng.randint(schema["minimum"], schema["maximum"]), rng.random(), rng.random() < 0.5])

    async def story(client):
        description = (await client.ask("/openapi.json")).json
        schema = description["paths"]["/predict"]["post"]["requestBody"]["content"][JSON_TYPE]["schema"]
        for _ in range(100):
            body = make(schema)
            jsonschema.Draft202012Validator(schema).validate(body)
            check(description, "/predict", "post", await client.ask("/predict", json.dumps(body).encode(), JSON_TYPE))

    with_server(shipped, embedded, story)
