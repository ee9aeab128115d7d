// One document: before and after side by side, every difference with its reason.

let view = memory.get("view") || "both";
let reading = null;  // {index, row, changes, of: piece → its change, at: the change pointed at, quiet: reasons not shown}

async function reader(index, stale) {
  if (!(index >= 0 && index < facts.docs.id.length)) return [el("p", { class: "empty" }, t("none_found"))];
  const row = await documentAt(index);
  if (stale()) return null;  // another one was asked for in the meantime
  if (!reading || reading.index !== index) reading = { index, at: -1, quiet: new Set() };
  reading.row = row;
  gatherChanges(row);
  const body = el("div", { class: "text", id: "text", "data-view": view, onclick: choose });
  body.append(el("div", { class: "row head" }, el("h2", {}, t("before")), el("h2", {}, t("after"))));
  let label = "";
  for (const each of rowsOf(row)) {
    const gone = isGone(each) ? labelOf(each) : "";
    body.append(drawRow(each, gone, gone !== "" && gone === label));
    label = gone;
  }
  if (row.short) body.append(el("p", { class: "hint" }, t("cut_short", { n: number(row.short) })));
  return [readerHead(index, row), body];
}

/** Neighbouring pieces that one edit decided are one change to a reader. */
function gatherChanges(row) {
  reading.changes = [];
  reading.of = new Map();
  row.pieces.forEach((piece, at) => {
    if (typeof piece === "string") return;
    const why = piece[2].at(-1);
    const last = reading.changes.at(-1);
    if (last && reading.of.has(at - 1) && last.why === why && !last.after === !piece[1]) {
      last.before += piece[0];
      last.after += piece[1];
      piece[2].forEach((each) => last.whys.add(each));
    } else {
      const reason = row.why[why][1];
      reading.changes.push({ before: piece[0], after: piece[1], why, reason, whys: new Set([why, ...piece[2]]) });
    }
    reading.of.set(at, reading.changes.length - 1);
  });
}

function readerHead(index, row) {
  const { docs } = facts;
  const before = docs.before[index];
  const after = docs.after[index];
  const place = found.indexOf(index);
  const step = (by, key, sign) => {
    const to = found[place + by];
    return place >= 0 && to !== undefined
      ? el("a", { class: "button", href: `#/document/${to}`, "aria-label": t(key), title: t(key) }, sign)
      : el("span", { class: "button off", "aria-hidden": "true" }, sign);
  };
  return el("header", { class: "document" },
    el("p", { class: "steps" },
      el("a", { href: listAddress() }, `‹ ${t("back")}`),
      el("span", { class: "grow" }),
      place >= 0 ? el("span", { class: "num" }, `${number(place + 1)} / ${number(found.length)}`) : "",
      step(-1, "previous", "←"), step(1, "next", "→")),
    el("h1", {}, show(docs.title[index]) || show(docs.id[index])),
    el("p", { class: "size" }, el("span", { class: "id" }, show(docs.id[index])),
      el("span", { class: "num" }, `${number(before)} → ${number(after)} ${t("chars")}`),
      el("span", { class: "num" }, change(before, after))),
    after ? "" : el("p", { class: "verdict" }, t("all_gone")),
    metaList(row.meta, docs.title[index]),
    el("div", { class: "controls" },
      choice(t("view"), [["both", t("view_both")], ["before", t("view_before")], ["after", t("view_after")]], view, setView),
      reasonToggles()));
}

function metaList(meta, title) {
  const known = ["title", "published", "source", "author", "editor", "site", "encoding"];
  const keys = [...known.filter((key) => key in meta), ...Object.keys(meta).filter((key) => !known.includes(key))];
  const plain = (value) => (Array.isArray(value) ? value.map(plain).join(", ")
    : typeof value === "object" ? JSON.stringify(value) : String(value));
  const pairs = keys.filter((key) => meta[key] || meta[key] === false)
    .filter((key) => key !== "title" || meta.title !== title)  // it stands above already
    .map((key) => el("div", {},
      el("dt", {}, Object.hasOwn(WORDS.reasons, key) ? reasonName(key) : show(plainly(key))), el("dd", {}, show(plain(meta[key])))));
  return pairs.length ? el("dl", { class: "facts flow" }, pairs) : "";
}

function reasonToggles() {
  const counts = new Map();
  for (const { reason } of reading.changes) counts.set(reason, (counts.get(reason) || 0) + 1);
  if (!counts.size) return el("p", { class: "hint" }, t("no_changes"));
  const chips = [...counts].sort((a, b) => b[1] - a[1]).map(([reason, n]) =>
    button([dot(reason), reasonName(reason), el("span", { class: "num" }, number(n))], (event) => {
      const on = reading.quiet.delete(reason);
      if (!on) reading.quiet.add(reason);
      event.currentTarget.setAttribute("aria-pressed", String(on));
      hush();
    }, { class: `chip f-${family(reason)}`, "aria-pressed": String(!reading.quiet.has(reason)), "data-reason": reason }));
  return el("div", { class: "chips", role: "group", "aria-label": t("highlight") }, chips);
}

function labelOf(row) {
  const whys = new Set(row.before.filter((part) => part.edit !== null && part.text.trim())
    .map((part) => reading.changes[reading.of.get(part.edit)].why));
  return [...whys].join(" ");
}

