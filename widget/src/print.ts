// The print view: the plan alone, in a window of its own, on paper colors.

import { render } from "lit";
import { timeline, type Setting } from "./parts.js";
import type { TimelinePart } from "./protocol.js";
import { paper } from "./styles.js";

const LONGEST_WAIT_MS = 2000;

/** Opens the print view and the print dialog; false when the browser allowed no window. */
export function printPlan(plan: TimelinePart, the: Setting, direction: string): boolean {
  const view = window.open("", "_blank") as (Window & typeof globalThis) | null;
  if (!view) return false;
  const { document: page } = view;
  page.title = plan.title;
  page.documentElement.lang = the.language;
  page.documentElement.dir = direction;
  const sheet = new view.CSSStyleSheet(); // Made by that window's own constructor: others are refused.
  sheet.replaceSync(paper);
  page.adoptedStyleSheets = [sheet];
  render(timeline(plan, { ...the, print: undefined }), page.body);
  const pictures = [...page.images].map((image) => { image.loading = "eager"; return image.decode().catch(() => undefined); });
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
  void Promise.race([Promise.all(pictures), late]).then(() => view.print());
  return true;
}
