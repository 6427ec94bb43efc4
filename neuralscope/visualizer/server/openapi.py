"""What other programs may ask the server, told in OpenAPI 3.1; the tests hold the server to it."""

from neuralscope import __version__
from neuralscope.datasets import decode
from neuralscope.images.augmentation import IMAGE_PIXELS
from neuralscope.predictor import JSON_VERSION
from neuralscope.visualizer.server import reading_process, reading_worker, request_body
from neuralscope.visualizer.server.base_handler import MAX_BODY_BYTES, STATUS_MESSAGES
from neuralscope.visualizer.server.extra_fields import EXTRA_FIELDS

STATUS_DESCRIPTIONS = {
    400: "the request, or the picture in it, cannot be read",
    401: "a token is needed: only where the program was started with --host",
    403: "the Host or Origin header is foreign",
    405: STATUS_MESSAGES[405],
    411: STATUS_MESSAGES[411],
    413: f"the body is larger than {MAX_BODY_BYTES:,} bytes, or JSON than {request_body.MAX_JSON_BYTES:,}, "
         f"or holds more than {request_body.MAX_PICTURES:,} pictures, "
         f"or one of more than {request_body.MAX_PICTURE_PIXELS:,} pixels or {decode.MAX_JPEG_SCANS} scans, "
         f"or takes more than {reading_process.READ_TIMEOUT_S} seconds or {reading_worker.MAX_WORKING_BYTES:,} bytes "
         "of memory to read",
    415: "the body is of no type that is read",
    503: STATUS_MESSAGES[503],
}
STRING_SCHEMA, INTEGER_SCHEMA, NUMBER_SCHEMA = {"type": "string"}, {"type": "integer"}, {"type": "number"}
NUMBER_OR_NULL_SCHEMA = {"type": ["number", "null"]}  # null: it is not finite
ERROR_SCHEMA = {"type": "object", "required": ["error"], "properties": {"error": STRING_SCHEMA}}


def openapi_document(predictor):
    """Return the description for a server whose pictures are read by ``predictor``."""
    model = {
        "architecture": object_schema(
            {"sizes": array_schema(INTEGER_SCHEMA), "activations": array_schema(STRING_SCHEMA)}
        ),
        "dataset": {"type": ["string", "null"]},
        "accuracy": {"type": ["number", "null"]},
        "sha256": {"type": ["string", "null"]},
    }
    health = object_schema({"status": {"const": "ok"}, "version": STRING_SCHEMA, "model": object_schema(model)})
    return {
        "openapi": "3.1.0",
        "info": {"title": "NeuralScope", "version": __version__,
                 "description": "What a small neural network reads in pictures of digits."},
        "paths": {"/predict": {"post": predict_operation()},
                  "/health": {"get": {"summary": "How the server is, and which network it has",
                                      "operationId": "health", "responses": operation_responses(health, 401, 403)}},
                  "/openapi.json": {"get": {"summary": "This description", "operationId": "description",
                                            "responses": operation_responses({"type": "object"}, 401, 403)}}},
        "components": {"schemas": {"Answer": answer_schema(predictor), "Error": ERROR_SCHEMA},
                       "securitySchemes": {"token": {"type": "apiKey", "in": "query", "name": "token"},
                                           "bearer": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}, {"bearer": []}],
    }


def predict_operation():
    """Return the operation that reads pictures."""
    file, number = {}, {"type": ["number", "boolean"], "minimum": 0, "maximum": 255}
    flat = array_schema(number, minItems=IMAGE_PIXELS, maxItems=IMAGE_PIXELS)
    rows = array_schema(array_schema(number, minItems=2), minItems=2)
    numbers = {
        "description": f"A picture of {IMAGE_PIXELS} numbers, or of rows that are equally long, or many pictures of "
        "one size: whole numbers 0 to 255, or 0 to 1 with a decimal point; light ink on dark.",
        "anyOf": [flat, rows, array_schema(flat, minItems=1), array_schema(rows, minItems=1)],
    }
    answers = {"anyOf": [{"$ref": "#/components/schemas/Answer"},
                         array_schema({"anyOf": [{"$ref": "#/components/schemas/Answer"}, ERROR_SCHEMA]})]}
    return {
        "summary": "Read a picture, or many: what `python -m neuralscope.predict --json` prints, many as a list",
        "operationId": "predict",
        "parameters": [{"name": "show", "in": "query", "required": False, "style": "form", "explode": False,
                        "description": "what else to answer with, parted by commas",
                        "schema": array_schema({"enum": list(EXTRA_FIELDS)})}],
        "requestBody": {"required": True, "content": {
            request_body.JSON_TYPE: {"schema": numbers},
            **{kind: {"schema": file} for kind in request_body.PICTURE_TYPES}}},
        "responses": operation_responses(answers, *STATUS_DESCRIPTIONS),
    }


def answer_schema(predictor):
    """Return the schema of what was read in one picture."""
    count = len(predictor.class_names)
    probabilities = predictor.network.head.sums_to_one
    output_key, outputs_key = ("probability", "probabilities") if probabilities else ("output", "outputs")
    required_fields = {
        "version": {"const": JSON_VERSION}, "file": {"const": request_body.UNNAMED_PICTURE},
        "digit": INTEGER_SCHEMA, "name": STRING_SCHEMA, output_key: NUMBER_SCHEMA, "runner_up": INTEGER_SCHEMA,
        outputs_key: array_schema(NUMBER_SCHEMA, minItems=count, maxItems=count),
        "boxes": array_schema(array_schema(INTEGER_SCHEMA, minItems=4, maxItems=4)),
        "steps": array_schema(STRING_SCHEMA),
    }
    hidden = {
        "activation": STRING_SCHEMA, "values": array_schema(NUMBER_OR_NULL_SCHEMA),
        "sheet": array_schema(INTEGER_SCHEMA, minItems=2, maxItems=2), "signed": {"type": "boolean"},
        "top": NUMBER_SCHEMA, "top_in_words": STRING_SCHEMA, "in_words": STRING_SCHEMA,
    }
    level = {"type": "integer", "minimum": 0, "maximum": 255}
    extra_fields = {
        "index": INTEGER_SCHEMA,
        "looks_like": object_schema({"digits": INTEGER_SCHEMA, "number": STRING_SCHEMA}),
        "too_wide": array_schema(array_schema(INTEGER_SCHEMA, minItems=4, maxItems=4)),
        "prepared": array_schema(level, minItems=IMAGE_PIXELS, maxItems=IMAGE_PIXELS),
        "hidden": array_schema(object_schema(hidden)),
        "words": array_schema(STRING_SCHEMA, minItems=count, maxItems=count),
        "classes": array_schema(STRING_SCHEMA, minItems=count, maxItems=count),
    }
    return object_schema(required_fields) | {"properties": required_fields | extra_fields}


def object_schema(fields):
    """Return the schema of an object with these fields and no others, all there."""
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}


def array_schema(each, **bounds):
    """Return the schema of a list."""
    return {"type": "array", "items": each, **bounds}


def operation_responses(schema, *statuses):
    """Return the answers of an operation: one that is described by ``schema``, and the refusals."""
    def content(schema):
        return {"application/json": {"schema": schema}}

    refused = {
        str(status): {
            "description": STATUS_DESCRIPTIONS[status],
            "content": content({"$ref": "#/components/schemas/Error"}),
        }
        for status in statuses
    }
    return {"200": {"description": "the answer", "content": content(schema)}} | refused
