// The controls around the conversation: the box to write in, icon buttons, and the question before deleting.

import { html, nothing, type TemplateResult } from "lit";
import { type Ref, ref } from "lit/directives/ref.js";
import * as icons from "./icons.js";
import { fill, type Strings } from "./strings.js";

const LONGEST_TEXT = 2000; // As in bot/delivery/intake.py.

export interface Writing { write(text: string): void; send(): void; escape(event: KeyboardEvent): void }

/** Whether a text may go out as it is. */
export function isSendable(text: string): boolean {
  return text.trim() !== "" && text.length <= LONGEST_TEXT;
}

export function composer(words: Strings, written: string, box: Ref<HTMLTextAreaElement>, act: Writing): TemplateResult {
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation(); // Shortcuts of the page are not meant while somebody writes.
    if (event.key === "Escape") act.escape(event);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    act.send();
  };
  return html`<form class="composer" @submit=${(event: Event) => { event.preventDefault(); act.send(); }}>
      <label class="unseen" for="box">${words.question}</label>
      <textarea id="box" rows="1" dir="auto" autocomplete="off" enterkeyhint="send" placeholder=${words.placeholder} .value=${written} ${ref(box)}
        @input=${(event: Event) => act.write((event.target as HTMLTextAreaElement).value)} @keydown=${onKey}></textarea>
      <button type="submit" class="send ${isSendable(written) ? "ready" : ""}" aria-label=${words.send} title=${words.send}>${icons.arrow}</button>
    </form>
    ${written.length > LONGEST_TEXT * 0.8 ? html`<p class="small count ${written.length > LONGEST_TEXT ? "over" : ""}">${fill(words.length, { n: written.length.toLocaleString("en"), most: LONGEST_TEXT.toLocaleString("en") })}</p>` : nothing}`;
}

export function iconButton(words: string, drawing: TemplateResult, act: () => void): TemplateResult {
  return html`<button type="button" class="icon" aria-label=${words} title=${words} @click=${act}>${drawing}</button>`;
}

/** What stands in the menu, with words. */
export interface Choice { words: string; act(): void }

/** A disclosure: its choices follow the button, so that the keyboard finds them. */
export function menu(words: string, isOpen: boolean, choices: Choice[], set: (isOpen: boolean) => void): TemplateResult {
  const onLeave = ({ relatedTarget, currentTarget }: FocusEvent) => {
    if (relatedTarget && !(currentTarget as Element).contains(relatedTarget as Node)) set(false);
  };
  return html`<div class="menu" @focusout=${onLeave}>
    <button type="button" class="icon" aria-label=${words} title=${words} aria-expanded=${isOpen} @click=${() => set(!isOpen)}>${icons.menu}</button>
    ${isOpen ? html`<ul>${choices.map((choice) => html`<li><button type="button" @click=${() => { set(false); choice.act(); }}>${choice.words}</button></li>`)}</ul>` : nothing}
  </div>`;
}

/** A question before something that cannot be taken back. Without `yes` there is only a way back. */
export interface Question { title: string; text: string[]; no: string; yes?: string; isDanger?: boolean; act(): void }

export function confirmation({ title, text, no, yes, isDanger, act }: Question, dialog: Ref<HTMLDialogElement>): TemplateResult {
  const shut = () => dialog.value?.close();
  return html`<dialog class="confirm" ${ref(dialog)} aria-labelledby="confirm-title">
    <h2 id="confirm-title">${title}</h2>${text.map((words) => html`<p dir="auto">${words}</p>`)}
    <div><button type="button" class="quiet" autofocus @click=${shut}>${no}</button>
    ${yes ? html`<button type="button" class=${isDanger ? "danger" : "main"} @click=${() => { shut(); act(); }}>${yes}</button>` : nothing}</div>
  </dialog>`;
}
