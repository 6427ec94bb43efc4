// The widget: the window in the output of a cell. What is before this is canvas.js and live.js, in the same module.

const JUPYTERS = ["s", "Enter"];  // keys that are Jupyter's with Ctrl or Cmd: it saves, and runs the cell
const PARTS = `
  <canvas tabindex="0" role="application" aria-label="NeuralScope"
    aria-description="Keys are the window's while it has the focus. ? lists them. After Escape, Tab leaves it."></canvas>
  <p class="hint">Click it, and the keys are its own, not the notebook's: <kbd>?</kbd> lists them;
    <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves it.</p>
  <div class="unseen" role="status"><p data-text="view"></p><p data-text="headline"></p><p data-text="readout"></p>
    <p data-text="focus"></p></div>
  <p class="words" role="status" hidden></p>
  <dialog aria-label="NeuralScope"><p></p><button autofocus>stay</button><button>end</button></dialog>`;

function render({ model, el }) {
  const view = crypto.randomUUID?.() ?? String(Math.random());  // the first is only there on https and localhost
  const root = document.createElement("div"), over = new AbortController();
  root.className = "neuralscope-window";
  root.innerHTML = PARTS;
  const [canvas, , said, words, leave] = root.children;
  for (const [name, colour] of Object.entries(model.get("colors"))) root.style.setProperty(`--${name}`, colour);
  for (const [name, value] of Object.entries(model.get("shape"))) {
    (name === "aspect-ratio" ? canvas : root).style.setProperty(name, value);
  }
  let moving = false, kept = null, returns = false, shown = Promise.resolve();

  function send(type, what) {
    model.send({ view, message: { type, ...what } });
  }

  // While a cell runs, a free pointer's moves would pile up in the kernel: the next one waits until the last arrived.
  function tell(type, what) {
    const free = type === "motion_notify" && !what.buttons;
    if (free && moving) {
      kept = what;
      return;
    }
    moving ||= free;
    kept = null;
    send(type, what);
  }

  const { showFrame, fit, fitSoon, onKey } = windowOn(canvas, tell, hasFocus);
  const { hear, ask } = windowInWords(canvas, said, leave, tell, over.signal);
  const take = {
    texts: hear,
    quit: ask,
    moved: () => {
      moving = false;
      if (kept) tell("motion_notify", kept);
    },
    frame: (event, picture) => {
      shown = shown.then(() => showFrame(event, new Blob([picture])));
    },
    free: () => returns && open(),
    ended: event => {
      words.textContent = event.words;
      words.hidden = false;
      returns = Boolean(event.returns);
    },
  };

  function hasFocus() {
    return canvas.getRootNode().activeElement === canvas;
  }

  function onMessage(event, buffers) {
    if ((event.to ?? view) === view) take[event.type]?.(event, buffers?.[0]);
  }

  function open() {
    words.hidden = true;
    moving = returns = false;
    send("open");
    fit();
    tell("ack");  // it is ready for a frame
  }

  // Before Jupyter's own, which listens on the whole document: d d would delete the cell.
  window.addEventListener("keydown", event => {
    const path = event.composedPath();
    if (!path.includes(root)) return;
    if (path[0] === canvas) onKey(event, words.hidden);
    const jupyters = (event.ctrlKey || event.metaKey) && JUPYTERS.includes(event.key);
    if (!jupyters) event.stopImmediatePropagation();
  }, { capture: true, signal: over.signal });
  window.addEventListener("resize", fitSoon, { signal: over.signal });
  words.addEventListener("click", () => returns && open());

  const sizes = new ResizeObserver(fitSoon);
  sizes.observe(canvas);
  model.on("msg:custom", onMessage);
  el.append(root);
  open();

  return () => {
    over.abort();
    sizes.disconnect();
    model.off("msg:custom", onMessage);
    send("leave");
  };
}

export default { render };
