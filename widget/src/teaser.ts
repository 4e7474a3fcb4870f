// The line beside the launcher, once per visit; run by the loader while nobody has opened the chat.

const chat = document.querySelector<HTMLElement>("rotation-chat, rotation-chat-frame");
const root = chat?.shadowRoot;
const launcher = root?.querySelector<HTMLElement>(".launcher");

const STYLE = `
  .teaser { position: absolute; inset-block-end: 76px; inset-inline-end: 0; display: flex; background: #fff; color: #17262b; border: 1px solid #d5dfe2; border-radius: 12px; box-shadow: 0 4px 16px rgb(0 20 30 / 20%); }
  :host([side=start]) .teaser { inset-inline: 0 auto; }
  .teaser button { font: inherit; color: inherit; background: none; border: 0; min-height: 44px; min-width: 44px; cursor: pointer; }
  .teaser button:first-child { width: max-content; max-width: min(260px, 60vw); text-align: start; padding: 10px 0 10px 14px; }
`;

if (root && launcher && !customElements.get(chat.localName)) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets.push(sheet);
  const bubble = document.createElement("div");
  bubble.className = "teaser";
  const add = (words: string, act: () => void) => {
    const button = document.createElement("button");
    button.textContent = words;
    button.onclick = () => {
      bubble.remove();
      try {
        sessionStorage.setItem("rotation-chat-teased", "1");
      } catch {
        // Then it comes again on the next page.
      }
      act();
    };
    bubble.append(button);
    return button;
  };
  add(chat.getAttribute("teaser") ?? "", () => launcher.click());
  add("×", () => launcher.focus()).ariaLabel = chat.getAttribute("dismiss") ?? "Dismiss";
  root.append(bubble);
}
