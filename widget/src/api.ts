// Talks to the server: one conversation, kept in this browser; every message has an id, so sending again is safe.
// No cookies: the token goes in a header, so no other page can speak in the visitor's name.

import { keep, recall } from "./storage.js";
import type { History, Message, Rating, Receipt, Reply, SentReply, StaffState } from "./protocol.js";
import { type Strings, translated } from "./strings.js";

export const storageKey = (site: string) => `rotation-chat:${site}`;
const LONGEST_WAIT_MS = 40_000;

/** An error that the server explained; `message` is written for people, `retryAfter` is in seconds. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly code = "", message = "", readonly retryAfter = 0) {
    super(message);
  }
}

export class Api {
  #token: string;

  /** `host` is the origin of the bot, `site` the key of the embedding site. */
  constructor(readonly host: string, readonly site: string) {
    this.#token = this.#read();
  }

  get isOpen(): boolean {
    return this.#token !== "";
  }

  /** Takes over what another tab did; true when that is another conversation or none. */
  refresh(): boolean {
    const before = this.#token;
    this.#token = this.#read();
    return before !== this.#token;
  }

  async open(locale: string): Promise<void> {
    try {
      const opened = await this.#call<{ token: string }>("POST", "conversations", { site: this.site, locale: locale.slice(0, 20) });
      this.#keep(opened.token);
    } catch (error) {
      if (!(error instanceof ApiError)) await this.#explain();
      throw error;
    }
  }

  close(): void {
    this.#keep("");
  }

  send(id: string, message: Message): Promise<Receipt> {
    return this.#call("POST", "messages", { id, ...message }, AbortSignal.timeout(LONGEST_WAIT_MS));
  }

  history(after: number): Promise<History> {
    return this.#call("GET", `messages?after=${after}`);
  }

  poll(after: number, signal: AbortSignal): Promise<{ events: SentReply[]; gone: boolean; typing: string }> {
    return this.#call("GET", `events?wait=25&after=${after}`, undefined, signal);
  }

  stream(after: number, signal: AbortSignal): Promise<Response> {
    const headers = { ...this.#headers(), Accept: "text/event-stream", "Last-Event-ID": String(after) };
    return fetch(this.#url("events"), { headers, signal, cache: "no-store", credentials: "omit" });
  }

  rate(seq: number, rating: Rating, reason = ""): Promise<void> {
    return this.#call("POST", "feedback", { seq, rating, reason: reason.slice(0, 500) });
  }

  /** Whether a person can be asked for. */
  staff(): Promise<StaffState> {
    return this.#call("GET", "staff");
  }

  /** What is said when deleting takes longer and goes on by itself; nothing when all is deleted. */
  async forget(): Promise<Reply | undefined> {
    return (await this.#call<{ reply: Reply } | undefined>("DELETE", "conversations/current"))?.reply;
  }

  /** A browser does not say why a request failed: perhaps because this website is not listed. */
  async #explain(): Promise<void> {
    await this.#fetch("GET", `${this.host}/widget/check?site=${encodeURIComponent(this.site)}`);
  }

  #url(path: string): string {
    return `${this.host}/api/v1/${path}`;
  }

  #headers(): Record<string, string> {
    return this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
  }

  #call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const headers = { ...this.#headers(), ...(body && { "Content-Type": "application/json" }) };
    return this.#fetch(method, this.#url(path), headers, body, signal);
  }

  async #fetch<T>(method: string, url: string, headers?: Record<string, string>, body?: object, signal?: AbortSignal): Promise<T> {
    const answer = await fetch(url, {
      method, headers, signal, body: body && JSON.stringify(body), cache: "no-store", credentials: "omit",
      keepalive: url.endsWith("/feedback"), // thanks are said at once, and the page may be left then
    });
    const data = answer.status === 204 ? undefined : await answer.json().catch(() => ({}));
    const error = data?.error ?? {};
    if (!answer.ok) throw new ApiError(answer.status, error.code, error.message, error.retry_after);
    return data as T;
  }

  #read(): string {
    return recall("localStorage", storageKey(this.site));
  }

  #keep(token: string): void {
    this.#token = token;
    keep("localStorage", storageKey(this.site), token);
  }
}

/** A new message id; `randomUUID` exists on secure pages only. */
export function newId(): string {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The server's words about an error, or "". */
export function explain(error: unknown, strings: Strings): string {
  return error instanceof ApiError ? translated(strings, { text: error.message, key: error.code }) : "";
}
