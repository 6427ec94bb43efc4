"""What other programs ask the server: to read pictures, how it is, and what else they may ask."""

import json

from neuralscope.visualizer.server import request_body
from neuralscope.visualizer.server.base_handler import BaseHandler, Refusal
from neuralscope.visualizer.server.extra_fields import EXTRA_FIELDS
from neuralscope.visualizer.server.openapi import openapi_document


class JSONHandler(BaseHandler):
    """An answer in JSON."""

    def send_json(self, answer):
        """Send it, a text in JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(answer)


class HealthHandler(JSONHandler):
    """How the server is, and which network it has."""

    def get(self):
        """Answer."""
        self.send_json(json.dumps(self.server.predict_service.health))


class OpenAPIHandler(JSONHandler):
    """The OpenAPI description of all this."""

    def get(self):
        """Answer."""
        self.send_json(json.dumps(openapi_document(self.server.predict_service.predictor)))


class PredictHandler(JSONHandler):
    """What the network reads in a picture, or in many."""

    def initialize(self, server):
        """Begin with nothing of the body."""
        super().initialize(server)
        self.body, self.reserved_bytes = bytearray(), 0

    def check_headers(self):
        """Refuse what is no picture, and what there is no room for."""
        super().check_headers()
        if self.request.method != "POST":
            return
        headers = self.request.headers
        self.content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if self.content_type not in (request_body.JSON_TYPE, *request_body.PICTURE_TYPES):
            raise Refusal(415, f"send a picture as {', '.join(request_body.PICTURE_TYPES)} or "
                               f"{request_body.JSON_TYPE}, and say so in Content-Type")
        if "Content-Length" not in headers:
            raise Refusal(411)
        if self.content_type == request_body.JSON_TYPE and self.body_length > request_body.MAX_JSON_BYTES:
            raise Refusal(413, f"the body is larger than the {request_body.MAX_JSON_BYTES // 2**20} MiB of JSON that "
                               "are read; send fewer pictures at a time, or files")
        if headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Refusal(415, "send the body as it is, without Content-Encoding")
        names = ",".join(self.get_query_arguments("show")).split(",")
        self.extra_fields = dict.fromkeys(filter(None, names))
        if not self.extra_fields.keys() <= EXTRA_FIELDS.keys():
            raise Refusal(400, f"show takes {', '.join(EXTRA_FIELDS)}, with commas between them")
        # for what is short there is room, whoever announces more and sends nothing
        if self.body_length > request_body.SHORT_BODY_BYTES:
            self.server.predict_service.reserve(self.body_length)
            self.reserved_bytes = self.body_length

    def data_received(self, chunk):
        """Keep a part of the body."""
        self.body += chunk

    async def post(self):
        """Answer."""
        self.send_json(await self.server.predict_service.answer(bytes(self.body), self.content_type, self.extra_fields))

    def on_finish(self):
        """Give the room back."""
        self.server.predict_service.reserved_bytes -= self.reserved_bytes
        self.reserved_bytes = 0

    def on_connection_close(self):
        """Give it back where nobody waits for the answer any more."""
        super().on_connection_close()
        self.on_finish()
