// <script src="https://host/widget.js" data-site="key" async></script>: draws the launcher, loads the rest when it is needed.
// Every data attribute becomes an attribute of the element. Budget: 2 KB gzip, so nothing is imported here.

declare const PARTS: Record<"rotation-chat" | "rotation-chat-frame" | "teaser", { file: string; integrity: string }>;

(() => {
  const own = (document.currentScript ?? document.querySelector('script[src*="/widget.js"]')) as HTMLScriptElement;
  const page = window as any;
  if (!own) return;
  if (page.RotationChat) return page.RotationChat.mount();
  const options = own.dataset;
  const host = new URL(own.src).origin;
  const site = options.site ?? "";
  const tag = options.mode === "iframe" ? "rotation-chat-frame" : "rotation-chat";
  const part = PARTS[tag];
  const chat: any = document.createElement(tag);
  const root: ShadowRoot = chat.attachShadow({ mode: "open" });
  const words = options.label ?? "Open chat";
  let loading: Promise<any> | undefined;

  /** Storage may be blocked; then nothing is known, and the teaser comes again on the next page. */
  const tried = <T>(act: () => T) => {
    try {
      return act();
    } catch {
      return;
    }
  };
  /** A page with Trusted Types allows the policy `rotation-chat`. */
  const policy = page.trustedTypes?.createPolicy("rotation-chat", { createScriptURL: (path: string) => path });

  const run = ({ file, integrity }: typeof part) => new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.type = "module";
    script.crossOrigin = "anonymous";
    script.integrity = integrity;
    script.nonce = own.nonce;
    script.onload = () => loaded(chat);
    script.onerror = () => { loading = undefined; failed(); };
    const url = `${host}/widget/${file}`;
    script.src = policy?.createScriptURL(url) ?? url;
    document.head.append(script);
  });
  const load = () => (loading ??= run(part));

  /** Brings the chat into the page, also after somebody has swapped the body or removed it. */
  const mount = () => { chat.isConnected || document.body?.append(chat); };
  const act = (name: string, ...rest: unknown[]) => {
    mount();
    return load().then((element) => element[name](...rest), () => console.error("Not loaded:", part.file));
  };
  page.RotationChat = {
    mount,
    open: () => act("show"),
    close: () => loading && act("hide"),
    ask: (text: string) => act("ask", text),
    on: (name: string, listener: (event: Event) => void) => {
      chat.addEventListener(`chat-${name}`, listener);
      return () => chat.removeEventListener(`chat-${name}`, listener);
    },
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host {
      all: initial !important; position: fixed !important; display: block !important; z-index: 2147483000 !important;
      inset-block-end: max(var(--rotation-edge, 20px), env(safe-area-inset-bottom)) !important; inset-inline-end: var(--rotation-edge, 20px) !important;
      font: 400 medium/1.4 var(--rotation-font, system-ui, sans-serif) !important;
    }
    :host([dir=rtl]) { direction: rtl !important; }
    :host([dir=ltr]) { direction: ltr !important; }
    :host([side=start]) { inset-inline: var(--rotation-edge, 20px) auto !important; }
    .launcher {
      width: 60px; height: 60px; border: 0; border-radius: 50%; cursor: pointer; padding: 16px;
      background: var(--rotation-accent, #0f6e7c); color: var(--rotation-on-accent, #fff); box-shadow: 0 4px 16px rgb(0 20 30 / 30%);
    }
    :focus-visible { outline: 3px solid #0f6e7c; outline-offset: 2px; box-shadow: 0 0 0 2px #fff; }
    svg { display: block; fill: none; stroke: currentcolor; stroke-width: 1.8; }
    @media (forced-colors: active) { .launcher { border: 1px solid; } }
    @media print { :host { display: none !important; } }
  `);
  root.adoptedStyleSheets = [sheet];
  for (const [name, value] of Object.entries(options)) if (/^(?!on)[a-z]+$/.test(name)) chat.setAttribute(name, value);
  chat.setAttribute("host", host);

  const button = document.createElement("button");
  button.className = "launcher";
  button.type = "button";
  button.ariaLabel = words;
  button.ariaHasPopup = "dialog";
  button.onclick = page.RotationChat.open;
  const drawn = (tag: string, name: string, value: string) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    node.setAttribute(name, value);
    return node;
  };
  const picture = drawn("svg", "viewBox", "0 0 24 24");
  picture.append(drawn("path", "d", "M4 5h16v11H9l-5 4z"));
  button.append(picture);
  root.append(button);

  /** What the owner set up in the console; what the line or the page says comes first. */
  const look = async () => {
    const answer = await fetch(`${host}/widget/check?site=${encodeURIComponent(site)}`);
    const { error, options: set, style } = await answer.json();
    if (answer.status === 403) {
      console.error(error.message);
      chat.setAttribute("refused", error.message);
    }
    for (const name in set) name in options || chat.setAttribute(name, set[name]);
    for (const name in style) getComputedStyle(chat).getPropertyValue(name) || chat.style.setProperty(name, style[name]);
  };

  const start = () => {
    mount();
    const seen = look().catch(() => 0);
    new MutationObserver(mount).observe(document.documentElement, { childList: true });
    const isKnown = tried(() => localStorage.getItem(`rotation-chat:${site}`) || sessionStorage.getItem("rotation-chat-open") === `${site}+`);
    if (isKnown || "open" in options) seen.then(load).catch(() => 0);
    else if (options.teaser && !tried(() => sessionStorage.getItem("rotation-chat-teased"))) setTimeout(() => loading ?? run(PARTS.teaser), Number(options.delay ?? 5) * 1000);
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
