"""What the screen says of steps of fine-tuning."""

from neuralscope.formatting import counted, thousands


def steps_text(steps):
    """Return how many steps."""
    return counted(steps, "step")


def no_steps_text(session):
    """Say that there are no steps, or how those set aside are taken again."""
    count = session.fine_tuning.set_aside_count
    them = "it" if count == 1 else "them"
    return (f"{steps_text(count)} {'is' if count == 1 else 'are'} put aside: z brings {them} back" if count else
            "nothing is taught yet")


def step_text(session, step):
    """Say what a step learned from."""
    sample = session.inputs.sample
    digit_name = f"your own {sample}" if step.digit is None else f"{sample} {thousands(step.digit)}"
    return f"{digit_name} as {session.dataset.class_names[step.label]}, learning rate {step.rate:g}"

