// The map of messages and the progress of a search. Lists and forms work without it.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const HEIGHT = 700;
const MARGIN = 50;
const HUES = 5;

/** Draws the dots of the list that is on the page, and lets a line around them choose their check boxes. */
class MessageMap {
  constructor(form) {
    this.place = form.querySelector("#map-place");
    this.status = form.querySelector("#map-chosen");
    this.svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "map", "aria-hidden": "true" });
    this.dots = [...form.querySelectorAll(".sentences li")].map((item) => this.dot(item));
    if (!this.dots.length) return;
    this.names(form);
    this.line = element("polygon", { class: "lasso" });
    this.svg.append(this.line);
    this.place.append(this.svg, this.hint());
    this.place.hidden = false;
    this.svg.addEventListener("pointerdown", (event) => this.begin(event));
    this.svg.addEventListener("pointermove", (event) => this.extend(event));
    this.svg.addEventListener("pointerup", () => this.close());
    this.svg.addEventListener("pointercancel", () => this.close());
    form.addEventListener("change", () => this.show());
    this.show();
  }

  dot(item) {
    const at = (value, size) => MARGIN + Number(value) * (size - 2 * MARGIN);
    const [x, y] = [at(item.dataset.x, WIDTH), at(item.dataset.y, HEIGHT)];
    const group = item.dataset.group;
    const circle = element("circle", { cx: x, cy: y, r: 8, class: group ? `dot hue-${Number(group) % HUES}` : "dot" });
    const title = element("title", {});
    title.textContent = item.querySelector("label span").textContent;
    circle.append(title);
    this.svg.append(circle);
    return { x, y, circle, group, box: item.querySelector("input") };
  }

  names(form) {
    for (const details of form.querySelectorAll("details[data-name]")) {
      const group = details.querySelector(".sentences li")?.dataset.group;
      const own = this.dots.filter((dot) => dot.group === group);
      const text = element("text", { x: mean(own.map((dot) => dot.x)), y: Math.min(...own.map((dot) => dot.y)) - 14 });
      text.textContent = details.dataset.name;
      this.svg.append(text);
    }
  }

  hint() {
    const words = document.createElement("p");
    words.className = "hint";
    words.textContent = "Drag to choose, Shift and drag to add, click beside the dots to clear.";
    return words;
  }

  begin(event) {
    this.svg.setPointerCapture(event.pointerId);
    this.path = [this.point(event)];
    this.adds = event.shiftKey;
    event.preventDefault();
  }

  extend(event) {
    if (!this.path) return;
    this.path.push(this.point(event));
    this.line.setAttribute("points", this.path.map((point) => point.join(",")).join(" "));
  }

  close() {
    if (!this.path) return;
    for (const dot of this.dots) {
      const isInside = this.path.length > 2 && inside(dot, this.path);
      dot.box.checked = isInside || (this.adds && dot.box.checked);
    }
    this.path = null;
    this.line.setAttribute("points", "");
    this.show();
  }

  point(event) {
    const frame = this.svg.getBoundingClientRect();
    const scale = WIDTH / frame.width;
    return [Math.round((event.clientX - frame.left) * scale), Math.round((event.clientY - frame.top) * scale)];
  }

  show() {
    const chosen = this.dots.filter((dot) => dot.box.checked);
    for (const dot of this.dots) dot.circle.classList.toggle("chosen", dot.box.checked);
    this.status.textContent = chosen.length ? `${chosen.length} chosen` : "Nothing chosen yet";
  }
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(numbers.length, 1);
}

/** Whether a point lies within a closed line: a ray to the right crosses it an odd number of times. */
function inside({ x, y }, path) {
  let isInside = false;
  for (let here = 0, before = path.length - 1; here < path.length; before = here++) {
    const [[ax, ay], [bx, by]] = [path[here], path[before]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
  }
  return isInside;
}

/** While a search runs, its line is asked for again; at the end the page is. */
async function follow(run) {
  const answer = await fetch("/staff/discovery/run", { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const { running, step } = await answer.json();
  if (!running) {
    location.reload();
    return;
  }
  run.textContent = `Searching … ${step}`;
  setTimeout(() => follow(run), 1500);
}

const form = document.getElementById("map");
if (form) new MessageMap(form);
const run = document.getElementById("run");
if (run?.dataset.running) setTimeout(() => follow(run), 1000);
