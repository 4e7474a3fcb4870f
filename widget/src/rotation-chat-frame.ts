// <rotation-chat-frame>: the chat in an iframe of the bot's origin, for pages whose own scripts must not read the talk.
// The launcher is the loader's. Messages between the two carry no words of the conversation, except what `ask` is given.

import { attend } from "./attention.js";

const STYLE = `
  .frame {
    position: fixed; inset-block-end: var(--rotation-edge, 20px); inset-inline-end: var(--rotation-edge, 20px); display: none; background: #fff;
    width: min(var(--rotation-width, 408px), calc(100vw - 40px)); height: min(var(--rotation-height, 660px), calc(100dvh - 40px));
    border: 1px solid #73878e; border-radius: 16px; box-shadow: 0 12px 40px rgb(0 20 30 / 25%);
  }
  :host([side=start]) .frame { inset-inline: var(--rotation-edge, 20px) auto; }
  :host([open]) .frame { display: block; }
  :host([open]) .launcher { visibility: hidden; }
  .launcher { position: relative; }
  .launcher[data-unread]::after {
    content: attr(data-unread); position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 24px; border-radius: 12px;
    background: #b3261e; color: #fff; font: 600 14px/24px system-ui, sans-serif;
  }
  @media (max-width: 480px), (max-height: 480px) { .frame { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; } }
`;
const OPTIONS = ["site", "heading", "greeting", "starters", "logo", "theme", "lang", "dir"];

export class RotationChatFrame extends HTMLElement {
  #frame = document.createElement("iframe");
  #isReady?: Promise<unknown>;
  #label?: string;
  #leave = new AbortController();

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    if (!this.#frame.title) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets.push(sheet);
    }
    this.#isReady = new Promise((ready) => this.addEventListener("chat-ready", ready, { once: true }));
    this.#leave = new AbortController();
    const asked = new URLSearchParams();
    for (const name of OPTIONS) if (this.hasAttribute(name)) asked.set(name, this.getAttribute(name) ?? "");
    asked.set("page", document.documentElement.lang);
    this.#frame.className = "frame";
    this.#frame.title = this.getAttribute("heading") ?? "Chat";
    this.#frame.src = `${this.#host}/widget/frame?${asked}`;
    root.append(this.#frame);
    addEventListener("message", (event) => this.#hear(event), { signal: this.#leave.signal });
  }

  disconnectedCallback(): void {
    this.#leave.abort();
  }

  show(): void {
    this.toggleAttribute("open", true);
    this.#frame.focus();
    this.#badge(0);
    this.#post("show");
    this.#tell("open");
  }

  hide(): void {
    this.toggleAttribute("open", false);
    this.shadowRoot?.querySelector<HTMLElement>(".launcher")?.focus();
    this.#post("hide");
    this.#tell("close");
  }

  ask(text: string): void {
    this.show();
    this.#post("ask", String(text));
  }

  get #host(): string {
    return new URL(this.getAttribute("host") ?? import.meta.url).origin;
  }

  #post(act: string, text?: string): void {
    void this.#isReady?.then(() => this.#frame.contentWindow?.postMessage({ rotationChat: act, text }, this.#host));
  }

  #tell(name: string, detail?: object): void {
    this.dispatchEvent(new CustomEvent(`chat-${name}`, { detail }));
  }

  #badge(count: number, label?: string): void {
    const launcher = this.shadowRoot?.querySelector<HTMLElement>(".launcher");
    if (!launcher) return;
    this.#label ??= launcher.ariaLabel ?? "";
    launcher.ariaLabel = count ? `${this.#label}: ${label}` : this.#label;
    launcher.toggleAttribute("data-unread", count > 0);
    if (count > 0) launcher.dataset.unread = String(count);
  }

  #hear({ origin, source, data }: MessageEvent): void {
    if (origin !== this.#host || source !== this.#frame.contentWindow || !data?.rotationChat) return;
    if (data.rotationChat === "close") this.hide();
    if (data.rotationChat === "unread") this.#badge(Number(data.detail?.count), String(data.detail?.label));
    if (data.rotationChat === "attention") attend();
    if (data.rotationChat !== "close") this.#tell(String(data.rotationChat), data.detail);
  }
}

if (!customElements.get("rotation-chat-frame")) customElements.define("rotation-chat-frame", RotationChatFrame);
