// What the network answers, shown: the headline, the bars, the prepared picture and the heatmaps.

export const find = name => document.getElementById(name);
const bars = [...find("bars").rows], layers = [...document.querySelectorAll(".layer")];
const [prepared] = find("prepared").getElementsByTagName("canvas");
let shown = null;

// Show what was found, or that nothing is drawn; once a stroke is done it is also said to whoever listens.
export function answerWith(found, done = true) {
  shown = found;
  find("trouble").textContent = "";
  const outputs = found && (found.probabilities || found.outputs);
  bars.forEach((row, place) => {
    row.classList.toggle("answer", Boolean(found) && place === found.digit);
    row.querySelector("div").style.width = found ? `${100 * outputs[place]}%` : 0;
    row.querySelector(".value").textContent = found ? found.words[place] : "–";
  });
  headline(outputs);
  if (done) say();
  paintMaps();
}

function headline(outputs) {
  const [answer, others] = [find("answer"), find("others")];
  answer.replaceChildren(document.createElement("b"));
  answer.firstChild.textContent = shown ? `reads ${shown.name}` : "draw a digit";
  others.textContent = "";
  if (shown) {
    const ranked = outputs.map((_, place) => place).sort((one, other) => outputs[other] - outputs[one]);
    const told = ranked.slice(1, 3).map(place => `${shown.classes[place]}, ${shown.words[place]}`);
    answer.append(` ${shown.words[shown.digit]}`);
    const row = shown.looks_like;
    others.textContent = `then ${told.join("; ")}${row ? `. It looks like ${row.digits} digits: ${row.number}` : ""}`;
  }
  document.title = `NeuralScope: ${answer.textContent}`;
}

function say() {
  const words = shown ? `${find("answer").textContent}, ${find("others").textContent}` : "";
  if (find("said").textContent !== words) find("said").textContent = words;
}

export function colours(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim().split(", ");
}

export function paintMaps() {
  paintCells(prepared, shown ? shown.prepared : [], 255, colours("map-ink"), false);
  prepared.setAttribute("aria-label", shown ? "your drawing, prepared" : "nothing yet");
  layers.forEach((figure, place) => {
    const layer = shown && shown.hidden[place], canvas = figure.querySelector("canvas");
    const signed = Boolean(layer && layer.signed), map = colours(signed ? "map-signed" : "map-activations");
    paintCells(canvas, layer ? layer.values : [], layer ? layer.top : 1, map, signed);
    canvas.setAttribute("aria-label", layer ? layer.in_words : "nothing yet");
    figure.classList.toggle("signed", signed);
    figure.querySelector(".words").textContent = layer ? layer.in_words : "\u00a0";
    figure.querySelector(".low").textContent = layer ? (signed ? `−${layer.top_in_words}` : "0") : "\u00a0";
    figure.querySelector(".top").textContent = layer ? layer.top_in_words : "";
  });
}

function paintCells(canvas, values, top, map, signed) {
  const context = canvas.getContext("2d"), zero = signed ? map.length >> 1 : 0, last = map.length - 1;
  context.clearRect(0, 0, canvas.width, canvas.height);
  values.forEach((value, cell) => {
    const place = Math.round(zero + value / top * (last - zero));
    context.fillStyle = map[Math.min(Math.max(place, 0), last)];
    context.fillRect(cell % canvas.width, Math.floor(cell / canvas.width), 1, 1);
  });
}
