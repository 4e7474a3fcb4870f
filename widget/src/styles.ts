// Constructable style sheets: they need no 'unsafe-inline' in a page's Content Security Policy.
// Sizes of text follow the visitor's own setting (`medium`), never the page's, and everything is logical for RTL.

import { css, unsafeCSS } from "lit";

const light = unsafeCSS(`
  --accent: var(--rotation-accent, #0f6e7c); --on-accent: var(--rotation-on-accent, #fff);
  --back: var(--rotation-background, #f3f6f7); --panel: var(--rotation-surface, #fff);
  --text: var(--rotation-text, #17262b); --soft: var(--rotation-text-soft, #50636a);
  --link: var(--rotation-link, var(--accent));
  --line: #d5dfe2; --control: #73878e; --tint: #e3f1f3; --warn-back: #fff4dc; --warn: #7a4b00;
  --error-back: #fde7e6; --error: #9c1c14; --good: #17663a; color-scheme: light;
`);
const dark = unsafeCSS(`
  --accent: var(--rotation-accent-dark, #5cc3d2); --on-accent: var(--rotation-on-accent-dark, #06272d);
  --back: var(--rotation-background-dark, #10191c); --panel: var(--rotation-surface-dark, #1a262a);
  --text: var(--rotation-text-dark, #e8f0f2); --soft: var(--rotation-text-soft-dark, #a3b6bc);
  --link: var(--rotation-link-dark, var(--accent));
  --line: #32444a; --control: #7d939a; --tint: #1d353b; --warn-back: #3a2f14; --warn: #ffd88a;
  --error-back: #421d1b; --error: #ffb4ae; --good: #7fd6a3; color-scheme: dark;
`);

/** Beats rules of the page that hit the element itself; inherited things are set anew. */
const host = css`
  :host {
    all: initial !important; position: fixed !important; display: block !important; z-index: 2147483000 !important;
    inset-block-end: max(var(--rotation-edge, 20px), env(safe-area-inset-bottom)) !important;
    inset-inline-end: var(--rotation-edge, 20px) !important;
    font: 400 medium/1.5 var(--rotation-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif) !important;
    color: var(--text) !important;
  }
  :host([dir=ltr]) { direction: ltr !important; }
  :host([dir=rtl]) { direction: rtl !important; }
  :host([side=start]) { inset-inline: var(--rotation-edge, 20px) auto !important; }
  :host([inline]) { position: relative !important; inset: auto !important; height: 100% !important; z-index: auto !important; }
  @media print { :host { display: none !important; } }
`;

