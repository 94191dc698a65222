/** A conversation as the agent sees it: the past as a block, bubbles, and what happened in between. */
import { clock, el, linked } from "./dom.js";
import { answering, quoted } from "./desk_quotes.js";
import { say } from "./words.js";

const PICTURE = /\.(png|jpe?g|gif|webp)$/i;

const STEPS = {
  ChasitorInit: "The visitor asked for a chat",
  ChatEstablished: "An agent took the chat",
  ChatTransferred: "The chat went to another agent",
  TransferToButtonInitiated: "The chat went back to the queue",
  AgentDisconnect: "The agent's connection was lost",
  handover: "Salesforce moved the chat to another server",
  ReconnectSession: "The bridge reconnected",
  ChasitorResyncState: "The bridge is back in step",
  session: "The visitor asked for a chat",
  accepted: "An agent took the chat",
  transferred: "The chat went to another agent",
  requeued: "The chat went back to the queue",
  "agent left": "The agent left",
  closed: "The conversation was closed",
};
const PAST = /^([^\n]{1,60}):\n(?:…\n\n)?(?=[^\n]*\[\d\d-\d\d-\d{4} \d\d:\d\d:\d\d\]:)/;
const ENTRY = /^(.{1,60}?) \[(\d\d-\d\d-\d{4}) (\d\d:\d\d:\d\d)\]:(.*)$/s;

/** The lines of the past, if this text is one. */
export function past(text) {
  const title = PAST.exec(text);
  if (!title) return null;
  const lines = [];
  for (const part of text.slice(title[0].length).split("\n\n")) {
    const entry = ENTRY.exec(part);
    if (entry) lines.push({ who: entry[1], at: entry[3], text: entry[4] });
    else if (lines.length) lines.at(-1).text += `\n\n${part}`;
    else return null;
  }
  return { title: title[1], lines };
}

/** Everything of a chat in the order of its time. */
export function timeline(chat) {
  const said = chat.transcript.map((one, number) => ({ ...one, file: sent(chat, one.file), quoted: answered(chat, one.quotes), key: `line-${number}`, rank: 1 }));
  const steps = chat.steps
    .filter((step) => STEPS[step.what])
    .map((step, number) => ({ key: `step-${number}`, from: "note", text: say(STEPS[step.what]), at: step.at, rank: 0 }));
  const all = [...steps, ...said].sort((a, b) => a.at - b.at || a.rank - b.rank);
  if (chat.status === "ended") {
    const at = chat.steps.findLast((step) => step.what === "ended")?.at ?? 0;
    all.push({ key: "ended", from: "note", text: say("The chat has ended: %s", chat.end_reason), at, rank: 2 });
  }
  return all;
}

/** A file that came or went with a line of the chat: its name and where it lies. */
function sent(chat, number) {
  if (number === null || number === undefined) return null;
  return { name: chat.files[number].name, href: `sim/chats/${encodeURIComponent(chat.id)}/files/${number}` };
}

/** The line that this one answers. */
function answered(chat, id) {
  const found = id && chat.transcript.find((one) => one.id === id);
  return found ? { name: found.name, text: found.text } : null;
}

function attached({ name, href }) {
  const link = el("a", { href, target: "_blank", rel: "noopener noreferrer", text: name });
  if (PICTURE.test(name)) link.prepend(el("img", { src: href, alt: "", class: "picture" }));
  return el("span", { class: "attached" }, link);
}

export function line(item) {
  if (item.from === "note") return el("li", { class: "note" }, el("span", { text: `${item.text} · ${clock(item.at)}` }));
  if (item.from === "system") return el("li", { class: "note" }, el("span", { text: item.text }));
  const before = item.from === "visitor" && past(item.text);
  if (before) return context(before);
  const mine = item.from === "agent";
  return el("li", { class: mine ? "mine" : "" },
    el("div", { class: "bubble" }, el("span", { class: "who", text: item.name }), quoted(item), linked(item.text), item.file && attached(item.file),
      el("span", { class: "meta", text: clock(item.at) })), answering(item));
}

function context({ title, lines }) {
  const list = el("dl");
  for (const one of lines) {
    const words = el("dd");
    words.append(linked(one.text));
    list.append(el("dt", { text: `${one.who} ${one.at.slice(0, 5)}` }), words);
  }
  return el("li", { class: "context" }, el("h3", { text: say("%s · before the chat", title) }), list);
}
