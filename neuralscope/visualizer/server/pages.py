"""The pages: the one that holds the window, the one to draw on, and what they load."""

from tornado import template

from neuralscope.formatting import counted, percent, sheet_shape
from neuralscope.visualizer.server import theme_css
from neuralscope.visualizer.server.access import cookie_name
from neuralscope.visualizer.server.base_handler import BASE_CONTENT_POLICY, BaseHandler
from neuralscope.visualizer.server.static_files import read_static
from neuralscope.visualizer.session.user_digit import DEFAULT_STROKE_WIDTH
from neuralscope.visualizer.views.draw.pad import GRID_SIDE

CONTENT_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
PAGE_CONTENT_POLICY = (
    BASE_CONTENT_POLICY + "; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; style-src 'self'"
)


class FileHandler(BaseHandler):
    """A file of ours, by the name it is served under."""

    def initialize(self, server, name):
        """Remember the name, which no request has a say in."""
        super().initialize(server)
        self.name = name

    def get(self):
        """Answer with the file."""
        self.send_file(self.name, read_static(self.name))

    def send_file(self, name, content):
        """Answer with what is in a file of this name."""
        self.set_header("Content-Type", f"{CONTENT_TYPES[name[name.rindex('.'):]]}; charset=utf-8")
        self.finish(content)


class PageHandler(FileHandler):
    """A page, made from a template; a token in its address becomes a cookie."""

    policy = PAGE_CONTENT_POLICY

    def get(self):
        """Answer with the page, or with its address without the token."""
        if self.server.access_rules.token and "token" in self.request.query_arguments:
            self.set_cookie(cookie_name(self.request), self.server.access_rules.token, httponly=True, samesite="Lax")
            # relative, so that it stays below the path that a proxy may have taken off
            self.redirect(f"./{self.request.path.rpartition('/')[2]}")
            return
        self.set_header("Content-Security-Policy", self.policy)
        self.send_file(self.name, template.Template(read_static(self.name)).generate(**self.template_values()))

    def template_values(self):
        """Return what is filled into the page."""
        raise NotImplementedError


class WindowPageHandler(PageHandler):
    """The page that holds the window, its style in it in the colours of the theme."""

    policy = PAGE_CONTENT_POLICY + " 'unsafe-inline'"

    def template_values(self):
        """Return the colours of the theme."""
        return theme_css.page_colors(self.server.theme)


class DrawPageHandler(PageHandler):
    """The page to draw on."""

    def template_values(self):
        """Return what the pad is like, and what the network has: classes, layers, its name."""
        predictor, model = self.server.predict_service.predictor, self.server.predict_service.health["model"]
        self.server.predict_service.pad_lane.begin()  # half a second, of which the first stroke need not wait
        sizes, accuracy = predictor.network.sizes[1:-1], model["accuracy"]
        names = [f"layer {number}: {counted(size, 'neuron')}" if len(sizes) > 1 else counted(size, "hidden neuron")
                 for number, size in enumerate(sizes, 1)]
        description_parts = [
            predictor.network.architecture,
            model["dataset"],
            accuracy and f"{percent(accuracy)} right",
        ]
        return {"width": DEFAULT_STROKE_WIDTH, "spots": GRID_SIDE, "classes": predictor.class_names,
                "layers": list(zip(names, map(sheet_shape, sizes), strict=True)),
                "loaded": "  ·  ".join(filter(None, description_parts))}


class ThemeCSSHandler(FileHandler):
    """The colours of all themes, as a style sheet."""

    def get(self):
        """Answer with it."""
        self.send_file(self.name, theme_css.theme_css())


ROUTES = {
    "/": (WindowPageHandler, "window.html"),
    "/window.js": (FileHandler, "window.js"),
    "/canvas.js": (FileHandler, "canvas.js"),
    "/connection.js": (FileHandler, "connection.js"),
    "/live.js": (FileHandler, "live.js"),
    "/draw": (DrawPageHandler, "draw.html"),
    "/draw.js": (FileHandler, "draw.js"),
    "/answer.js": (FileHandler, "answer.js"),
    "/strokes.js": (FileHandler, "strokes.js"),
    "/draw.css": (FileHandler, "draw.css"),
    "/colours.css": (ThemeCSSHandler, "colours.css"),
}
