"""What other programs ask the server: to read pictures, how it is, and what else they may ask."""

import json

from neuralscope.visualizer.server import request_body
from neuralscope.visualizer.server.base_handler import Guarded, Refusal
from neuralscope.visualizer.server.extra_fields import SHOWN
from neuralscope.visualizer.server.openapi import describe


class Answer(Guarded):
    """An answer in JSON."""

    def tell(self, answer):
        """Send it, a text in JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(answer)


class Health(Answer):
    """How the server is, and which network it has."""

    def get(self):
        """Answer."""
        self.tell(json.dumps(self.server.desk.health))


class Description(Answer):
    """The OpenAPI description of all this."""

    def get(self):
        """Answer."""
        self.tell(json.dumps(describe(self.server.desk.reader)))


class Predict(Answer):
    """What the network reads in a picture, or in many."""

    def initialize(self, server):
        """Begin with nothing of the body."""
        super().initialize(server)
        self.body, self.reserved = bytearray(), 0

    def admit(self):
        """Refuse what is no picture, and what there is no room for."""
        super().admit()
        if self.request.method != "POST":
            return
        headers = self.request.headers
        self.kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if self.kind not in (request_body.JSON, *request_body.PICTURES):
            raise Refusal(415, f"send a picture as {', '.join(request_body.PICTURES)} or {request_body.JSON}, and say so in "
                               "Content-Type")
        if "Content-Length" not in headers:
            raise Refusal(411)
        if self.kind == request_body.JSON and self.length > request_body.MOST_JSON:
            raise Refusal(413, f"the body is larger than the {request_body.MOST_JSON // 2**20} MiB of JSON that are read; "
                               "send fewer pictures at a time, or files")
        if headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Refusal(415, "send the body as it is, without Content-Encoding")
        self.wanted = dict.fromkeys(name for name in ",".join(self.get_query_arguments("show")).split(",") if name)
        if not self.wanted.keys() <= SHOWN.keys():
            raise Refusal(400, f"show takes {', '.join(SHOWN)}, with commas between them")
        if self.length > request_body.SHORT:  # for what is short there is room, whoever announces more and sends nothing
            self.server.desk.reserve(self.length)
            self.reserved = self.length

    def data_received(self, chunk):
        """Keep a part of the body."""
        self.body += chunk

    async def post(self):
        """Answer."""
        self.tell(await self.server.desk.answer(bytes(self.body), self.kind, self.wanted))

    def on_finish(self):
        """Give the room back."""
        self.server.desk.bytes -= self.reserved
        self.reserved = 0

    def on_connection_close(self):
        """Give it back where nobody waits for the answer any more."""
        super().on_connection_close()
        self.on_finish()
