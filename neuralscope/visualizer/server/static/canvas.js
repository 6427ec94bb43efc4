// The window on a canvas: shows the frames that come, tells of keys, pointers and the size, whatever carries all that:
// the WebSocket of a page, or the messages of a notebook's widget, which begins with this same text. It stands in for
// Matplotlib's own script (mpl.js), which is longer, knows no touch, swallows the repeats of held keys, and lets keys
// act on the page.
"use strict";

const LARGEST = [5120, 3200], RATIO = 2;  // pixels of the window, and most of them to one of the page's: messages.py
const SMALLEST = [640, 480];  // a smaller page gets a window of this size, scaled down
const POINTER = { pointerdown: "button_press", pointermove: "motion_notify", pointerup: "button_release",
                  pointercancel: "button_release", pointerleave: "figure_leave" };

// `tell(type, what)` sends a message; `wheels()`: whether the wheel is the window's, not the page's.
function windowOn(canvas, tell, wheels = () => true) {
  const pen = canvas.getContext("2d", { alpha: false });
  let waiting, leaving = false;  // after Escape a Tab is the browser's, which goes on to what comes after the window
  let pressed = 0, last = {};

  async function showFrame(event, picture) {
    const image = await createImageBitmap(picture);
    if (canvas.width !== event.width || canvas.height !== event.height) {
      [canvas.width, canvas.height] = [event.width, event.height];
    }
    pen.drawImage(image, event.left, event.top);
    image.close();
    requestAnimationFrame(() => tell("ack"));  // a page that nobody sees asks for no more
  }

  function fit() {
    const page = [canvas.clientWidth, canvas.clientHeight];
    if (!Math.min(...page)) return;  // it is folded away
    const grow = Math.max(1, ...SMALLEST.map((side, at) => side / page[at]));
    const [width, height] = page.map(side => Math.round(side * grow));
    const ratio = Math.min(devicePixelRatio / grow, RATIO, LARGEST[0] / width, LARGEST[1] / height);
    tell("resize", { width, height, ratio });
  }

  function fitSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(fit, 100);
  }

  // Take a key of the window's, and say whether it was one; not `open`: it takes none now.
  function onKey(event, open) {
    const browsers = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
    if (event.key === "Tab" && leaving) return false;
    leaving = event.key === "Escape" || (leaving && event.key === "Shift");
    if (!open || browsers || event.isComposing || /^F\d+$/.test(event.key)) {
      return false;  // the browser's own: F11 fills the screen
    }
    event.preventDefault();
    tell("key_press", { key: event.key, shift: event.shiftKey, repeat: event.repeat });
    return true;
  }

  function point(event, type, more) {
    const box = canvas.getBoundingClientRect();
    if (type !== "button_release" || event.type !== "pointercancel") {  // which comes from nowhere
      last = { x: (event.clientX - box.left) * canvas.width / box.width,
               y: (event.clientY - box.top) * canvas.height / box.height };
    }
    tell(type, { ...last, button: pressed, buttons: event.buttons & 63, shift: event.shiftKey, ...more });
  }

  for (const [kind, type] of Object.entries(POINTER)) {
    canvas.addEventListener(kind, event => {
      if (!event.isPrimary) {
        return;  // a second finger
      }
      if (kind === "pointerdown") {
        pressed = event.button > 4 ? 2 : Math.max(0, event.button);  // a pen's other end erases, as the right button
        canvas.setPointerCapture(event.pointerId);
        canvas.focus({ preventScroll: true });
      }
      event.preventDefault();
      point(event, type);
    });
  }
  canvas.addEventListener("contextmenu", event => event.preventDefault());
  canvas.addEventListener("wheel", event => {
    if (!wheels()) return;
    event.preventDefault();
    const step = -event.deltaY / (event.deltaMode ? 3 : 100);
    point(event, "scroll", { step: Math.max(-10, Math.min(10, step)) });
  }, { passive: false });

  return { showFrame, fit, fitSoon, onKey };
}
