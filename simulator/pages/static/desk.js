/** The desk: which chats there are, which one is before the agent, and what he does with it. */
import { bar } from "./bar.js";
import { composer } from "./composer.js";
import { deeds } from "./desk_deeds.js";
import { lists } from "./desk_lists.js";
import { offers } from "./desk_offers.js";
import { files, found } from "./desk_org.js";
import { record } from "./desk_record.js";
import { quoteNothing, quoting } from "./desk_quotes.js";
import { line, timeline } from "./desk_talk.js";
import { $, el, following, icon, show } from "./dom.js";
import { ask, attempt, follow } from "./live.js";
import { typing } from "./typing.js";
import { say } from "./words.js";

const STATES = { created: say("arriving"), waiting: say("waiting") };
let chosen = location.hash.slice(1);
let drawn = "";

const act = (verb, body = {}) => ask("POST", `/chats/${encodeURIComponent(chosen)}/${verb}`, body);
const me = () => $("#me").value.trim() || "Luz R.";

function about(chat) {
  return chat.kind === "enhanced_chat" ? say("%s · by Enhanced Chat", state(chat)) : state(chat);
}

function state(chat) {
  if (chat.status === "active") return say("with %s", chat.agent?.name ?? say("an agent"));
  if (chat.status === "ended") return say("ended: %s", chat.end_reason);
  return STATES[chat.status];
}

function buttons(chat) {
  const on = chat.status === "active";
  const waiting = chat.status === "waiting";
  $("#accept").hidden = !waiting;
  $("#end").hidden = !on;
  $("#more").parentElement.hidden = !on && !waiting;
  for (const button of $("#deeds").children) button.disabled = button.dataset.deed !== "refuse" && !on;
  for (const button of $("#deeds").querySelectorAll("[data-kind]")) button.hidden = button.dataset.kind !== chat.kind;
  $("[data-deed=request_file]").hidden ||= chat.file_requested;
  $("[data-deed=cancel_file]").hidden ||= !chat.file_requested;
  $("#composer").hidden = !on;
  $("#typing").hidden = !on;
  $("#typing").textContent = chat.visitor_typing ? say("%s is typing …", chat.visitor_name) : "";
}

function draw(chat, beside) {
  $("#name").textContent = chat.visitor_name ?? "…";
  $("#about").textContent = about(chat);
  buttons(chat);
  const anew = drawn !== chat.id;
  if (anew) {
    $("#log").replaceChildren();
    if (drawn) $("#log").follows = true;
  }
  following($("#log"), () => show($("#log"), timeline(chat), (item) => item.key, line));
  drawn = chat.id;
  const looks = JSON.stringify([chat, beside]);
  if ($("#record").looks !== looks)
    $("#record").replaceChildren(...beside.records.map(found), ...files(chat, beside), ...record(chat));
  $("#record").looks = looks;
}

/** No chat is before the agent: what belongs to one cannot be reached. */
function blank(on) {
  $("#nothing").hidden = !on;
  for (const part of document.querySelectorAll(".talk > :not(#nothing)")) part.inert = on;
}

async function refresh() {
  const { agent, chats } = await ask("GET", "/desk");
  $("#auto").checked = agent.auto;
  const known = chats.some((chat) => chat.id === chosen);
  const here = known ? chosen : "";
  $(".desk").dataset.pane = here ? "talk" : "lists";
  blank(!here);
  const waiting = lists(chats, here, accept);
  document.title = `${waiting ? `(${waiting}) ` : ""}${say("Desk")} · ${say("Simulated world")}`;
  if (!here) {
    $("#record").replaceChildren(el("p", { class: "soft small", text: say("What Salesforce keeps of a chat is shown here.") }));
    $("#record").looks = "";
    drawn = "";
    return;
  }
  const id = encodeURIComponent(here);
  const [chat, beside] = await Promise.all([ask("GET", `/chats/${id}`), ask("GET", `/desk/${id}/records`)]);
  if (chat.id === chosen) draw(chat, beside);
}

async function accept(id) {
  chosen = id;
  location.hash = id;
  await attempt(() => act("accept", { name: me() }));
  await wake();
  if (!$("#composer").hidden) $("#text").focus();
}

function openRecord(on) {
  $("#record").classList.toggle("open", on);
  $("#record-button").setAttribute("aria-expanded", String(on));
  if (on) $("#record").focus();
}

bar("Desk");
blank(true);
$("#back").append(icon("back"));
$("#more").append(icon("more"));
$("#record-button").append(icon("record"));
$("#send").append(icon("send"));
$("#me").value = localStorage.getItem("agent") || "Luz R.";
$("#me").addEventListener("change", () => localStorage.setItem("agent", me()));
$("#auto").addEventListener("change", (event) => {
  const manner = { auto: event.target.checked, name: me(), answer: "echo", delay: 0.8 };
  attempt(() => ask("PUT", "/agent", manner));
});
$("#accept").addEventListener("click", () => accept(chosen));
$("#end").addEventListener("click", () => attempt(() => act("end")));
$("#record-button").addEventListener("click", () => openRecord(!$("#record").classList.contains("open")));
document.addEventListener("keydown", (event) => event.key === "Escape" && openRecord(false));
deeds(act, offers(act));
$("#quote-nothing").addEventListener("click", quoteNothing);
const hands = typing((on) => act("typing", { on }));
const field = composer($("#composer"), async (text) => {
  hands.rest();
  const quotes = quoting();
  const said = (await attempt(() => act("say", { text, ...quotes }))) !== undefined;
  if (said && quotes.quotes === quoting().quotes) quoteNothing(); // not what was chosen for the next one meanwhile
  return said;
});
field.addEventListener("input", () => hands.move(field.value));
window.addEventListener("hashchange", () => {
  chosen = location.hash.slice(1);
  hands.rest();
  quoteNothing();
  openRecord(false);
  wake();
});
const wake = follow(refresh);
setInterval(() => document.hidden || lists.tick(), 5000);
