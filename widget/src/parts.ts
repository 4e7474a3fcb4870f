// Draws every kind of part of a reply. A part of an unknown kind is left out.

import { html, nothing, type TemplateResult } from "lit";
import { day, link, ownPath, prose } from "./prose.js";
import type { Card, ComparisonPart, Fact, Milestone, Part, ProgramsPart, Source, TextPart, TimelinePart } from "./protocol.js";
import { fill, label, type Strings, translated } from "./strings.js";

const MOST_CARDS = 3; // So a search fits one and a half screens; the others unfold.

/** What drawing needs to know of its surroundings. */
export interface Setting {
  host: string; language: string; strings: Strings;
  print?(plan: TimelinePart): void;
  enlarge?(part: TimelinePart | ComparisonPart): void;
  /** The plan as a picture; nothing while the drawing is loaded. */
  chart?(plan: TimelinePart): unknown;
}
type Drawn = TemplateResult | typeof nothing;

export function drawPart(part: Part, the: Setting): Drawn {
  switch (part.type) {
    case "text": return text(part, the);
    case "notice": return html`<div class="part boxed notice ${["warning", "error"].includes(part.level ?? "") ? part.level : ""}">${prose(translated(the.strings, part), the.host)}</div>`;
    case "image": return picture(part.url, part.alt, the);
    case "file": return file(part.url, part.name, part.name, the);
    case "programs": return programs(part, the);
    case "comparison": return comparison(part, the);
    case "timeline": return timeline(part, the);
    default: return nothing;
  }
}

/** A longer article is folded; its bubble is wide from the beginning, so that unfolding moves nothing. */
function text(part: TextPart, the: Setting): Drawn {
  const more = part.more?.trim();
  return html`<div class="part ${more ? "wide" : ""}">${prose(part.text, the.host)}
    ${more ? html`<details><summary>${the.strings.more}</summary>${prose(more, the.host)}</details>` : nothing}
    ${sources(part.sources ?? [], the, part.reviewed)}</div>`;
}

function programs(part: ProgramsPart, the: Setting): Drawn {
  const [first, rest] = [part.cards.slice(0, MOST_CARDS), part.cards.slice(MOST_CARDS)].map((cards) => cards.map((item) => card(item, the)));
  return html`<ul class="programs">${first}</ul>
    <div class="below">
      ${part.table ? html`<p class="small">${link(part.table, the.strings.table, the.host)}</p>` : nothing}
      ${rest[0] ? html`<details><summary>${fill(the.strings.moreCards, { n: rest.length })}</summary><ul class="programs">${rest}</ul></details>` : nothing}
    </div>`;
}

/** What decides stands at once; the other facts and the note are folded beside the button to the page. */
function card(item: Card, the: Setting): Drawn {
  const words = the.strings;
  const { why = [], caveats = [], facts: first = [], more = [], notes = "", source_note: note = "" } = item;
  const folded = `${notes}\n\n${note}`.trim();
  const chips = [...why, ...caveats].map((chip) => html`<li class=${why.includes(chip) ? "" : "open"} dir="auto">${chip}</li>`);
  return html`<li class="part boxed card">
    <h3 dir="auto">${item.title}</h3>
    ${item.subtitle ? html`<p class="soft" dir="auto">${item.subtitle}</p>` : nothing}
    ${chips[0] ? html`<ul class="why">${chips}</ul>` : nothing}
    ${facts(first)}
    <div class="row">
      ${item.source ? html`<p>${link(item.source.url, dated(item.confidence === "low" ? words.sourcePage : words.officialPage, item.source, the, "medium"), the.host)}</p>` : nothing}
      ${more[0] || folded ? html`<details><summary>${words.moreFacts}</summary>${facts(more)}${prose(folded, the.host)}</details>` : nothing}
    </div>
  </li>`;
}

const facts = (all: Fact[]) => all.map((fact) => html`<p dir="auto"><span class="soft">${fact.label}</span> ${fact.value}</p>`);

