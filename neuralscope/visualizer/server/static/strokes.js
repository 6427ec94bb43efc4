// What a hand draws: strokes with places in the unit square, x to the right and y down, which can be taken back.

const DOT_EXTENT = 0.4;  // of the width: no more than that reaches a dot, which the server refuses

export class Strokes {
  constructor(width) {
    this.width = width;  // a fraction of the side
    this.lines = [];
    this.before = [];  // what `lines` was, for undo
    this.drawing = false;
  }

  get empty() {
    return this.lines.length === 0;
  }

  get dot() {
    return [0, 1].every(axis => {
      const places = this.lines.flat().map(point => point[axis]);
      return Math.max(...places) - Math.min(...places) < DOT_EXTENT * this.width;
    });
  }

  begin(x, y) {
    this.keep([...this.lines, [[x, y]]]);
    this.drawing = true;
  }

  move(x, y) {
    if (this.drawing) this.lines.at(-1).push([x, y]);
  }

  end() {
    this.drawing = false;
  }

  undo() {
    this.end();
    if (this.before.length) this.lines = this.before.pop();
  }

  clear() {
    this.end();
    if (!this.empty) this.keep([]);
  }

  keep(lines) {
    this.before.push(this.lines);
    this.lines = lines;
  }

  // Paint into a square of `side` pixels: through the middles between the places where the hand was seen.
  paint(context, side, ink) {
    Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: this.width * side, strokeStyle: ink });
    for (const line of this.lines) {
      const points = line.map(([x, y]) => [x * side, y * side]);
      context.beginPath();
      context.moveTo(...points[0]);
      for (let place = 1; place < points.length - 1; place++) {
        const [here, next] = [points[place], points[place + 1]];
        context.quadraticCurveTo(...here, (here[0] + next[0]) / 2, (here[1] + next[1]) / 2);
      }
      const [x, y] = points.at(-1);
      context.lineTo(x + 0.01, y);  // a line of no length would be no dot
      context.stroke();
    }
  }
}
