/* Two small charts in SVG, drawn from rows that a table shows as well; sizes are attributes, so no style is inline. */
"use strict";

const boardCharts = (() => {
  const SPACE = "http://www.w3.org/2000/svg";
  const WIDTH = 400, GAP = 0.01; // of a day

  function element(name, attributes, text) {
    const found = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
    if (text !== undefined) found.textContent = text;
    return found;
  }

  function shortened(words, most) {
    return words.length > most ? words.slice(0, most - 1) + "…" : words;
  }

  // rows: [[label, number], ...]
  function bars(rows) {
    const step = 24, left = 150, room = WIDTH - left - 45;
    const most = Math.max(1, ...rows.map(([, number]) => number));
    const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${rows.length * step + 4}` });
    rows.forEach(([label, number], place) => {
      const y = place * step + 2, length = number ? Math.max(2, (number / most) * room) : 0;
      svg.append(
        element("text", { x: left - 8, y: y + 15, "text-anchor": "end" }, shortened(label, 22)),
        element("rect", { class: "bar", x: left, y: y + 3, width: length, height: step - 8, rx: 2 }),
        element("text", { class: "faint", x: left + length + 6, y: y + 15 }, String(number)),
      );
    });
    return svg;
  }

  // points: [[place from 0 to 1, [number of each line]], ...]; names: of the lines; ticks: [[place, label], ...]
  function lines(points, names, ticks) {
    const wide = 820, high = 180, left = 34, top = 22, bottom = 18;
    const most = Math.max(1, ...points.flatMap(([, numbers]) => numbers));
    const x = (place) => left + place * (wide - left - 6);
    const y = (number) => top + (1 - number / most) * (high - top - bottom);
    const svg = element("svg", { viewBox: `0 0 ${wide} ${high}` });
    for (const number of new Set([0, Math.round(most / 2), most])) {
      svg.append(
        element("line", { class: "grid", x1: left, x2: wide - 6, y1: y(number), y2: y(number) }),
        element("text", { class: "faint", x: left - 6, y: y(number) + 4, "text-anchor": "end" }, String(number)),
      );
    }
    for (const [place, label] of ticks) {
      svg.append(element("text", { class: "faint", x: x(place), y: high - 4, "text-anchor": "middle" }, label));
    }
    names.forEach((name, line) => {
      const along = points.map(([place, numbers], at) => {
        const begins = !at || place - points[at - 1][0] > GAP; // nobody looked in between
        return `${begins ? "M" : "L"}${x(place).toFixed(1)} ${y(numbers[line]).toFixed(1)}`;
      });
      const from = left + line * 150;
      svg.append(
        element("path", { class: `line line-${line}`, d: along.join("") }),
        element("line", { class: `line line-${line}`, x1: from, x2: from + 22, y1: 9, y2: 9 }),
        element("text", { x: from + 28, y: 13 }, name),
      );
    });
    return svg;
  }

  return { bars, lines };
})();
