// Draws one line of the conversation: what the visitor said with its delivery, or what the bot (with thumbs and buttons) or the staff told.

import { html, nothing, type TemplateResult } from "lit";
import type { Entry, Said, Told } from "./conversation.js";
import * as icons from "./icons.js";
import { drawPart, type Setting } from "./parts.js";
import { link, prose } from "./prose.js";
import type { Rating } from "./protocol.js";
import { fill } from "./strings.js";

type Drawn = TemplateResult | typeof nothing;
export interface Opinion { rating: Rating; isAsking: boolean }

/** What drawing needs, and what pressing does. */
export interface View extends Setting {
  name: string;
  opinions: Map<number, Opinion>;
  press(title: string, payload?: string): void;
  again(entry: Said): void;
  rate(seq: number, rating: Rating, reason?: string): void;
}

/** The first words, and the first questions while nothing was said. */
export function welcome(greeting: string, starters: string[], view: View): TemplateResult {
  const questions = starters.map((starter) => starter.trim()).filter(Boolean);
  return html`<div class="welcome">
    <div class="part">${prose(greeting, view.host)}</div>
    ${questions.length ? html`<ul class="chips" aria-label=${view.strings.suggestions}>${questions.map((question) =>
      html`<li dir="auto"><button type="button" @click=${() => view.press(question)}>${question}</button></li>`)}</ul>` : nothing}
    ${starters.length ? html`<p class="small" dir="auto">${view.strings.privacy}</p>` : nothing}
  </div>`;
}

export function drawEntry(entries: Entry[], index: number, view: View): TemplateResult {
  const entry = entries[index];
  return entry.kind === "said" ? said(entry, view) : told(entry, entries, index, view);
}

function said(entry: Said, view: View): TemplateResult {
  const words = view.strings;
  const state = { sending: words.sending, sent: words.delivered, waiting: words.waiting, failed: entry.error || words.notSent, answered: "" }[entry.state];
  return html`<div class="visitor">
    <h3 class="unseen">${words.you}</h3><p dir="auto">${entry.text}</p>
    ${state ? html`<p class="state ${entry.state}" dir="auto">${state}
      ${entry.state === "failed" ? html`<button type="button" @click=${() => view.again(entry)}>${words.again}</button>` : nothing}</p>` : nothing}
  </div>`;
}

function told(entry: Told, entries: Entry[], index: number, view: View): TemplateResult {
  const { reply, seq } = entry.sent;
  const isNotice = reply.parts.every((part) => part.type === "notice");
  const speaker = reply.parts.map((part) => (part.type === "text" && part.speaker) || "").find(Boolean);
  return html`<article class="bot">
    ${speaker ? html`<h3 class="speaker" dir="auto">${icons.person}${speaker}</h3>` : html`<h3 class="unseen">${view.name}</h3>`}
    ${about(entry, entries.slice(0, index), view)}
    ${reply.parts.map((part) => drawPart(part, view))}
    ${isNotice || speaker ? nothing : thumbs(seq, view)}
    ${index === entries.length - 1 ? suggestions(entry, view) : nothing}
  </article>`;
}

/** Which question a late answer belongs to, when others were asked meanwhile. */
function about(entry: Told, before: Entry[], view: View): Drawn {
  const questions = before.filter((earlier) => earlier.kind === "said");
  const question = questions.find((earlier) => earlier.key === entry.sent.in_reply_to);
  if (!question || question === questions.at(-1)) return nothing;
  return html`<p class="about" dir="auto">${fill(view.strings.answerTo, { question: question.text.slice(0, 80) })}</p>`;
}

function suggestions({ sent }: Told, view: View): Drawn {
  const items = sent.reply.suggestions ?? [];
  return items.length ? html`<ul class="chips" aria-label=${view.strings.suggestions}>${items.map(({ title, payload }) => html`<li dir="auto">${
    payload.startsWith("/") ? html`<button type="button" @click=${() => view.press(title, payload)}>${title}</button>` : link(payload, title, view.host)
  }</li>`)}</ul>` : nothing;
}

function thumbs(seq: number, view: View): TemplateResult {
  const words = view.strings;
  const opinion = view.opinions.get(seq);
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
