// Late answers: a server-sent event stream, or long polls where something on the way holds streams back.

import { type Api, ApiError } from "./api.js";
import type { SentReply } from "./protocol.js";

const SILENCE_MS = 8_000; // The server speaks at once and then every 15 seconds.
const HEARTBEAT_MS = 40_000;
const LONGEST_PAUSE_MS = 30_000;

export interface Listener {
  last(): number;
  onReply(sent: SentReply): void;
  /** One of the staff writes just now; "" is nobody. */
  onTyping(name: string): void;
  onGone(): void;
  onLink(isUp: boolean): void;
}

/** Listens while there is a conversation; its owner says when. */
export class Events {
  #stop?: AbortController;
  #failures = 0;

  constructor(private readonly api: Api, private readonly listener: Listener) {}

  start(): void {
    if (this.#stop || !this.api.isOpen) return;
    this.#stop = new AbortController();
    void this.#run(this.#stop.signal);
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const polls = this.#failures >= 2 && this.#failures % 2 === 0;
        await (polls ? this.#poll(signal) : this.#listen(signal));
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.status === 401) return this.#end();
        this.#failures += 1;
        this.listener.onLink(false);
        await pause(jitter(Math.min(1000 * 2 ** this.#failures, LONGEST_PAUSE_MS)), signal);
      }
    }
  }

  #end(): void {
    this.stop();
    this.listener.onGone();
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { events, gone, typing } = await this.api.poll(this.listener.last(), signal);
      this.listener.onLink(true);
      this.listener.onTyping(typing);
      for (const event of events) this.listener.onReply(event);
      if (gone) return this.#end();
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const own = new AbortController();
    const end = () => own.abort();
    signal.addEventListener("abort", end, { once: true });
    let watch = setTimeout(end, SILENCE_MS);
    try {
      const answer = await this.api.stream(this.listener.last(), own.signal);
      if (!answer.ok || !answer.body) throw new ApiError(answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let buffer = "";
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        clearTimeout(watch);
        watch = setTimeout(end, HEARTBEAT_MS);
        this.#failures = 0;
        this.listener.onLink(true);
        const blocks = (buffer + chunk.value).split("\n\n");
        buffer = blocks.pop() ?? "";
        for (const block of blocks) this.#take(block);
      }
      throw new Error("the stream ended");
    } finally {
      clearTimeout(watch);
      signal.removeEventListener("abort", end);
    }
  }

  #take(block: string): void {
    const fields = new Map(block.split("\n").map((line) => [line.split(":", 1)[0], line.slice(line.indexOf(":") + 1).trim()]));
    if (fields.get("event") === "reply") this.listener.onReply(JSON.parse(fields.get("data") ?? ""));
    if (fields.get("event") === "typing") this.listener.onTyping(JSON.parse(fields.get("data") ?? "").name);
    if (fields.get("event") === "gone") this.#end();
  }
}

/** Spreads retries, so that visitors do not all come back at the same moment. */
export function jitter(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
