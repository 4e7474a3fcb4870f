// Text from the server as Lit templates: never read as markup, and links lead to http(s) and mailto only.

import { html, nothing, type TemplateResult } from "lit";

const INLINE = /\*\*(.+?)\*\*|\*([^*\s](?:[^*\n]*[^*\s])?)\*|\[([^\]\n]+)\]\(([^()\s]+)\)/;
const BULLET = /^\s*[-*•]\s+/;
const NUMBER = /^\s*(\d{1,2})[.)]\s+/;
const SAFE = /^(https?:\/\/|mailto:|\/(?![/\\]))[^\s\\]*$/i; // The same as in bot/web/reply_json.py.

type Content = string | TemplateResult | Content[];

/** The full address, or "" when it is not one that a page may follow. Paths belong to the bot's `host`. */
export function safeLink(url: string | undefined, host: string): string {
  try {
    return url && SAFE.test(url) ? new URL(url, host).href : "";
  } catch {
    return "";
  }
}

/** A path on the bot's own host (a picture, a file), or "". */
export function ownPath(url: string | undefined, host: string): string {
  const address = safeLink(url, host);
  return address && new URL(address).origin === new URL(host).origin ? address : "";
}

/** A link, or its words alone when the address is not safe. */
export function link(url: string | undefined, words: Content, host: string): Content {
  const href = safeLink(url, host);
  return href ? html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${words}</a>` : words;
}

/** The small Markdown subset: paragraphs, lists, bold, italic, links. */
export function prose(text: string, host: string): TemplateResult {
  const blocks: { tag: "p" | "ul" | "ol"; lines: string[] }[] = [];
  let isOpen = false;
  for (const line of text.split("\n")) {
    const tag = BULLET.test(line) ? "ul" : NUMBER.test(line) ? "ol" : "p";
    const current = blocks.at(-1);
    if (!line.trim()) isOpen = false;
    else if (current?.tag === tag && (isOpen || tag !== "p")) current.lines.push(line);
    else blocks.push({ tag, lines: [line] });
    if (line.trim()) isOpen = true;
  }
  return html`<div class="prose" dir="auto">${blocks.map(({ tag, lines }) => {
    if (tag === "ul") return html`<ul>${lines.map((line) => html`<li>${inline(line.replace(BULLET, ""), host)}</li>`)}</ul>`;
    if (tag === "ol") return html`<ol>${lines.map((line) => html`<li value=${NUMBER.exec(line)?.[1] ?? nothing}>${inline(line.replace(NUMBER, ""), host)}</li>`)}</ol>`;
    return html`<p>${lines.map((line, i) => [i ? html`<br>` : "", inline(line, host)])}</p>`;
  })}</div>`;
}

function inline(text: string, host: string): Content[] {
  const nodes: Content[] = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const [whole, bold, italic, words, url] = found;
    nodes.push(rest.slice(0, found.index));
    nodes.push(bold ? html`<strong>${inline(bold, host)}</strong>` : italic ? html`<em>${inline(italic, host)}</em>` : link(url, words, host));
    rest = rest.slice(found.index + whole.length);
  }
  return [...nodes, rest];
}

/** "2026", "2026-05" or "2026-05-31" in words, or in short ones. */
export function day(date: string | undefined, language: string, style: "long" | "medium" = "long"): string {
  if (!date || !/^\d{4}(-\d\d){0,2}$/.test(date) || date.length === 4) return date ?? "";
  const form: Intl.DateTimeFormatOptions = date.length === 7 ? { month: style === "long" ? "long" : "short", year: "numeric" } : { dateStyle: style };
  const moment = new Date(`${date.padEnd(10, "-01")}T00:00:00Z`);
  return Number.isNaN(moment.getTime()) ? date : new Intl.DateTimeFormat(language, { ...form, timeZone: "UTC" }).format(moment);
}
