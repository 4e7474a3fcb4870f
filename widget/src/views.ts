// What is loaded when it is used: the menu with its questions, a plan as an interactive chart, the large view of plans
// and tables, and the print view.
// Lit and the drawing of parts come from the component, so that nothing is loaded twice.

import type { html, nothing, render, svg, TemplateResult } from "lit";
import type * as parts from "./parts.js";
import type { day, prose } from "./prose.js";
import { attend } from "./attention.js";
import own from "./languages/en.later.json";
import type { ComparisonPart, Milestone, StaffState, TimelinePart } from "./protocol.js";
import { keep, recall } from "./storage.js";
import type { fill, label, Strings, translated } from "./strings.js";

export interface Tools { html: typeof html; svg: typeof svg; nothing: typeof nothing; render: typeof render; parts: typeof parts; prose: typeof prose; day: typeof day; fill: typeof fill; label: typeof label; translated: typeof translated }
/** What is shown large: `zoom` is the width of the chart in widths of the view, `step` the milestone looked at. */
export interface Large { part: TimelinePart | ComparisonPart; zoom: number; step?: string }

/** What the menu does. `say` is said to the bot, in English whatever the language of the words. */
export interface Acts { say(text: string): void; person(): void; awaitStaff(): void; print(): void; widen(): void; clear(): void }
/** Where the chat stands; `isWide` is undefined where it cannot be changed. */
export interface State { isTalking: boolean; isAwaiting: boolean; isWide?: boolean }

/** Words of these views; another language and a page's own `strings` replace them, too. */
const wordsOf = (the: { strings: Strings }) => ({ ...own, ...the.strings });

const DAY_MS = 86_400_000;
const HEAD = 28, ROW = 42, MONTH_WIDTH = 56, LETTER = 7.2;
const NARROW = 330, BROAD = 860, MOST_ZOOM = 4; // Units of the drawing; in the large view each is a pixel.
/** As broad as the large view can be on this screen. */
const broad = () => Math.max(NARROW - 50, Math.min(BROAD, innerWidth - 72));
const LONGEST_WAIT_MS = 2000;

