// The inner side of the iframe: options come from the address, acts from the page around, and only numbers go back.
const OPTIONS = ["site", "heading", "greeting", "starters", "theme", "lang", "dir"];
const asked = new URLSearchParams(location.search);
const chat = document.createElement("rotation-chat");
for (const name of OPTIONS) if (asked.get(name)) chat.setAttribute(name, asked.get(name));
document.documentElement.lang = asked.get("lang") || navigator.language;
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
