"""What other programs may ask the server, told in OpenAPI 3.1; the tests hold the server to it."""

from neuralscope import __version__
from neuralscope.images.augmentation import PIXELS
from neuralscope.predictor import VERSION
from neuralscope.visualizer.server import request_body
from neuralscope.visualizer.server.base_handler import MOST_BYTES, SENTENCES
from neuralscope.visualizer.server.extra_fields import SHOWN

WHY = {
    400: "the request, or the picture in it, cannot be read",
    401: "a token is needed: only where the program was started with --host",
    403: "the Host or Origin header is foreign",
    405: SENTENCES[405],
    411: SENTENCES[411],
    413: f"the body is larger than {MOST_BYTES:,} bytes, or JSON than {request_body.MOST_JSON:,}, or holds more than "
         f"{request_body.MOST_PICTURES:,} pictures, or one of more than {request_body.MOST_PIXELS:,} pixels",
    415: "the body is of no type that is read",
    503: SENTENCES[503],
}
TEXT, WHOLE, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
ERROR = {"type": "object", "required": ["error"], "properties": {"error": TEXT}}


def describe(reader):
    """Return the description for a server whose pictures are read by ``predictor``."""
    model = {"architecture": record({"sizes": many(WHOLE), "activations": many(TEXT)}),
             "dataset": {"type": ["string", "null"]}, "accuracy": {"type": ["number", "null"]},
             "sha256": {"type": ["string", "null"]}}
    health = record({"status": {"const": "ok"}, "version": TEXT, "model": record(model)})
    return {
        "openapi": "3.1.0",
        "info": {"title": "NeuralScope", "version": __version__,
                 "description": "What a small neural network reads in pictures of digits."},
        "paths": {"/predict": {"post": predict(reader)},
                  "/health": {"get": {"summary": "How the server is, and which network it has",
                                      "operationId": "health", "responses": responses(health, 401, 403)}},
                  "/openapi.json": {"get": {"summary": "This description", "operationId": "description",
                                            "responses": responses({"type": "object"}, 401, 403)}}},
        "components": {"schemas": {"Answer": answer(reader), "Error": ERROR},
                       "securitySchemes": {"token": {"type": "apiKey", "in": "query", "name": "token"},
                                           "bearer": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}, {"bearer": []}],
    }


def predict(reader):
    """Return the operation that reads pictures."""
    file, number = {}, {"type": ["number", "boolean"], "minimum": 0, "maximum": 255}
    flat, rows = many(number, minItems=PIXELS, maxItems=PIXELS), many(many(number, minItems=2), minItems=2)
    numbers = {"description": f"A picture of {PIXELS} numbers, or of rows that are equally long, or many pictures of "
                              "one size: whole numbers 0 to 255, or 0 to 1 with a decimal point; light ink on dark.",
               "anyOf": [flat, rows, many(flat, minItems=1), many(rows, minItems=1)]}
    found = {"anyOf": [{"$ref": "#/components/schemas/Answer"},
                       many({"anyOf": [{"$ref": "#/components/schemas/Answer"}, ERROR]})]}
    return {
        "summary": "Read a picture, or many: what `python -m neuralscope.predict --json` prints, many as a list",
        "operationId": "predict",
        "parameters": [{"name": "show", "in": "query", "required": False, "style": "form", "explode": False,
                        "description": "what else to answer with, parted by commas",
                        "schema": many({"enum": list(SHOWN)})}],
        "requestBody": {"required": True, "content": {request_body.JSON: {"schema": numbers},
                                                      **{kind: {"schema": file} for kind in request_body.PICTURES}}},
        "responses": responses(found, *WHY),
    }


def answer(reader):
    """Return the schema of what was read in one picture."""
    count = len(reader.class_names)
    one, every = ("probability", "probabilities") if reader.network.head.sums_to_one else ("output", "outputs")
    needed = {"version": {"const": VERSION}, "file": {"const": request_body.NAME}, "digit": WHOLE, "name": TEXT, one: NUMBER,
              "runner_up": WHOLE, every: many(NUMBER, minItems=count, maxItems=count),
              "boxes": many(many(WHOLE, minItems=4, maxItems=4)), "steps": many(TEXT)}
    hidden = {"activation": TEXT, "values": many(NUMBER), "sheet": many(WHOLE, minItems=2, maxItems=2),
              "signed": {"type": "boolean"}, "top": NUMBER, "top_in_words": TEXT, "in_words": TEXT}
    level = {"type": "integer", "minimum": 0, "maximum": 255}
    shown = {"index": WHOLE, "prepared": many(level, minItems=PIXELS, maxItems=PIXELS), "hidden": many(record(hidden)),
             "words": many(TEXT, minItems=count, maxItems=count), "classes": many(TEXT, minItems=count, maxItems=count)}
    return record(needed) | {"properties": needed | shown}


def record(fields):
    """Return the schema of an object with these fields and no others, all there."""
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}


def many(each, **bounds):
    """Return the schema of a list."""
    return {"type": "array", "items": each, **bounds}


def responses(schema, *statuses):
    """Return the answers of an operation: one that is described by ``schema``, and the refusals."""
    def content(schema):
        return {"application/json": {"schema": schema}}

    refused = {str(status): {"description": WHY[status], "content": content({"$ref": "#/components/schemas/Error"})}
               for status in statuses}
    return {"200": {"description": "the answer", "content": content(schema)}} | refused
