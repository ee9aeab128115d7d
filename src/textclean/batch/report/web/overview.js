// The first page: what happened, in a sentence, a line, a table and two charts.

function overview() {
  const { totals, steps } = facts;
  return [lead(totals), whatBecame(totals, steps), byReason(steps), el("div", { class: "pair" }, sizes(), kept())];
}

function lead(totals) {
  const { documents, left, characters_in: before, characters_out: after } = totals;
  const share = before ? Math.abs(before - after) / before : 0;
  const key = after < before ? "lead_less" : after > before ? "lead_more" : "lead_same";
  const values = { n: number(documents), left: number(left) };
  return el("section", { class: "lead" },
    el("h1", {},
      el("span", {}, t(documents === 1 ? "lead_one" : "lead_documents", values)), " ",
      el("span", {}, t("lead_characters", { before: number(before), after: number(after) }), t(key, { share: percent(share) }))),
    el("p", {}, t("lead_detail", { changed: number(totals.changed), same: number(documents - totals.changed) }), " ",
      totals.problems ? el("a", { href: "#/run" }, t("lead_problems", { n: number(totals.problems) })) : ""));
}

function families(steps) {
  const sums = new Map();
  for (const [, reason, , fewer] of steps) sums.set(family(reason), (sums.get(family(reason)) || 0) + fewer);
  return Object.keys(WORDS.families).filter((name) => sums.get(name)).map((name) => ({ name, value: sums.get(name) }));
}

function whatBecame(totals, steps) {
  const gone = families(steps);
  const parts = [{ name: "kept", value: totals.characters_out }, ...gone];
  const all = parts.reduce((sum, part) => sum + part.value, 0) || 1;
  const legend = parts.map((part) => el("li", {},
    familyDot(part.name),
    el("span", { class: "name" }, part.name === "kept" ? t("kept") : familyName(part.name)),
    el("span", { class: "num" }, number(part.value)),
    el("span", { class: "num share" }, percent(part.value / all))));
  return el("section", {}, el("h2", {}, t("what_became")), stack(parts), el("ul", { class: "legend" }, legend));
}

function byReason(steps) {
  if (!steps.length) return el("section", {}, el("h2", {}, t("by_reason")), el("p", { class: "hint" }, t("nothing_changed")));
  const most = Math.max(1, ...steps.map((step) => step[3]));
  const bodies = [];
  let last = null;
  for (const step of steps) {
    if (step[0] !== last) bodies.push(el("tbody", {}, stageRow(step[0])));
    last = step[0];
    bodies.at(-1).append(reasonRow(step, most));
  }
  return el("section", {},
    el("h2", {}, t("by_reason")), el("p", { class: "hint" }, t("by_reason_hint")),
    el("table", { class: "reasons" },
      el("thead", {}, el("tr", {},
        el("th", { scope: "col" }, t("reason")), el("th", { scope: "col", class: "num" }, t("docs_short")),
        el("th", { scope: "col", class: "num" }, t("edits")), el("th", { scope: "col", class: "num" }, t("fewer")),
        el("td", { class: "wide" }))),
      bodies));
}

function stageRow(stage) {
  return el("tr", { class: "stage" }, el("th", { scope: "rowgroup", colspan: 5 }, stage, " ", el("span", {}, stageName(stage))));
}

function reasonRow([, reason, edits, fewer, documents], most) {
  const link = el("a", { href: `#/documents?reason=${encodeURIComponent(reason)}` }, reasonName(reason));
  return el("tr", {},
    el("th", { scope: "row" }, dot(reason), link, language === "zh" ? el("code", {}, reason) : ""),
    el("td", { class: "num" }, number(documents)), el("td", { class: "num" }, number(edits)),
    el("td", { class: "num" }, fewer ? number(fewer) : "–"), el("td", { class: "wide" }, bar(fewer / most, family(reason))));
}

function short(n) {
  return n >= 1000 ? `${n / 1000}k` : String(n);
}

function sizes() {
  const [edges, before, after] = facts.sizes;
  const used = edges.map((_, index) => index).filter((index) => before[index] || after[index]);
  const first = used.length ? used[0] : 0;
  const last = used.length ? used.at(-1) + 1 : 1;
  const labels = edges.slice(first, last).map((edge) => short(edge));
  const series = [
    { name: "was", values: before.slice(first, last) },
    { name: "is", values: after.slice(first, last) },
  ];
  return el("section", {}, el("h2", {}, t("sizes")), el("p", { class: "hint" }, t("sizes_hint")),
    fitted((width) => columns(labels, series, t("sizes_hint"), width)),
    el("p", { class: "key" }, el("span", { class: "swatch was" }), t("before"), el("span", { class: "swatch is" }), t("after")));
}

function kept() {
  const labels = facts.left.map((_, index) => (index === 10 ? t("all_of_it") : `${index * 10}%`));
  return el("section", {}, el("h2", {}, t("left_title")), el("p", { class: "hint" }, t("left_hint")),
    fitted((width) => columns(labels, [{ name: "is", values: facts.left }], t("left_hint"), width)));
}
