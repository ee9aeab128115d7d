// The facts, compressed, and the blocks of documents: both in elements of this page.

async function unpacked(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

let facts;
let starts = [];  // the first document of each block
const opened = new Map();  // the blocks used last, by number
const KEPT = 12;

async function loadFacts() {
  facts = await unpacked(byId("facts").textContent);
  let at = 0;
  starts = facts.blocks.map((size) => (at += size) - size);
}

const whole = new Promise((resolve) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve);
  else resolve();
});

async function block(index) {
  if (opened.has(index)) {
    const found = opened.get(index);
    opened.delete(index);
    opened.set(index, found);
    return found;
  }
  let node = byId(`block-${index}`);
  if (!node || !node.nextSibling) {  // the file is still being read
    await whole;
    node = byId(`block-${index}`);
  }
  const found = JSON.parse(node.textContent);
  opened.set(index, found);
  if (opened.size > KEPT) opened.delete(opened.keys().next().value);
  return found;
}

async function documentAt(index) {
  const at = lastAtMost(starts, index);
  return (await block(at))[index - starts[at]];
}

const sides = [(piece) => (typeof piece === "string" ? piece : piece[0]), (piece) => (typeof piece === "string" ? piece : piece[1])];

/** The numbers of the documents whose text, before or after, holds *query* (in small letters). */
async function searchTexts(query, progress, stopped) {
  const found = new Set();
  const cased = query !== query.toUpperCase();  // Chinese has no capitals: nothing to fold
  const holds = (row) => sides.some((side) => {
    const text = row.pieces.map(side).join("");
    return (cased ? text.toLowerCase() : text).includes(query);
  });
  let coming = starts.length ? block(0) : null;
  for (let at = 0; at < starts.length; at += 1) {
    const documents = await coming;
    if (at + 1 < starts.length) coming = block(at + 1);  // unpacked while this one is searched
    if (stopped()) return null;
    documents.forEach((row, index) => { if (holds(row)) found.add(starts[at] + index); });
    progress((at + 1) / starts.length);
  }
  return found;
}
