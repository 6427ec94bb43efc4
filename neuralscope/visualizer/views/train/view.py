"""Watch it learn: what to train is chosen here, and seen while it is learned."""

from neuralscope.formatting import number, thousands
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.prompts import Message
from neuralscope.visualizer.live import presets, save_network
from neuralscope.visualizer.live.controls import LearningRate, Option, Pace, unless_muted
from neuralscope.visualizer.live.setup import FIELDS
from neuralscope.visualizer.views.train.buttons import Buttons
from neuralscope.visualizer.views.train.form import Fields
from neuralscope.visualizer.views.train.panels import Learning
from neuralscope.visualizer.views.train.preset_cards import Presets
from neuralscope.visualizer.views.train.training_headline import Progress
from neuralscope.visualizer.widgets.view import View


class Train(View):
    """Before the start: options and presets; then curves, weights, histograms, the digit shown, and the vitals."""

    key, title = "t", "train"
    headline_class = Progress
    shows_training = True
    bindings = KeyTable([
        Binding((" ",), "start_or_pause", "start, and pause", "start, pause"),
        Binding(("j",), "take_step", "one step", "step"),
        Binding(("J",), "take_epoch", "one epoch", "epoch"),
        Binding(("r",), "reset", "reset: another seed, and options to choose", "reset"),
        Binding(("+", "-"), "set_pace", "faster or slower", takes_key=True),
        Binding(("y",), "toggle_log", "log axis, or even", "log axis"),
        Binding(("k",), "keep", "keep the network as it is now, in a file", "keep"),
        Binding(("u",), "show_files", "the other views show the file's network again, or what is learned"),
    ])

    def __init__(self, painter, session):
        """Make the panels of both states."""
        super().__init__(painter, session)
        bindings = [self.bindings.find(key) for key in (" ", "j", "J", "r", "k")]
        self.buttons = Buttons(painter, bindings, lambda binding: getattr(self, binding.action)())
        self.fields = Fields(painter, [Option(session, name) for name in FIELDS])
        self.presets = Presets(painter)
        self.dials = Fields(painter, [LearningRate(session), Pace(session)])
        self.learning = Learning(painter, session)
        session.plan.look_around(session.dataset)
        self.groups = {False: [self.buttons, self.fields, self.presets],
                       True: [self.buttons, self.dials, *self.learning.panels]}
        self.panels = [self.buttons, self.fields, self.presets, self.dials, *self.learning.panels]
        self.live = None

    @property
    def shown(self):
        """The panels of the state that there is now."""
        return self.groups[self.session.training is not None]

    def place(self):
        """Put options or curves above the buttons, and the rest beside them."""
        super().place()
        width, height, lead, scale = self.painter.width, self.painter.height, self.painter.leading, self.painter.scale
        left, right, top, foot = 0.029 * width, 0.971 * width, 0.805 * height, 0.145 * height
        self.upright = height > width
        first = (right - left) if self.upright else 0.403 * width - left
        high = max(30 * lead, 32 * scale)
        band = foot + high + 56 * lead  # buttons, and the two dials above them
        self.buttons.place(left, foot, first, high)
        self.dials.place(left, band - 6 * lead, first, 44 * lead, values=0.36)
        if self.upright:
            middle = 0.5 * (top + band)
            self.fields.place(left, top + 10 * lead, first, top - middle)
            self.presets.place(left, middle - 40 * lead, first)
        else:
            self.fields.place(left, top + 10 * lead, first, top - foot - high - 20 * lead)
            self.presets.place(0.443 * width, top, right - 0.443 * width)
        self.learning.place(left, right, top, foot, band)
        self.live = None

    def update(self):
        """Show what there is in this state."""
        live = self.session.training is not None
        self.headline.moment = moment = self.session.training.latest if live else None  # one for all of a frame
        if live is not self.live:
            for panel in self.panels:
                for part in panel.parts():
                    for artist in part.artists:
                        artist.set_visible(panel in self.shown)
            self.live = live
        self.headline.update(self.session, None)
        self._say_buttons()
        if live:
            self.dials.update(self.session, None)
            self.learning.show(moment)
        else:
            self.fields.update(self.session, None)
            self.presets.show(presets.cards(self.session.plan), presets.facts(self.session))

    def parts(self):
        """Return the parts of the panels that are shown."""
        return [part for panel in [*self.shown, self.headline] for part in panel.parts()]

    def loaded(self):
        """Say what is being trained, and how."""
        return presets.trained(self.session.training) if self.session.training else None

    def numbers(self):
        """Return what is meant by a number to go to: a neuron among the tiles."""
        tiles = self.learning.tiles
        if self.session.training and tiles.grid(self.session):
            return "neuron", tiles.neurons - 1, lambda neuron: tiles.go_to(self.session, neuron)
        return None

    def at_rest(self):
        """Say what is wrong, or what became of the last step."""
        training, plan = self.session.training, self.session.plan
        words = (training.failure or training.notice) if training else plan.failure
        if words:
            return (self.headline.run(words, color="text"),), None
        moment = self.headline.moment
        if moment and moment.step % moment.steps_per_epoch:
            step, loss = thousands(moment.step), number(float(moment.losses[-1]), 4)
            return (self.headline.run(f"step {step}", color="text", bold=True),
                    self.headline.run("loss of its images before it", gap=2),
                    self.headline.run(loss, color="text", mono=True, gap=1.5)), None
        if training and self.learning.loss.rows:
            chart = self.learning.loss
            return chart.account(self.session, 0, len(chart.rows) - 1)[0], None
        return None

    def _say_buttons(self):
        training, plan = self.session.training, self.session.plan
        going, held = bool(training and training.running), bool(training and not training.muted)
        able = bool(not plan.launch and (not plan.refused if not training else
                                       not (training.finished or training.failure or training.muted)))
        start = ("❚❚ Pause", "Pause") if going else ("▶ Continue", "Continue", "Go on") if (
            training or plan.resume) else ("▶ Start", "Start")
        self.buttons.say(((start, able, not going), (("one step", "step"), able, False),
                          (("one epoch", "epoch"), able, False),
                          (("reset",), held or bool(training and training.over), False), (("keep",), held, False)))

    # What the keys do

    def _do(self, method):
        """Tell the training something, once there is one; return what there is to say."""
        training, plan = self.session.training, self.session.plan
        if not training:
            if plan.launch:
                return Message("the training digits are being loaded")
            if plan.refused:
                return Message(presets.refusal(plan))
            prepared = self.session.model.metadata.get("preparation")  # then the training digits are too
            plan.facts = {"preparation": prepared} if prepared else {}
            plan.begin(self.session.dataset, method)
            return Message("loading the training digits")
        if training.failure or training.finished:
            return Message(training.failure or f"all {thousands(training.latest.epochs)} epochs are learned; "
                                               "r resets, k keeps the network in another file")
        self.session.follows = True
        getattr(training, method)()
        return None

    @unless_muted
    def start_or_pause(self):
        """Start, or pause what runs."""
        training = self.session.training
        return self._do("pause" if training and training.running else "start")

    @unless_muted
    def take_step(self):
        """Take one step, and pause."""
        return self._do("take_step")

    @unless_muted
    def take_epoch(self):
        """Go to the end of the epoch, and pause."""
        return self._do("take_epoch")

    def reset(self):
        """Leave the training, and choose the next one's options, with another seed."""
        session = self.session
        if not session.training:
            session.plan.reseed()
            return Message(f"seed {session.plan.write('seed')}")
        if session.training.muted and not session.training.over:
            return Message(session.training.muted)
        session.plan.end(session.training)
        session.training = None
        session.forget_snapshots()
        session.take_files()
        session.plan.resume = None
        session.plan.reseed()
        return Message("a new start, with another seed; what was learned is being kept")

    @unless_muted
    def set_pace(self, key):
        """Go faster or slower."""
        if not self.session.training:
            return Message("the speed can be chosen once it has started")
        pace = self.dials.fields[1]
        pace.step(1 if key == "+" else -1)
        return Message(f"speed: {pace.text()}, {pace.note()}")

    def toggle_log(self):
        """Show curves on a log axis, or on an even one."""
        self.learning.log = not self.learning.log

    @unless_muted
    def keep(self):
        """Keep the network as it is now, in a file of its own."""
        training, hand_over = self.session.training, self.session.hand_over
        return Message(save_network.keep(training, hand_over) if training else "there is nothing to keep before the start")

    def show_files(self):
        """Let the other views show the file's network again, until the training is told to go on or it is asked for.
        """
        training = self.session.training
        self.session.follows = bool(training and not self.session.follows)
        if self.session.follows:
            return Message("the other views show what is learned, epoch by epoch")
        self.session.take_files()
        return Message(f"the other views show {self.session.model.path.name} again; Space shows what is learned")
