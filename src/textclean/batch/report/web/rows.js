// A document in rows: each line of the original beside what it became.

// Characters that cannot be seen, or that turn the order of others around: shown by their number.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\ud800-\udfff]/u;
const HIDDEN_ALL = new RegExp(HIDDEN.source, "gu");

const codeOf = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** *text* with what cannot be seen as numbers, for places that hold only text. */
const show = (text) => String(text).replace(HIDDEN_ALL, (character) => `‹${codeOf(character)}›`);

/** *text* as nodes, what cannot be seen as small labels. */
function visible(text) {
  if (!HIDDEN.test(text)) return [text];
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(HIDDEN_ALL)) {
    nodes.push(text.slice(at, match.index), el("span", { class: "code" }, codeOf(match[0])));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

/** The rows of a document: {before, after, marks}; their parts are {text, edit}, *edit* being a piece's number or null. */
function rowsOf({ pieces, marks }) {
  const rows = [];
  const starts = [];  // where each row begins, in characters of the original
  let at = 0;
  let row;
  const begin = () => {
    row = { before: [], after: [], marks: [] };
    rows.push(row);
    starts.push(at);
  };
  begin();
  pieces.forEach((piece, index) => {
    const [before, after, edit] = typeof piece === "string" ? [piece, piece, null] : [piece[0], piece[1], index];
    const was = before.split("\n");
    const is = after.split("\n");
    const aligned = was.length === is.length;
    if (!aligned && after) row.after.push({ text: after, edit });
    was.forEach((line, number) => {
      if (number) {
        if (!aligned && !before.trim()) row.before.push({ text: "⏎", edit, feed: true });
        at += 1;
        begin();
      }
      if (line) row.before.push({ text: line, edit });
      if (aligned && is[number]) row.after.push({ text: is[number], edit });
      else if (line && !is[number] && (aligned || !after)) row.after.push({ text: "", edit });
      at += [...line].length;  // places count code points
    });
  });
  for (const [start, , why] of marks) {
    const marked = rows[lastAtMost(starts, start)];
    if (!marked.marks.includes(why)) marked.marks.push(why);
  }
  return rows;
}

/** Whether nothing that can be seen is left of a row that had something. */
function isGone(row) {
  const seen = row.before.filter((part) => part.text.trim());
  return seen.length > 0 && seen.every((part) => part.edit !== null) && row.after.every((part) => !part.text.trim());
}
