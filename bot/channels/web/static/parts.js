// Draws a reply with DOM nodes only: text from the server is never read as markup.

const DAY = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat("en-US", { month: "long", year: "numeric", timeZone: "UTC" });
const SVG = "http://www.w3.org/2000/svg";
const STATUS = { done: "Done", on_track: "On track", tight: "Tight", late: "Late" };
const VERDICT = { feasible: "Works", tight: "Tight", impossible: "Does not work" };
const INLINE = /\*\*(.+?)\*\*|\*([^*\s](?:[^*\n]*[^*\s])?)\*|\[([^\]\n]+)\]\(([^()\s]+)\)/;
const BULLET = /^\s*[-*•]\s+/;
const NUMBER = /^\s*\d{1,2}[.)]\s+/;

/** An element with attributes and children; strings become text. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false && value !== "") node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** A thumb; `up` or `down`. */
export function thumb(direction) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M7 11v9H3.5v-9zm0 0 4-8c1.6 0 2.6 1 2.6 2.6V9h5.2c1.3 0 2.2 1.2 1.9 2.4l-1.6 7c-.2 1-1 1.6-2 1.6H7");
  if (direction === "down") path.setAttribute("transform", "rotate(180 12 12)");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["width", "20"], ["height", "20"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
  svg.append(path);
  return svg;
}

/** All parts of a reply, in order. A part of an unknown kind is left out. */
export function parts(reply) {
  return reply.parts.map((part) => DRAW[part.type]?.(part)).filter(Boolean);
}

/** A link, or its words alone when the address is not http(s), mailto or our own path. */
export function link(url, words) {
  let address;
  try {
    address = new URL(url, location.href);
  } catch {
    return document.createTextNode(words);
  }
  if (!["http:", "https:", "mailto:"].includes(address.protocol)) return document.createTextNode(words);
  const foreign = address.origin !== location.origin;
  return el("a", { href: address.href, target: foreign && "_blank", rel: foreign && "noopener noreferrer nofollow" }, words);
}

/** The small Markdown subset: paragraphs, lists, bold, italic, links. */
export function prose(text) {
  const box = el("div", { class: "prose", dir: "auto" });
  let list = null;
  let lines = [];
  const endParagraph = () => {
    if (lines.length) box.append(el("p", {}, lines.flatMap((line, i) => (i ? [el("br"), ...inline(line)] : inline(line)))));
    lines = [];
  };
  for (const line of text.split("\n")) {
    const mark = BULLET.test(line) ? BULLET : NUMBER.test(line) ? NUMBER : null;
    if (mark) {
      endParagraph();
      const tag = mark === BULLET ? "UL" : "OL";
      if (list?.tagName !== tag) box.append((list = el(tag)));
      list.append(el("li", {}, inline(line.replace(mark, ""))));
    } else if (line.trim()) {
      list = null;
      lines.push(line);
    } else {
      endParagraph();
    }
  }
  endParagraph();
  return box;
}

function inline(text) {
  const nodes = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const [whole, bold, italic, words, url] = found;
    nodes.push(rest.slice(0, found.index));
    nodes.push(bold ? el("strong", {}, inline(bold)) : italic ? el("em", {}, inline(italic)) : link(url, words));
    rest = rest.slice(found.index + whole.length);
  }
  return [...nodes, rest].filter((node) => node !== "");
}

/** "2026", "2026-05" or "2026-05-31" in words. */
export function day(date) {
  if (!/^\d{4}(-\d\d){0,2}$/.test(date ?? "")) return date ?? "";
  if (date.length === 4) return date;
  return (date.length === 7 ? MONTH : DAY).format(new Date(`${date.padEnd(10, "-01")}T00:00:00Z`));
}

function sourceLines(sources, reviewed) {
  const lines = sources.filter(Boolean).map((source) =>
    el("li", {}, "Source: ", source.url ? link(source.url, source.title) : source.title, source.date ? `, ${day(source.date)}` : ""));
  if (reviewed) lines.push(el("li", {}, `Reviewed ${day(reviewed)}`));
  return lines.length ? el("ul", { class: "sources" }, lines) : null;
}

function card(item) {
  const facts = (item.facts ?? []).flatMap((fact) => [el("dt", {}, fact.label), el("dd", {}, fact.value)]);
  const confidence = item.confidence ? el("p", { class: "small" }, `Confidence in these facts: ${item.confidence}`) : null;
  return el("li", { class: "part card" },
    el("h3", {}, item.title),
    item.subtitle ? el("p", { class: "subtitle" }, item.subtitle) : null,
    item.why?.length ? el("ul", { class: "why", "aria-label": "Why it is here" }, item.why.map((why) => el("li", {}, why))) : null,
    facts.length ? el("dl", {}, facts) : null,
    item.notes ? prose(item.notes) : null,
    confidence,
    sourceLines([item.source]));
}

function milestone(item) {
  const span = [...new Set([item.earliest, item.latest].filter(Boolean).map(day))].join(" to ");
  const when = span && !item.earliest ? `by ${span}` : span;
  const estimated = item.estimated ? " (estimated)" : "";
  const status = item.status ?? "on_track";
  return el("li", { class: status },
    el("div", { class: "title" }, el("strong", {}, item.title), el("span", { class: `badge ${status}` }, STATUS[status] ?? status)),
    when ? el("p", { class: "when" }, when + estimated) : null,
    item.note ? prose(item.note) : null,
    sourceLines([item.source]));
}

function file(url, name) {
  return el("a", { class: "file", href: new URL(url, location.href).pathname, download: name }, name);
}

function picture(url, alt) {
  return url?.startsWith("/") ? el("img", { src: url, alt, loading: "lazy" }) : null;
}

const DRAW = {
  text: (part) => el("div", { class: "part text" }, prose(part.text), sourceLines(part.sources ?? [], part.reviewed)),
  notice: (part) => el("div", { class: `part notice ${part.level ?? "info"}` }, prose(part.text)),
  image: (part) => el("div", { class: "image" }, picture(part.url, part.alt)),
  file: (part) => (part.url ? file(part.url, part.name) : null),
  programs: (part) => el("div", { class: "wide" },
    el("ul", { class: "programs" }, part.cards.map(card)),
    part.total > part.cards.length ? el("p", { class: "small" }, `Showing ${part.cards.length} of ${part.total} programs.`) : null),
  comparison: (part) => el("div", { class: "part" },
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Comparison" },
      el("table", {},
        el("thead", {}, el("tr", {}, el("td", {}), part.columns.map((title) => el("th", { scope: "col" }, title)))),
        el("tbody", {}, part.rows.map((row) =>
          el("tr", {}, el("th", { scope: "row" }, row.label), row.values.map((value) => el("td", {}, value))))))),
    sourceLines(part.sources ?? [])),
  timeline: (part) => el("section", { class: "part timeline" },
    el("div", { class: "title" }, el("h3", {}, part.title), el("span", { class: `badge ${part.verdict}` }, VERDICT[part.verdict] ?? part.verdict)),
    picture(part.picture, `Chart of the plan: ${part.title}`),
    el("ol", {}, part.milestones.map(milestone)),
    el("div", { class: "actions" }, part.ics ? file(part.ics, "rotation-plan.ics") : null),
    part.computed ? el("p", { class: "small" }, `Computed on ${day(part.computed)}.`) : null),
};
