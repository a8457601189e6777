// The search page. It finds a loss by any of its names first, then headings, terms of the
// glossary, functions, and at last the pages that hold the words. Nothing is fetched: the index
// is a script, so this works from a disk as well.

const Search = (() => {
  let index = null;
  const stemmer = new Stemmer();
  const MOST = 30;
  const WHOLE = 20; // a page with all the words has at least this score
  // Words that people put around a name and that tell nothing apart here.
  const AROUND = new Set(["loss", "losses", "function", "functions", "cost", "the", "a", "an", "of", "in", "is", "what"]);

  // "Kullback–Leibler", "kullback leibler" and "KULLBACK-LEIBLER" are the same words.
  const words = (text) => text
    .replace(/([a-z\d])([A-Z][a-z])/g, "$1 $2").replace(/ø/gi, "o")
    .normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/u).filter(Boolean);
  const joined = (list) => list.join("");
  const core = (list) => list.filter((word) => !AROUND.has(word));
  const stems = (list) => list.map((word) => stemmer.stemWord(word));

  const begins = (word, start) => word === start || (start.length > 1 && word.startsWith(start));

  // How many letters must be added, taken away or changed to turn one word into the other.
  const distance = (a, b) => {
    let row = [...b].map((_, i) => i + 1);
    [...a].forEach((letter, i) => {
      let corner = i;
      let left = i + 1;
      row = row.map((above, j) => {
        left = Math.min(left + 1, above + 1, corner + (letter === b[j] ? 0 : 1));
        corner = above;
        return left;
      });
    });
    return row.at(-1);
  };

  // How well a name answers what was asked, 0 for not at all.
  const match = (asked, name) => {
    const a = joined(asked.all), n = joined(name.all), ac = joined(asked.core), nc = joined(name.core);
    if (a === n) return 100;
    if (ac && ac === nc) return 96;
    if (!ac) return 0;
    if (ac.length > 1 && nc.startsWith(ac)) return 80;
    if (asked.core.every((word) => name.all.some((other) => begins(other, word)))) return 64;
    if (nc.length > 1 && ` ${asked.all.join(" ")} `.includes(` ${name.core.join(" ")} `)) return 38;
    return 0;
  };

  const prepare = (text) => { const all = words(text); return { all, core: core(all), stems: stems(core(all)) }; };

  // Headings and terms: every word must occur; the last one may be only begun.
  const inTitle = (asked, title) => {
    if (joined(asked.all) === joined(title.all)) return 90;
    const wanted = asked.stems.length ? asked.stems : stems(asked.all);
    const there = new Set(stems(title.all));
    const begun = asked.all.at(-1);
    const all = wanted.every((stem, position) => there.has(stem)
      || (position === wanted.length - 1 && begun.length > 2 && title.all.some((word) => word.startsWith(begun))));
    return all && wanted.length ? 40 + (8 * wanted.length) / title.all.length : 0;
  };

  const pagesWith = (stem) => {
    const found = new Map();
    for (const [terms, score] of [[index.terms, 1], [index.titleterms, 3]]) {
      const pages = Object.hasOwn(terms, stem) ? terms[stem] : [];
      for (const page of [pages].flat()) found.set(page, Math.max(score, found.get(page) ?? 0));
    }
    return found;
  };

  const inText = (asked) => {
    const plain = asked.all.filter((word) => !stopwords.includes(word));
    const counts = new Map();
    for (const stem of new Set(stems(plain))) {
      for (const [page, score] of pagesWith(stem)) {
        const [number, sum] = counts.get(page) ?? [0, 0];
        counts.set(page, [number + 1, sum + score]);
      }
    }
    const wanted = new Set(stems(plain)).size;
    return [...counts].map(([page, [number, sum]]) => ({ page, score: (number === wanted ? WHOLE : 0) + sum, whole: number === wanted }));
  };

  // A name that was misspelled by a letter, or by two in a long one.
  const nearest = (asked) => {
    const a = joined(asked.core);
    if (a.length < 4) return [];
    return index.losses.flatMap(({ names }) => names)
      .map((name) => [distance(a, joined(prepare(name).core)), name])
      .filter(([far]) => far <= (a.length < 8 ? 1 : 2))
      .sort((x, y) => x[0] - y[0]).slice(0, 1).map(([, name]) => name);
  };

  // "exercise 3.2", "fig. 5.3", "chapter 7", "3.2": each of these has a number.
  const NUMBERED = /^(?:(chapter|ch|exercise|ex|figure|fig|section|sec|§)[.\s]*)?(\d+(?:\.\d+)*)$/i;
  const KINDS = { ch: "chapter", ex: "exercise", fig: "figure", sec: "section", "§": "section" };

  const numbered = (query) => {
    const [, word, number] = NUMBERED.exec(query.trim()) ?? [];
    if (!number) return [];
    const wanted = word && (KINDS[word.toLowerCase()] ?? word.toLowerCase());
    const chapters = index.pages.map((_, page) => ({ what: "page", title: index.titles[page], page, anchor: "", number: index.chapters[page], kind: "chapter" }));
    const sections = index.sections.map(([shown, title, page, anchor]) => ({ what: "heading", title, page, anchor, number: shown, kind: anchor.startsWith("ex-") ? "exercise" : "section" }));
    const figures = index.figures.map(([shown, title, page, anchor]) => ({ what: "heading", title, page, anchor, number: shown, kind: "figure" }));
    return [...chapters, ...sections, ...figures]
      .filter(({ number: shown, kind: its }) => shown.replace(/^\D+/, "") === number && (!wanted || wanted === its))
      .map((result) => ({ ...result, score: 120 }));
  };

  const kind = { section: 0, heading: 0, glossary: -1, function: -2 };

  const find = (query) => {
    const asked = prepare(query);
    if (!asked.all.length) return [];
    const best = new Map();
    const add = (result) => {
      const key = `${result.page}#${result.anchor}`;
      const old = best.get(key);
      if (!old || result.score > old.score) best.set(key, result);
    };
    numbered(query).forEach(add);
    index.losses.forEach(({ names, places }, order) => {
      const [score, name] = names
        .map((text) => [match(asked, prepare(text)), text])
        .reduce((top, next) => (next[0] > top[0] ? next : top), [0, ""]);
      if (!score) return;
      for (const [what, title, page, anchor, number] of places) {
        add({ what, title, page, anchor, number, score: score + kind[what] - order / 1000, names: what === "section" ? [name, names] : null });
      }
    });
    for (const [number, title, page, anchor] of index.sections) {
      const score = inTitle(asked, prepare(title));
      if (score) add({ what: "heading", title, page, anchor, number, score: score + (index.chapters[page] ? 2 : 0) });
    }
    index.pages.forEach((_, page) => {
      const score = inTitle(asked, prepare(index.titles[page]));
      if (score) add({ what: "page", title: index.titles[page], page, anchor: "", number: index.chapters[page], score: score + 4 });
    });
    for (const [title, page, anchor] of index.glossary) {
      const score = inTitle(asked, prepare(title));
      if (score) add({ what: "glossary", title, page, anchor, number: "", score: score + 1 });
    }
    for (const [title, page, anchor] of index.functions) {
      const score = inTitle(asked, prepare(title));
      if (score) add({ what: "function", title, page, anchor, number: "", score });
    }
    const text = inText(asked);
    const whole = text.filter((result) => result.whole);
    for (const { page, score } of whole.length || best.size ? whole : text) {
      add({ what: "page", title: index.titles[page], page, anchor: "", number: index.chapters[page], score });
    }
    // Among equals a chapter comes before the reference pages, and earlier before later.
    return [...best.values()]
      .sort((a, b) => b.score - a.score || (index.chapters[b.page] !== "") - (index.chapters[a.page] !== "") || a.page - b.page)
      .slice(0, MOST);
  };

  const where = ({ what, page, title }) => {
    if (what === "glossary") return "Glossary";
    if (what === "function") return "Function of lossutils";
    const chapter = index.chapters[page] ? `Chapter ${index.chapters[page]}` : "Reference";
    return index.titles[page] === title ? chapter : `${chapter}: ${index.titles[page]}`;
  };

  const others = ([name, names]) => {
    const same = joined(core(words(name)));
    const rest = names.filter((other) => joined(core(words(other))) !== same && !/[a-z][A-Z]|_/.test(other));
    return rest.length ? `Also: ${rest.slice(0, 4).join(", ")}` : "";
  };

  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  };

  const address = ({ page, anchor }) => `${index.pages[page]}.html${anchor ? `#${anchor}` : ""}`;

  const item = (result) => {
    const line = document.createElement("li");
    const link = element("a", "", `${result.number ? `${result.number} ` : ""}${result.title}`);
    link.href = address(result);
    line.append(link, element("p", "search-where", where(result)));
    const more = result.names ? others(result.names) : "";
    if (more) line.append(element("p", "search-where", more));
    return line;
  };

  const show = (query) => {
    const asked = query.trim();
    let results = index && asked ? find(asked) : [];
    const [instead] = index && asked && results.every(({ score }) => score < WHOLE) ? nearest(prepare(asked)) : [];
    if (instead) results = find(instead);
    const none = Boolean(asked) && index && !results.length;
    document.querySelector(".search-results").replaceChildren(...results.map(item));
    document.querySelector(".search-nothing").hidden = !none;
    document.querySelector(".search-status").textContent = none ? `Nothing found for “${asked}”.`
      : instead ? `Nothing found for “${asked}”. These places are about “${instead}”.`
      : results.length === 1 ? "One place, below." : results.length ? `${results.length} places, the best first.` : "";
  };

  const input = document.querySelector("#search-words");
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      show(input.value);
      const address = input.value ? `?q=${encodeURIComponent(input.value)}` : location.pathname;
      try { history.replaceState(null, "", address); } catch { /* from a disk: the address stays */ }
    }, 120);
  });
  input.form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); show(input.value); });

  return {
    setIndex: (loaded) => { index = loaded; show(input.value); if (!input.value) input.focus(); },
    ready: () => index !== null,
    find,
    address,
  };
})();
