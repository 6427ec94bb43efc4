// The window in words, for who does not see the picture; and the question before a tap ends it.
"use strict";

const SOON = 150, LATER = 5000;  // milliseconds until what changed is said: after a key, and while a training runs
const ATTENTION = 3000;  // milliseconds for which what changes is taken for the answer to a key

// `said` has a part for each text, `leave` is the dialog with the question and two buttons; `signal` ends the listening.
function windowInWords(canvas, said, leave, tell, signal) {
  const [question, stay, end] = leave.children;
  let texts = {}, acted = Date.now(), saying = 0;

  function hear(event) {
    texts = event;
    canvas.setAttribute("aria-label", `NeuralScope, the view ${event.view}`);
    saying ||= setTimeout(speak, Date.now() - acted < ATTENTION ? SOON : LATER);
  }

  function speak() {
    saying = 0;
    for (const part of said.children) {
      const text = texts[part.dataset.text];
      if (part.textContent !== text) part.textContent = text;  // what is as it was is not said again
    }
  }

  for (const kind of ["keydown", "pointerdown"]) {
    addEventListener(kind, () => {
      acted = Date.now();
      if (!saying) return;
      clearTimeout(saying);
      saying = setTimeout(speak, SOON);
    }, { capture: true, signal });
  }

  function ask(event) {
    question.textContent = event.words;
    if (!leave.open) leave.showModal();
  }
  stay.addEventListener("click", () => leave.close());
  end.addEventListener("click", () => {
    leave.close();
    tell("quit");
  });
  return { hear, ask };
}
