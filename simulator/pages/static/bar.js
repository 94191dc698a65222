/** The bar on top of every page. */
import { el, icon } from "./dom.js";
import { say, translate } from "./words.js";

const PAGES = [["./", "Start"], ["phone", "Phone"], ["desk", "Desk"], ["faults", "Faults"]];

export function bar(current) {
  const links = PAGES.map(([href, text]) =>
    el("a", { href, text: say(text), "aria-current": text === current ? "page" : null }));
  translate(document.body);
  document.body.prepend(
    el("header", { class: "bar" },
      el("a", { class: "brand", href: "./" }, icon("world"), el("span", { text: say("Simulated world") })),
      el("nav", { "aria-label": say("Pages") }, ...links),
      el("span", { class: "pulse", role: "status" }, el("span", { text: say("connecting") }))),
  );
}
