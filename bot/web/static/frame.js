// The inner side of the iframe: options come from the address and from what the owner set up, acts from the page around,
// and only numbers go back.
const OPTIONS = ["site", "heading", "greeting", "starters", "logo", "theme", "lang", "dir"];
const asked = new URLSearchParams(location.search);
const site = asked.get("site") ?? "";
const kept = await fetch(`/widget/check?site=${encodeURIComponent(site)}`).then((answer) => (answer.status === 200 ? answer.json() : {})).catch(() => ({}));
const chat = document.createElement("rotation-chat");
for (const name of OPTIONS) {
  const value = asked.get(name) || kept.options?.[name];
  if (value) chat.setAttribute(name, value);
}
for (const name in kept.style) chat.style.setProperty(name, kept.style[name]);
document.documentElement.lang = chat.lang || asked.get("page") || navigator.language;
chat.setAttribute("inline", "");
chat.setAttribute("framed", "");
const tell = (name, detail) => parent !== window && parent.postMessage({ rotationChat: name, detail }, "*");
for (const name of ["ready", "close", "sent", "reply", "attention", "unread", "rated", "cleared"]) {
  chat.addEventListener(`chat-${name}`, ({ detail }) => tell(name, detail));
}
addEventListener("message", ({ source, data }) => {
  if (source !== parent || !data?.rotationChat) return;
  if (data.rotationChat === "show") chat.show();
  if (data.rotationChat === "hide") chat.open = false;
  if (data.rotationChat === "ask") chat.ask(data.text);
});
document.querySelector("main").append(chat);