export function comparison(part: ComparisonPart, the: Setting): Drawn {
  return html`<div class="part boxed">
    <div class="scroll" tabindex="0" role="region" aria-label=${the.strings.comparison}>
      <table>
        <thead><tr><td></td>${part.columns.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
        <tbody>${part.rows.map((row) => html`<tr><th scope="row">${row.label}</th>${row.values.map((value) => html`<td>${value}</td>`)}</tr>`)}</tbody>
      </table>
    </div>
    ${sources(part.sources ?? [], the)}${larger(part, the)}
  </div>`;
}

function larger(part: TimelinePart | ComparisonPart, the: Setting): Drawn {
  return the.enlarge ? html`<button type="button" class="quiet" @click=${() => the.enlarge?.(part)}>${the.strings.enlarge}</button>` : nothing;
}

/** A plan; without `print` in the setting it is drawn for paper. */
export function timeline(part: TimelinePart, the: Setting): Drawn {
  const words = the.strings;
  return html`<section class="part boxed timeline">
    <div class="title"><h3 dir="auto">${part.title}</h3>${badge(part.verdict, words)}</div>
    ${the.chart?.(part) ?? nothing}
    <ol>${part.milestones.map((item) => milestone(item, the))}</ol>
    ${the.print ? html`<div class="actions">
      ${larger(part, the)}
      ${file(part.ics, "rotation-plan.ics", words.calendar, the)}
      <button type="button" class="quiet" @click=${() => the.print?.(part)}>${words.print}</button>
    </div>` : nothing}
    ${part.computed ? html`<p class="small" dir="auto">${fill(words.computed, { date: day(part.computed, the.language) })}</p>` : nothing}
  </section>`;
}

function milestone(item: Milestone, the: Setting): Drawn {
  const when = period(item, the);
  return html`<li class=${known(item.status ?? "on_track")}>
    <div class="title"><strong dir="auto">${item.title}</strong>${badge(item.status ?? "on_track", the.strings)}</div>
    ${when ? html`<p class="soft" dir="auto">${item.estimated ? fill(the.strings.estimated, { date: when }) : when}</p>` : nothing}
    ${item.note ? prose(item.note, the.host) : nothing}
    ${sources([item.source], the)}
  </li>`;
}

export function period(item: Milestone, the: Setting): string {
  const [from, to] = [day(item.earliest, the.language), day(item.latest, the.language)];
  if (from && to && from !== to) return fill(the.strings.span, { from, to });
  return from || (to && fill(the.strings.by, { date: to }));
}

function badge(code: string, words: Strings): Drawn {
  return html`<span class="badge ${known(code)}">${label(words, code)}</span>`;
}

const CODES = ["done", "on_track", "tight", "late", "feasible", "impossible"];
export const known = (code: string) => (CODES.includes(code) ? code : "");

function picture(url: string | undefined, alt: string, the: Setting): Drawn {
  const address = ownPath(url, the.host);
  return address ? html`<img src=${address} alt=${alt}>` : nothing;
}

function file(url: string | undefined, name: string, words: string, the: Setting): Drawn {
  const address = ownPath(url, the.host);
  return address ? html`<a class="file quiet" href=${address} download=${name} rel="noopener">${words}</a>` : nothing;
}

/** One line that unfolds: how many sources, and when they were reviewed. */
export function sources(all: (Source | null | undefined)[], the: Setting, reviewed?: string): Drawn {
  const [known, date] = [all.filter((source): source is Source => Boolean(source?.title)), reviewed && day(reviewed, the.language, "medium")];
  const checked = date && fill(the.strings.reviewed, { date });
  if (!known.length) return checked ? html`<p class="sources" dir="auto">${checked}</p>` : nothing;
  const count = known.length === 1 ? the.strings.sourceOne : fill(the.strings.sourceMany, { n: known.length });
  return html`<details class="sources"><summary dir="auto">${checked ? `${count}, ${checked}` : count}</summary>
    <ul>${known.map((source) => html`<li dir="auto">${named(source, the)}</li>`)}</ul></details>`;
}

function named(source: Source, the: Setting) {
  return [link(source.url, source.title, the.host), dated("", source, the)];
}

const dated = (words: string, { date }: Source, the: Setting, style?: "medium") => (date ? `${words}, ${day(date, the.language, style)}` : words);
