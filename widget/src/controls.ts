// The controls around the conversation: the box to write in, icon buttons, and the button of the menu.

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

/** A disclosure: its choices follow the button, so that the keyboard finds them. */
export function menu(words: string, isOpen: boolean, choices: unknown, set: (isOpen: boolean) => void): TemplateResult {
  const onLeave = ({ relatedTarget, currentTarget }: FocusEvent) => {
    if (relatedTarget && !(currentTarget as Element).contains(relatedTarget as Node)) set(false);
  };
  return html`<div class="menu" @focusout=${onLeave}>
    <button type="button" class="icon" aria-label=${words} title=${words} aria-expanded=${isOpen} @click=${() => set(!isOpen)}>${icons.menu}</button>
    ${isOpen ? choices : nothing}
  </div>`;
}
