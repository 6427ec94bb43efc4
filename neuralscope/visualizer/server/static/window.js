// The window in a page. With connection.js it comes back by itself, which Matplotlib's own script (mpl.js) does not.
"use strict";

const canvas = document.getElementById("window"), leave = document.getElementById("leave");
const { showFrame, fit, fitSoon, onKey } = windowOn(canvas, tell);
const { hear, ask } = windowInWords(canvas, document.getElementById("said"), leave, tell);

const take = {
  reader: event => { name = event.name; },
  title: event => { document.title = event.words; },
  texts: hear,
  quit: ask,
};
const show = {
  frame: async (event, picture) => {
    await showFrame(event, picture);
    if (isOpen()) say("");
  },
  file: (event, content) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = event.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  },
};

addEventListener("resize", fitSoon);
addEventListener("keydown", event => {
  if ([canvas, document.body].includes(document.activeElement)) onKey(event, words.hidden);
});

// Where the focus is shows where one has come back to the window by Tab.
canvas.addEventListener("focus", event => canvas.classList.toggle("reached", Boolean(event.relatedTarget)));
canvas.focus();
connect();