export const css = `
  .menu ul { position: absolute; z-index: 1; inset-block-start: 100%; inset-inline-end: 0; width: max-content; padding: 6px; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: var(--text); box-shadow: 0 8px 24px rgb(0 20 30 / 25%); }
  .menu li button { width: 100%; min-height: 44px; padding: 6px 14px; border: 0; border-radius: 8px; background: none; text-align: start; }
  .menu li button:hover { background: var(--tint); }
  .confirm { position: fixed; margin: auto; max-width: min(24em, calc(100vw - 32px)); padding: 20px; border: 1px solid var(--line); border-radius: 16px; background: var(--panel); color: var(--text); }
  .confirm::backdrop { background: rgb(0 20 25 / 50%); }
  .confirm h2 { font-weight: 650; }
  .confirm p { margin-top: 6px; }
  .confirm > :last-child { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; margin-top: 18px; }
  .danger, .main { min-height: 44px; border: 0; border-radius: 10px; background: #b3261e; color: #fff; padding: 6px 14px; }
  .main { background: var(--accent); color: var(--on-accent); }
  .timeline { display: grid; gap: 10px; }
  .badge.feasible, .badge.done, .badge.on_track { color: var(--good); }
  .badge.tight { background: var(--warn-back); color: var(--warn); }
  .badge.late, .badge.impossible { background: var(--error-back); color: var(--error); }
  .timeline > ol { border-inline-start: 2px solid var(--line); margin-inline-start: 6px; display: grid; gap: 12px; }
  .timeline > ol > li { position: relative; padding-inline-start: 16px; }
  .timeline > ol > li::before { content: ""; position: absolute; inset-inline-start: -7px; top: 6px; width: 12px; height: 12px; border-radius: 50%; background: var(--link); border: 2px solid var(--panel); }
  .timeline > ol > .late::before { background: var(--error); }
  .timeline > ol > .tight::before { background: #d08a00; }
  .chart { display: block; width: 100%; max-width: 420px; height: auto; direction: ltr; font-size: 13px; stroke: none; }
  .large .chart { width: auto; max-width: none; }
  .chart text { fill: var(--text); stroke: var(--panel); stroke-width: 3; paint-order: stroke; }
  .chart .month { fill: var(--soft); font-size: 12px; }
  .chart line { stroke: var(--line); }
  .chart .now { stroke: var(--link); stroke-width: 2; }
  .chart .bar { fill: var(--good); }
  .chart .done { fill: var(--soft); }
  .chart .tight { fill: #d08a00; }
  .chart .late { fill: var(--error); }
  .chart .row { fill: transparent; }
  .chart g[tabindex] { cursor: pointer; outline: none; }
  .chart g:focus-visible .row { stroke: var(--link); stroke-width: 2; }
  .chart :is(g[tabindex]:hover, .chosen) .row { fill: var(--tint); }
  .chart :is(g[tabindex]:hover, .chosen) text { stroke: none; }
  .large { position: fixed; margin: auto; width: min(960px, calc(100vw - 24px)); max-width: none; max-height: calc(100dvh - 24px); padding: 16px; border: 1px solid var(--line); border-radius: 16px; background: var(--panel); color: var(--text); }
  .large::backdrop { background: rgb(0 20 25 / 50%); }
  .large .boxed { border: 0; padding: 0; }
  .large .top { display: flex; align-items: center; gap: 8px; }
  .large h2 { flex: 1; font-weight: 650; }
  .detail { min-height: 6em; margin-top: 8px; display: grid; gap: 4px; align-content: start; }
  @media (forced-colors: active) { .timeline > ol > li::before { background: CanvasText; } .chart .bar { fill: CanvasText; } .chart line { stroke: CanvasText; } }
`;
const paper = `
  body { font: 11pt/1.45 system-ui, sans-serif; color: #000; background: #fff; max-width: 42em; margin: 1.5em auto; padding: 0 1em; }
  h3 { font-size: 1.5em; margin: 0 0 .3em; }
  p, ul { margin: .2em 0; }
  ol { padding: 0; list-style: none; }
  ol > li { break-inside: avoid; border-inline-start: 3px solid #888; padding-inline-start: .8em; margin-block: .9em; }
  .badge { border: 1px solid; border-radius: 1em; padding: 0 .6em; font-size: .8em; margin-inline-start: .6em; }
  .title { display: flex; align-items: baseline; }
  .sources { padding: 0; list-style: none; font-size: .8em; overflow-wrap: anywhere; }
  .sources a[href]::after { content: " (" attr(href) ")"; }
  img { max-width: 100%; max-height: 22em; }
  .small, .soft { color: #444; }
  .who { display: flex; gap: .5em; align-items: baseline; }
  .bot, .visitor { margin-block: 1em; }
  .bot h3, .visitor h3 { font-size: 1em; margin: 0; }
  .said { white-space: pre-wrap; }
  button, form, .thumbs, .avatar, b + b { display: none; }
  :root { --text: #000; --soft: #444; --line: #bbb; --panel: #fff; --link: #000; --good: #555; --error: #000; }
`;

/** What can be chosen, with words. */
export function choices({ html }: Tools, the: parts.Setting, { isTalking, isAwaiting, isWide }: State, acts: Omit<Acts, "awaitStaff">, shut: () => void): TemplateResult {
  const words = wordsOf(the);
  const choice = (title: string, act: () => void) => html`<li><button type="button" @click=${() => { shut(); act(); }}>${title}</button></li>`;
  return html`<ul>
    ${choice(words.person, acts.person)}
    ${isTalking ? [choice(words.data, () => acts.say(own.dataAsk)), choice(words.fresh, () => acts.say(own.freshAsk)), choice(words.printTalk, acts.print)] : ""}
    ${isAwaiting ? choice(hasSound() ? words.soundOff : words.soundOn, setSound) : ""}
    ${isWide === undefined ? "" : choice(isWide ? words.narrower : words.wider, acts.widen)}
    ${isTalking ? choice(words.clear, acts.clear) : ""}
  </ul>`;
}

const SOUND = "rotation-chat-sound"; // Remembered for this browser; silent unless somebody wants it.
const hasSound = () => recall("localStorage", SOUND) !== "";

function setSound(): void {
  keep("localStorage", SOUND, hasSound() ? "" : "on");
  if (hasSound()) chime(); // A browser lets a page sound once somebody pressed something: this is how it sounds.
}

/** Two soft tones, made here: nothing to load. */
function chime(): void {
  const context = new AudioContext();
  const volume = new GainNode(context, { gain: 0.08 });
  volume.connect(context.destination);
  [660, 880].forEach((frequency, i) => {
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(volume);
    tone.start(context.currentTime + i * 0.14);
    tone.stop(context.currentTime + i * 0.14 + 0.12);
    if (i) tone.onended = () => void context.close();
  });
}

