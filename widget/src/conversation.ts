// What was said, in the server's order and each message once, whatever the network does. Knows nothing of the screen.

import { type Api, ApiError, newId } from "./api.js";
import { Events, jitter, pause } from "./events.js";
import type { HistoryEntry, Message, NoticePart, Rating, Reply, SentReply } from "./protocol.js";

const TRIES = 4;
const PAUSE_MS = 700;
const REST_MS = 4_000; // Between two rounds of tries.
const LONGEST_REST_MS = 30_000;
const TYPING_MS = 6_000; // Staff say every four seconds that they write.

export type Delivery = "sending" | "waiting" | "sent" | "failed" | "answered";
/** `at` is when it was said. */
export interface Said { kind: "said"; key: string; seq?: number; text: string; message?: Message; state: Delivery; error?: unknown; at: Date }
export interface Told { kind: "told"; key: string; seq: number; sent: SentReply; rating?: Rating; at: Date }
export type Entry = Said | Told;

export interface Watcher {
  /** Something to draw changed. */
  onChange(): void;
  /** A reply that is new, not history. */
  onReply(sent: SentReply): void;
  /** Whether staff answer or were asked for, so that news are wanted while nobody looks. */
  isAwaiting(): boolean;
}

export class Conversation {
  isLinked = true;
  isRestoring = false;
  /** One of the staff who writes just now, or "". */
  writer = "";
  #silence?: ReturnType<typeof setTimeout>;
  #entries = new Map<string, Entry>();
  #queue: Said[] = [];
  #isSending = false;
  #rounds = 0;
  #later?: ReturnType<typeof setTimeout>;
  #last = 0;
  #seen = new Set<number>();
  #catchingUp?: Promise<void>;
  #events: Events;
  #leave = new AbortController();

  constructor(private readonly api: Api, private readonly locale: string, private readonly watcher: Watcher) {
    this.#events = new Events(api, {
      last: () => this.#last,
      onReply: (sent) => this.#hear(sent),
      onTyping: (name) => this.#typing(name),
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
    document.addEventListener("visibilitychange", () => (this.#isIdle ? this.#events.stop() : this.#resume()), { signal });
    addEventListener("pageshow", () => this.#resume(), { signal });
    addEventListener("online", () => this.#backOnline(), { signal });
    addEventListener("offline", () => this.watcher.onChange(), { signal });
    addEventListener("storage", () => this.#otherTab(), { signal });
    await this.#restore();
  }

  stop(): void {
    this.#leave.abort();
    this.#leave = new AbortController();
    clearTimeout(this.#later);
    this.#events.stop();
  }

  say(message: Message, text: string): void {
    const entry: Said = { kind: "said", key: newId(), text, message, state: "sending", at: new Date() };
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
    if (farewell) this.#entries.set("farewell", { kind: "told", key: "farewell", seq: 0, sent: farewell, at: new Date() });
    this.watcher.onChange();
  }

  #reset(): void {
    this.#last = 0;
    this.#seen.clear();
    for (const [key, entry] of this.#entries) if (entry.seq !== undefined) this.#entries.delete(key);
  }

  /** The history first: a stream that begins before it would bring what was read long ago as new. */
  async #restore(): Promise<void> {
    const { signal } = this.#leave;
    this.isRestoring = true;
    for (let failures = 0; this.api.isOpen && !signal.aborted; failures += 1) {
      try {
        await this.#catchUp();
        this.#link(true);
        break;
      } catch (error) {
        if (isGone(error)) this.startOver();
        else {
          this.#link(false);
          await pause(rest(PAUSE_MS, failures), signal);
        }
      }
    }
    this.watcher.onChange();
    this.isRestoring = false;
    this.#resume();
  }

  get #isIdle(): boolean {
    return document.hidden && !this.watcher.isAwaiting();
  }

  #resume(): void {
    if (!this.isRestoring && !this.#isIdle) this.#events.start();
  }

  #typing(name: string): void {
    clearTimeout(this.#silence);
    if (name) this.#silence = setTimeout(() => this.#typing(""), TYPING_MS);
    if (name === this.writer) return;
    this.writer = name;
    this.watcher.onChange();
  }

  #backOnline(): void {
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
    if (isUp) void this.#pump();
  }

  #enqueue(entry: Said): void {
    if (!this.#queue.includes(entry)) this.#queue.push(entry);
    this.watcher.onChange();
    void this.#pump();
  }

  /** One message at a time, in the order of writing. What finds no connection stays first and is tried again. */
  async #pump(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#later);
    while (this.#queue.length && navigator.onLine && await this.#deliver(this.#queue[0])) {
      this.#queue.shift();
      this.#rounds = 0;
    }
    this.#isSending = false;
    this.#closeGaps();
    for (const entry of this.#queue) entry.state = navigator.onLine ? "failed" : "waiting";
    if (this.#queue.length) this.#later = setTimeout(() => void this.#pump(), rest(REST_MS, this.#rounds++));
    this.watcher.onChange();
    this.#resume();
  }

  /** True when the server has taken the message or refused it; false when it was not reached. */
  async #deliver(entry: Said): Promise<boolean> {
    if (entry.state !== "failed") entry.state = "sending";
    entry.error = undefined;
    this.watcher.onChange();
    try {
      const receipt = await this.#attempt(entry);
      entry.seq = receipt.seq;
      entry.state = receipt.status === "pending" ? "sent" : "answered";
      this.#note(receipt.seq);
      for (const sent of receipt.replies) this.#hear(sent);
      this.#link(true);
      return true;
    } catch (error) {
      entry.state = "failed";
      entry.error = error;
      if (!(error instanceof ApiError)) this.#link(false);
      return isRefusal(error);
    }
  }

  async #attempt(entry: Said) {
    for (let tried = 1; ; tried += 1) {
      try {
        if (!this.api.isOpen) await this.api.open(this.locale);
        return await this.api.send(entry.key, entry.message ?? { text: entry.text });
      } catch (error) {
        if (isGone(error)) this.startOver();
        else if (isRefusal(error) || !navigator.onLine) throw error;
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
    this.#typing("");
    this.watcher.onChange();
    this.watcher.onReply(sent);
  }

  #tell(sent: SentReply, at = new Date(), rating?: Rating): void {
    this.#entries.set(`#${sent.seq}`, { kind: "told", key: `#${sent.seq}`, seq: sent.seq, sent, rating, at });
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
    const at = new Date(entry.at);
    if (entry.from === "bot" && entry.reply) {
      this.#tell({ seq: entry.seq, reply: entry.reply, in_reply_to: entry.in_reply_to }, at, entry.rating);
      return;
    }
    const key = entry.id ?? `#${entry.seq}`;
    const known = this.#entries.get(key);
    if (known) known.seq = entry.seq;
    else {
      const state = entry.status === "pending" ? "sent" : "answered";
      this.#entries.set(key, { kind: "said", key, seq: entry.seq, text: entry.text ?? "", state, at });
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** The server does not want it, however often it is sent. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500;
}

/** Longer and longer pauses. */
function rest(first: number, failures: number): number {
  return jitter(Math.min(first * 2 ** failures, LONGEST_REST_MS));
}
