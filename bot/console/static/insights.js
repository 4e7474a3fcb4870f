// Draws the charts of the insights page from the tables that hold the same numbers; without it the tables remain.

const COLORS = ["--chart-1", "--chart-2", "--chart-3", "--chart-4"];
const HEIGHT = 240;
const DAY = 86400;
const styles = getComputedStyle(document.documentElement);
const color = (name, otherwise) => styles.getPropertyValue(name).trim() || otherwise;

/** The numbers of a table: the first column holds days, `columns` are the positions of the series. */
function read(table, columns) {
  const rows = [...table.tBodies[0].rows];
  const days = rows.map((row) => Date.parse(`${row.cells[0].dataset.value}T00:00:00Z`) / 1000);
  const number = (cell) => (cell.dataset.value === "" ? null : Number(cell.dataset.value));
  return [days, ...columns.map((column) => rows.map((row) => number(row.cells[column])))];
}

function shown(value, unit) {
  if (value === null || value === undefined) return "–";
  return unit === "%" ? `${(value * 100).toFixed(0)} %` : `${value.toLocaleString("en-US")}${unit ? ` ${unit}` : ""}`;
}

function series(table, column, position, unit) {
  const stroke = color(COLORS[position], "#1f6feb");
  const dash = position === 0 ? [] : [4 + 4 * position, 3 + position]; // lines differ without color, too
  return {
    label: table.tHead.rows[0].cells[column].textContent.trim(), stroke, dash, width: 2, spanGaps: true,
    points: { size: 6, stroke, fill: stroke }, value: (_, value) => shown(value, unit),
  };
}

function draw(figure) {
  const table = document.getElementById(figure.dataset.table);
  const columns = figure.dataset.columns.split(",").map(Number);
  const data = read(table, columns);
  if (data[0].length < 2) {
    const hint = document.createElement("p");
    hint.className = "soft";
    hint.textContent = "A line needs two points; the table below has the numbers.";
    figure.append(hint);
    return;
  }
  const unit = figure.dataset.unit ?? "";
  const ink = color("--soft", "#50636a");
  const grid = { stroke: color("--line", "#d5dfe2"), width: 1 };
  const axis = { stroke: ink, grid, ticks: grid, font: "12px system-ui, sans-serif" };
  const place = document.createElement("div");
  place.setAttribute("aria-hidden", "true"); // the table below says the same
  figure.prepend(place);
  const chart = new uPlot({
    width: figure.clientWidth, height: HEIGHT, tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    scales: { x: { range: (_, first, last) => [first - DAY / 2, last + DAY / 2] }, y: { range: (_, low, high) => (unit === "%" ? [0, 1] : [0, Math.max(high * 1.1, 1)]) } },
    axes: [axis, { ...axis, size: 64, values: (_, values) => values.map((value) => shown(value, unit)) }],
    series: [{ label: "Day", value: "{YYYY}-{MM}-{DD}" }, ...columns.map((column, at) => series(table, column, at, unit))],
    cursor: { drag: { x: false, y: false } },
  }, data, place);
  new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: HEIGHT })).observe(figure);
}

document.querySelectorAll("figure[data-table]").forEach(draw);
