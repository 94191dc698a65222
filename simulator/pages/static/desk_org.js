/** What the org has beside a chat: contact, case and their fields, and the files. */
import { facts } from "./desk_record.js";
import { el } from "./dom.js";
import { say } from "./words.js";

const HOW = { found: say("found"), created: say("created from the chat"), "of the case": say("named by the case"),
  suggested: say("suggested"), none: say("not found"), several: say("several fit: choose"), refused: say("refused") };
const PICTURE = /\.(png|jpe?g|gif|webp)$/i;
const SOUND = /\.(ogg|mp3|m4a|aac|wav)$/i;

/** One record, and how it came to be beside the chat. */
export function found(one) {
  const chip = el("span", { class: one.id ? "chip good" : "chip warn", text: HOW[one.how] ?? one.how });
  return el("section", { class: "entity", "data-entity": one.entity },
    el("h2", {}, `${one.entity} `, el("b", { text: one.name ?? "" }), " ", chip),
    el("p", { class: "small soft", text: one.why ?? one.id ?? "" }),
    facts(one.fields));
}

function file(name, bytes, href, note) {
  const link = el("a", { href, target: "_blank", rel: "noopener noreferrer", text: name });
  if (PICTURE.test(name)) link.prepend(el("img", { src: href, alt: "", class: "picture" }));
  const sound = SOUND.test(name) && el("audio", { src: href, controls: true, preload: "metadata", "aria-label": name });
  return el("li", {}, sound || null, link, el("span", { class: "small soft", text: ` ${size(bytes)}, ${note}` }));
}

function size(bytes) {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Files on the records, and files that the agent asked for. */
export function files(chat, { files: kept }) {
  const list = el("ul", { class: "files" },
    ...kept.map((one) => file(one.name, one.size, `sim/org/files/${one.id}/content`, say("on the record"))),
    ...chat.files.map((one, number) =>
      file(one.name, one.size, `sim/chats/${encodeURIComponent(chat.id)}/files/${number}`,
        say(chat.kind === "enhanced_chat" ? "sent in the chat" : "asked for in the chat"))));
  return list.childElementCount ? [el("section", { class: "entity" }, el("h2", { text: say("Files") }), list)] : [];
}
