// The demo page asks through the widget's public interface, as a website would.
for (const button of document.querySelectorAll(".starters button")) {
  button.addEventListener("click", () => window.RotationChat?.ask(button.textContent));
}
