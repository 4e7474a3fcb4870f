// Late answers: a server-sent event stream, or long polls where something on the way holds streams back.

import { ApiError } from "./session.js";

const SILENCE_MS = 8000; // The server speaks at once and then every 15 seconds.
const HEARTBEAT_MS = 40000;
const LONGEST_PAUSE_MS = 30000;

/** Calls `onReply` for each event and `onGone` when the conversation ended; stops while the page is hidden. */
export class Events {
  #stop = null;
  #failures = 0;

  constructor(session, { last, onReply, onGone, onLink }) {
    Object.assign(this, { session, last, onReply, onGone, onLink });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.stop() : this.start()));
    addEventListener("pageshow", () => this.start());
    addEventListener("online", () => this.start());
  }

  start() {
    if (this.#stop || !this.session.isOpen || document.hidden) return;
    this.#stop = new AbortController();
    this.#run(this.#stop.signal);
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
  }

  async #run(signal) {
    while (!signal.aborted) {
      try {
        await (this.#failures >= 2 && this.#failures % 2 === 0 ? this.#poll(signal) : this.#listen(signal));
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.status === 401) return this.#end();
        this.#failures += 1;
        this.onLink(false);
        await pause(Math.min(1000 * 2 ** this.#failures, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2), signal);
      }
    }
  }

  #end() {
    this.stop();
    this.onGone();
  }

  async #poll(signal) {
    while (!signal.aborted) {
      const { events, gone } = await this.session.poll(this.last(), signal);
      this.onLink(true);
      events.forEach(this.onReply);
      if (gone) return this.#end();
    }
  }

  async #listen(signal) {
    const own = new AbortController();
    const end = () => own.abort();
    signal.addEventListener("abort", end, { once: true });
    let watch = setTimeout(end, SILENCE_MS);
    try {
      const answer = await this.session.stream(this.last(), own.signal);
      if (!answer.ok) throw new ApiError(answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let buffer = "";
      for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
        clearTimeout(watch);
        watch = setTimeout(end, HEARTBEAT_MS);
        this.#failures = 0;
        this.onLink(true);
        const blocks = (buffer + value).split("\n\n");
        buffer = blocks.pop();
        blocks.forEach((block) => this.#take(block));
      }
      throw new Error("the stream ended");
    } finally {
      clearTimeout(watch);
      signal.removeEventListener("abort", end);
    }
  }

  #take(block) {
    const fields = Object.fromEntries(block.split("\n").map((line) => [line.split(":", 1)[0], line.slice(line.indexOf(":") + 1).trim()]));
    if (fields.event === "reply") this.onReply(JSON.parse(fields.data));
    if (fields.event === "gone") this.#end();
  }
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
