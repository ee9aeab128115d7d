// The list of documents: searched, filtered, sorted, a page at a time.

const PAGE = 100;
const query = { text: "", inTexts: false, reasons: new Set(), state: "all", sort: "order", page: 0 };
let found = [];  // numbers of the documents that pass, in order
let inTexts = null;  // numbers whose text holds the query, once searched
let searched = "";  // what for
let names;  // id and title in small letters, one string each

function documents() {
  const { docs, totals } = facts;
  const listed = docs.id.length;
  return [
    el("h1", { class: "spoken" }, t("documents")),
    el("form", { class: "tools", role: "search", onsubmit: (event) => event.preventDefault() },
      searchBox(),
      picker("state", ["all", "changed", "same", "gone"]),
      picker("sort", ["order", "cut", "share", "size", "name"])),
    reasonFilter(),
    listed < totals.documents
      ? el("p", { class: "hint" }, t("sample", { listed: number(listed), all: number(totals.documents) })) : null,
    el("p", { class: "count", id: "count" }),
    el("div", { id: "rows" }),
    el("nav", { class: "pages", id: "pages", "aria-label": t("documents") }),
  ];
}

function searchBox() {
  const input = el("input", {
    type: "search", id: "search", placeholder: t("search_hint"), autocomplete: "off", spellcheck: "false",
    oninput: () => { query.text = input.value; query.page = 0; refreshSoon(); },
  });
  input.value = query.text;
  const box = el("input", {
    type: "checkbox", id: "in-texts", onchange: () => { query.inTexts = box.checked; query.page = 0; refresh(); },
  });
  box.checked = query.inTexts;
  return [
    el("label", { class: "field grow", for: "search" }, el("span", {}, t("search")), input),
    el("label", { class: "check", for: "in-texts" }, box, t("in_texts")),
  ];
}

function picker(name, values) {
  const select = el("select", { id: name, onchange: () => { query[name] = select.value; query.page = 0; refresh(); } },
    values.map((value) => el("option", { value, selected: query[name] === value }, t(`${name}_${value}`))));
  return el("label", { class: "field", for: name }, el("span", {}, t(name)), select);
}

function reasonFilter() {
  const counts = facts.reasons.map(() => 0);
  for (const reasons of facts.docs.reasons) for (const reason of reasons) counts[reason] += 1;
  const order = facts.reasons.map((_, index) => index).sort((a, b) => counts[b] - counts[a] || a - b);
  const chips = order.filter((index) => counts[index]).map((index) => {
    const reason = facts.reasons[index];
    return button([dot(reason), reasonName(reason), el("span", { class: "num" }, number(counts[index]))], (event) => {
      const on = !query.reasons.delete(reason);
      if (on) query.reasons.add(reason);
      event.currentTarget.setAttribute("aria-pressed", String(on));
      query.page = 0;
      refresh();
    }, { class: `chip f-${family(reason)}`, "aria-pressed": String(query.reasons.has(reason)), "data-reason": reason });
  });
  const clear = button(t("clear"), () => {
    query.reasons.clear();
    document.querySelectorAll("#reasons .chip").forEach((chip) => chip.setAttribute("aria-pressed", "false"));
    query.page = 0;
    refresh();
  }, { class: "quiet", id: "clear" });
  return el("div", { class: "chips", id: "reasons", role: "group", "aria-label": t("filter") }, chips, clear);
}

let soon = 0;
function refreshSoon() {
  clearTimeout(soon);
  soon = setTimeout(refresh, 60);
}

/** The documents that pass now, and the page of them; looking into the texts takes a moment, so it comes after. */
function refresh() {
  const wanted = query.text.trim().toLowerCase();
  if (!query.inTexts || searched !== wanted) inTexts = null;
  select(wanted);
  if (!byId("rows")) return;  // the reader has gone elsewhere since
  drawList();
  if (query.inTexts && wanted && inTexts === null) lookIntoTexts(wanted);
}

