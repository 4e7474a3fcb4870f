// Counts the sentences in sight, and narrows the list of facts to some words.
const chosen = () => document.querySelectorAll("input[name=message]:checked").length;

for (const area of document.querySelectorAll("[data-counted]")) {
  const output = document.getElementById(area.dataset.counted);
  const count = () => {
    const lines = area.value.split("\n").filter((line) => line.trim()).length;
    output.textContent = `${lines + chosen()} sentences in all.`;
  };
  area.form.addEventListener("input", count);
  count();
}

for (const field of document.querySelectorAll("[data-narrows]")) {
  const items = document.getElementById(field.dataset.narrows).children;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const item of items) item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
