"""The footer: the main keys at the left, what is loaded at the right."""

from neuralscope.formatting import share, thousands
from neuralscope.visualizer.drawing.layout import FOOTER_ROW, LEFT, RIGHT
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.input.keys import ARROW_KEYS, active_bindings
from neuralscope.visualizer.session.non_finite import NO_ANSWER_TEXT
from neuralscope.visualizer.widgets.no_labels import NO_LABELS_WORDINGS
from neuralscope.visualizer.widgets.origin_text import origin_wordings
from neuralscope.visualizer.widgets.panel import Panel, inside


class Footer(Panel):
    """A word for each binding that has one, which can be clicked; and network, data and accuracy."""

    def __init__(self, surface):
        """Make the lines."""
        super().__init__(surface)
        self.words = []
        self.bindings = []
        self.loaded = self.add(Line(align="right"))

    def place(self):
        """Stand at the bottom of every view."""
        self.loaded.x, self.loaded.y = self.surface.x(RIGHT), self.surface.y(FOOTER_ROW)

    def show(self, tables, session, words=None):
        """Say which keys are in force and what is loaded, or wordings that a view has, in the space the keys leave.

        Where there is not enough, the last words but two are left to the list of keys.
        """
        loaded = [(self.run("  ·  ".join(filter(None, words))),) for words in words or loaded_wordings(session)]
        self.bindings = [binding for binding in active_bindings(tables) if binding.footer]
        while len(self.words) < len(self.bindings):
            self.words.append(self.add(Line()))
        room = self.loaded.x - self.loaded.measure(loaded[-1]) - 20 * self.surface.scale
        while self._set_words() > room and len(self.bindings) > 2:
            del self.bindings[-3]
        for word in self.words[len(self.bindings):]:
            word.set_runs(())
        self.loaded.max_width = self.loaded.x - self._set_words() - 8
        self.loaded.set_runs(*loaded)

    def _set_words(self):
        """Set the words side by side, and return where they end."""
        x, y = self.surface.x(LEFT), self.surface.y(FOOTER_ROW)
        for word, binding in zip(self.words, self.bindings, strict=False):
            word.x, word.y = x, y
            # of others that do the same one is enough
            all_keys = binding.takes_key or set(binding.keys) <= set(ARROW_KEYS)
            word.set_runs((self.run(binding.label if all_keys else binding.names[0], color="text", mono=True),
                           self.run(binding.footer, gap=1)))
            x += word.bounds()[2] + 20 * self.surface.scale
        return x

    def binding_at(self, x, y):
        """Return the binding of the word at a point."""
        reach = 8 * self.surface.leading
        for word, binding in zip(self.words, self.bindings, strict=False):
            left, bottom, width, height = word.bounds()
            if inside((left - reach, bottom - reach, width + 2 * reach, height + 2 * reach), x, y):
                return binding
        return None


def right_text(session):
    """Return which share is read rightly, to how many there is no answer, or that nobody knows; "" until it is known.
    """
    if session.evaluated and session.answers.unanswered_count:
        return f"✗ {NO_ANSWER_TEXT} to {thousands(session.answers.unanswered_count)}"
    if not session.has_labels:
        return NO_LABELS_WORDINGS[-1]
    counted = session.evaluation if session.evaluated else None
    return f"{share(counted.count - counted.errors, counted.count)} right" if counted else ""


def loaded_wordings(session):
    """Yield what is loaded, from the fullest wording to the shortest, each as a list of words."""
    network, data = session.network.architecture, session.dataset
    learned = data.name if session.shows_live_network else session.model.metadata.get("dataset")
    foreign = f"learned on {learned}" if learned and learned != data.name else ""
    origin = () if session.shows_live_network else origin_wordings(session.model.metadata)
    if origin:
        yield [origin[0], network, data.name, right_text(session)]
        for wording in origin:
            yield [wording, data.name, right_text(session)]
            yield [wording, right_text(session)]
        yield [right_text(session) or origin[-1]]
        return
    right = right_text(session)
    test = f"{data.name} test {thousands(len(session.digits))}"
    yield [network, foreign, f"{test}, {data.source}", right]
    yield [network, foreign, test, right]
    yield [network, foreign, data.name, right]
    yield [foreign, data.name, right]
    yield [data.name, right]
    yield [right or data.name]
