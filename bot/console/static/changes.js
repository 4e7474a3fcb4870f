// Shows how far a candidate is, and the comparison as soon as there is one.
const card = document.querySelector("[data-progress]");
const every = 1000;

async function look() {
  try {
    const answer = await fetch(card.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) return location.reload();
    const now = await answer.json();
    if (!now.is_working) return location.reload();
    card.querySelector("progress").value = now.progress;
    const step = card.querySelector(".step");
    if (step.textContent !== now.step) step.textContent = now.step;
  } catch {
    // The connection is gone for a moment; the next look may succeed.
  }
  setTimeout(look, every);
}

if (card) setTimeout(look, every);
