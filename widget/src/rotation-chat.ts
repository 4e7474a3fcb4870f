// <rotation-chat>: the launcher and the panel. What was said lives in conversation.ts, drawing of replies in parts.ts.
// Attributes: host, site, heading, greeting, starters (a|b|c), theme, side, lang, dir, open, inline. See docs/widget.md.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { createRef, ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { Api, explain } from "./api.js";
import { composer, confirmation, iconButton } from "./controls.js";
import { Conversation, type Entry } from "./conversation.js";
import { drawEntry, welcome, type Opinion, type View } from "./entries.js";
import * as icons from "./icons.js";
import { printPlan } from "./print.js";
import type { Rating, SentReply } from "./protocol.js";
import { Scrolling } from "./scrolling.js";
import { keep, recall } from "./storage.js";
import { directionOf, fill, type Strings, stringsFor } from "./strings.js";
import { styles } from "./styles.js";

const OPEN = "rotation-chat-open"; // Whether the panel was open on the page before, in this tab.
const SMALL = "(max-width: 480px), (max-height: 480px)";

export class RotationChat extends LitElement {
  static override styles = styles;
  static override properties = {
    host: {}, site: {}, heading: {}, greeting: {}, starters: {}, theme: { reflect: true }, side: { reflect: true },
    open: { type: Boolean, reflect: true }, inline: { type: Boolean, reflect: true }, strings: { attribute: false },
    unread: { state: true }, written: { state: true }, problem: { state: true },
  };
  declare host: string;
  declare site: string;
  declare heading: string;
  declare greeting: string;
  declare starters: string;
  declare theme: string;
  declare side: string;
  declare open: boolean;
  declare inline: boolean;
  /** Words that replace those of the table. */
  declare strings: Partial<Strings>;
  declare unread: number;
  declare written: string;
  declare problem: string;

  #talk?: Conversation;
  #api?: Api;
  #opinions = new Map<number, Opinion>();
  #panel = createRef<HTMLElement>();
  #confirm = createRef<HTMLDialogElement>();
  #scroll = createRef<HTMLElement>();
  #box = createRef<HTMLTextAreaElement>();
  #scrolling = new Scrolling();
  #newest?: string;
  #wasWriting = false;
  #version = 0; // Grows when the lines change, so that a key pressed in the box does not draw them all again.
  #leave = new AbortController();

  constructor() {
    super();
    this.host = new URL(import.meta.url).origin;
    Object.assign(this, { site: "", open: false, inline: false, strings: {}, unread: 0, written: "", problem: "" });
  }

  /** The loader has drawn a launcher already; it gives way to ours. */
  protected override createRenderRoot(): ReturnType<LitElement["createRenderRoot"]> {
    this.shadowRoot?.replaceChildren();
    return super.createRenderRoot();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute("dir")) {
      const around = getComputedStyle(this.parentElement ?? document.documentElement).direction;
      this.dir = this.hasAttribute("lang") ? directionOf(this.lang) : around;
    }
    this.#api = new Api(new URL(this.host, location.href).origin, this.site);
    this.#talk = new Conversation(this.#api, this.#language, { onChange: () => this.#redraw(), onReply: (sent) => this.#onReply(sent) });
    this.open ||= this.inline || recall("sessionStorage", OPEN) === `${this.site}+`;
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    for (const change of ["resize", "scroll"]) window.visualViewport?.addEventListener(change, () => this.#fit(), { signal });
    void this.#talk.start().then(() => this.#emit("ready"));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave.abort();
    this.#talk?.stop();
  }

  /** Opens the panel and brings the keyboard there. */
  async show(): Promise<void> {
    this.open = true;
    await this.updateComplete;
    this.#focusBox();
  }

