// Without script, and on a phone held upright, the slides are one page to scroll. Everywhere else
// this turns them into a deck.
(() => {
  const root = document.documentElement;
  const upright = matchMedia("(max-width: 600px) and (orientation: portrait)");
  const printing = /print-pdf/i.test(location.search);
  const inSpeakerView = /receiver/i.test(location.search);

  if (upright.matches && !printing && !inSpeakerView) {
    // What scrolls sideways can be reached with the keyboard. A formula is as wide as its font,
    // which may arrive later than this script.
    const boxes = document.querySelectorAll("pre, .math, table");
    const reachable = () => {
      for (const box of boxes) {
        if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
        else box.removeAttribute("tabindex");
      }
    };
    reachable();
    addEventListener("resize", reachable);
    addEventListener("load", reachable);
    document.fonts.addEventListener("loadingdone", reachable);
    upright.addEventListener("change", () => location.reload());
    return;
  }

  root.classList.remove("handout");
  root.classList.toggle("embedded-view", inSpeakerView);

  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    minScale: 0.1,
    maxScale: 4,
    center: false,
    hash: true,
    defaultTiming: 120, // each slide states its own; without this the speaker sees no pacing
    controls: false,
    progress: true,
    transition: "none",
    backgroundTransition: "none",
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    plugins: [RevealNotes],
  });

  const steps = document.querySelector(".steps");
  const place = steps.querySelector(".place");
  const show = () => {
    place.textContent = `${Reveal.getSlidePastCount() + 1} / ${Reveal.getTotalSlides()}`;
    steps.querySelector("[data-step=prev]").disabled = Reveal.isFirstSlide();
    steps.querySelector("[data-step=next]").disabled = Reveal.isLastSlide();
  };
  steps.addEventListener("click", (event) => {
    const step = event.target.dataset.step;
    if (step) Reveal[step]();
  });
  Reveal.on("ready", () => {
    steps.hidden = false;
    show();
  });
  Reveal.on("slidechanged", show);
})();
