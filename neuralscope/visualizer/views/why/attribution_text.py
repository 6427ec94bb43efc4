"""What the attribution table's sum is called, and what the readout says of its rows."""

from neuralscope.analysis.waterfall import BIAS_KIND, NEURON_KIND, OTHERS_KIND, ROUNDING_KIND
from neuralscope.formatting import difference_terms, signed


def sum_names(session):
    """Return what the sum is called, longest first."""
    names = session.dataset.class_names
    if session.contrast_class is None:
        return f"score of {names[session.selected_class]}", "score"
    selected, contrast = names[session.selected_class], names[session.contrast_class]
    return (f"score of {selected} minus score of {contrast}", f"score {selected} − score {contrast}",
            f"{selected} − {contrast}", "score")


def row_runs(panel, session, row):
    """Return the runs about the bias, a pixel, all others, or the sum."""
    figures = {"color": "text", "mono": True, "gap": 1.5}
    if row == len(panel.steps):
        return (panel.run(sum_names(session)[0], color="text", bold=True),
                panel.run("bias + pushes", gap=2), panel.run(next(iter(panel.sentences(session))), **figures))
    step = panel.steps[row]
    factors = panel.factors(step)
    runs = [panel.run(panel.names(session, step)[0], color="text", bold=True)]
    if step.kind == BIAS_KIND and session.contrast_class is not None:
        biases = session.network.layers[-1].biases
        selected, contrast = float(biases[session.selected_class]), float(biases[session.contrast_class])
        runs += [panel.run("bias of one minus bias of the other", gap=2),
                 panel.run(f"{difference_terms(selected, contrast, step.contribution)} =", **figures)]
    elif step.kind == NEURON_KIND:
        runs += [panel.run(f"{session.inputs.quantity} × weight", gap=2),
                 panel.run(f"{factors} =" if factors else "=", **figures)]
    elif step.kind == ROUNDING_KIND:
        runs.append(panel.run("what rounding each of the figures left over", gap=2))
    elif step.kind == OTHERS_KIND:
        runs.append(panel.run("each pushes less than those above; together, with what rounding left over", gap=2))
    return (*runs, panel.run(signed(step.contribution), **figures))
