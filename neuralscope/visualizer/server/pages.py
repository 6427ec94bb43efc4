"""The pages: the one that holds the window, the one to draw on, and what they load."""

import importlib.resources
from functools import cache

from tornado import template

from neuralscope.formatting import percent, sheet_shape
from neuralscope.visualizer.server import theme_css
from neuralscope.visualizer.server.access import cookie
from neuralscope.visualizer.server.base_handler import NO_FOREIGNERS, Guarded
from neuralscope.visualizer.session.user_digit import WIDTH
from neuralscope.visualizer.views.draw.pad import SPOTS

KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
POLICY = NO_FOREIGNERS + "; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; style-src 'self'"


class File(Guarded):
    """A file of ours, by the name it is served under."""

    def initialize(self, server, name):
        """Remember the name, which no request has a say in."""
        super().initialize(server)
        self.name = name

    def get(self):
        """Answer with the file."""
        self.send(self.name, read(self.name))

    def send(self, name, content):
        """Answer with what is in a file of this name."""
        self.set_header("Content-Type", f"{KINDS[name[name.rindex('.'):]]}; charset=utf-8")
        self.finish(content)


class Page(File):
    """A page, made from a template; a token in its address becomes a cookie."""

    policy = POLICY

    def get(self):
        """Answer with the page, or with its address without the token."""
        if self.server.door.token and "token" in self.request.query_arguments:
            self.set_cookie(cookie(self.request), self.server.door.token, httponly=True, samesite="Lax")
            self.redirect(self.request.path)
            return
        self.set_header("Content-Security-Policy", self.policy)
        self.send(self.name, template.Template(read(self.name)).generate(**self.words()))

    def words(self):
        """Return what is filled into the page."""
        raise NotImplementedError


class Window(Page):
    """The page that holds the window, its style in it in the colours of the theme."""

    policy = POLICY + " 'unsafe-inline'"

    def words(self):
        """Return the colours of the theme."""
        return {"background": self.server.theme.background, "text": self.server.theme.text}


class Draw(Page):
    """The page to draw on."""

    def words(self):
        """Return what the pad is like, and what the network has: classes, layers, its name."""
        reader, model = self.server.desk.reader, self.server.desk.health["model"]
        sizes, right = reader.network.sizes[1:-1], model["accuracy"]
        names = [f"layer {place}: {size:,} neurons" if len(sizes) > 1 else f"{size:,} hidden neurons"
                 for place, size in enumerate(sizes, 1)]
        loaded = [reader.network.architecture, model["dataset"], right and f"{percent(right)} right"]
        return {"width": WIDTH, "spots": SPOTS, "classes": reader.class_names,
                "layers": list(zip(names, map(sheet_shape, sizes), strict=True)),
                "loaded": "  ·  ".join(filter(None, loaded))}


class Colours(File):
    """The colours of all themes, as a style sheet."""

    def get(self):
        """Answer with it."""
        self.send(self.name, theme_css.style_sheet())


@cache
def read(name):
    """Return the text of a file of ours."""
    return importlib.resources.files(__package__).joinpath("static").joinpath(name).read_text("utf-8")


ROUTES = {
    "/": (Window, "window.html"),
    "/window.js": (File, "window.js"),
    "/draw": (Draw, "draw.html"),
    "/draw.js": (File, "draw.js"),
    "/answer.js": (File, "answer.js"),
    "/strokes.js": (File, "strokes.js"),
    "/draw.css": (File, "draw.css"),
    "/colours.css": (Colours, "colours.css"),
}
