// Elements, words, numbers. Everything a document says reaches the page through text nodes alone.

const byId = (id) => document.getElementById(id);

/** An element; children are strings (which become text) or nodes, lists of them, or nothing. */
function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false && child !== "") node.append(child);
  }
  return node;
}

// What a browser keeps between visits; a page opened from disk may be refused it.
const memory = {
  get(key) {
    try { return localStorage.getItem(`textclean-${key}`); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(`textclean-${key}`, value); } catch { /* then it is forgotten */ }
  },
};

const languages = ["en", "zh"];
let language = memory.get("language") || (/^zh/i.test(navigator.language || "") ? "zh" : "en");

/** A sentence of the interface in the language of the moment. */
function t(key, values = {}) {
  const sentence = WORDS.ui[key][languages.indexOf(language)];
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A sentence that counts: English says one differently. */
function counted(key, one, n, values = {}) {
  return t(n === 1 ? one : key, { n: number(n), ...values });
}

const plainly = (label) => String(label).replaceAll("_", " ");

function reasonName(reason) {
  const known = Object.hasOwn(WORDS.reasons, reason) && WORDS.reasons[reason];
  return known ? known[1 + languages.indexOf(language)] : plainly(reason);
}

const family = (reason) => (Object.hasOwn(WORDS.reasons, reason) ? WORDS.reasons[reason][0] : "other");
const familyName = (name) => WORDS.families[name][languages.indexOf(language)];
const stageName = (stage) => (Object.hasOwn(WORDS.stages, stage) ? WORDS.stages[stage][languages.indexOf(language)] : "");

const number = (n) => n.toLocaleString("en-US");

function percent(share) {
  if (share > 0 && share < 0.001) return `${(share * 100).toFixed(2)}%`;
  return `${(share * 100).toFixed(share < 0.9995 && share > 0 ? 1 : 0)}%`;
}

/** How much shorter: −12.3%, or an equals sign where nothing went. */
function change(before, after) {
  if (before === after) return "=";
  if (!before) return "+";
  return `${after < before ? "−" : "+"}${percent(Math.abs(before - after) / before)}`;
}

const familyDot = (name) => el("span", { class: `dot f-${name}`, "aria-hidden": "true" });
const dot = (reason) => familyDot(family(reason));

function button(label, onclick, attributes = {}) {
  return el("button", { type: "button", onclick, ...attributes }, label);
}

/** A few buttons of which one is pressed. */
function choice(label, options, chosen, choose) {
  const buttons = options.map(([value, name]) =>
    button(name, () => choose(value), { "aria-pressed": String(value === chosen), "data-value": value }));
  return el("div", { class: "choice", role: "group", "aria-label": label }, buttons);
}

/** The place of the last of the rising *numbers* that is not above *limit*. */
function lastAtMost(numbers, limit) {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle] <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function say(sentence) {
  byId("spoken").textContent = sentence;
}
