// What every page has: times in the reader's own zone, and in the menu and the title what waits right now.

const COUNTS_MS = 15_000;
const SOUND = "staff-sound";
const title = document.title;
let waited = null;

const two = (number) => String(number).padStart(2, "0");

/** The same moment on the reader's clock; the tooltip keeps UTC. */
function localize(time) {
  const at = new Date(time.dateTime);
  if (time.title || Number.isNaN(at.valueOf())) return;
  time.title = time.textContent;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  time.textContent = `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

const localizeAll = () => document.querySelectorAll("time[datetime*=T]").forEach(localize);
localizeAll();
new MutationObserver(localizeAll).observe(document.body, { childList: true, subtree: true });

/** Two short tones, for those who asked for them. */
function ring() {
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio, { frequency: 660 });
  const volume = new GainNode(audio, { gain: 0.08 });
  tone.connect(volume).connect(audio.destination);
  tone.frequency.setValueAtTime(880, audio.currentTime + 0.15);
  tone.start();
  tone.stop(audio.currentTime + 0.3);
  tone.addEventListener("ended", () => audio.close());
}

async function count() {
  const answer = await fetch(document.body.dataset.counts, { headers: { Accept: "application/json", "X-Poll": "1" } });
  if (!answer.ok || answer.redirected) return;
  const now = await answer.json();
  for (const badge of document.querySelectorAll("[data-count]")) {
    badge.textContent = now[badge.dataset.count];
    badge.hidden = badge.textContent === "0";
  }
  document.title = now.waiting === "0" ? title : `(${now.waiting}) ${title}`;
  if (waited !== null && Number(now.waiting) > waited && localStorage.getItem(SOUND)) ring();
  waited = Number(now.waiting);
}

if (document.body.dataset.counts) {
  count().catch(() => {});
  setInterval(() => count().catch(() => {}), COUNTS_MS);
}

const sound = document.querySelector("#sound");
if (sound) {
  sound.closest("label").hidden = false;
  sound.checked = Boolean(localStorage.getItem(SOUND));
  sound.addEventListener("change", () => {
    if (sound.checked) localStorage.setItem(SOUND, "on");
    else localStorage.removeItem(SOUND);
    if (sound.checked) ring();
  });
}

/** A list that other people change is fetched anew, unless somebody is choosing in it. */
const panes = document.querySelector("[data-live]");
if (panes) {
  setInterval(async () => {
    const list = document.querySelector(panes.dataset.live);
    if (document.hidden || list.querySelector(":checked") || list.contains(document.activeElement)) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Poll": "1" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(panes.dataset.live);
    const signature = (form) => form.querySelector("ul")?.textContent.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d( UTC)?/g, "");
    if (fresh && signature(fresh) !== signature(list)) list.replaceWith(fresh);
  }, COUNTS_MS);
}
