// The connection of the window's page: it comes back by itself when the server was gone, and says what is in its way.
"use strict";

const AGAIN = 1000, SELDOM = 5000;  // milliseconds until the server is tried again, and where that is of little use
// Milliseconds between beats, and how many may stay unanswered. They are counted, for no clock knows whether a hidden
// page was held back or the machine slept: whoever wakes is answered before the next beat.
const BEAT = 3000, UNANSWERED = 3, PATIENCE = 2500;
const LAST = [1003, 1007, 1008, 1009];  // codes of a closed connection after which it is not, as from 4000 on
const ENDED = [4000, 4001];  // after which no window waits under this name
const GONE = "The server is gone. This page comes back by itself when it runs again.";
const LOST = "No answer for ten seconds: the network is gone, or the server. This page comes back by itself.";
const BLOCKED = "This connection lets no WebSocket through, which the window needs: something on the way, such as a "
  + "proxy, refuses it.";
const words = document.getElementById("words"), [sentence, instead] = words.children;
let socket, blocked = 0, lost = false, name = stored("getItem") || "";

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
  let event, coming = false, heard = false, unanswered = 0, shown = Promise.resolve();
  const beat = setInterval(async () => {
    if (unanswered++ < UNANSWERED) return tell("beat");
    if (!(coming && await health())) end({ code: 1006, reason: "", silent: true });  // else what comes is large
  }, BEAT);
  mine.onopen = () => {
    fit();
    tell("ack");  // it is ready for a frame
  };
  mine.onmessage = ({ data }) => {
    [heard, unanswered, blocked] = [true, 0, 0];
    if (typeof data === "string") {
      event = JSON.parse(data);
      coming = event.type in show;
      take[event.type]?.(event);
      return;
    }
    coming = false;
    const about = event;  // what came just before a picture or a file
    shown = shown.then(() => mine === socket && show[about.type](about, data));
  };
  mine.onclose = end;
  async function end({ code, reason, silent }) {
    clearInterval(beat);
    mine.onopen = mine.onmessage = mine.onclose = null;
    mine.close();
    if (ENDED.includes(code)) name = "";
    lost = silent || (lost && !heard);
    if (silent) say(LOST);
    const answer = reason ? null : await health();
    const refused = [401, 403].includes(answer?.http) && answer.error;  // as with the token of a server that ran before
    blocked += answer?.status === "ok" && !heard;
    // one that stood may have been closed by a browser that froze its page: the next attempt tells
    if (refused || reason || !heard) say(refused || reason || (blocked > 1 ? BLOCKED : lost ? LOST : GONE), blocked > 1);
    if (code < 4000 && !LAST.includes(code) && !refused) setTimeout(connect, blocked > 1 ? SELDOM : AGAIN);
  }
}

// What the server says of itself, or why it says nothing; null where none of ours answers.
async function health() {
  try {
    const answer = await fetch("health", { signal: AbortSignal.timeout(PATIENCE) });
    return { http: answer.status, ...await answer.json() };
  } catch {
    return null;
  }
}

function say(what, draw = false) {
  if (sentence.textContent !== what) sentence.textContent = what;
  instead.hidden = !draw;
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
