// The controls around the conversation: the box to write in, icon buttons, and the question before deleting.

import { html, nothing, type TemplateResult } from "lit";
import { type Ref, ref } from "lit/directives/ref.js";
import * as icons from "./icons.js";
import { fill, type Strings } from "./strings.js";

const LONGEST_TEXT = 2000; // As in bot/delivery/intake.py.

export interface Writing { write(text: string): void; send(): void; escape(event: KeyboardEvent): void }

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
      <button type="submit" class="send" aria-label=${words.send} title=${words.send}>${icons.arrow}</button>
    </form>
    ${written.length > LONGEST_TEXT * 0.8 ? html`<p class="small count">${fill(words.length, { n: written.length, most: LONGEST_TEXT })}</p>` : nothing}`;
}

export function iconButton(words: string, drawing: TemplateResult, act: () => void): TemplateResult {
  return html`<button type="button" class="icon" aria-label=${words} title=${words} @click=${act}>${drawing}</button>`;
}

export function confirmation(words: Strings, dialog: Ref<HTMLDialogElement>, remove: () => void): TemplateResult {
  return html`<dialog class="confirm" ${ref(dialog)} aria-labelledby="confirm-title">
    <h2 id="confirm-title">${words.clearTitle}</h2><p>${words.clearText}</p>
    <div><button type="button" class="quiet" autofocus @click=${() => dialog.value?.close()}>${words.keep}</button>
    <button type="button" class="danger" @click=${remove}>${words.remove}</button></div>
  </dialog>`;
}
