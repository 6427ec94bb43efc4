"""Watch it learn: what to train is chosen here, and seen while it is learned."""

from neuralscope.formatting import number, thousands
from neuralscope.visualizer.drawing.layout import Box
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.results import Say
from neuralscope.visualizer.live import presets, save_network
from neuralscope.visualizer.live.controls import LearningRateControl, OptionControl, PaceControl, unless_read_only
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.live.setup import OPTION_FIELDS
from neuralscope.visualizer.views.train.training_headline import TrainingHeadline
from neuralscope.visualizer.widgets.view import View


class TrainView(View):
    """Before the start: options and presets; then curves, weights, histograms, the digit shown, and the vitals."""

    key, title = "t", "train"
    headline_class = TrainingHeadline
    shows_training = True
    bindings = KeyTable([
        Binding((" ",), "start_or_pause", "start, and pause", "start, pause"),
        Binding(("j",), "take_step", "one step", "step"),
        Binding(("J",), "take_epoch", "one epoch", "epoch"),
        Binding(("r",), "reset", "reset: another seed, and options to choose", "reset"),
        Binding(("+", "-"), "set_pace", "faster or slower", takes_key=True),
        Binding(("y",), "toggle_log", "log axis, or even", "log axis"),
        Binding(("k",), "keep", "keep the network as it is now, in a file", "keep"),
        Binding(("u",), "toggle_follow", "the other views show the file's network again, or what is learned"),
    ])

    def __init__(self, surface, session):
        """Make the panels of both states."""
        from neuralscope.visualizer.views.train.buttons import Buttons
        from neuralscope.visualizer.views.train.form import Form
        from neuralscope.visualizer.views.train.panels import TrainingPanels
        from neuralscope.visualizer.views.train.preset_cards import PresetCards

        super().__init__(surface, session)
        bindings = [self.bindings.find(key) for key in (" ", "j", "J", "r", "k")]
        self.buttons = Buttons(surface, bindings, lambda binding: getattr(self, binding.action)())
        self.fields = Form(surface, [OptionControl(session, name) for name in OPTION_FIELDS])
        self.preset_cards = PresetCards(surface)
        self.controls = Form(surface, [LearningRateControl(session), PaceControl(session)])
        self.training_panels = TrainingPanels(surface, session)
        session.training_setup.find_interrupted_trainings(session.dataset)
        self.groups = {False: [self.buttons, self.fields, self.preset_cards],
                       True: [self.buttons, self.controls, *self.training_panels.panels]}
        self.panels = [self.buttons, self.fields, self.preset_cards, self.controls, *self.training_panels.panels]
        self.is_training = None

    @property
    def visible_panels(self):
        """The panels of the state that there is now."""
        return self.groups[self.session.training is not None]

    def place(self):
        """Put options or curves above the buttons, and the rest beside them."""
        from neuralscope.visualizer.views.train.panels import COLUMNS

        super().place()
        surface, lead, page = self.surface, self.surface.leading, self.surface.page(top=0.805)
        column = page if surface.is_upright else page.left_of(surface.x(COLUMNS[0]))
        beside = page.right_of(surface.x(COLUMNS[1]))
        buttons = column.below(page.bottom + max(30 * lead, 32 * surface.scale))
        band = buttons.top + 56 * lead  # buttons, and the two controls above them
        self.buttons.place(buttons)
        self.controls.place(column.below(band - 6 * lead).above(band - 50 * lead), values=0.36)
        fields, floor = column.above(buttons.top + 20 * lead), page.bottom
        if surface.is_upright:
            floor = buttons.top + 15 * lead
            fields = column.above(0.5 * (page.top + band))
            beside = page.below(fields.bottom - 40 * lead)
        self.fields.place(Box.hanging(fields.left, fields.top + 10 * lead, fields.width, fields.height))
        self.preset_cards.place(*beside.top_left, beside.width, floor)
        self.training_panels.place(page, band)
        self.is_training = None

    def update(self):
        """Show what there is in this state."""
        is_training = self.session.training is not None
        # one for all of a frame
        self.headline.observation = observation = self.session.training.state.latest if is_training else None
        if is_training is not self.is_training:
            for panel in self.panels:
                for part in panel.parts():
                    for artist in part.artists:
                        artist.set_visible(panel in self.visible_panels)
            self.is_training = is_training
        self.headline.update(self.session, None)
        self._update_buttons()
        if is_training:
            self.controls.update(self.session, None)
            self.training_panels.show(observation)
        else:
            self.fields.update(self.session, None)
            setup = self.session.training_setup
            self.preset_cards.show(presets.preset_cards(setup), presets.setup_summary(self.session))

    def parts(self):
        """Return the parts of the panels that are shown."""
        return [part for panel in [*self.visible_panels, self.headline] for part in panel.parts()]

    def footer_wordings(self):
        """Say what is being trained, and how."""
        return presets.training_summary(self.session.training) if self.session.training else None

    def number_target(self):
        """Return what is meant by a number to go to: a neuron among the tiles."""
        tiles = self.training_panels.weight_grid
        if self.session.training and tiles.grid(self.session):
            return "neuron", tiles.neurons - 1, lambda neuron: tiles.go_to(self.session, neuron)
        return None

    def default_description(self):
        """Say what is wrong, or what became of the last step."""
        training, setup = self.session.training, self.session.training_setup
        words = (training.state.failure or training.state.notice) if training else (
            presets.no_labels_text(self.session) or setup.failure)
        if words:
            return (self.headline.run(words, color="text"),), None
        observation = self.headline.observation
        if observation and observation.step % observation.steps_per_epoch:
            step, loss = thousands(observation.step), number(float(observation.losses[-1]), 4)
            return (self.headline.run(f"step {step}", color="text", bold=True),
                    self.headline.run("loss of its images before it", gap=2),
                    self.headline.run(loss, color="text", mono=True, gap=1.5)), None
        if training and self.training_panels.loss.rows:
            chart = self.training_panels.loss
            return chart.describe(self.session, 0, len(chart.rows) - 1)[0], None
        return None

    def _update_buttons(self):
        training, setup = self.session.training, self.session.training_setup
        state, held = training and training.state, bool(training and not training.read_only)
        going = bool(training and state.running)
        able = bool(self.session.has_labels and not setup.launcher and (not setup.invalid_options if not training else
                                            not (state.finished or state.failure or training.read_only)))
        start = ("❚❚ Pause", "Pause") if going else ("▶ Continue", "Continue", "Go on") if (
            training or setup.resume) else ("▶ Start", "Start")
        self.buttons.show(((start, able, not going), (("one step", "step"), able, False),
                          (("one epoch", "epoch"), able, False),
                          (("reset",), held or bool(training and state.ended), False), (("keep",), held, False)))

    # What the keys do

    def _control_training(self, command):
        """Tell the training a Command, once there is one; return what there is to say."""
        training, setup = self.session.training, self.session.training_setup
        if not training:
            if setup.launcher:
                return Say(f"the training {self.session.inputs.sample}s are being loaded")
            if missing := presets.no_labels_text(self.session):
                return Say(missing)
            if setup.invalid_options:
                return Say(presets.invalid_option_text(setup))
            preprocessing = self.session.model.metadata.get("preparation")  # then the training digits are too
            setup.metadata = {"preparation": preprocessing} if preprocessing else {}
            setup.launch_training(self.session.dataset, command)
            return Say(f"loading the training {self.session.inputs.sample}s")
        state = training.state
        if state.failure or state.finished:
            return Say(state.failure or f"all {thousands(state.latest.epochs)} epochs are learned; "
                                        "r resets, k keeps the network in another file")
        self.session.follows_training = True
        training.tell(command)
        return None

    @unless_read_only
    def start_or_pause(self):
        """Start, or pause what runs."""
        training = self.session.training
        return self._control_training(Command.PAUSE if training and training.state.running else Command.START)

    @unless_read_only
    def take_step(self):
        """Take one step, and pause."""
        return self._control_training(Command.TAKE_STEP)

    @unless_read_only
    def take_epoch(self):
        """Go to the end of the epoch, and pause."""
        return self._control_training(Command.TAKE_EPOCH)

    def reset(self):
        """Leave the training, and choose the next one's options, with another seed."""
        session = self.session
        if not session.training:
            session.training_setup.reseed()
            return Say(f"seed {session.training_setup.format_value('seed')}")
        if session.training.read_only and not session.training.state.ended:
            return Say(session.training.read_only)
        session.training_setup.end_training(session.training)
        session.training = None
        session.snapshot_choice.forget()
        session.show_file_network()
        session.training_setup.resume = None
        session.training_setup.reseed()
        return Say("a new start, with another seed; what was learned is being kept")

    @unless_read_only
    def set_pace(self, key):
        """Go faster or slower."""
        if not self.session.training:
            return Say("the speed can be chosen once it has started")
        pace = self.controls.fields[1]
        pace.step(1 if key == "+" else -1)
        return Say(f"speed: {pace.text()}, {pace.note()}")

    def toggle_log(self):
        """Show curves on a log axis, or on an even one."""
        self.training_panels.log = not self.training_panels.log

    @unless_read_only
    def keep(self):
        """Keep the network as it is now, in a file of its own."""
        training, download = self.session.training, self.session.download
        return Say(save_network.save_live_network(training, download) if training
                   else "there is nothing to keep before the start")

    def toggle_follow(self):
        """Let the other views show the file's network again, until the training is told to go on or it is asked for.
        """
        training = self.session.training
        self.session.follows_training = bool(training and not self.session.follows_training)
        if self.session.follows_training:
            return Say("the other views show what is learned, epoch by epoch")
        self.session.show_file_network()
        return Say(f"the other views show {self.session.model.path.name} again; Space shows what is learned")