  /** Closes the panel and gives the keyboard back to the launcher. */
  async hide(): Promise<void> {
    if (this.inline) return this.#emit("close");
    this.open = false;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".launcher")?.focus();
  }

  /** Asks in the visitor's name, with the panel open. */
  async ask(text: string): Promise<void> {
    await this.show();
    this.#say(String(text));
  }

  get #language(): string {
    return this.lang || document.documentElement.lang || navigator.language || "en";
  }

  get #words(): Strings {
    return { ...stringsFor(this.#language), ...this.strings };
  }

  get #unreadWords(): string {
    return this.unread === 1 ? this.#words.unreadOne : fill(this.#words.unreadMany, { n: this.unread });
  }

  get #view(): View {
    return {
      host: this.#api?.host ?? location.origin, language: this.#language, strings: this.#words, name: this.heading || this.#words.heading,
      opinions: this.#opinions, print: (plan) => { this.problem = printPlan(plan, this.#view, this.dir) ? "" : this.#words.popups; },
      press: (title, payload) => this.#press(title, payload),
      again: (entry) => this.#talk?.again(entry), rate: (seq, rating, reason) => void this.#rate(seq, rating, reason),
    };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("open") && this.open) this.unread = 0;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("open") && !this.inline) this.#openPanel(changed.get("open") !== undefined);
    const newest = this.#talk?.entries.at(-1);
    const isWriting = Boolean(this.#talk?.isWriting);
    const isNew = newest?.key !== this.#newest;
    if (changed.has("open") || isNew || isWriting !== this.#wasWriting) this.#follow(newest, changed.has("open"), isNew);
    this.#newest = newest?.key;
    this.#wasWriting = isWriting;
  }

  /** A dialog of its own on small screens; beside the page on large ones, so that the page stays usable. */
  #openPanel(isChange: boolean): void {
    const panel = this.#panel.value as HTMLDialogElement | undefined;
    if (!panel || panel.open === this.open) return;
    if (!this.open) panel.close();
    else if (!isChange || !this.isConnected) panel.setAttribute("open", ""); // As the page left it: takes no focus.
    else if (matchMedia(SMALL).matches) panel.showModal();
    else panel.show();
    this.#fit();
    if (isChange) this.#emit(this.open ? "open" : "close");
    keep("sessionStorage", OPEN, this.open ? `${this.site}+` : "");
  }

  /** Keeps the composer above the keyboard of a phone. */
  #fit(): void {
    const seen = window.visualViewport;
    if (!seen) return;
    this.style.setProperty("--seen-height", `${Math.round(seen.height)}px`);
    this.style.setProperty("--seen-top", `${Math.round(seen.offsetTop)}px`);
  }

  #focusBox(): void {
    // On a touch screen the box would bring up the keyboard over what there is to read.
    const target = matchMedia("(pointer: coarse)").matches ? this.#panel.value : this.#box.value;
    target?.focus({ preventScroll: true });
  }

  /** An answer may come over the stream while its question still stands last: only a new question is a wish to see the end. */
  #follow(newest: Entry | undefined, isOpening: boolean, isNew: boolean): void {
    const box = this.#scroll.value;
    const isAnswer = newest?.kind === "told" && !isOpening;
    const node = isAnswer ? this.renderRoot.querySelector<HTMLElement>(".log > :last-child") : null;
    if (box && newest) this.#scrolling.follow(box, node, isOpening || (isNew && newest.kind === "said"));
  }

  /** The event of an article goes to the article alone, so it is caught on its way there. */
  #unfolding = { capture: true, handleEvent: () => this.#scroll.value && this.#scrolling.noticed(this.#scroll.value, true) };

  #redraw(): void {
    this.#version += 1;
    this.requestUpdate();
  }

  #emit(name: string, detail: object = {}): void {
    this.dispatchEvent(new CustomEvent(`chat-${name}`, { detail }));
  }

  #onReply({ seq }: SentReply): void {
    this.#emit("reply", { seq });
    if (this.open && !(this.inline && document.hidden)) return;
    this.unread += 1;
    this.#emit("unread", { count: this.unread, label: this.#unreadWords });
  }

  #say(text: string, payload?: string): void {
    const words = text.trim();
    if (!words) return;
    this.problem = "";
    this.#talk?.say(payload ? { payload } : { text: words }, words);
    this.#emit("sent");
  }

  #sendWritten(): void {
    const text = this.written;
    this.written = "";
    this.#say(text);
    this.#box.value?.focus({ preventScroll: true });
  }

  /** A thumb; the reason, asked for after a thumb down, may stay empty. */
  async #rate(seq: number, rating: Rating, reason?: string): Promise<void> {
    this.#opinions.set(seq, { rating, isAsking: rating === "down" && reason === undefined });
    if (reason !== undefined) this.#box.value?.focus({ preventScroll: true });
    this.#redraw();
    await this.updateComplete;
    this.renderRoot.querySelector(`#reason-${seq}`)?.scrollIntoView({ block: "nearest" });
    try {
      if (reason !== "") await this.#api?.rate(seq, rating, reason);
      this.problem = "";
      this.#emit("rated", { seq, rating });
    } catch (error) {
      this.#opinions.delete(seq);
      this.#redraw();
      this.problem = explain(error) || this.#words.failed;
    }
  }

  async #clear(): Promise<void> {
    this.#confirm.value?.close();
    try {
      await this.#talk?.forget();
      this.#opinions.clear();
      this.unread = 0;
      this.problem = "";
      this.#emit("cleared");
    } catch (error) {
      this.problem = explain(error) || this.#words.failed;
    }
    this.#focusBox();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.#confirm.value?.open || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    void this.hide();
  }

  protected override render(): TemplateResult {
    const words = this.#words;
    const title = this.heading || words.heading;
    if (this.inline) return html`<section class="panel" tabindex="-1" ${ref(this.#panel)} aria-label=${title} @keydown=${this.#onKey}>${this.#inside(title, words)}</section>${confirmation(words, this.#confirm, () => void this.#clear())}`;
    const count = this.#unreadWords;
    return html`
      <button type="button" class="launcher" part="launcher" ?hidden=${this.open} aria-haspopup="dialog" aria-expanded=${this.open}
        aria-label=${this.unread ? `${words.open}: ${count}` : words.open} @click=${this.show}>
        ${icons.chat}${this.unread ? html`<span class="badge-count" aria-hidden="true">${Math.min(this.unread, 99)}</span>` : nothing}
      </button>
      <p class="unseen" role="status">${this.unread ? count : ""}</p>
      <dialog class="panel" part="panel" tabindex="-1" ${ref(this.#panel)} aria-label=${title} @keydown=${this.#onKey}
        @cancel=${(event: Event) => { event.preventDefault(); void this.hide(); }}>${this.#inside(title, words)}</dialog>
      ${confirmation(words, this.#confirm, () => void this.#clear())}`;
  }

  #inside(title: string, words: Strings): TemplateResult {
    const entries = this.#talk?.entries ?? [];
    return html`
      <div class="head">
        <div class="name"><h2>${title}</h2><p class="small tagline">${words.tagline}</p></div>
        ${iconButton(words.person, icons.person, () => this.#say(words.personAsk))}
        ${this.#talk?.isOpen ? iconButton(words.clear, icons.bin, () => this.#confirm.value?.showModal()) : nothing}
        ${this.inline && !this.hasAttribute("framed") ? nothing : iconButton(words.close, icons.close, () => this.hide())}
      </div>
      <div class="talk" tabindex="0" role="region" aria-label=${words.conversation} ${ref(this.#scroll)} @scroll=${(event: Event) => this.#scrolling.noticed(event.target as HTMLElement)} @toggle=${this.#unfolding}>
        ${welcome(this.greeting || words.greeting, entries.length ? [] : (this.starters ?? words.starters).split("|"), this.#view)}
        <div class="log" role="log" aria-live=${this.#talk?.isRestoring ? "off" : "polite"} aria-relevant="additions" aria-label=${words.conversation}>
          ${guard([this.#version, this.strings, this.heading, this.#language], () => repeat(entries, (entry) => entry.key, (_, i) => drawEntry(entries, i, this.#view)))}
        </div>
        ${this.#talk?.isWriting ? html`<p class="writing"><i></i><i></i><i></i></p>` : nothing}
        <p class="unseen" role="status">${this.#talk?.isWriting ? words.writing : ""}</p>
      </div>
      <div class="foot">
        <p class="status" role="status">${this.problem || this.#connection(words)}</p>
        ${composer(words, this.written, this.#box, {
          write: (text) => { this.written = text; }, send: () => this.#sendWritten(), escape: (event) => this.#onKey(event),
        })}
      </div>`;
  }

  #connection(words: Strings): string {
    if (!navigator.onLine) return words.offline;
    return this.#talk?.isLinked === false ? words.interrupted : "";
  }

  #press(title: string, payload?: string): void {
    this.#focusBox(); // The button goes away; the keyboard must not fall out of the panel.
    this.#say(title, payload);
  }
}

if (!customElements.get("rotation-chat")) customElements.define("rotation-chat", RotationChat);
