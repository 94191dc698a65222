/** Elements, lists that keep what did not change, times.  Texts are only ever set as text. */

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Make `container` show `items`: a node stays the same as long as its item does. */
export function show(container, items, key, make) {
  const before = new Map([...container.children].map((node) => [node.dataset.key, node]));
  let place = container.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const looks = JSON.stringify(item);
    let node = before.get(name);
    before.delete(name);
    if (!node || node.looks !== looks) {
      const made = make(item);
      made.dataset.key = name;
      made.looks = looks;
      if (node) {
        const focused = node.contains(document.activeElement);
        if (place === node) place = made;
        node.replaceWith(made);
        if (focused) (made.matches("button, a") ? made : made.querySelector("button, a, input"))?.focus();
      }
      node = made;
    }
    if (place === node) place = node.nextElementSibling;
    else container.insertBefore(node, place);
  }
  for (const node of before.values()) node.remove();
}

/** `change` the content of a scrolling box; it follows its end unless somebody scrolled up. */
export function following(box, change) {
  const follow = () => {
    if (box.follows) box.scrollTop = box.scrollHeight;
  };
  if (box.follows === undefined) {
    box.follows = true;
    box.addEventListener("scroll", () => {
      box.follows = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    });
    box.addEventListener("load", follow, true); // a picture has its height only now
    new ResizeObserver(follow).observe(box);
  }
  change();
  follow();
}

export const $ = (selector) => document.querySelector(selector);

export function clock(at, seconds = false) {
  const parts = { hour: "2-digit", minute: "2-digit", hour12: false, ...(seconds && { second: "2-digit" }) };
  return new Date(at).toLocaleTimeString([], parts);
}

export function since(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "?";
}

/** Text with its http addresses as links; our own files as pictures too. */
export function linked(text) {
  const out = document.createDocumentFragment();
  for (const part of text.split(/(https?:\/\/[^\s<>"]+)/)) {
    if (!/^https?:\/\//.test(part)) {
      out.append(part);
      continue;
    }
    const link = el("a", { href: part, target: "_blank", rel: "noopener noreferrer", text: part });
    const here = new URL("./media/", document.baseURI);
    if (part.startsWith(here.href)) {
      const picture = el("img", { src: part, alt: "what was sent", class: "picture" });
      picture.addEventListener("error", () => picture.remove());
      link.prepend(picture);
    }
    out.append(link);
  }
  return out;
}

const SHAPES = {
  send: "M3 11.5 21 3l-6.5 18-3-7.5z M11.5 13.5 21 3",
  clip: "M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8L10 17a1.7 1.7 0 0 1-2.4-2.4l7.4-7.4",
  back: "M15 5l-7 7 7 7",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M2.5 20a6.5 6.5 0 0 1 13 0 M16 4.5a3.5 3.5 0 0 1 0 6.5 M18 14a6.5 6.5 0 0 1 3.5 6",
  record: "M6 3h9l4 4v14H6z M14 3v5h5 M9 12h7 M9 16h7",
  more: "M12 5.5v.01 M12 12v.01 M12 18.5v.01",
  world: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M3 12h18 M12 3c5 5 5 13 0 18 M12 3c-5 5-5 13 0 18",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", fill: "none" }))
    svg.setAttribute(key, value);
  const stroke = { d: SHAPES[name], stroke: "currentColor", "stroke-width": name === "more" ? 3 : 1.8 };
  for (const [key, value] of Object.entries({ ...stroke, "stroke-linecap": "round", "stroke-linejoin": "round" }))
    path.setAttribute(key, value);
  svg.append(path);
  return svg;
}
