// Shows the widget with the options of the address, and the line that makes it so. Values are text, never markup.
const asked = new URLSearchParams(location.search);
const form = document.getElementById("options");
const script = document.createElement("script");
const attributes = [];
for (const field of form.elements) {
  const value = field.name ? asked.get(field.name) : "";
  if (!value) continue;
  field.value = value;
  if (["accent", "origin"].includes(field.name)) continue;
  script.dataset[field.name] = value;
  attributes.push(` data-${field.name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`);
}
const STANDARD = "#0f6e7c";
const accent = asked.get("accent");
if (accent && accent !== STANDARD && CSS.supports("color", accent)) {
  document.documentElement.style.setProperty("--rotation-accent", accent);
  document.getElementById("color-rule").textContent = `html { --rotation-accent: ${accent} }`;
  document.getElementById("color").hidden = false;
}
await sayState(asked.get("origin"));

/** Whether that website may embed the chat under this key. */
async function sayState(website) {
  if (!website) return;
  const state = document.getElementById("origin-state");
  if (!URL.canParse(website)) {
    state.textContent = "That is no address of a website.";
    return;
  }
  const { origin } = new URL(website);
  const answer = await fetch(`/widget/check?${new URLSearchParams({ site: asked.get("site") ?? "", origin })}`);
  if (answer.ok) state.textContent = `${origin} is listed under this site key: the chat works there.`;
  else if (answer.status === 403) state.textContent = `${origin} is not listed under this site key: the chat is refused there. List it in the console, under Websites, or in SITES.`;
}

const { loader } = await (await fetch("/widget/manifest.json")).json();
const line = (path, more = "") => `<script src="${location.origin}${path}"${more}${attributes.join("")} async></` + "script>";
document.getElementById("snippet").textContent = line("/widget.js");
document.getElementById("pinned").textContent = line(`/widget/${loader.file}`, ` integrity="${loader.integrity}" crossorigin="anonymous"`);

const list = document.getElementById("events");
const note = (event) => {
  const words = `${event.type} ${event.detail ? JSON.stringify(event.detail) : ""}`;
  list.textContent = list.textContent === "None yet." ? words : `${list.textContent}\n${words}`;
};
script.addEventListener("load", () => {
  for (const name of ["ready", "open", "close", "sent", "reply", "unread", "rated", "cleared"]) window.RotationChat.on(name, note);
});
document.getElementById("acts").addEventListener("click", ({ target }) => {
  if (target.dataset.act) window.RotationChat?.[target.dataset.act]("How much do rotations cost?");
});
script.src = "/widget.js";
document.body.append(script);

document.querySelector("main").addEventListener("click", async ({ target }) => {
  if (!target.dataset.copies) return;
  const block = document.getElementById(target.dataset.copies);
  try {
    await navigator.clipboard.writeText(block.textContent);
    target.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(block); // Without the clipboard: it is marked, ready for Ctrl+C.
  }
});
