// Draws the lines of the conversation in groups: who speaks and when, once, then what was said, with its delivery or thumbs.

import { html, nothing, type TemplateResult } from "lit";
import { explain } from "./api.js";
import type { Entry, Said, Told } from "./conversation.js";
import * as icons from "./icons.js";
import { drawPart, type Setting } from "./parts.js";
import { link, prose } from "./prose.js";
import type { Rating, TextPart } from "./protocol.js";
import { fill, label } from "./strings.js";

type Drawn = TemplateResult | typeof nothing;
const LONG = 600; // Characters of a message of the visitor, from which on it is folded.
export interface Opinion { rating: Rating; isAsking: boolean }

/** What drawing needs, and what pressing does. */
export interface View extends Setting {
  name: string;
  logo: string;
  opinions: Map<number, Opinion>;
  press(title: string, payload?: string): void;
  again(entry: Said): void;
  rate(seq: number, rating: Rating, reason?: string): void;
}

/** The first words, and the first questions (as the bot understands them, as they are shown) as tiles while nothing was said. */
export function welcome(greeting: string, starters: string[][], view: View): TemplateResult {
  const questions = starters.filter(([question]) => question);
  return html`<div class="welcome">
    ${prose(greeting, view.host)}
    ${view.strings.english ? html`<p class="soft" dir="auto">${view.strings.english}</p>` : nothing}
    ${questions.length ? html`<ul class="tiles" aria-label=${view.strings.suggestions}>${questions.map(([question, shown]) =>
      html`<li dir="auto"><button type="button" @click=${() => view.press(question)}>${shown}</button></li>`)}</ul>` : nothing}
    ${starters.length ? html`<p class="small" dir="auto">${view.strings.privacy}</p>` : nothing}
  </div>`;
}

/** The person from the staff who speaks in a reply, or "". */
export function speakerOf(entry: Entry | undefined): string {
  return (entry?.kind === "told" && entry.sent.reply.parts.map((part) => (part as TextPart).speaker).find(Boolean)) || "";
}

const clocks: Record<string, Intl.DateTimeFormat> = {}; // Making one is slow, and each drawing asks for many times.

export function clock(at: Date, language: string): string {
  return (clocks[language] ??= new Intl.DateTimeFormat(language, { timeStyle: "short" })).format(at);
}

export function drawEntry(entries: Entry[], index: number, view: View): (TemplateResult | typeof nothing)[] {
  const [entry, before] = [entries[index], entries[index - 1]];
  const isNewDay = entry.at.toDateString() !== (before?.at ?? new Date()).toDateString();
  const isFirst = isNewDay || before?.kind !== entry.kind || speakerOf(before) !== speakerOf(entry);
  return [isNewDay ? dayLine(entry.at, view) : nothing, entry.kind === "said" ? said(entry, isFirst, view) : told(entry, entries.slice(0, index), isFirst, view)];
}

function dayLine(at: Date, { language, strings }: View): TemplateResult {
  const isToday = at.toDateString() === new Date().toDateString();
  return html`<p class="day small">${isToday ? strings.today : at.toLocaleDateString(language, { dateStyle: "long" })}</p>`;
}

function time(at: Date, { language }: View): TemplateResult {
  return html`<time class="small" datetime=${at.toISOString()}>${clock(at, language)}</time>`;
}

function said(entry: Said, isFirst: boolean, view: View): TemplateResult {
  const words = view.strings;
  const state = { sending: words.sending, sent: words.delivered, waiting: words.waiting, failed: explain(entry.error, words) || words.notSent, answered: "" }[entry.state];
  return html`<div class="visitor ${isFirst ? "" : "same"}">
    <h3 class="unseen">${words.you}</h3>${isFirst ? time(entry.at, view) : nothing}
    ${entry.text.length < LONG ? html`<p class="said" dir="auto">${entry.text}</p>`
      : html`<details class="said"><summary dir="auto"><span>${entry.text}</span><b>${words.more}</b><b>${words.less}</b></summary></details>`}
    ${state ? html`<p class="state ${entry.state}" dir="auto">${state}</p>` : nothing}
    ${entry.state === "failed" ? html`<button type="button" class="quiet" @click=${() => view.again(entry)}>${words.again}</button>` : nothing}
  </div>`;
}

