// The page's title counts what came while nobody looked, "(1) Clinic", until somebody does.

let count = 0;
let title = "";
let shown = "";

export function attend(): void {
  if (document.hasFocus()) return;
  if (!count) addEventListener("focus", calm, { once: true });
  if (document.title !== shown) title = document.title; // The page may have changed it meanwhile.
  count += 1;
  document.title = shown = `(${count}) ${title}`;
}

function calm(): void {
  if (document.title === shown) document.title = title;
  count = 0;
  shown = "";
}
