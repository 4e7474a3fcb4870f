// Shows the widget with the options of the address, and the line that makes it so. Values are text, never markup.
const asked = new URLSearchParams(location.search);
const form = document.getElementById("options");
const script = document.createElement("script");
const attributes = [];
for (const field of form.elements) {
  const value = field.name ? asked.get(field.name) : "";
  if (!value) continue;
  field.value = value;
  if (field.name === "accent") continue;
  script.dataset[field.name] = value;
  attributes.push(` data-${field.name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`);
}
if (CSS.supports("color", asked.get("accent") ?? "")) document.documentElement.style.setProperty("--rotation-accent", asked.get("accent"));

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
