// <rotation-chat>: the launcher and the panel. What was said lives in conversation.ts, drawing of replies in parts.ts.
// Attributes: host, site, heading, greeting, starters (a|b|c), theme, side, lang, dir, open, inline, wide. See docs/widget.md.

import { html, LitElement, nothing, type PropertyValues, render, svg, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { createRef, ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { Api, explain } from "./api.js";
import { composer, iconButton, isSendable, menu } from "./controls.js";
import { Conversation, type Entry } from "./conversation.js";
import { avatar, clock, drawEntry, type Opinion, speakerOf, suggestions, type View, welcome } from "./entries.js";
import * as icons from "./icons.js";
import { isKnown, loadTable } from "./languages.js";
import { loadViews } from "./lazy.js";
import * as parts from "./parts.js";
import { day, prose } from "./prose.js";
import type { Rating, SentReply, StaffState } from "./protocol.js";
import { Scrolling } from "./scrolling.js";
import { keep, recall } from "./storage.js";
import { dateLanguage, directionOf, en, fill, label, type Strings, stringsFor, translated } from "./strings.js";
import { styles } from "./styles.js";
import type { Large, Tools } from "./views.js";

const OPEN = "rotation-chat-open"; // Whether the panel was open on the page before, in this tab.
const TOOLS: Tools = { html, svg, nothing, render, parts, prose, day, fill, label, translated }; // For what is loaded later.
const SMALL = "(max-width: 480px), (max-height: 480px)";

export class RotationChat extends LitElement {
  static override styles = styles;
  static override properties = {
    host: {}, site: {}, heading: {}, greeting: {}, starters: {}, logo: {}, refused: {}, theme: { reflect: true }, side: { reflect: true },
    open: { type: Boolean, reflect: true }, inline: { type: Boolean, reflect: true }, wide: { type: Boolean, reflect: true },
    strings: { attribute: false }, unread: { state: true }, written: { state: true }, problem: { state: true },
    isMenuOpen: { state: true }, staff: { state: true }, hasMore: { state: true }, large: { state: true },
  };
  declare host: string;
  declare site: string;
  declare heading: string;
  declare greeting: string;
  declare starters: string;
  /** The address of a picture of the owner. */
  declare logo: string;
  /** Why this website may not use the chat; the loader asks at once. */
  declare refused: string;
  declare theme: string;
  declare side: string;
  declare open: boolean;
  declare inline: boolean;
  declare wide: boolean;
  /** Words that replace those of the table. */
  declare strings: Partial<Strings>;
  declare unread: number;
  declare written: string;
  declare problem: string;
  declare isMenuOpen: boolean;
  /** What is known of the staff when somebody asks for them; null while deleting is asked about. */
  declare staff: Partial<StaffState> | null;
  declare hasMore: boolean;
  declare large?: Large;

  #hasAsked = false;
  #table?: Promise<void>;
  #talk?: Conversation;
  #api?: Api;
  #opinions = new Map<number, Opinion>();
  #panel = createRef<HTMLElement>();
  #confirm = createRef<HTMLDialogElement>();
  #largeView = createRef<HTMLDialogElement>();
  #views?: typeof import("./views.js");
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
    Object.assign(this, {
      site: "", open: false, inline: false, wide: false, strings: {}, unread: 0, written: "", problem: "", isMenuOpen: false, staff: null, hasMore: false,
    });
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
      this.dir = this.lang || (!document.documentElement.lang && isKnown(this.#language)) ? directionOf(this.#language) : around;
    }
    this.#table ??= loadTable(this.host, this.#language).then(() => this.#redraw());
    this.#api ??= new Api(new URL(this.host, location.href).origin, this.site);
    this.#talk ??= new Conversation(this.#api, this.#language, { onChange: () => this.#redraw(), onReply: (sent) => this.#onReply(sent), isAwaiting: () => this.#isAwaiting });
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
    await this.#table; // No word changes before somebody's eyes.
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

  /** First questions as they are shown and, where ours were translated, as the bot understands them. */
  get #starters(): string[][] {
    const asked = (this.starters ?? en.starters).split("|");
    const shown = (this.starters ?? this.#words.starters).split("|");
    return asked.map((text, i) => [text.trim(), shown[i] ?? text]);
  }

  get #isWriting(): boolean {
    return Boolean(this.#talk?.writer || this.#talk?.isWriting);
  }

  get #unreadWords(): string {
    return this.unread === 1 ? this.#words.unreadOne : fill(this.#words.unreadMany, { n: this.unread });
  }

  get #view(): View {
    return {
      host: this.#api?.host ?? location.origin, language: dateLanguage(this.#language), strings: this.#words,
      name: this.heading || this.#words.heading, logo: this.logo, opinions: this.#opinions,
      print: (plan) => this.#print(plan.title, () => parts.timeline(plan, { ...this.#view, print: undefined })),
      enlarge: (part) => { this.large = { part, zoom: 1 }; void this.#needViews(); },
      chart: (plan) => this.#views?.chart(TOOLS, plan, this.#view) ?? void this.#needViews(),
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
    const isWriting = this.#isWriting;
    const isNew = newest?.key !== this.#newest;
    if (changed.has("open") || isNew || isWriting !== this.#wasWriting) this.#follow(newest, changed.has("open"), isNew);
    this.#newest = newest?.key;
    this.#wasWriting = isWriting;
    this.#look();
    if (this.large && this.#views && !this.#largeView.value?.open) this.#largeView.value?.showModal();
  }

  /** Whether an arrow has to say that there is more below. */
  #look(): void {
    this.hasMore = Boolean(this.#scroll.value && Scrolling.hasMore(this.#scroll.value));
  }

  #scrolled(): void {
    if (this.#scroll.value) this.#scrolling.noticed(this.#scroll.value);
    this.#look();
  }

  /** The window is opened at once: a browser allows it only while the press is fresh. */
  #print(title: string, content: () => unknown): void {
    const view = window.open("", "_blank") as (Window & typeof globalThis) | null;
    this.problem = view ? "" : this.#words.popups;
    if (view) void this.#needViews().then(() => this.#views?.print(TOOLS, view, content(), { title, language: this.#language, direction: this.dir }));
  }

  /** Loads the drawing of charts, large views and paper. */
  async #needViews(): Promise<void> {
    try {
      const views = await loadViews(this.#view.host);
      if (this.#views) return;
      this.#views = views;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(views.css);
      this.shadowRoot?.adoptedStyleSheets.push(sheet);
      this.#redraw();
    } catch {
      this.problem = this.#words.failed;
    }
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

  /** The event of a picture goes to the picture alone. */
  #grown = {
    capture: true,
    handleEvent: () => {
      if (this.#scroll.value) this.#scrolling.grew(this.#scroll.value);
      this.#look();
    },
  };

  #redraw(): void {
    this.#version += 1;
    this.requestUpdate();
  }

  #emit(name: string, detail: object = {}): void {
    this.dispatchEvent(new CustomEvent(`chat-${name}`, { detail }));
  }

  /** Somebody from the staff answers, or was asked for from here. */
  get #isAwaiting(): boolean {
    return this.#hasAsked || this.#speaker !== "";
  }

  /** The person from the staff who spoke last, or "". */
  get #speaker(): string {
    return speakerOf(this.#talk?.entries.filter((entry) => entry.kind === "told").at(-1));
  }

  #onReply({ seq }: SentReply): void {
    this.#emit("reply", { seq });
    if (this.#speaker) {
      this.#hasAsked = false;
      this.#emit("attention");
      void this.#needViews().then(() => this.#views?.staffWrote({ isSeen: this.open, isFramed: this.hasAttribute("framed") }));
    }
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
    if (!isSendable(text)) return;
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
      this.problem = explain(error, this.#words) || this.#words.failed;
    }
  }

  /** Asks before somebody is put on a list, and says when staff are there. */
  async #askForPerson(): Promise<void> {
    this.staff = {};
    this.#confirm.value?.showModal();
    this.staff = await this.#api?.staff().catch(() => undefined) ?? {};
  }

  async #clear(): Promise<void> {
    try {
      await this.#talk?.forget();
      this.#opinions.clear();
      this.unread = 0;
      this.problem = "";
      this.#emit("cleared");
    } catch (error) {
      this.problem = explain(error, this.#words) || this.#words.failed;
    }
    this.#focusBox();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.#confirm.value?.open || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.isMenuOpen) {
      void this.hide();
      return;
    }
    this.isMenuOpen = false;
    this.renderRoot.querySelector<HTMLElement>(".menu button")?.focus();
  }

  get #choices(): unknown {
    const isFixed = this.inline || matchMedia(SMALL).matches;
    return this.#views?.choices(TOOLS, this.#view, { isTalking: Boolean(this.#talk?.isOpen), isAwaiting: this.#isAwaiting, isWide: isFixed ? undefined : this.wide }, {
      say: (text) => this.#press(text), person: () => void this.#askForPerson(), print: () => this.#print(this.#view.name, () => this.#lines),
      widen: () => { this.wide = !this.wide; }, clear: () => { this.staff = null; this.#confirm.value?.showModal(); },
    }, () => { this.isMenuOpen = false; });
  }

  /** The menu is drawn by what is loaded then. */
  async #setMenu(isOpen: boolean): Promise<void> {
    if (isOpen) await this.#needViews();
    this.isMenuOpen = isOpen && Boolean(this.#views);
  }

  get #lines(): unknown {
    const entries = this.#talk?.entries ?? [];
    return repeat(entries, (entry) => entry.key, (_, i) => drawEntry(entries, i, this.#view));
  }

  protected override render(): TemplateResult {
    const words = this.#words;
    const title = this.heading || words.heading;
    if (this.inline) return html`<section class="panel" lang=${this.#view.language} tabindex="-1" ${ref(this.#panel)} aria-label=${title} @keydown=${this.#onKey}>${this.#inside(title, words)}</section>${this.#dialogs}`;
    const count = this.#unreadWords;
    return html`
      <button type="button" class="launcher" part="launcher" ?hidden=${this.open} aria-haspopup="dialog" aria-expanded=${this.open}
        aria-label=${this.unread ? `${words.open}: ${count}` : words.open} @click=${this.show}>
        ${icons.chat}${this.unread ? html`<span class="badge-count" aria-hidden="true">${Math.min(this.unread, 99)}</span>` : nothing}
      </button>
      <p class="unseen" role="status">${this.unread ? count : ""}</p>
      <dialog class="panel" part="panel" lang=${this.#view.language} tabindex="-1" ${ref(this.#panel)} aria-label=${title} @keydown=${this.#onKey}
        @cancel=${(event: Event) => { event.preventDefault(); void this.hide(); }}>${this.#inside(title, words)}</dialog>
      ${this.#dialogs}`;
  }

  get #dialogs(): TemplateResult {
    const set = (large?: Large) => {
      if (large) this.large = large;
      else this.#largeView.value?.close();
    };
    return html`<dialog class="confirm" aria-labelledby="confirm-title" ${ref(this.#confirm)}>
        ${this.#views?.confirmation(TOOLS, this.#view, this.staff, { no: () => this.#confirm.value?.close(), clear: () => void this.#clear(), say: (text) => this.#press(text), awaitStaff: () => { this.#hasAsked = true; } })}
      </dialog>
      <dialog class="large" aria-labelledby="large-title" ${ref(this.#largeView)} @close=${() => { this.large = undefined; }}>
        ${this.large && this.#views ? this.#views.large(TOOLS, this.large, this.#view, set) : nothing}
      </dialog>`;
  }

  /** Who answers: the bot, or somebody from the staff since when. */
  #head(entries: Entry[], title: string, words: Strings): TemplateResult {
    const told = entries.filter((entry) => entry.kind === "told").reverse();
    const speaker = speakerOf(told[0]);
    const others = told.findIndex((entry) => speakerOf(entry) !== speaker);
    const since = told.at(others < 0 ? -1 : others - 1)?.at ?? new Date();
    const status = speaker ? fill(words.staff, { time: clock(since, this.#view.language) }) : words.tagline;
    return html`<div class="head">
      ${avatar(speaker, this.logo)}<div class="name"><h2><bdi>${label(words, speaker) || title}</bdi></h2><p class="small" dir="auto">${status}</p></div>
      ${menu(words.menu, this.isMenuOpen, this.#choices, (isOpen) => void this.#setMenu(isOpen))}
      ${this.inline && !this.hasAttribute("framed") ? nothing : iconButton(words.close, icons.close, () => this.hide())}
    </div>`;
  }

  #inside(title: string, words: Strings): TemplateResult {
    const entries = this.#talk?.entries ?? [];
    return html`
      ${this.#head(entries, title, words)}
      <div class="talk" tabindex="0" role="region" aria-label=${words.conversation} ${ref(this.#scroll)} @scroll=${this.#scrolled} @toggle=${this.#unfolding} @load=${this.#grown}>
        ${welcome(this.greeting || words.greeting, entries.length ? [] : this.#starters, this.#view)}
        <div class="log" lang="en" role="log" aria-live=${this.#talk?.isRestoring ? "off" : "polite"} aria-relevant="additions" aria-label=${words.conversation}>
          ${guard([this.#version, this.strings, this.heading, this.#language], () => this.#lines)}
        </div>
        ${this.#isWriting ? html`<p class="writing"><i></i><i></i><i></i></p>` : nothing}
        <p class="unseen" role="status">${this.#isWriting ? fill(words.writing, { name: label(words, this.#talk?.writer ?? "") || title }) : ""}</p>
      </div>
      <div class="foot">
        ${this.hasMore ? html`<button type="button" class="newer" aria-label=${words.newer} title=${words.newer} @click=${this.#toEnd}>${icons.below}</button>` : nothing}
        ${suggestions(entries.at(-1), this.#view)}
        <p class="status" role="status">${this.problem || (this.refused && translated(words, { text: this.refused, key: "foreign_origin" })) || this.#connection(words)}</p>
        ${composer(words, this.written, this.#box, {
          write: (text) => { this.written = text; }, send: () => this.#sendWritten(), escape: (event) => this.#onKey(event),
        })}
      </div>`;
  }

  #toEnd(): void {
    if (this.#scroll.value) this.#scrolling.toEnd(this.#scroll.value);
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
