"""What a training may begin with, and what comes of it, in words."""

from itertools import pairwise

from neuralscope.errors import InputError
from neuralscope.formatting import in_window, plain, thousands
from neuralscope.runs.output_paths import free_name, output_of
from neuralscope.visualizer.input.prompts import Message
from neuralscope.visualizer.live.setup import PRESETS


def cards(plan):
    """Return ``(title, words, taken, choose)`` for each beginning that is offered by a plan."""
    interrupted = plan.interrupted
    found = [(title, words, taken, lambda place=place: plan.take_preset(place))
             for place, ((title, words, _), taken) in enumerate(zip(PRESETS, plan.presets_taken(), strict=True))]
    if interrupted:  # one card for all of them: each choice is of the next older one
        at = next((place for place, (path, _) in enumerate(interrupted) if path == plan.resume), None)
        path, facts = interrupted[at or 0]
        following = interrupted[0 if at is None else (at + 1) % len(interrupted)][0]
        words = f"epoch {facts.get('epochs_run', 0)} of {facts.get('options', {}).get('epochs', '?')} is done"
        if facts.get("learning_rates"):
            words += f", learning rate {plain(facts['learning_rates'][-1][1])}"
        if len(interrupted) > 1:
            words += f"; {(at or 0) + 1} of {len(interrupted)} to continue" + ", again: the next" * (at is not None)
        found.append((f"continue {path.name}", words, at is not None, lambda: go_on(plan, following)))
    return found


def go_on(plan, path):
    """Plan to continue a checkpoint; return what to say where it cannot be read."""
    try:
        plan.go_on(path)
    except InputError as error:
        return Message(str(error))
    return None


def facts(session):
    """Return wordings, a line each, of what the session's plan comes to."""
    plan = session.plan
    if plan.failure:
        return (f"{plan.cause}:",), (plan.failure,)
    if plan.refused:
        return (refusal(plan),),
    options = plan.options()
    sizes = session.digits.images.shape[1], *options.hidden, len(session.dataset.class_names)
    count = sum((before + 1) * after for before, after in pairwise(sizes))
    goes = output_of(plan.resume) if plan.resume else free_name(plan.output)
    return ((f"{'-'.join(map(str, sizes))}: {thousands(count)} weights and biases",),
            (f"learns the training digits of {session.dataset.name}, {thousands(options.epochs)} times each",),
            (f"goes to {goes} at the end, until then to a checkpoint beside it", f"goes to {goes}"), *shared(session))


def shared(session):
    """Return wordings, if any, of what comes of a training where many windows share one."""
    return [("others can watch it; when you leave it ends, and its card continues it",
             "when you leave it ends; its card continues it")] * bool(session.trainings)


def trained(training):
    """Return wordings, each a list of words, of what a LiveTraining trains, and how."""
    options, network = training.options, training.latest.network.architecture
    rate, batch = plain(training.learning_rate), thousands(training.batch_size)
    learned = f"{options.optimizer} {rate}, {options.schedule}, batch {batch}, seed {options.seed}"
    warps = "" if options.augment == "none" else f"{options.augment} warps"
    return [network, learned, warps], [network, learned], [network.split()[0], learned]


def refusal(plan):
    """Return which option of a plan cannot be so, and why: the first, where there are more."""
    name, words = next(iter(plan.refused.items()))
    return f"{name.replace('_', ' ')}: {in_window(words)}"
