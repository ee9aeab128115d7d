// Which part is shown, in which language and colours, and what the keys do.

const SECTIONS = [["", "overview"], ["documents", "documents"], ["duplicates", "duplicates"], ["templates", "templates"], ["run", "run"]];
const THEMES = ["auto", "light", "dark"];
let theme = THEMES.includes(memory.get("theme")) ? memory.get("theme") : "auto";

function address() {
  const [path, search] = location.hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/"), search: new URLSearchParams(search || "") };
}

function listAddress() {
  const chosen = [...query.reasons].map((reason) => `reason=${encodeURIComponent(reason)}`).join("&");
  return `#/documents${chosen ? `?${chosen}` : ""}`;
}

let turn = 0;
let last = "";  // the part that was shown before
let listAt = 0;  // how far down its list was
async function draw({ focus = false } = {}) {
  const mine = turn += 1;
  const { parts: [section, which], search } = address();
  const from = last;
  last = section;
  if (from === "documents" && section !== from) listAt = window.scrollY;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `${t("overview")} – textclean`;
  drawFrame(section === "document" ? "documents" : section);
  closeEvidence();
  let content;
  if (section === "document") {
    if (!found.length) select("");
    byId("main").setAttribute("aria-busy", "true");
    content = await reader(Number(which), () => mine !== turn);
    if (content === null) return;
    document.title = `${facts.docs.title[Number(which)] || facts.docs.id[Number(which)] || ""} – textclean`;
  } else if (section === "documents") {
    if (search.has("reason")) query.reasons = new Set(search.getAll("reason"));
    content = documents();
  } else {
    content = { duplicates, templates, run }[section]?.() ?? overview();
  }
  byId("main").removeAttribute("aria-busy");
  byId("main").className = section || "overview";
  byId("main").replaceChildren(...[content].flat(Infinity).filter(Boolean));
  if (section === "documents") refresh();
  if (section === "document" && reading) hush();
  if (!focus) return;
  const left = section === "documents" && from === "document"
    && document.querySelector(`#rows a[href="#/document/${reading?.index}"]`);
  window.scrollTo(0, left ? listAt : 0);
  (left || byId("main")).focus({ preventScroll: true });
}

function drawFrame(section) {
  byId("skip").textContent = t("skip");
  byId("nav").setAttribute("aria-label", t("sections"));
  byId("nav").replaceChildren(...SECTIONS.map(([name, key]) =>
    el("a", { href: key === "documents" ? listAddress() : `#/${name}`, "aria-current": name === section ? "page" : false }, t(key))));
  byId("switches").replaceChildren(
    choice(t("language"), [["zh", "中文"], ["en", "English"]], language, setLanguage),
    choice(t("theme"), THEMES.map((name) => [name, t(`theme_${name}`)]), theme, setTheme),
    button("?", openHelp, { class: "help", "aria-label": t("help"), title: t("help") }));
  drawHelp();
}

function setLanguage(value) {
  language = value;
  memory.set("language", value);
  draw();
}

function setTheme(value) {
  theme = value;
  memory.set("theme", value);
  dress();
  drawFrame(currentSection());
}

function currentSection() {
  const [section] = address().parts;
  return section === "document" ? "documents" : section;
}

function dress() {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

const KEYS = [["1 – 5", "keys_1"], ["/", "keys_search"], ["j  k", "keys_jk"], ["n  p", "keys_np"], ["v", "keys_v"],
  ["t", "keys_t"], ["l", "keys_l"], ["Esc", "keys_esc"], ["?", "keys_help"]];

function drawHelp() {
  byId("help").setAttribute("aria-labelledby", "help-title");
  byId("help").replaceChildren(
    el("h2", { id: "help-title" }, t("help_title")),
    el("dl", { class: "keys" }, KEYS.map(([keys, key]) => [
      el("dt", {}, keys.split("  ").map((each) => el("kbd", {}, each))), el("dd", {}, t(key))])),
    button(t("close"), () => byId("help").close()));
}

function openHelp() {
  if (!byId("help").open) byId("help").showModal();
}

function go(hash) {
  location.hash = hash;
}

function stepDocument(by) {
  const { parts: [section, which] } = address();
  if (section === "document") {
    const to = found[found.indexOf(Number(which)) + by];
    if (to !== undefined) go(`#/document/${to}`);
  } else if (section === "documents") {
    const links = [...document.querySelectorAll("#rows th a")];
    const at = links.indexOf(document.activeElement) + by;
    links[Math.max(0, Math.min(at, links.length - 1))]?.focus();
  }
}

const next = (values, value) => values[(values.indexOf(value) + 1) % values.length];

const ACTIONS = {
  "/": async () => {
    if (address().parts[0] !== "documents") {
      go(listAddress());
      await new Promise((done) => { addEventListener("hashchange", () => setTimeout(done), { once: true }); });
    }
    byId("search")?.focus();
  },
  j: () => stepDocument(1),
  k: () => stepDocument(-1),
  n: () => pointBy(1),
  p: () => pointBy(-1),
  v: () => byId("text") && setView(next(["both", "before", "after"], view)),
  t: () => setTheme(next(THEMES, theme)),
  l: () => setLanguage(next(languages, language)),
  "?": openHelp,
  Escape: () => {
    if (!byId("evidence").hidden) closeEvidence();
    else if (address().parts[0] === "document") go(listAddress());
  },
};
SECTIONS.forEach(([name], at) => { ACTIONS[String(at + 1)] = () => go(`#/${name}`); });

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const typing = event.target.matches("input, select, textarea");
  if (typing && event.key === "Escape") event.target.blur();
  if (typing || !Object.hasOwn(ACTIONS, event.key)) return;
  event.preventDefault();
  ACTIONS[event.key]();
}

async function start() {
  dress();
  if (typeof DecompressionStream === "undefined") {
    byId("main").append(el("p", { class: "empty" }, t("broken")));
    return;
  }
  await loadFacts();
  addEventListener("hashchange", () => draw({ focus: true }));
  addEventListener("keydown", onKey);
  await draw();
  document.documentElement.dataset.ready = "";
}

start();
