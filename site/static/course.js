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

// A derivation has its reasons in a last column, which a narrow screen cuts off. There the same
// pieces stand as lines of a grid, the reason of a step under it; what is read aloud stays.
const setSteps = (formula) => {
  const columns = [...formula.querySelector(".mtable").children].filter((n) => /col-align/.test(n.className));
  const rows = columns.map((column) => [...column.querySelector(".vlist").children]);
  const reasons = rows.at(-1);
  if (rows.length < 4 || !reasons.some((row) => row.textContent.trim())) return;
  const steps = document.createElement("div");
  steps.className = "katex steps";
  steps.setAttribute("aria-hidden", "true");
  const cell = (name, parts) => {
    const made = document.createElement("span");
    made.className = name;
    for (const part of parts) if (part) made.append(...[...part.cloneNode(true).children].filter((n) => !n.matches(".pstrut")));
    for (const word of name === "steps__reason" ? made.querySelectorAll(".text *") : []) {
      // Words of a formula never break; here they are a sentence.
      if (!word.children.length) word.textContent = word.textContent.replaceAll("\u00a0", " ");
    }
    steps.append(made);
  };
  reasons.forEach((reason, row) => {
    cell("steps__left", [rows[0][row]]);
    cell("steps__right", rows.slice(1, -1).map((column) => column[row]));
    if (reason.textContent.trim()) cell("steps__reason", [reason]);
  });
  formula.classList.add("has-steps");
  formula.append(steps);
};
const narrow = matchMedia("(max-width: 40rem)");
const setAllSteps = () => {
  if (!narrow.matches) return;
  for (const table of document.querySelectorAll("div.math:not(.has-steps) .katex-html > .base > .mord > .mtable")) {
    setSteps(table.closest("div.math"));
  }
};
setAllSteps();
narrow.addEventListener("change", setAllSteps);

const scrollable = document.querySelectorAll("pre, div.math, .table-scroll, .cell_output");
const showMore = (box) => {
  box.toggleAttribute("data-more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
};
const reachable = () => {
  for (const box of scrollable) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    showMore(box);
  }
};
for (const box of scrollable) box.addEventListener("scroll", () => showMore(box), { passive: true });
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
  slider.addEventListener("input", async () => {
    const next = images[slider.value];
    const { text, value } = next.dataset;
    frames.querySelector("output").value = text;
    slider.setAttribute("aria-valuetext", value);
    // The last frame stays until the next one can be shown, or cannot be.
    next.loading = "eager";
    await next.decode().catch(() => {});
    if (next !== images[slider.value]) return; // moved on meanwhile
    for (const image of images) image.style.display = image === next ? "block" : "none";
  });
  slider.closest("p").style.display = "";
}

// "On this page" follows the reader: the last heading that has passed the top is marked.
const places = [...document.querySelectorAll(".page-toc--aside a")]
  .map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))])
  .filter(([, place]) => place);
let marked = null;
const follow = () => {
  const passed = places.filter(([, place]) => place.getBoundingClientRect().top < innerHeight / 4);
  const link = passed.at(-1)?.[0] ?? null;
  if (link === marked) return;
  marked?.removeAttribute("aria-current");
  marked = link;
  marked?.setAttribute("aria-current", "true");
  const list = marked?.closest(".page-toc");
  // The list scrolls, and not the page.
  if (list) list.scrollTop += marked.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 2;
};
if (places.length) {
  addEventListener("scroll", follow, { passive: true });
  addEventListener("resize", follow);
  follow();
}
