// Talks to the server: one conversation, kept in this browser; every message has an id, so sending again is safe.

const KEY = "rotation-chat";
const API = "/api/v1";

/** An error that the server explained (`status`, `code`, `message` for people, `retryAfter` in seconds). */
export class ApiError extends Error {
  constructor(status, { code = "", message = "", retry_after: retryAfter } = {}) {
    super(message);
    Object.assign(this, { status, code, retryAfter });
  }
}

export class Session {
  #token = read();

  get isOpen() {
    return Boolean(this.#token);
  }

  /** Takes over the conversation of another tab, or its end. */
  refresh() {
    this.#token = read();
  }

  async open() {
    const body = { site: location.host, locale: navigator.language.slice(0, 20) };
    const opened = await this.#call("POST", "/conversations", body);
    this.#token = opened.token;
    write(opened.token);
  }

  close() {
    this.#token = "";
    write("");
  }

  send(id, message) {
    return this.#call("POST", "/messages", { id, ...message });
  }

  history(after) {
    return this.#call("GET", `/messages?after=${after}`);
  }

  poll(after, signal) {
    return this.#call("GET", `/events?wait=25&after=${after}`, undefined, signal);
  }

  stream(after, signal) {
    const headers = { ...this.#headers(), Accept: "text/event-stream", "Last-Event-ID": String(after) };
    return fetch(`${API}/events`, { headers, signal, cache: "no-store" });
  }

  rate(seq, rating) {
    return this.#call("POST", "/feedback", { seq, rating });
  }

  forget() {
    return this.#call("DELETE", "/conversations/current");
  }

  #headers() {
    return this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
  }

  async #call(method, path, body, signal) {
    const headers = { ...this.#headers(), ...(body && { "Content-Type": "application/json" }) };
    const answer = await fetch(API + path, { method, headers, signal, body: body && JSON.stringify(body), cache: "no-store" });
    if (answer.status === 204) return null;
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new ApiError(answer.status, data.error);
    return data;
  }
}

/** A new message id; `randomUUID` exists on secure pages only. */
export function newId() {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function write(token) {
  try {
    if (token) localStorage.setItem(KEY, token);
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing still lets people talk until they leave.
  }
}
