/** What the org has beside a chat: contact, case and their fields, and the files. */
import { facts } from "./desk_record.js";
import { el } from "./dom.js";

const HOW = { found: "found", created: "created from the chat", "of the case": "named by the case",
  suggested: "suggested", none: "not found", several: "several fit: choose", refused: "refused" };
const PICTURE = /\.(png|jpe?g|gif|webp)$/i;

/** One record, and how it came to be beside the chat. */
export function found(one) {
  const chip = el("span", { class: one.id ? "chip good" : "chip warn", text: HOW[one.how] ?? one.how });
  return el("section", { class: "entity", "data-entity": one.entity },
    el("h2", {}, `${one.entity} `, el("b", { text: one.name ?? "" }), " ", chip),
    el("p", { class: "small soft", text: one.why ?? one.id ?? "" }),
    facts(one.fields));
}

function file(name, size, href, note) {
  const link = el("a", { href, target: "_blank", rel: "noopener noreferrer", text: name });
  if (PICTURE.test(name)) link.prepend(el("img", { src: href, alt: "", class: "picture" }));
  return el("li", {}, link, el("span", { class: "small soft", text: ` ${size} bytes, ${note}` }));
}

/** Files on the records, and files that the agent asked for. */
export function files(chat, { files: kept }) {
  const list = el("ul", { class: "files" },
    ...kept.map((one) => file(one.name, one.size, `sim/org/files/${one.id}/content`, "on the record")),
    ...chat.files.map((one, number) =>
      file(one.name, one.size, `sim/chats/${encodeURIComponent(chat.id)}/files/${number}`, "asked for in the chat")));
  return list.childElementCount ? [el("section", { class: "entity" }, el("h2", { text: "Files" }), list)] : [];
}