function drawRow(row, gone, same) {
  const left = el("div", { class: "was" }, row.before.map((part) => drawPart(part, "del")));
  const right = el("div", { class: "is" });
  const node = el("div", { class: "row" }, left, right);
  if (!row.before.length && !row.after.length) node.classList.add("blank");
  if (![...row.before, ...row.after].some((part) => part.edit !== null)) node.classList.add("even");
  if (gone) {
    const whys = gone.split(" ").map((at) => reading.row.why[at]);
    node.classList.add("gone", `f-${family(whys[0][1])}`);
    if (same) node.classList.add("same");
    else right.append(...whys.map(reasonLine));
    right.dataset.reason = whys[0][1];
    row.after.filter((part) => part.text).forEach((part) => right.append(drawPart(part, "ins")));
  } else {
    right.append(...row.after.map((part) => drawPart(part, "ins")));
  }
  row.marks.forEach((at) => {
    const [, reason, note] = reading.row.why[at];
    if (right.dataset.reason === reason) return;  // it stands beside it already
    left.append(el("span", { class: `mark f-${family(reason)}`, title: t("stated") }, reasonName(reason), note ? `: ${show(note)}` : ""));
  });
  return node;
}

function reasonLine([stage, reason, note]) {
  return el("p", { class: "why" }, el("span", { class: "reason" }, reasonName(reason)), note ? el("span", { class: "note" }, show(note)) : "");
}

function drawPart({ text, edit, feed }, name) {
  if (edit === null) return visible(text);
  const number = reading.of.get(edit);
  const { reason, before, after, whys } = reading.changes[number];
  if (feed && before.trim()) return "";  // a line feed is only worth showing where nothing else went
  const title = [...whys].map((at) => [reasonName(reading.row.why[at][1]), reading.row.why[at][2]].filter(Boolean).map(show).join(": ")).join("\n");
  const attributes = { title, class: `edit f-${family(reason)}${after || !text.trim() ? "" : " out"}`, "data-edit": number, "data-reason": reason };
  if (!text) return el("span", { ...attributes, class: `${attributes.class} gap`, "aria-hidden": "true" });
  return el(name, attributes, visible(text));
}

function hush() {
  for (const node of byId("text").querySelectorAll("[data-reason]")) {
    const off = reading.quiet.has(node.dataset.reason);
    node.classList.toggle("quiet", off);
    if (node.classList.contains("is")) node.parentNode.classList.toggle("hushed", off);
  }
}

function setView(value) {
  view = value;
  memory.set("view", value);
  byId("text").dataset.view = value;
  document.querySelectorAll(".controls .choice button").forEach((each) =>
    each.setAttribute("aria-pressed", String(each.dataset.value === value)));
}

function choose(event) {
  const node = event.target.closest("[data-edit]");
  if (node && String(getSelection()) === "") point(Number(node.dataset.edit), false);
}

/** Go to a change: mark it, and say what is known of it. */
function point(at, scroll = true) {
  reading.at = at;
  document.querySelectorAll(".edit.now").forEach((node) => node.classList.remove("now"));
  const nodes = [...byId("text").querySelectorAll(`[data-edit="${at}"]`)];
  nodes.forEach((node) => node.classList.add("now"));
  drawEvidence(reading.changes[at]);
  if (scroll) (nodes.find((node) => node.getClientRects().length) || nodes[0])?.scrollIntoView({ block: "center" });
}

function pointBy(step) {
  if (!byId("text") || !reading?.changes.length) return;
  const all = reading.changes.length;
  let at = reading.at < 0 && step < 0 ? 0 : reading.at;
  for (let tries = 0; tries < all; tries += 1) {
    at = (at + step + all) % all;
    if (!reading.quiet.has(reading.changes[at].reason)) {
      point(at);
      return;
    }
  }
}

function drawEvidence({ before, after, whys }) {
  const kind = !after ? "removed" : !before ? "inserted" : [...before].length === [...after].length ? "respelled" : "replaced";
  const clip = (text) => (text.trim() ? visible((text.length > 80 ? `${text.slice(0, 80)}…` : text).replaceAll("\n", "⏎"))
    : [...text].slice(0, 8).map((space) => el("span", { class: "code" }, codeOf(space))));
  const box = byId("evidence");
  box.hidden = false;
  box.replaceChildren(
    el("div", { class: "what" },
      el("p", {}, el("span", { class: "kind" }, t(kind)),
        before ? el("del", {}, clip(before)) : "", before && after ? " → " : "", after ? el("ins", {}, clip(after)) : ""),
      [...whys].map((at) => {
        const [stage, reason, note] = reading.row.why[at];
        return el("p", { class: "why" }, dot(reason), el("span", { class: "reason" }, reasonName(reason)),
          el("span", { class: "note" }, [stage, note].filter(Boolean).map(show).join(" · ")));
      })),
    el("div", { class: "steps" },
      button("↑", () => pointBy(-1), { "aria-label": t("previous_change"), title: t("previous_change") }),
      el("span", { class: "num" }, `${number(reading.at + 1)} / ${number(reading.changes.length)}`),
      button("↓", () => pointBy(1), { "aria-label": t("next_change"), title: t("next_change") }),
      button("✕", closeEvidence, { "aria-label": t("close"), title: t("close") })));
  say(`${t(kind)}: ${[...whys].map((at) => reasonName(reading.row.why[at][1])).join(", ")}`);
}

function closeEvidence() {
  byId("evidence").hidden = true;
  byId("evidence").replaceChildren();
  document.querySelectorAll(".edit.now").forEach((node) => node.classList.remove("now"));
}
