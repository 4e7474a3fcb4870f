// What was said, in the server's order and each message once, whatever the network does. Knows nothing of the screen.

import { type Api, ApiError, explain, newId } from "./api.js";
import { Events, jitter, pause } from "./events.js";
import type { HistoryEntry, Message, NoticePart, Reply, SentReply } from "./protocol.js";

const TRIES = 4;
const PAUSE_MS = 700;

export type Delivery = "sending" | "waiting" | "sent" | "failed" | "answered";
export interface Said { kind: "said"; key: string; seq?: number; text: string; message?: Message; state: Delivery; error: string }
export interface Told { kind: "told"; key: string; seq: number; sent: SentReply }
export type Entry = Said | Told;

export interface Watcher {
  /** Something to draw changed. */
  onChange(): void;
  /** A reply that is new, not history. */
  onReply(sent: SentReply): void;
}

export class Conversation {
  isLinked = true;
  isRestoring = false;
  #entries = new Map<string, Entry>();
  #queue: Said[] = [];
  #isSending = false;
  #last = 0;
  #seen = new Set<number>();
  #catchingUp?: Promise<void>;
  #events: Events;
  #leave = new AbortController();

  constructor(private readonly api: Api, private readonly locale: string, private readonly watcher: Watcher) {
    this.#events = new Events(api, {
      last: () => this.#last,
      onReply: (sent) => this.#hear(sent),
      onGone: () => this.startOver(),
      onLink: (isUp) => this.#link(isUp),
    });
  }

  /** Both sides in the server's order; what is still on its way comes last. */
  get entries(): Entry[] {
    return [...this.#entries.values()].sort((one, other) => (one.seq ?? Infinity) - (other.seq ?? Infinity) || 0);
  }

  get isWriting(): boolean {
    return [...this.#entries.values()].some((entry) => entry.kind === "said" && entry.state === "sending");
  }

  get isOpen(): boolean {
    return this.api.isOpen;
  }

  /** Shows what is there already and listens for more. */
  async start(): Promise<void> {
    const signal = this.#leave.signal;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#events.stop() : this.#resume()), { signal });
    addEventListener("pageshow", () => this.#resume(), { signal });
    addEventListener("online", () => this.#backOnline(), { signal });
    addEventListener("offline", () => this.watcher.onChange(), { signal });
    addEventListener("storage", () => this.#otherTab(), { signal });
    await this.#restore();
  }

  stop(): void {
    this.#leave.abort();
    this.#leave = new AbortController();
    this.#events.stop();
  }

  say(message: Message, text: string): void {
    const entry: Said = { kind: "said", key: newId(), text, message, state: "sending", error: "" };
    this.#entries.set(entry.key, entry);
    this.#enqueue(entry);
  }

  /** Sends a message again under its own id, so it is never answered twice. */
  again(entry: Said): void {
    entry.state = "sending";
    this.#enqueue(entry);
  }

  /** Deletes the conversation on the server, then here. */
  async forget(): Promise<void> {
    let farewell: Reply | undefined;
    try {
      farewell = await this.api.forget();
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    this.startOver(farewell && { seq: 0, reply: farewell });
  }

  /** The conversation does not exist any more; only what was not sent yet and a farewell stay. */
  startOver(farewell?: SentReply): void {
    this.#events.stop();
    this.api.close();
    this.#reset();
    if (farewell) this.#entries.set("farewell", { kind: "told", key: "farewell", seq: 0, sent: farewell });
    this.watcher.onChange();
  }

  #reset(): void {
    this.#last = 0;
    this.#seen.clear();
    for (const [key, entry] of this.#entries) if (entry.seq !== undefined) this.#entries.delete(key);
  }

  async #restore(): Promise<void> {
    if (!this.api.isOpen) return;
    this.isRestoring = true;
    try {
      await this.#catchUp();
      this.#link(true);
    } catch (error) {
      if (isGone(error)) this.startOver();
      else this.#link(false);
    } finally {
      this.watcher.onChange();
      this.isRestoring = false;
      this.#events.start();
    }
  }

  #resume(): void {
    if (!document.hidden) this.#events.start();
  }

  #backOnline(): void {
    for (const entry of this.#entries.values()) {
      if (entry.kind === "said" && (entry.state === "waiting" || entry.state === "failed") && !this.#queue.includes(entry)) this.again(entry);
    }
    this.#events.stop();
    this.#resume();
    void this.#pump();
  }

  #otherTab(): void {
    if (!this.api.refresh()) return;
    this.#events.stop();
    this.#reset();
    this.watcher.onChange();
    void this.#restore();
  }

  #link(isUp: boolean): void {
    if (this.isLinked === isUp) return;
    this.isLinked = isUp;
    this.watcher.onChange();
  }

  #enqueue(entry: Said): void {
    this.#queue.push(entry);
    this.watcher.onChange();
    void this.#pump();
  }

  /** One message at a time, in the order of writing. */
  async #pump(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#queue.length && navigator.onLine) {
      await this.#deliver(this.#queue[0]);
      this.#queue.shift();
      this.watcher.onChange();
    }
    this.#isSending = false;
    this.#closeGaps();
    for (const entry of this.#queue) entry.state = "waiting";
    this.watcher.onChange();
    this.#events.start();
  }

  async #deliver(entry: Said): Promise<void> {
    entry.state = "sending";
    entry.error = "";
    this.watcher.onChange();
    try {
      const receipt = await this.#attempt(entry);
      entry.seq = receipt.seq;
      entry.state = receipt.status === "pending" ? "sent" : "answered";
      this.#note(receipt.seq);
      for (const sent of receipt.replies) this.#hear(sent);
      this.#link(true);
    } catch (error) {
      entry.state = navigator.onLine ? "failed" : "waiting";
      entry.error = explain(error);
    }
  }

  async #attempt(entry: Said) {
    for (let tried = 1; ; tried += 1) {
      try {
        if (!this.api.isOpen) await this.api.open(this.locale);
        return await this.api.send(entry.key, entry.message ?? { text: entry.text });
      } catch (error) {
        if (isGone(error)) this.startOver();
        else if ((error instanceof ApiError && error.status < 500) || !navigator.onLine) throw error;
        if (tried >= TRIES) throw error;
        await pause(jitter(PAUSE_MS * 2 ** (tried - 1)));
      }
    }
  }

  #hear(sent: SentReply): void {
    if (this.#entries.has(`#${sent.seq}`)) return;
    if (sent.reply.parts.some((part) => (part as NoticePart).effect === "erase")) {
      this.startOver(sent);
      this.watcher.onReply(sent);
      return;
    }
    this.#tell(sent);
    this.#note(sent.seq);
    this.watcher.onChange();
    this.watcher.onReply(sent);
  }

  #tell(sent: SentReply): void {
    this.#entries.set(`#${sent.seq}`, { kind: "told", key: `#${sent.seq}`, seq: sent.seq, sent });
    const question = this.#entries.get(sent.in_reply_to ?? "");
    const isAnswer = sent.reply.parts.some((part) => part.type !== "notice");
    if (question?.kind === "said" && isAnswer) question.state = "answered";
  }

  #note(seq: number): void {
    this.#seen.add(seq);
    if (!this.#isSending) this.#closeGaps();
  }

  /** Numbers run without gaps over both sides: a gap is what another tab said. */
  #closeGaps(): void {
    while (this.#seen.delete(this.#last + 1)) this.#last += 1;
    for (const seq of this.#seen) if (seq <= this.#last) this.#seen.delete(seq);
    if (this.#seen.size) this.#catchUp().then(() => this.#seen.clear(), () => undefined);
  }

  #catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readHistory().finally(() => { this.#catchingUp = undefined; });
    return this.#catchingUp;
  }

  async #readHistory(): Promise<void> {
    for (let more = true; more;) {
      const page = await this.api.history(this.#last);
      for (const entry of page.messages) this.#recall(entry);
      more = page.more;
      this.watcher.onChange();
    }
  }

  #recall(entry: HistoryEntry): void {
    this.#last = Math.max(this.#last, entry.seq);
    if (entry.from === "bot" && entry.reply) {
      this.#tell({ seq: entry.seq, reply: entry.reply, in_reply_to: entry.in_reply_to });
      return;
    }
    const key = entry.id ?? `#${entry.seq}`;
    const known = this.#entries.get(key);
    if (known) known.seq = entry.seq;
    else {
      const state = entry.status === "pending" ? "sent" : "answered";
      this.#entries.set(key, { kind: "said", key, seq: entry.seq, text: entry.text ?? "", state, error: "" });
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
