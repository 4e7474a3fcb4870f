// Working through the inbox without a mouse. Every key does what a button or link on the page does.

const rows = [...document.querySelectorAll("table.inbox tbody tr")];
let current = -1;

/** Goes to a row: it is marked, and its link has the focus. */
function goTo(index) {
  if (!rows.length) return;
  rows[current]?.classList.remove("current");
  current = Math.min(Math.max(index, 0), rows.length - 1);
  rows[current].classList.add("current");
  rows[current].querySelector("th a").focus();
}

const boxOf = (row) => row?.querySelector("input[name=message]");

/** Presses the button of a key; without a selection, the row that one is on is meant. */
function press(key) {
  const button = document.querySelector(`button[data-key="${key}"]`);
  if (!button) return;
  const isAboutMessages = button.form?.id === "messages" && rows.length > 0;
  if (isAboutMessages && !rows.some((row) => boxOf(row)?.checked)) {
    if (current < 0) return;
    boxOf(rows[current]).checked = true;
  }
  button.form.requestSubmit(button);
}

const KEYS = {
  j: () => goTo(current + 1),
  k: () => goTo(current - 1),
  x: () => {
    const box = boxOf(rows[current]);
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

rows.forEach((row, index) => {
  row.addEventListener("focusin", () => {
    rows[current]?.classList.remove("current");
    current = index;
    row.classList.add("current");
  });
});
document.querySelector("#this")?.scrollIntoView({ block: "center" });
