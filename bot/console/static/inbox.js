// Working through the inbox without a mouse. Every key does what a button or link on the page does.

const rowsNow = () => [...document.querySelectorAll(".entries > li")];
const currentRow = () => document.querySelector(".entries > li.current");
const boxOf = (row) => row?.querySelector("input[name=message]");

function mark(row) {
  currentRow()?.classList.remove("current");
  row.classList.add("current");
}

/** Goes so many rows on: the row is marked, and its link has the focus. The open message is where one begins. */
function goOn(step) {
  const rows = rowsNow();
  if (!rows.length) return;
  const from = currentRow() ?? rows.find((row) => document.querySelector(".panes.reading") && row.matches(".open"));
  const index = Math.min(Math.max(rows.indexOf(from) + step, 0), rows.length - 1);
  mark(rows[index]);
  rows[index].querySelector("a").focus();
}

/** Presses the button of a key: for what is selected, for the row that one is on, or for the open message. */
function press(key) {
  const isSelected = rowsNow().some((row) => boxOf(row)?.checked);
  if (!isSelected && currentRow() && boxOf(currentRow()) && key !== "u") boxOf(currentRow()).checked = true;
  const isAboutList = isSelected || currentRow() || key === "u";
  const button = document.querySelector(isAboutList ? `button[data-key="${key}"]` : `.reading button[data-open="${key}"]`);
  button?.form.requestSubmit(button);
}

const KEYS = {
  j: () => goOn(1),
  k: () => goOn(-1),
  x: () => {
    const box = boxOf(currentRow());
    if (box) box.checked = !box.checked;
  },
  c: () => press("c"),
  r: () => press("r"),
  i: () => press("i"),
  u: () => press("u"),
  "?": () => {
    const help = document.querySelector("#keys");
    help.open = !help.open;
  },
};

const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  const work = KEYS[event.key];
  if (!work) return;
  event.preventDefault();
  work();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".entries > li");
  if (row) mark(row);
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "all") return;
  for (const row of rowsNow()) boxOf(row).checked = event.target.checked;
});

const showAll = () => document.querySelector("#all")?.closest("label").toggleAttribute("hidden", !boxOf(rowsNow()[0]));
showAll();
new MutationObserver(showAll).observe(document.querySelector(".pane.list"), { childList: true });

/** Brings an entry into the middle of its own pane; the page stays where it is. */
function center(entry, pane) {
  if (entry && pane) pane.scrollTop += entry.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
}
center(document.querySelector("#this"), document.querySelector(".talk-pane > .talk"));
if (document.querySelector(".reading")) center(document.querySelector(".entries > .open"), document.querySelector(".pane.list"));
