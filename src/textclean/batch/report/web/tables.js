// Duplicates, site templates, and the run itself.

const STEP = 50;

/** *rows* drawn by *draw*, so many at a time. */
function byPortions(rows, draw, holder) {
  let shown = 0;
  const more = button(t("more"), show, { class: "more" });
  function show() {
    holder.append(...rows.slice(shown, shown + STEP).map(draw));
    shown = Math.min(shown + STEP, rows.length);
    more.hidden = shown >= rows.length;
  }
  show();
  return [holder, more];
}

function ofAll(listed, all) {
  return listed < all ? el("p", { class: "hint" }, t("first_only", { n: number(listed), all: number(all) })) : null;
}

let places;  // name of a document → its number

function documentLink(name) {
  places ??= new Map(facts.docs.id.map((each, index) => [each, index]));
  const at = places.get(name);
  if (at === undefined) return el("span", { class: "id" }, show(name));
  return el("a", { href: `#/document/${at}` }, show(facts.docs.title[at]) || show(name), " ", el("span", { class: "id" }, show(name)));
}

/** What is known of a duplicate, without the name that stands above it. */
function likeness(reason, note) {
  const share = /\bjaccard ([\d.]+)/.exec(note);
  return el("span", { class: "note", title: show(note) }, reasonName(reason), share ? ` ${share[1]}` : "");
}

function duplicates() {
  const { all, rows, within_all: withinAll, within } = facts.clusters;
  const clusters = byPortions(rows, ([name, size, members]) => el("li", {},
    el("p", { class: "keeper" }, documentLink(name), el("span", { class: "num" }, t("members", { n: number(size) }))),
    el("ul", {}, members.map(([id, reason, note, complete]) => el("li", {},
      documentLink(id), likeness(reason, note),
      complete ? "" : el("span", { class: "note" }, t("part_of")))))), el("ul", { class: "clusters" }));
  const inside = byPortions(within, ([id, times]) => el("li", {},
    documentLink(id), el("span", { class: "note" }, counted("times", "times_one", times))),
  el("ul", { class: "plain" }));
  return [
    el("section", {}, el("h1", {}, t("clusters_title")),
      el("p", { class: "hint" }, all ? counted("clusters_hint", "clusters_one", all) : t("clusters_none")),
      ofAll(rows.length, all), clusters),
    el("section", {}, el("h2", {}, t("within_title")),
      el("p", { class: "hint" }, withinAll ? counted("within_hint", "within_one", withinAll) : t("within_none")),
      ofAll(within.length, withinAll), inside),
  ];
}

function templates() {
  const { all, rows } = facts.templates;
  const body = el("tbody");
  const table = el("table", { class: "templates" }, el("thead", {}, el("tr", {},
    el("th", { scope: "col" }, t("line")), el("th", { scope: "col" }, t("site")), el("th", { scope: "col" }, t("evidence")),
    el("th", { scope: "col", class: "num" }, t("pages")), el("th", { scope: "col", class: "num" }, t("cut")),
    el("td", { class: "wide" }))), body);
  const [, more] = byPortions(rows, ([site, line, note, marked, cut]) => el("tr", {},
    el("th", { scope: "row" }, show(line)), el("td", { class: "id" }, site ? show(site) : t("no_site")),
    el("td", { class: "note" }, show(note)), el("td", { class: "num" }, number(marked)), el("td", { class: "num" }, number(cut)),
    el("td", { class: "wide" }, bar(cut / marked, "furniture"))), body);
  return el("section", {}, el("h1", {}, t("templates_title")),
    el("p", { class: "hint" }, all ? counted("templates_hint", "templates_one", all) : t("templates_none")),
    ofAll(rows.length, all), all ? el("div", { class: "scrolls" }, table) : "", all ? more : "");
}

function run() {
  const stages = facts.pipeline.map(({ stage, options }) => el("li", {},
    el("span", { class: "name" }, stage), el("span", { class: "note" }, stageName(stage)),
    el("p", { class: "options" }, Object.entries(options || {}).map(([key, value]) =>
      el("code", {}, `${key} = ${JSON.stringify(value)}`)))));
  const about = [["inputs", facts.inputs.map(show).join(", ")], ["version", `textclean ${facts.version}`]];
  if (facts.limit) about.push(["limit", number(facts.limit)]);
  const problems = facts.problems.map((each) => el("li", {},
    el("span", { class: "id" }, show(each.id || each.path) + (each.line ? `:${each.line}` : "")),
    el("span", { class: "note" }, [each.stage, each.problem].filter(Boolean).map(show).join(": "))));
  return [
    el("section", {}, el("h1", {}, t("run")),
      el("dl", { class: "facts" }, about.map(([key, value]) => [el("dt", {}, t(key)), el("dd", {}, value)]))),
    el("section", {}, el("h2", {}, t("problems_title")),
      problems.length ? [ofAll(problems.length, facts.totals.problems), el("ul", { class: "plain" }, problems)]
        : el("p", { class: "hint" }, t("problems_none"))),
    el("section", {}, el("h2", {}, t("stages_title")), el("ol", { class: "stages" }, stages)),
  ];
}
