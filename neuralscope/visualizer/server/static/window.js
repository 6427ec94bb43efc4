// The window in a page: shows the pictures that come, tells of keys, pointers and the window's size. With connection.js
// it stands in for Matplotlib's own script (mpl.js), which is longer, knows no touch, swallows the repeats of held keys,
// lets keys act on the page, and does not reconnect.
"use strict";

const LARGEST = [5120, 3200], RATIO = 2;  // pixels of the window, and most of them to one of the page's: messages.py
const SMALLEST = [640, 480];  // a smaller page gets a window of this size, scaled down
const canvas = document.getElementById("window");
const pen = canvas.getContext("2d", { alpha: false });
let waiting;

const take = {
  reader: event => { name = event.name; },
  title: event => { document.title = event.words; },
  texts: hear,
  quit: ask,
};
const show = {
  frame: async (event, picture) => {
    const image = await createImageBitmap(picture);
    if (canvas.width !== event.width || canvas.height !== event.height) {
      [canvas.width, canvas.height] = [event.width, event.height];
    }
    pen.drawImage(image, event.left, event.top);
    image.close();
    if (isOpen()) say("");
    requestAnimationFrame(() => tell("ack"));  // a page that nobody sees asks for no more
  },
  file: (event, content) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = event.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  },
};

function fit() {
  const page = [canvas.clientWidth, canvas.clientHeight];
  const grow = Math.max(1, ...SMALLEST.map((side, at) => side / page[at]));
  const [width, height] = page.map(side => Math.round(side * grow));
  const ratio = Math.min(devicePixelRatio / grow, RATIO, LARGEST[0] / width, LARGEST[1] / height);
  tell("resize", { width, height, ratio });
}
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(fit, 100);
});

let leaving = false;  // after Escape a Tab is the browser's, which goes on to what comes after the window
addEventListener("keydown", event => {
  if (![canvas, document.body].includes(document.activeElement)) return;
  const browsers = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
  if (event.key === "Tab" && leaving) return;
  leaving = event.key === "Escape" || (leaving && event.key === "Shift");
  if (!words.hidden || browsers || event.isComposing || /^F\d+$/.test(event.key)) {
    return;  // the browser's own: F11 fills the screen
  }
  event.preventDefault();
  tell("key_press", { key: event.key, shift: event.shiftKey, repeat: event.repeat });
});

let pressed = 0, last = {};
function point(event, type, more) {
  const box = canvas.getBoundingClientRect();
  if (type !== "button_release" || event.type !== "pointercancel") {  // which comes from nowhere
    last = { x: (event.clientX - box.left) * canvas.width / box.width,
             y: (event.clientY - box.top) * canvas.height / box.height };
  }
  tell(type, { ...last, button: pressed, buttons: event.buttons & 63, shift: event.shiftKey, ...more });
}
for (const [kind, type] of Object.entries({ pointerdown: "button_press", pointermove: "motion_notify",
                                            pointerup: "button_release", pointercancel: "button_release",
                                            pointerleave: "figure_leave" })) {
  canvas.addEventListener(kind, event => {
    if (!event.isPrimary) {
      return;  // a second finger
    }
    if (kind === "pointerdown") {
      pressed = event.button > 4 ? 2 : Math.max(0, event.button);  // a pen's other end erases, as the right button
      canvas.setPointerCapture(event.pointerId);
      canvas.focus();
    }
    event.preventDefault();
    point(event, type);
  });
}
canvas.addEventListener("contextmenu", event => event.preventDefault());
canvas.addEventListener("wheel", event => {
  event.preventDefault();
  const step = -event.deltaY / (event.deltaMode ? 3 : 100);
  point(event, "scroll", { step: Math.max(-10, Math.min(10, step)) });
}, { passive: false });

// Where the focus is shows where one has come back to the window by Tab.
canvas.addEventListener("focus", event => canvas.classList.toggle("reached", Boolean(event.relatedTarget)));
canvas.focus();
connect();
