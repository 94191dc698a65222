/** Which message the agent answers: chosen at its bubble, shown above the field, and quoted by what is said next. */
import { $, el } from "./dom.js";
import { say } from "./words.js";

let chosen = null;

function choose(item) {
  chosen = item;
  $("#quoting").hidden = !item;
  $("#quoting span").textContent = item ? item.text : "";
  if (item) $("#text").focus();
}

/** Nothing is quoted any more. */
export const quoteNothing = () => choose(null);

/** What `say` is told of it. */
export const quoting = () => (chosen ? { quotes: chosen.id } : {});

/** At a bubble, where the wire names its messages. */
export function answering(item) {
  if (!item.id) return null;
  return el("button", { type: "button", class: "answering", text: say("Answer this"), onclick: () => choose(item) });
}

/** What a message answers, above its words. */
export function quoted(item) {
  return item.quoted ? el("span", { class: "quote" }, el("b", { text: item.quoted.name }), el("span", { text: item.quoted.text })) : null;
}
