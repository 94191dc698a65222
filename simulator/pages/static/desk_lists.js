/** The three lists of the desk: who waits, who is talked with, who has gone. */
import { $, el, show, since } from "./dom.js";
import { say } from "./words.js";

const seen = new Map(Object.entries(JSON.parse(sessionStorage.getItem("seen") || "{}")));

function entry(chat, accept) {
  const waiting = chat.status === "waiting";
  const first = el("span", { class: "first" }, el("b", { text: chat.visitor_name || "…" }),
    chat.unread ? el("span", { class: "chip count", text: chat.unread, "aria-label": say("%s unread", chat.unread) }) : null);
  const time = waiting ? el("span", { class: "waits", "data-since": chat.since, text: since(chat.since) }) : null;
  const second = el("span", { class: "small soft last" });
  if (waiting) second.append(`${say("no. %s,", chat.place)} `, `${say(chat.again ? "back in the queue," : "waits")} `, time, ` · ${chat.routed_to}`);
  else if (chat.status === "ended") second.append(say("ended: %s", chat.end_reason));
  else if (chat.visitor_typing) second.append(say("is typing …"));
  else second.append(chat.last ? `${chat.last.from === "agent" ? `${say("You:")} ` : ""}${chat.last.text}` : say("nothing said yet"));
  const link = el("a", { href: `#${chat.id}`, "aria-current": String(chat.current) }, first, second);
  const button = waiting && el("button", { type: "button", class: "main", text: say("Accept"),
    "aria-label": say("Accept %s", chat.visitor_name), onclick: () => accept(chat.id) });
  return el("li", {}, link, button || null);
}

/** Draw all three; answers how many wait. */
export function lists(chats, current, accept) {
  const dressed = chats.map((chat) => {
    const here = chat.id === current && !document.hidden;
    if (here || !seen.has(chat.id)) seen.set(chat.id, here ? chat.heard : 0);
    const unread = chat.status === "active" ? Math.max(0, chat.heard - seen.get(chat.id)) : 0;
    return { ...chat, current: chat.id === current, unread };
  });
  sessionStorage.setItem("seen", JSON.stringify(Object.fromEntries(seen)));
  const draw = (place, some) => show($(place), some, (chat) => chat.id, (chat) => entry(chat, accept));
  const waiting = dressed.filter((chat) => chat.status === "waiting").sort((a, b) => a.place - b.place);
  draw("#waiting", waiting);
  draw("#open", dressed.filter((chat) => chat.status === "active"));
  draw("#ended", dressed.filter((chat) => chat.status === "ended").reverse());
  $("#waiting-count").hidden = !waiting.length;
  $("#waiting-count").textContent = waiting.length;
  return waiting.length;
}

/** Time goes by for those who wait. */
lists.tick = () => {
  for (const node of document.querySelectorAll(".waits")) node.textContent = since(Number(node.dataset.since));
};
