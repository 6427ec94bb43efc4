// The page to draw on: what is drawn is read at each stroke, and what the network makes of it is shown.
import { answerWith, colours, find, paintMaps } from "./answer.js";
import { Strokes } from "./strokes.js";

const SIDE = 280;  // pixels of the picture that is sent
const PATIENCE = 10000, PAUSE = 500;  // milliseconds for an answer, and before a full server is asked again
const ASK = "predict?show=prepared,hidden,words,classes";
const AGAIN = "No answer: the program has ended, or the network failed. The next stroke asks again.";
const BETWEEN = "Something on the way, such as a proxy, answered instead: ";
const REFUSALS = {
  401: "it wants you to sign in (401).",
  403: "it refuses the picture (403).",
  413: "the picture is too large for it (413).",
  429: "it wants fewer requests (429).",
  502: "it does not reach the program (502).",
  503: "it does not reach the program (503).",
  504: "it waits for the program in vain (504).",
};
const DOT = "Too little ink for a digit: it is a dot. Draw on.";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const pad = find("pad"), strokes = new Strokes(Number(pad.dataset.width)), spots = Number(pad.dataset.spots);
const pen = { column: spots >> 1, row: spots >> 1, shown: false };

// Asking: one request at a time, and the newest drawing next

let asking = false, changed = false;

async function read() {
  changed = true;
  if (asking) return;
  asking = true;
  while (changed) {
    changed = false;
    await ask();
  }
  asking = false;
}

async function ask() {
  if (strokes.empty || strokes.dot) {
    answerWith(null);
    if (!strokes.empty && !strokes.drawing) find("trouble").textContent = DOT;  // every stroke begins as one
    return;
  }
  try {
    const body = await picture();
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(ASK, { method: "POST", headers: { "Content-Type": "image/png" }, body, signal });
    const found = await answer.json().catch(() => null);
    if (!(answer.ok ? found?.words : found?.error)) {
      find("trouble").textContent = BETWEEN + (REFUSALS[answer.status] || `a page of its own (${answer.status}).`);
      return;
    }
    if (answer.ok) return answerWith(found, !strokes.drawing);
    if (answer.status === 400) answerWith(null);
    find("trouble").textContent = found.error;
    if (answer.status === 503) {
      await new Promise(done => setTimeout(done, PAUSE));
      changed = true;
    }
  } catch {
    find("trouble").textContent = AGAIN;
  }
}

function picture() {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d");
  context.fillRect(0, 0, SIDE, SIDE);
  strokes.paint(context, SIDE, "white");
  return new Promise(done => canvas.toBlob(done, "image/png"));
}

function paintPad() {
  const context = pad.getContext("2d"), side = pad.width, [ink] = colours("text"), cell = side / spots;
  context.clearRect(0, 0, side, side);
  strokes.paint(context, side, ink);
  find("hint").hidden = !strokes.empty || pen.shown;
  find("undo").disabled = !strokes.before.length;
  find("clear").disabled = strokes.empty;
  if (!pen.shown) return;
  for (const [name, width] of [["background", 4], ["accent", 2]]) {  // cased, so that it shows on ink too
    [context.strokeStyle] = colours(name);
    context.lineWidth = width * devicePixelRatio;
    context.strokeRect(pen.column * cell, pen.row * cell, cell, cell);
  }
}

function change() {
  paintPad();
  read();
}

// Drawing by finger, pen and mouse

function place(event) {
  const box = pad.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

pad.addEventListener("pointerdown", event => {
  if (!event.isPrimary || event.button) return;
  pad.setPointerCapture(event.pointerId);
  pen.shown = false;
  strokes.begin(...place(event));
  tell();
  change();
});
pad.addEventListener("pointermove", event => {
  if (!event.isPrimary || !strokes.drawing || pen.shown) return;
  const seen = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  for (const one of seen.length ? seen : [event]) strokes.move(...place(one));
  change();
});
for (const name of ["pointerup", "pointercancel"]) pad.addEventListener(name, event => event.isPrimary && lift());

function lift() {
  if (!strokes.drawing) return;
  strokes.end();
  change();
}

// Drawing by keys

function spot() {
  return [(pen.column + 0.5) / spots, (pen.row + 0.5) / spots];
}

function tell() {
  const at = `row ${pen.row}, column ${pen.column}`;
  const does = strokes.drawing ? `pen down, ${at}: Enter lifts it` : `pen up, ${at}: Enter puts it down`;
  find("pen").textContent = pen.shown ? does : "it is read while you draw";
}

pad.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in ARROWS) {
    const [right, down] = pen.shown ? ARROWS[event.key] : [0, 0];
    pen.column = Math.min(Math.max(pen.column + right, 0), spots - 1);
    pen.row = Math.min(Math.max(pen.row + down, 0), spots - 1);
    strokes.move(...spot());
  } else if (event.key === "Enter" || event.key === " ") {
    if (strokes.drawing) strokes.end();
    else strokes.begin(...spot());
  } else {
    return;
  }
  event.preventDefault();
  pen.shown = true;
  tell();
  change();
});
pad.addEventListener("focus", () => {
  pen.shown = pad.matches(":focus-visible");
  tell();
  paintPad();
});
pad.addEventListener("blur", () => {
  pen.shown = false;
  strokes.end();
  tell();
  change();
});
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "z") undo();
  if (event.key === "Delete" || event.key === "Backspace") clear();
});

function undo() {
  strokes.undo();
  tell();
  change();
}

function clear() {
  strokes.clear();
  tell();
  change();
}

find("undo").addEventListener("click", undo);
find("clear").addEventListener("click", clear);
matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => {
  paintPad();
  paintMaps();
});
new ResizeObserver(() => {
  pad.width = pad.height = Math.round(pad.clientWidth * devicePixelRatio);
  paintPad();
}).observe(pad);
