// The window in a page: shows the pictures that come, tells of keys, pointers and the window's size, and comes back by
// itself when the server was gone. It stands in for Matplotlib's own script (mpl.js), which is five times as long, knows
// no touch, swallows the repeats of held keys, lets keys act on the page, and does not reconnect.
"use strict";

const LARGEST = [5120, 3200], RATIO = 2;  // pixels of the window, and most of them to one of the page's: messages.py
const SMALLEST = [640, 480];  // a smaller page gets a window of this size, scaled down
const AGAIN = 1000;  // milliseconds until the server is tried again
const LAST = [1003, 1007, 1008, 1009];  // codes of a closed connection after which it is not, as from 4000 on
const GONE = "The server is gone. This page comes back by itself when it runs again.";
const canvas = document.getElementById("window"), words = document.getElementById("words");
const pen = canvas.getContext("2d", { alpha: false });
let socket, waiting, name = stored("getItem") || "";

// The reader's name is kept while no page is open under it: a copy of this page is another reader.
function stored(what, ...value) {
  try {
    return sessionStorage[what]("reader", ...value);
  } catch {  // the browser keeps nothing
    return null;
  }
}
addEventListener("pageshow", () => stored("removeItem"));
addEventListener("pagehide", () => stored("setItem", name));

function connect() {
  const address = new URL(`socket${location.search}`, location.href);  // what let this page in lets its connection in
  address.protocol = location.protocol.replace("http", "ws");
  address.searchParams.set("reader", name);
  const mine = socket = new WebSocket(address);
  let event, shown = Promise.resolve();
  mine.onopen = () => {
    fit();
    tell("ack");  // it is ready for a frame
  };
  mine.onmessage = ({ data }) => {
    if (typeof data === "string") {
      event = JSON.parse(data);
      take[event.type]?.(event);
      return;
    }
    const about = event;  // what came just before a picture or a file
    shown = shown.then(() => mine === socket && show[about.type](about, data));
  };
  mine.onclose = async ({ code, reason }) => {
    const answer = reason ? null : await fetch("health").catch(() => null);
    const refused = [401, 403].includes(answer?.status);  // as with the token of a server that ran before
    say(refused ? (await answer.json()).error : reason || GONE);
    if (code < 4000 && !LAST.includes(code) && !refused) {
      setTimeout(connect, AGAIN);
    }
  };
}

const take = {
  reader: event => { name = event.name; },
  title: event => {
    document.title = event.words;
    canvas.setAttribute("aria-label", event.words);
  },
};
const show = {
  frame: async (event, picture) => {
    const image = await createImageBitmap(picture);
    if (canvas.width !== event.width || canvas.height !== event.height) {
      [canvas.width, canvas.height] = [event.width, event.height];
    }
    pen.drawImage(image, event.left, event.top);
    image.close();
    say(isOpen() ? "" : words.textContent);
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

function say(what) {
  words.textContent = what;
  words.hidden = !what;
}

function isOpen() {
  return socket.readyState === WebSocket.OPEN;
}

function tell(type, what) {
  if (isOpen()) {
    socket.send(JSON.stringify({ type, ...what }));
  }
}

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

addEventListener("keydown", event => {
  const browsers = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
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

connect();
