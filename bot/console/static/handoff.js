// Keeps the queue and an open talk fresh. Without JavaScript the page works too; there is a link to refresh.

const QUEUE_MS = 5000;
const TALK_MS = 2000;
const TYPING_MS = 4000; // Said at most that often; the person sees it for somewhat longer.
const parse = (text) => new DOMParser().parseFromString(text, "text/html");

/** Does `work` again and again while the page is seen; a failure is only waited out. */
function repeat(work, pause) {
  setInterval(() => {
    if (!document.hidden) work().catch(() => {});
  }, pause);
}

const queue = document.querySelector("#queue[data-refresh]");
if (queue) {
  let shown = "";
  repeat(async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Poll": "1" } });
    const fresh = parse(await answer.text()).querySelector("#queue");
    const hasFocus = queue.contains(document.activeElement);
    if (answer.ok && fresh && !hasFocus && fresh.textContent !== shown) {
      shown = fresh.textContent;
      queue.replaceChildren(...fresh.childNodes);
    }
  }, QUEUE_MS);
}

const talk = document.querySelector("#talk");
if (talk) {
  talk.scrollTop = talk.scrollHeight;
  let isAsking = false;
  repeat(async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      await addNews();
    } finally {
      isAsking = false;
    }
  }, TALK_MS);
}

async function addNews() {
  const list = talk.querySelector("ol");
  const last = list.lastElementChild?.dataset.seq ?? "0";
  const answer = await fetch(`${talk.dataset.news}?after=${last}`, { headers: { Accept: "text/html", "X-Poll": "1" } });
  const state = answer.headers.get("X-Handoff-State");
  if (!answer.ok || state !== talk.dataset.state) document.querySelector("#changed").hidden = false;
  if (!answer.ok) return;
  const isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  list.append(...parse(await answer.text()).querySelectorAll("li[data-seq]"));
  if (isAtEnd) talk.scrollTop = talk.scrollHeight;
}

const box = document.querySelector("#text");
box?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.form.requestSubmit();
});
let said = 0;
box?.addEventListener("input", () => {
  const now = Date.now();
  if (now - said < TYPING_MS || !box.value.trim()) return;
  said = now;
  const headers = { "X-CSRF-Token": box.form.elements.csrf.value };
  fetch(box.form.action.replace(/answer$/, "typing"), { method: "POST", headers }).catch(() => {});
});
box?.form.addEventListener("submit", () => {
  // Only once; the server would know a second one by its key.
  box.form.querySelector("button").setAttribute("aria-disabled", "true");
});

for (const link of document.querySelectorAll("[data-words]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    box.setRangeText(link.dataset.words, box.selectionStart, box.selectionEnd, "end");
    link.closest("details").open = false;
    box.focus();
  });
}
