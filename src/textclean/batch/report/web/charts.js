// Charts are inline SVG, drawn to the width they have; their numbers stand beside them as text.

function bar(share, name) {
  const width = share > 0 ? Math.max(share * 100, 0.6) : 0;
  return svg("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: `f-${name}`, x: 0, y: 0, width, height: 10 }));
}

/** One line, split: what stayed, and what went by family. */
function stack(parts) {
  const all = parts.reduce((sum, part) => sum + part.value, 0) || 1;
  let at = 0;
  const rects = parts.filter((part) => part.value > 0).map((part) => {
    const width = (part.value / all) * 1000;
    const rect = svg("rect", { class: `f-${part.name}`, x: at, y: 0, width: Math.max(width - 2, 1), height: 20 });
    at += width;
    return rect;
  });
  return svg("svg", { class: "stack", viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true" }, rects);
}

/** Columns side by side for each label; *series* are {name, values}. */
function columns(labels, series, label, width) {
  const height = 190;
  const foot = 24;
  const head = 18;
  const most = Math.max(1, ...series.flatMap((each) => each.values));
  const room = width / labels.length;
  const every = Math.ceil(34 / room);  // labels that would touch are left out
  const thick = Math.max(2, Math.min(26, (room - 6) / series.length));
  const fits = (value) => number(value).length * 6.5 <= Math.max(thick, room / series.length - 4);
  const all = series.every((each) => each.values.every((value) => !value || fits(value)));
  const node = svg("svg", { class: "columns", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });
  node.append(svg("line", { x1: 0, x2: width, y1: height - foot + 0.5, y2: height - foot + 0.5, class: "axis" }));
  labels.forEach((name, index) => {
    const middle = index * room + room / 2;
    if (index % every === 0) node.append(svg("text", { x: middle, y: height - 7, class: "tick" }, name));
    series.forEach((each, place) => {
      const value = each.values[index];
      const tall = (value / most) * (height - foot - head);
      const x = middle + (place - series.length / 2) * thick;
      if (!value) return;
      const top = height - foot - Math.max(tall, 1.5);
      node.append(svg("rect", { class: each.name, x: x + 1, y: top, width: thick - 2, height: Math.max(tall, 1.5), rx: 1.5 },
        svg("title", {}, `${name}: ${number(value)}`)));
      if (all || value === Math.max(...each.values)) {  // numbers on all columns or, where they would touch, on the tallest
        node.append(svg("text", { x: x + thick / 2, y: top - 4, class: "value" }, number(value)));
      }
    });
  });
  return node;
}

/** A chart that is drawn again when its width changes. */
function fitted(draw) {
  const holder = el("div", { class: "chart" });
  let last = 0;
  new ResizeObserver(() => {
    const width = Math.floor(holder.clientWidth);
    if (width && Math.abs(width - last) > 2) {
      last = width;
      holder.replaceChildren(draw(width));
    }
  }).observe(holder);
  return holder;
}
