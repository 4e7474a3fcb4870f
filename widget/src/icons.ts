import { svg, html, type TemplateResult } from "lit";

const icon = (content: TemplateResult) => html`<svg viewBox="0 0 24 24" aria-hidden="true">${content}</svg>`;
const THUMB = "M7 11v9H3.5v-9zm0 0 4-8c1.6 0 2.6 1 2.6 2.6V9h5.2c1.3 0 2.2 1.2 1.9 2.4l-1.6 7c-.2 1-1 1.6-2 1.6H7";

export const chat = icon(svg`<path d="M4 5h16v11H9l-5 4z"/>`);
export const close = icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`);
export const menu = icon(svg`<path d="M5 7h14M5 12h14M5 17h14"/>`);
export const below = icon(svg`<path d="M12 5v14m-6-6 6 6 6-6"/>`);
export const person = icon(svg`<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4 4-6 8-6s7 2 8 6"/>`);
export const arrow = icon(svg`<path d="M12 19V5m-6 6 6-6 6 6"/>`);
export const up = icon(svg`<path d=${THUMB}/>`);
export const down = icon(svg`<path d=${THUMB} transform="rotate(180 12 12)"/>`);
