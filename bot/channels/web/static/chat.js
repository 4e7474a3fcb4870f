// The chat page: shows both sides in the server's order, each message once.

import { Events } from "./events.js";
import { el, link, parts, thumb } from "./parts.js";
import { ApiError, newId, Session } from "./session.js";

const LONGEST_TEXT = 2000;
const TRIES = 3;

const $ = (id) => document.getElementById(id);
const session = new Session();
const shown = new Set(); // numbers of replies on the page
const asked = new Map(); // message id -> bubble
let last = 0;
let queue = Promise.resolve();
let inFlight = 0;

const events = new Events(session, { last: () => last, onReply: showReply, onGone: startOver, onLink: (up) => status(up ? "" : OFFLINE) });
const OFFLINE = "The connection is interrupted. I keep trying.";

function status(words) {
  if ($("status").textContent !== words) $("status").textContent = words;
}

function isAtEnd() {
  return innerHeight + scrollY > document.documentElement.scrollHeight - 120;
}

/** Keeps the newest in sight, but never takes somebody away who reads further up. */
function follow(node, { wasAtEnd }) {
  if (!wasAtEnd) return;
  const isTall = node.offsetHeight > innerHeight * 0.6;
  if (isTall) node.scrollIntoView({ block: "start", behavior: "smooth" });
  else scrollTo({ top: document.documentElement.scrollHeight, behavior: "smooth" });
}

function showVisitor(id, text) {
  $("welcome").hidden = true;
  $("forget").hidden = false;
  const state = el("p", { class: "state" });
  const bubble = el("div", { class: "visitor" }, el("h3", { class: "hidden-visually" }, "You"), el("p", { dir: "auto" }, text || "…"), state);
  asked.set(id, bubble);
  $("log").append(bubble);
  return { bubble, state };
}

function showReply({ seq, reply, in_reply_to: id }) {
  if (shown.has(seq)) return;
  shown.add(seq);
  last = Math.max(last, seq);
  const wasAtEnd = isAtEnd();
  document.querySelectorAll(".suggestions").forEach((row) => row.remove());
  const message = el("article", { class: "bot" }, el("h3", { class: "hidden-visually" }, "Rotation Bot"), about(id), parts(reply), thumbs(seq, reply), buttons(reply));
  $("log").append(message);
  follow(message, { wasAtEnd: wasAtEnd || id === [...asked.keys()].at(-1) });
}

/** Which question a late answer belongs to, when others were asked meanwhile. */
function about(id) {
  const question = asked.get(id);
  const newest = [...asked.values()].at(-1);
  if (!question || question === newest) return null;
  return el("p", { class: "about", dir: "auto" }, `Answer to “${question.querySelector("[dir]").textContent.slice(0, 80)}”`);
}

function buttons(reply) {
  const items = (reply.suggestions ?? []).map(({ title, payload }) => {
    if (!payload.startsWith("/")) return el("li", {}, link(payload, title));
    const button = el("button", { type: "button" }, title);
    button.addEventListener("click", () => { $("say").focus({ preventScroll: true }); say({ payload }, title); });
    return el("li", {}, button);
  });
  return items.length ? el("ul", { class: "suggestions", "aria-label": "Suggestions" }, items) : null;
}

function thumbs(seq, reply) {
  if (reply.parts.every((part) => part.type === "notice")) return null;
  const row = el("div", { class: "thumbs", role: "group", "aria-label": "Was this helpful?" });
  for (const [rating, label] of [["up", "Helpful"], ["down", "Not helpful"]]) {
    const button = el("button", { type: "button", "aria-label": label, title: label, "aria-pressed": "false" }, thumb(rating));
    button.addEventListener("click", async () => {
      await session.rate(seq, rating).catch((error) => status(error.message));
      row.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    });
    row.append(button);
  }
  return row;
}

function say(message, words) {
  const id = newId();
  const { bubble, state } = showVisitor(id, words);
  follow(bubble, { wasAtEnd: true });
  document.querySelectorAll(".suggestions").forEach((row) => row.remove());
  queue = queue.then(() => deliver(id, message, state));
}

async function deliver(id, message, state) {
  typing(+1);
  state.replaceChildren();
  state.classList.remove("failed");
  try {
    const receipt = await attempt(id, message);
    last = Math.max(last, receipt.seq);
    receipt.replies.forEach(showReply);
    if (receipt.replies.some(isFarewell)) startOver();
    else $("forget").hidden = false;
    status("");
  } catch (error) {
    const retry = el("button", { type: "button" }, "Try again");
    retry.addEventListener("click", () => { queue = queue.then(() => deliver(id, message, state)); });
    state.classList.add("failed");
    state.append(error instanceof ApiError && error.message ? error.message : "Not sent: no connection.", " ", retry);
  } finally {
    typing(-1);
    events.start();
  }
}

/** A new conversation numbers from one again. */
async function begin() {
  await session.open();
  last = 0;
  shown.clear();
}

/** The same id each time, so a message whose answer got lost is not asked twice. */
async function attempt(id, message) {
  for (let tried = 1; ; tried += 1) {
    try {
      if (!session.isOpen) await begin();
      return await session.send(id, message);
    } catch (error) {
      if (error.status === 401) startOver();
      const isHopeless = error instanceof ApiError && error.status !== 401 && error.status < 500;
      if (isHopeless || tried >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 600 * tried));
    }
  }
}

/** After this reply the conversation is gone; the next message begins a new one. */
function isFarewell({ reply }) {
  return reply.parts.some((part) => part.effect === "erase");
}

function typing(change) {
  inFlight += change;
  $("typing").hidden = inFlight === 0;
}

async function restore() {
  if (!session.isOpen) return;
  $("log").setAttribute("aria-live", "off");
  try {
    for (let more = true; more;) {
      const page = await session.history(last);
      page.messages.forEach((entry) => {
        last = Math.max(last, entry.seq);
        if (entry.from === "visitor") showVisitor(entry.id, entry.text);
        else showReply(entry);
      });
      more = page.more;
    }
    scrollTo({ top: document.documentElement.scrollHeight });
    events.start();
  } catch (error) {
    if (error.status === 401) startOver();
    else status(OFFLINE);
  } finally {
    $("log").setAttribute("aria-live", "polite");
  }
}

function startOver() {
  events.stop();
  session.close();
  asked.clear();
  $("forget").hidden = true;
}

function clear() {
  startOver();
  $("log").replaceChildren();
  $("welcome").hidden = false;
  $("say").focus();
}

function send() {
  const text = $("say").value;
  if (!text.trim()) return;
  $("say").value = "";
  size();
  say({ text }, text.trim());
}

function size() {
  const length = $("say").value.length;
  $("count").hidden = length < LONGEST_TEXT * 0.8;
  $("count").textContent = `${length.toLocaleString("en-US")} of ${LONGEST_TEXT.toLocaleString("en-US")} characters`;
}

$("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
$("say").addEventListener("input", size);
$("say").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
document.querySelectorAll(".starters button").forEach((button) => button.addEventListener("click", () => {
  $("say").focus({ preventScroll: true });
  say({ text: button.textContent }, button.textContent);
}));
$("forget").addEventListener("click", () => { $("confirm").returnValue = "keep"; $("confirm").showModal(); });
$("confirm").addEventListener("close", async () => {
  if ($("confirm").returnValue !== "delete") return;
  try {
    await session.forget();
    clear();
  } catch (error) {
    if (error.status === 401) clear();
    else status(error.message || OFFLINE);
  }
});

restore();
