/** The bar on top of every page. */
import { el, icon } from "./dom.js";

const PAGES = [["./", "Start"], ["phone", "Phone"], ["desk", "Desk"], ["faults", "Faults"]];

export function bar(current) {
  const links = PAGES.map(([href, text]) =>
    el("a", { href, text, "aria-current": text === current ? "page" : null }));
  document.body.prepend(
    el("header", { class: "bar" },
      el("a", { class: "brand", href: "./" }, icon("world"), el("span", { text: "Simulated world" })),
      el("nav", { "aria-label": "Pages" }, ...links),
      el("span", { class: "pulse", role: "status" }, el("span", { text: "connecting" }))),
  );
}
