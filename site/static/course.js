// Everything on a page works without this file. It adds the color switch and the copy buttons,
// and lets a keyboard scroll the boxes that are wider than the screen.

const root = document.documentElement;
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const button = document.querySelector(".color-switch");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);
const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };

button.hidden = false;
label();
prefersDark.addEventListener("change", label);
button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* private mode: not kept */ }
  label();
});

const scrollable = document.querySelectorAll("pre, div.math, .table-scroll, .cell_output");
const reachable = () => {
  for (const box of scrollable) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
reachable();
addEventListener("resize", reachable);

for (const code of document.querySelectorAll(".cell_input .highlight, .article > section .highlight")) {
  if (code.querySelector(".copy") || !navigator.clipboard) continue;
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.querySelector("pre").textContent.trimEnd());
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  code.append(copy);
}
