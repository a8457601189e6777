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
// A formula is as wide as its font, which may arrive later than this script.
addEventListener("load", reachable);
document.fonts.addEventListener("loadingdone", reachable);

// What to copy: code, without the prompts and the outputs of an example in a console.
const codeOf = (text) => {
  const lines = text.trimEnd().split("\n");
  const prompts = lines.filter((line) => /^(>>>|\.\.\.|\$)( |$)/.test(line));
  if (!/^(>>>|\$)( |$)/.test(lines[0])) return lines.join("\n");
  return prompts.map((line) => line.replace(/^(>>>|\.\.\.|\$) ?/, "")).join("\n");
};

for (const code of document.querySelectorAll(".article .highlight")) {
  if (code.closest(".cell_output") || code.querySelector(".copy") || !navigator.clipboard) continue;
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(codeOf(code.querySelector("pre").textContent));
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  code.append(copy);
}

// Interactive figures: the slider shows one frame. The others are fetched when a reader reaches
// for it, before the first of them is needed.
for (const frames of document.querySelectorAll(".frames")) {
  const slider = frames.querySelector("input");
  const images = [...frames.querySelectorAll("img")];
  const fetchAll = () => { for (const image of images) image.loading = "eager"; };
  for (const sign of ["pointerenter", "touchstart", "focusin"]) {
    frames.addEventListener(sign, fetchAll, { once: true, passive: true });
  }
  slider.addEventListener("input", () => {
    images.forEach((image, index) => { image.style.display = index === Number(slider.value) ? "block" : "none"; });
    const { text, value } = images[slider.value].dataset;
    frames.querySelector("output").value = text;
    slider.setAttribute("aria-valuetext", value);
  });
  slider.closest("p").style.display = "";
}