async function lookIntoTexts(wanted) {
  const stale = () => !query.inTexts || query.text.trim().toLowerCase() !== wanted || !byId("count");
  const texts = await searchTexts(wanted, (share) => {
    if (!stale()) byId("count").textContent = t("searching", { share: `${Math.round(share * 100)}%` });
  }, stale);
  if (texts === null || stale()) return;
  inTexts = texts;
  searched = wanted;
  select(wanted);
  drawList();
}

function select(wanted) {
  const { docs } = facts;
  names ??= docs.id.map((id, index) => `${id}\n${docs.title[index]}`.toLowerCase());
  const reasons = new Set([...query.reasons].map((reason) => facts.reasons.indexOf(reason)));
  found = [];
  for (let index = 0; index < docs.id.length; index += 1) {
    if (wanted && !names[index].includes(wanted) && !(inTexts && inTexts.has(index))) continue;
    if (reasons.size && !docs.reasons[index].some((reason) => reasons.has(reason))) continue;
    if (query.state === "changed" && !docs.reasons[index].length) continue;
    if (query.state === "same" && docs.reasons[index].length) continue;
    if (query.state === "gone" && docs.after[index]) continue;
    found.push(index);
  }
  const less = (index) => docs.before[index] - docs.after[index];
  const share = (index) => less(index) / (docs.before[index] || 1);
  const orders = {
    cut: (a, b) => less(b) - less(a),
    share: (a, b) => share(b) - share(a),
    size: (a, b) => docs.before[b] - docs.before[a],
    name: (a, b) => (docs.id[a] < docs.id[b] ? -1 : 1),
  };
  if (orders[query.sort]) found.sort((a, b) => orders[query.sort](a, b) || a - b);
}

function drawList() {
  const { docs } = facts;
  const all = docs.id.length;
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  query.page = Math.min(query.page, pages - 1);
  byId("count").textContent = found.length === all ? counted("found", "found_one", all)
    : t("found_of", { n: number(found.length), all: number(all) });
  byId("clear").hidden = !query.reasons.size;
  const shown = found.slice(query.page * PAGE, (query.page + 1) * PAGE);
  byId("rows").replaceChildren(found.length ? table(shown) : el("p", { class: "empty" }, t("none_found")));
  const turn = (step) => () => { query.page += step; drawList(); byId("count").scrollIntoView({ block: "start" }); };
  byId("pages").replaceChildren(...(pages < 2 ? [] : [
    button("←", turn(-1), { disabled: query.page === 0, "aria-label": t("previous_page") }),
    el("span", { class: "num" }, t("page_of", { n: number(query.page + 1), all: number(pages) })),
    button("→", turn(1), { disabled: query.page === pages - 1, "aria-label": t("next_page") }),
  ]));
}

function table(indexes) {
  return el("table", { class: "list" },
    el("thead", {}, el("tr", {},
      el("th", { scope: "col" }, t("title")), el("th", { scope: "col" }, t("reason")),
      el("th", { scope: "col", class: "num" }, t("before")), el("th", { scope: "col", class: "num" }, t("after")),
      el("th", { scope: "col", class: "num" }, t("change")), el("td", { class: "wide" }))),
    el("tbody", {}, indexes.map(listRow)));
}

function listRow(index) {
  const { docs } = facts;
  const before = docs.before[index];
  const after = docs.after[index];
  const reasons = docs.reasons[index].map((each) => facts.reasons[each]);
  const spoken = reasons.map(reasonName).join(", ");
  const hues = Object.keys(WORDS.families).filter((name) => reasons.some((reason) => family(reason) === name));
  return el("tr", {},
    el("th", { scope: "row" },
      el("a", { href: `#/document/${index}` }, show(docs.title[index]) || show(docs.id[index])),
      el("span", { class: "id" }, show(docs.id[index]))),
    el("td", { class: "dots", title: spoken }, el("span", { class: "spoken" }, spoken || t("unchanged")), hues.map(familyDot)),
    el("td", { class: "num" }, number(before)), el("td", { class: "num" }, after ? number(after) : t("gone")),
    el("td", { class: "num" }, change(before, after)),
    el("td", { class: "wide" }, bar(before ? Math.min(1, after / before) : 1, "kept")));
}
