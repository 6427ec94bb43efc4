"""A request's body -> what is answered: a status, and JSON or a sentence. What reads pictures apart needs no server."""

import json

from neuralscope.datasets.array_files import TooLargeError
from neuralscope.errors import InputError
from neuralscope.visualizer.server import request_body
from neuralscope.visualizer.server.extra_fields import EXTRA_FIELDS

STATUS_DONE = 200


def answer_body(predictor, body, content_type, extra_fields):
    """Return the status of the answer to a body of a content type, and its text.

    That is JSON, an object or a list of these, or a sentence on why there is none. ``extra_fields``: names in
    EXTRA_FIELDS.
    """
    try:
        pictures, many = request_body.read_pictures(body, content_type)
    except request_body.UnknownFormatError as error:
        return 415, str(error)
    except TooLargeError as error:
        return 413, str(error)
    except InputError as error:
        return 400, str(error)
    answers = [answer_object(predictor, prediction, extra_fields)
               for part in predictor.read(pictures) for prediction in part]
    if not many and "error" in answers[0]:
        return 400, answers[0]["error"]
    return STATUS_DONE, json.dumps(answers if many else answers[0], allow_nan=False)


def answer_object(predictor, prediction, extra_fields):
    """Return what was read as an object, and what else was asked for."""
    result = predictor.as_object(prediction)
    if prediction.error:
        return result
    return result | {name: EXTRA_FIELDS[name](predictor, prediction) for name in extra_fields}