function told(entry: Told, before: Entry[], isFirst: boolean, view: View): TemplateResult {
  const { reply } = entry.sent;
  const isNotice = reply.parts.every((part) => part.type === "notice");
  const speaker = speakerOf(entry);
  const name = html`<h3 class=${isFirst ? "" : "unseen"} dir="auto">${label(view.strings, speaker) || view.name}</h3>`;
  return html`<article class="bot ${isFirst ? "" : "same"}">
    ${isFirst ? html`<div class="who">${avatar(speaker, view.logo)}${name}${time(entry.at, view)}</div>` : name}
    ${about(entry, before, view)}
    ${reply.parts.map((part) => drawPart(part, view))}
    ${isNotice || speaker ? nothing : thumbs(entry, view)}
  </article>`;
}

/** The face beside a name: the owner's or the bot's, or the first letter of a person. */
export function avatar(speaker: string, logo: string): TemplateResult {
  return html`<span class="avatar ${speaker ? "person" : ""}" aria-hidden="true">${speaker ? [...speaker][0] : logo ? html`<img src=${logo} alt="">` : icons.chat}</span>`;
}

/** Which question a late answer belongs to, when others were asked meanwhile. */
function about(entry: Told, before: Entry[], view: View): Drawn {
  const questions = before.filter((earlier) => earlier.kind === "said");
  const question = questions.find((earlier) => earlier.key === entry.sent.in_reply_to);
  if (!question || question === questions.at(-1)) return nothing;
  return html`<p class="about" dir="auto">${fill(view.strings.answerTo, { question: question.text.slice(0, 80) })}</p>`;
}

/** The buttons of the newest reply, until something else is said. */
export function suggestions(newest: Entry | undefined, view: View): Drawn {
  const items = (newest?.kind === "told" && newest.sent.reply.suggestions) || [];
  return items.length ? html`<ul class="chips" aria-label=${view.strings.suggestions}>${items.map(({ title: own, payload }) => [label(view.strings, own), payload]).map(([title, payload]) => html`<li dir="auto">${
    payload.startsWith("/") ? html`<button type="button" @click=${() => view.press(title, payload)}>${title}</button>` : link(payload, title, view.host)
  }</li>`)}</ul>` : nothing;
}

function thumbs({ seq, rating: stored }: Told, view: View): TemplateResult {
  const words = view.strings;
  const opinion = view.opinions.get(seq) ?? (stored && { rating: stored, isAsking: false });
  const thumb = (rating: Rating, drawing: TemplateResult) => html`<button type="button" class="icon" aria-label=${words[rating]} title=${words[rating]}
    aria-pressed=${opinion?.rating === rating} @click=${() => view.rate(seq, rating)}>${drawing}</button>`;
  return html`<div class="thumbs" role="group" aria-label=${words.helpful}>${thumb("up", icons.up)}${thumb("down", icons.down)}</div>
    ${opinion?.isAsking ? html`<form class="reason" @submit=${(event: Event) => give(event, seq, view)}>
      <label for="reason-${seq}">${words.reason}</label><input id="reason-${seq}" maxlength="500" dir="auto" autocomplete="off">
      <button type="submit" class="quiet">${words.sendReason}</button></form>` : nothing}
    ${opinion && !opinion.isAsking ? html`<p class="small" dir="auto">${words.thanks}</p>` : nothing}`;
}

function give(event: Event, seq: number, view: View): void {
  event.preventDefault();
  view.rate(seq, "down", (event.target as HTMLFormElement).querySelector("input")?.value.trim() ?? "");
}