/** One of the staff has written: said to somebody who does not look, in the title (a frame's page does that itself). */
export function staffWrote({ isSeen, isFramed }: { isSeen: boolean; isFramed: boolean }): void {
  if (hasSound() && !(isSeen && document.hasFocus())) chime();
  if (!isFramed) attend();
}

/** The question before deleting (`staff` is null) or before asking for a person; where nobody is, there is only a way back. */
export function confirmation(tools: Tools, the: parts.Setting, staff: Partial<StaffState> | null, acts: Pick<Acts, "say" | "clear" | "awaitStaff"> & { no(): void }): TemplateResult {
  const { html, nothing } = tools;
  const words = wordsOf(the);
  const yes = (title: string, style: string, act: () => void) => html`<button type="button" class=${style} @click=${() => { acts.no(); act(); }}>${title}</button>`;
  const draw = (title: string, text: (string | false)[], no: string, button: unknown) => html`<h2 id="confirm-title">${title}</h2>
    ${text.map((line) => (line ? tools.prose(line, the.host) : nothing))}
    <div><button type="button" class="quiet" autofocus @click=${acts.no}>${no}</button>${button}</div>`;
  if (!staff) return draw(words.clearTitle, [words.clearText], words.keep, yes(words.remove, "danger", acts.clear));
  const isStaffed = staff.is_staffed !== false;
  const { text = "", key, values = {} } = staff;
  const when = values.moment ? new Intl.DateTimeFormat(the.language, { dateStyle: "full", timeStyle: "short", timeZone: "UTC" }).format(new Date(`${values.moment}Z`)) : "";
  return draw(words.personTitle, [isStaffed && words.personText, tools.translated(the.strings, { text, key, values: { ...values, when } })], words.cancel, isStaffed ? yes(words.personYes, "main", () => { acts.awaitStaff(); acts.say(own.personAsk); }) : nothing);
}

const moment = (date: string) => Date.parse(`${date}T00:00:00Z`);
const isDay = (date: string | undefined) => /^\d{4}-\d\d-\d\d$/.test(date ?? "") && !Number.isNaN(moment(date ?? ""));

/** The steps that have days, each from the first to the last; what has no day stands in the list only. */
function spans(plan: TimelinePart) {
  return plan.milestones.flatMap((step) => {
    const days = [step.earliest, step.latest].filter(isDay).map((date) => moment(date ?? "")).sort((one, other) => one - other);
    return days.length ? [{ step, from: days[0], to: days[days.length - 1] }] : [];
  });
}