export const styles = [css`
  :host { ${light} }
  :host([theme=dark]) { ${dark} }
  @media (prefers-color-scheme: dark) { :host(:not([theme=light])) { ${dark} } }
`, host, css`
  * { box-sizing: border-box; }
  [hidden] { display: none !important; }
  h2, h3, p, ul, ol, dl, dd { margin: 0; padding: 0; font-size: 1em; }
  ul, ol { list-style: none; }
  button, textarea, input { font: inherit; color: inherit; letter-spacing: inherit; }
  button { cursor: pointer; touch-action: manipulation; }
  a { color: var(--link); text-underline-offset: .15em; }
  svg { width: 24px; height: 24px; display: block; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
  :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .small, .soft, .state, .sources, .row, .why li, .badge, .status, .about, .reason label { font-size: calc(13em / 15); line-height: 1.4; }
  .small, .soft, .state { color: var(--soft); }

  .launcher {
    position: relative; width: 60px; height: 60px; border: 0; border-radius: 50%; display: grid; place-items: center;
    background: var(--accent); color: var(--on-accent); box-shadow: 0 4px 16px rgb(0 20 30 / 30%);
  }
  .launcher svg { width: 28px; height: 28px; }
  .badge-count {
    position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 24px; height: 24px; padding: 0 6px; border-radius: 12px;
    background: #b3261e; color: #fff; font-size: 14px; line-height: 24px; font-weight: 600; text-align: center;
  }

  .panel {
    position: fixed; inset: auto; inset-block-end: max(var(--rotation-edge, 20px), env(safe-area-inset-bottom)); inset-inline-end: var(--rotation-edge, 20px);
    width: min(var(--rotation-width, 408px), calc(100vw - 40px)); height: min(var(--rotation-height, 660px), calc(100dvh - 40px));
    max-width: none; max-height: none; margin: 0; padding: 0; display: flex; flex-direction: column; overflow: hidden;
    background: var(--back); color: var(--text); border: 1px solid var(--line); border-radius: var(--rotation-radius, 16px);
    box-shadow: 0 12px 40px rgb(0 20 30 / 25%); overflow-wrap: anywhere; text-align: start; font-size: .9375em; line-height: calc(22 / 15);
  }
  :host([wide]) { --rotation-width: 720px; --rotation-height: 100dvh; }
  .panel:focus { outline: none; }
  .panel::backdrop { background: none; }
  dialog:not([open]) { display: none; }
  :host([side=start]) .panel { inset-inline: var(--rotation-edge, 20px) auto; }
  :host([inline]) .panel { position: relative; inset: auto; width: 100%; height: 100%; border-radius: 0; border: 0; box-shadow: none; }

  .head { display: flex; align-items: center; gap: 4px; min-height: 64px; padding-block: 8px; padding-inline: 16px 8px; background: var(--accent); color: var(--on-accent); }
  .head :is(.icon, .small) { color: inherit; }
  .head .icon:hover { background: rgb(255 255 255 / 18%); color: inherit; }
  .head .icon:focus-visible { outline-color: currentcolor; outline-offset: -4px; }
  .head .avatar { width: 36px; height: 36px; margin-inline-end: 8px; background: var(--on-accent); color: var(--accent); }
  .avatar { flex: none; display: grid; place-items: center; width: 24px; height: 24px; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-weight: 600; }
  .avatar.person { background: var(--text); color: var(--back); }
  .avatar svg { width: 60%; height: 60%; }
  .avatar img { width: 100%; height: 100%; border-radius: 50%; object-fit: cover; }
  .menu { position: relative; z-index: 2; }
  .name { flex: 1; min-width: 0; line-height: 1.3; }
  .name h2 { font-weight: 650; }
  .icon { flex: none; width: 44px; height: 44px; padding: 0; display: grid; place-items: center; border: 0; border-radius: 10px; background: none; color: var(--soft); }
  .icon:hover, .icon[aria-pressed=true] { background: var(--tint); color: var(--link); }
  .icon[aria-pressed=true] svg { fill: currentcolor; }

  .talk { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 16px; display: flex; flex-direction: column; gap: 20px; scroll-behavior: smooth; scrollbar-gutter: stable; }
  .talk:focus-visible { outline-offset: -3px; }
  .welcome { display: grid; gap: 12px; }
  .log { display: flex; flex-direction: column; gap: 20px; }
  .same { margin-block-start: -16px; }
  .day { align-self: center; }
  td, time, .status { unicode-bidi: plaintext; }
  .who { display: flex; align-items: center; gap: 8px; }
  .log:empty { display: none; }
  .visitor { position: relative; align-self: flex-end; max-width: 88%; display: grid; justify-items: end; gap: 4px; }
  .said { background: var(--accent); color: var(--on-accent); padding: 8px 14px; border-radius: 16px; border-end-end-radius: 4px; white-space: pre-wrap; }
  .said summary { display: grid; padding: 0; color: inherit; }
  .said summary span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 5; overflow: hidden; }
  .said[open] span { display: block; }
  .said:not([open]) b + b, .said[open] b:not(b + b) { display: none; }
  .state.sending { position: absolute; inset-block-start: 100%; inset-inline-end: 0; white-space: nowrap; }
  .state.failed { color: var(--error); }
  .bot { display: grid; gap: 4px; justify-items: start; min-width: 0; }
  .bot > * { max-width: 100%; min-width: 0; }
  .about { color: var(--soft); border-inline-start: 3px solid var(--line); padding-inline-start: 8px; }

  .boxed { margin-block: 4px; background: var(--panel); border: 1px solid var(--line); border-radius: 14px; padding: 11px 14px; }
  .prose { display: grid; gap: 8px; }
  .prose ul, .prose ol { padding-inline-start: 1.3em; display: grid; gap: 3px; list-style: disc; }
  .prose ol { list-style: decimal; }
  .programs, .wide { width: 100%; }
  summary { padding-block: 11px; color: var(--link); cursor: pointer; }
  .notice { border-inline-start: 4px solid var(--link); border-radius: 8px; }
  .notice.warning, .why .open { background: var(--warn-back); color: var(--warn); border-color: currentcolor; }
  .notice.error { background: var(--error-back); color: var(--error); border-color: currentcolor; }
  .notice a { color: inherit; }
  ul.programs { display: grid; gap: 8px; }
  .card { display: grid; gap: 3px; padding-block: 8px 0; }
  h3 { line-height: 1.3; font-weight: 650; }
  .card:not(:has([open])) > p { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
  .why { display: flex; flex-wrap: wrap; gap: 5px; }
  .why li, .badge { background: var(--tint); border-radius: 12px; padding: 1px 9px; }
  .row, .below { display: flex; flex-wrap: wrap; justify-content: space-between; }
  :is(.row, .below) > [open] { flex-basis: 100%; }
  .row p, .row summary, .below > p { padding-block: 4px; }
  .scroll { overflow-x: auto; }
  .boxed > .quiet { margin-top: 8px; }
  table { border-collapse: collapse; min-width: 100%; }
  th, td { text-align: start; vertical-align: top; padding: 7px 8px; border-bottom: 1px solid var(--line); min-width: 6em; overflow-wrap: anywhere; }
  td:first-child { min-width: 0; }
  th { font-weight: 600; }
  tbody th { min-width: 4em; color: var(--soft); font-weight: 500; padding-inline-start: 0; }
  tbody tr:last-child > * { border-bottom: 0; }
  .title { display: flex; flex-wrap: wrap; gap: 3px 8px; align-items: center; }
  img { max-width: 100%; max-height: 340px; border-radius: 8px; display: block; background: #fff; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; }
  .quiet {
    display: inline-flex; align-items: center; min-height: 44px; padding: 6px 14px; border: 1px solid var(--control); border-radius: 10px;
    background: var(--panel); color: var(--text); text-decoration: none;
  }
  .quiet:hover { background: var(--tint); }
  .chips { display: flex; gap: 8px; overflow-x: auto; margin-inline: -12px; padding: 4px 12px; scrollbar-width: thin; }
  .chips > li { flex: none; max-width: 85%; }
  .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9em, 100%), 1fr)); gap: 8px; }
  .chips :is(button, a), .tiles button {
    display: inline-block; min-height: 44px; padding: 10px 16px; border: 1px solid var(--link); border-radius: 22px; background: var(--panel);
    color: var(--link); text-decoration: none; text-align: start;
  }
  .tiles button { width: 100%; height: 100%; min-height: 64px; border-radius: 14px; border-color: var(--control); font-weight: 600; }
  :is(.chips, .tiles) :is(button, a):hover { background: var(--tint); }
  .thumbs { display: flex; margin-block: -6px; }
  .thumbs svg { width: 20px; height: 20px; }
  .reason { display: flex; flex-wrap: wrap; gap: 6px; width: 100%; align-items: end; }
  .reason label { flex: 1 1 100%; color: var(--soft); }
  .reason input { flex: 1; min-width: 0; min-height: 44px; padding: 6px 12px; border: 1px solid var(--control); border-radius: 10px; background: var(--panel); }
  .writing { align-self: flex-start; display: inline-flex; gap: 5px; padding-block: 7px; }
  .writing i { width: 8px; height: 8px; border-radius: 50%; background: var(--soft); animation: breathe 1.2s infinite ease-in-out; }
  .writing i:nth-of-type(2) { animation-delay: .15s; }
  .writing i:nth-of-type(3) { animation-delay: .3s; }
  @keyframes breathe { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }

  .foot { position: relative; z-index: 0; padding: 4px 12px max(12px, env(safe-area-inset-bottom)); display: grid; gap: 6px; }
  .newer { position: absolute; inset-block-end: calc(100% + 8px); inset-inline-start: calc(50% - 22px); width: 44px; height: 44px; padding: 0; display: grid; place-items: center; border: 1px solid var(--control); border-radius: 50%; background: var(--panel); color: var(--link); }
  .newer::after { content: ""; position: absolute; z-index: -1; inset-block: auto -9px; inset-inline-start: -50vw; width: 100vw; height: 28px; background: linear-gradient(transparent, var(--back)); pointer-events: none; }
  .status:not(:empty) { padding: 6px 12px; border-radius: 8px; background: var(--warn-back); color: var(--warn); }
  .composer { display: flex; gap: 8px; align-items: flex-end; background: var(--panel); border: 1px solid var(--control); border-radius: 24px; padding: 4px; padding-inline-start: 16px; }
  .composer:focus-within { outline: 2px solid var(--link); border-color: var(--link); }
  textarea:focus-visible { outline: none; }
  textarea { flex: 1; font-size: calc(16em / 15); border: 0; background: none; resize: none; padding: 8px 0; min-height: 40px; max-height: 7.5em; min-width: 0; field-sizing: content; line-height: 1.5; }
  textarea::placeholder { color: var(--soft); opacity: 1; }
  .send { flex: none; width: 44px; height: 44px; padding: 0; border: 0; border-radius: 50%; background: var(--tint); color: var(--soft); display: grid; place-items: center; }
  .send.ready { background: var(--accent); color: var(--on-accent); }
  .count { text-align: end; }
  .count.over { color: var(--error); font-weight: 600; }


  @media (max-width: 480px), (max-height: 480px) {
    :host(:not([inline])) .panel { inset: 0; inset-block-start: var(--seen-top, 0px); width: 100%; height: var(--seen-height, 100dvh); border: 0; border-radius: 0; }
    .talk { padding: 12px; }
  }
  @media (max-height: 480px) { .head { min-height: 0; padding-block: 2px; } .head .small { display: none; } }
  @media (prefers-reduced-motion: reduce) { .writing i { animation: none; opacity: .7; } .talk { scroll-behavior: auto; } }
  @media (prefers-reduced-motion: no-preference) {
    dialog.panel[open] { animation: rise .12s ease-out; }
    @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
  }
  @media (forced-colors: active) {
    .launcher, .send, .said, .head, .avatar, .badge, .why li, .danger, .main, .badge-count, .icon[aria-pressed=true] { border: 1px solid; }
    .writing i { background: CanvasText; }
  }
`];