/** A plan in the width of the panel, or of the large view times `zoom`, where `choose` makes each step a button. */
export function chart(tools: Tools, plan: TimelinePart, the: parts.Setting, large?: Large, choose?: (step: string) => void): TemplateResult | typeof nothing {
  const { html, svg, nothing } = tools;
  const rows = spans(plan);
  if (!rows.length) return nothing;
  const room = large ? broad() : NARROW;
  const width = room * (large?.zoom ?? 1);
  const today = isDay(plan.computed) ? [moment(plan.computed ?? "")] : [];
  const first = Math.min(...today, ...rows.map((row) => row.from));
  const last = Math.max(...today, ...rows.map((row) => row.to), first + 30 * DAY_MS);
  const at = (time: number) => 8 + ((time - first) / (last - first)) * (width - 16);
  const height = HEAD + rows.length * ROW;
  const name = tools.fill(wordsOf(the).chart, { title: plan.title });
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role=${choose ? "group" : "img"} aria-label=${name}>
    ${months(first, last, width).map(({ start, words }) => svg`<line x1=${at(start)} x2=${at(start)} y1="20" y2=${height} /><text class="month" x=${at(start) + 3} y="14">${words(the.language)}</text>`)}
    ${today.map((time) => svg`<line class="now" x1=${at(time)} x2=${at(time)} y1="20" y2=${height} />`)}
    ${rows.map(({ step, from, to }, i) => {
      const top = HEAD + i * ROW;
      const state = tools.parts.known(step.status ?? "on_track");
      const words = describe(tools, step, the);
      const most = Math.floor(room / LETTER);
      const title = large && words.length <= most ? words : step.title.length > most ? `${step.title.slice(0, most - 1)}…` : step.title;
      const bar = to - from < DAY_MS ? svg`<path class="bar ${state}" d="M${at(from)} ${top + 21}l7 7-7 7-7-7z" />`
        : svg`<rect class="bar ${state}" x=${at(from)} y=${top + 23} width=${Math.max(at(to) - at(from), 4)} height="10" rx="5" />`;
      const inside = svg`<rect class="row" x="1" y=${top} width=${width - 2} height=${ROW - 2} rx="6" /><text x="4" y=${top + 15}>${title}</text>${bar}`;
      if (!choose) return svg`<g>${inside}</g>`;
      const onKey = (event: KeyboardEvent) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(step.id); } };
      return svg`<g role="button" tabindex="0" aria-label=${words} aria-pressed=${large?.step === step.id} class=${large?.step === step.id ? "chosen" : ""}
        @click=${() => choose(step.id)} @pointerenter=${() => choose(step.id)} @focus=${() => choose(step.id)} @keydown=${onKey}>${inside}</g>`;
    })}
  </svg>`;
}

function describe(tools: Tools, step: Milestone, the: parts.Setting): string {
  const when = tools.parts.period(step, the);
  return [step.title, step.estimated && when ? tools.fill(the.strings.estimated, { date: when }) : when, tools.label(the.strings, step.status ?? "on_track")].filter(Boolean).join(" · ");
}

/** The beginnings of months, as many as have room for their names. */
function months(first: number, last: number, width: number) {
  const [from, to] = [new Date(first), new Date(last)];
  const count = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const every = [1, 2, 3, 6, 12, 24, 60, 120, 1200].find((step) => (count / step) * MONTH_WIDTH <= width) ?? 12_000;
  const found = [];
  for (let month = 1; month <= count; month += 1) {
    const start = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + month, 1));
    if ((start.getUTCFullYear() * 12 + start.getUTCMonth()) % every) continue;
    const form: Intl.DateTimeFormatOptions = start.getUTCMonth() ? { month: "short" } : { year: "numeric" };
    found.push({ start: start.getTime(), words: (language: string) => new Intl.DateTimeFormat(language, { ...form, timeZone: "UTC" }).format(start) });
  }
  return found;
}

/** A plan with its steps to walk through, or a table, over the whole window. */
export function large(tools: Tools, shown: Large, the: parts.Setting, set: (shown?: Large) => void): TemplateResult {
  const { html, nothing, parts } = tools;
  const { part, zoom } = shown;
  const words = wordsOf(the);
  const top = (title: string, more: unknown = nothing) => html`<div class="top"><h2 id="large-title" dir="auto">${title}</h2>${more}
    <button type="button" class="quiet" autofocus @click=${() => set()}>${words.shut}</button></div>`;
  if (part.type === "comparison") return html`${top(words.comparison)}${parts.comparison(part, { ...the, enlarge: undefined })}`;
  const step = part.milestones.find((item) => item.id === shown.step);
  const zoomTo = (next: number, sign: string, name: string) => html`<button type="button" class="quiet" aria-label=${name} title=${name} aria-disabled=${next < 1 || next > MOST_ZOOM}
    @click=${() => { if (next >= 1 && next <= MOST_ZOOM) set({ ...shown, zoom: next }); }}>${sign}</button>`;
  return html`${top(part.title, [zoomTo(zoom / 2, "−", words.zoomOut), zoomTo(zoom * 2, "+", words.zoomIn)])}
    <div class="scroll" tabindex="0" role="region" aria-label=${words.chartSteps}>${chart(tools, part, the, shown, (id) => { if (id !== shown.step) set({ ...shown, step: id }); })}</div>
    <div class="detail" role="status">${step ? html`<strong dir="auto">${describe(tools, step, the)}</strong>${step.note ? tools.prose(step.note, the.host) : nothing}${parts.sources([step.source], the)}`
      : html`<p class="small">${words.chartSteps}</p>`}</div>`;
}

/** Fills a window of its own, with paper colors, and opens the print dialog. */
export function print(tools: Tools, view: Window & typeof globalThis, content: unknown, { title, language, direction }: Record<"title" | "language" | "direction", string>): void {
  const { document: page } = view;
  page.title = title;
  page.documentElement.lang = language;
  page.documentElement.dir = direction;
  const sheet = new view.CSSStyleSheet(); // Made by that window's own constructor: others are refused.
  sheet.replaceSync(css + paper);
  page.adoptedStyleSheets = [sheet];
  tools.render(content, page.body);
  for (const more of page.querySelectorAll("details")) more.open = true;
  const pictures = [...page.images].map((image) => image.decode().catch(() => undefined));
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
  void Promise.race([Promise.all(pictures), late]).then(() => view.print());
}
