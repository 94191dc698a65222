/** The faults page: what is broken, what else to break, hand-overs, rules, and the way back. */
import { bar } from "./bar.js";
import { $, el, show } from "./dom.js";
import { ask, attempt, follow, toast } from "./live.js";
import { rulesForm } from "./rules_form.js";
import { say } from "./words.js";

const READY = [
  ["Live Agent down, 5 calls", { on: "live_agent", kind: "status", status: 503, times: 5 }],
  ["Texts accepted, answers lost", { on: "chat_message", kind: "drop_after", times: 3 }],
  ["Enhanced Chat down, 5 calls", { on: "enhanced_chat", kind: "status", status: 503, times: 5 }],
  ["Messages accepted, answers lost", { on: "send_message", kind: "drop_after", times: 3 }],
  ["Streams are cut", { on: "sse", kind: "drop_after", seconds: 2, times: 3 }],
  ["Polls drop", { on: "messages", kind: "drop", times: 3 }],
  ["Yalo: 429, wait 2 s", { on: "platform", kind: "status", status: 429, retry_after: 2, times: 2 }],
  ["Yalo is slow", { on: "yalo", kind: "slow", seconds: 3, times: 10 }],
  ["Meta: 503, 3 calls", { on: "graph", kind: "status", code: "131016", times: 3 }],
  ["WhatsApp: accepted, answers lost", { on: "cloud_send", kind: "drop_after", times: 3 }],
  ["WhatsApp: undeliverable, told later", { on: "cloud_send", kind: "fails_later", code: "131026", times: 3 }],
  ["Messenger: accepted, answers lost", { on: "page_send", kind: "drop_after", times: 3 }],
  ["Org down, 3 calls", { on: "salesforce", kind: "status", status: 503, times: 3 }],
  ["Cases made, answers lost", { on: "salesforce", kind: "drop_after", key: "Case", times: 2 }],
  ["Day's API calls used up", { on: "salesforce", kind: "status", status: 403, code: "REQUEST_LIMIT_EXCEEDED", times: 5 }],
  ["Chats cannot begin", { on: "chasitor_init", kind: "status", status: 500, times: 3 }],
];
const NUMBERS = ["status", "retry_after", "seconds", "times", "every"];

const plain = (text) => say(text.replaceAll("`", ""));
let meanings = {};

const set = (fault) => attempt(() => ask("POST", "/faults", fault));

function words(fault) {
  const parts = [fault.kind];
  if (fault.kind.startsWith("status")) parts.push(String(fault.status));
  if (fault.kind.startsWith("status") && fault.retry_after !== null) parts.push(`Retry-After ${fault.retry_after}`);
  if (fault.kind === "slow") parts.push(`${fault.seconds} s`);
  if (fault.every > 1) parts.push(say("one of %s", fault.every));
  if (fault.code) parts.push(fault.code);
  if (fault.key) parts.push(say("only %s", fault.key));
  return parts.join(", ");
}

function row(fault) {
  const over = fault.times !== null && fault.fired >= fault.times;
  const fired = fault.times === null ? `${fault.fired}` : say("%s of %s", fault.fired, fault.times);
  return el("tr", {},
    el("td", {}, el("code", { text: fault.on })),
    el("td", {}, words(fault), el("span", { class: "soft small meaning", text: meanings[fault.kind] ?? "" })),
    el("td", {}, el("span", { class: over ? "chip good" : fault.fired ? "chip warn" : "chip", text: fired })),
    el("td", {}, el("button", { type: "button", class: "danger", text: say("Delete"),
      "aria-label": say("Delete the fault on %s", fault.on),
      onclick: () => attempt(() => ask("DELETE", `/faults/${fault.id}`)) })));
}

function offer(choices) {
  const group = (label, names) => el("optgroup", { label }, ...names.map((name) => el("option", { value: name, text: name })));
  const on = $("#add").elements.on;
  on.replaceChildren(group(say("Groups"), choices.groups), group("Live Agent", choices.operations.live_agent),
    group("Enhanced Chat", choices.operations.enhanced_chat),
    group(say("Salesforce org"), choices.operations.salesforce), group("Yalo", choices.operations.yalo),
    group("Meta", choices.operations.graph));
  on.value = "chat_message";
  const kind = $("#add").elements.kind;
  kind.replaceChildren(...Object.entries(choices.kinds).map(([name, meaning]) =>
    el("option", { value: name, text: `${name}: ${plain(meaning)}` })));
  meanings = Object.fromEntries(Object.entries(choices.kinds).map(([name, meaning]) => [name, plain(meaning)]));
  fit();
}

/** Only the fields that matter for this kind. */
function fit() {
  const kind = $("#add").elements.kind.value;
  for (const label of $("#add").querySelectorAll("[data-for]"))
    label.hidden = !label.dataset.for.split(" ").includes(kind);
}

/** Offer these chats, or all. */
function which(place, all, chats) {
  const options = [{ id: "", text: say(all) },
    ...chats.map((chat) => ({ id: chat.id, text: `${chat.visitor_name} (${say(chat.status)})` }))];
  show($(place).elements.chat, options, (one) => one.id, (one) => el("option", { value: one.id, text: one.text }));
}

let form;
async function refresh() {
  if (!form) {
    const choices = await ask("GET", "/choices");
    offer(choices);
    $("#stream").elements.trouble.replaceChildren(...choices.troubles.map((name) => el("option", { value: name, text: name })));
    form = rulesForm($("#rules"), choices.rules);
    form.find($("#find").value);
  }
  const [{ faults }, { chats }, rules] = await Promise.all(["/faults", "/desk", "/rules"].map((path) => ask("GET", path)));
  show($("#rows"), faults, (fault) => fault.id, row);
  $("#none").hidden = faults.length > 0;
  $("#clear").hidden = !faults.length;
  const live = chats.filter((chat) => ["waiting", "active"].includes(chat.status));
  which("#handover", "All that wait or talk", live.filter((chat) => chat.kind === "live_agent"));
  which("#stream", "All open streams", live.filter((chat) => chat.kind === "enhanced_chat"));
  form.fill(rules);
}

bar("Faults");
for (const [text, fault] of READY)
  $("#ready").append(el("button", { type: "button", text: say(text), onclick: () => set(fault) }));
$("#add").addEventListener("submit", (event) => {
  event.preventDefault();
  const fault = { on: event.target.elements.on.value, kind: event.target.elements.kind.value };
  for (const name of NUMBERS) {
    const field = event.target.elements[name];
    if (field.value !== "" && !field.closest("label").hidden) fault[name] = Number(field.value);
  }
  for (const name of ["key", "code"]) {
    const field = event.target.elements[name];
    if (field.value.trim() && !field.closest("label").hidden) fault[name] = field.value.trim();
  }
  set(fault);
});
$("#add").elements.kind.addEventListener("change", fit);
$("#clear").addEventListener("click", () => attempt(() => ask("DELETE", "/faults")));
$("#handover").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await attempt(() => ask("POST", "/handover", { chat: event.target.elements.chat.value || null }));
  if (answer) toast(answer.chats.length === 1 ? say("One chat is moved.") : say("%s chats are moved.", answer.chats.length), true);
});
$("#stream").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { chat, trouble } = event.target.elements;
  const answer = await attempt(() => ask("POST", `/enhanced/streams/${trouble.value}`, { chat: chat.value || null }));
  if (answer) toast(answer.streams === 1 ? say("One stream met it.") : say("%s streams met it.", answer.streams), true);
});
$("#find").addEventListener("input", (event) => form?.find(event.target.value));
$("#defaults").addEventListener("click", () => form && attempt(() => ask("PUT", "/rules", form.defaults)));
$("#reset").addEventListener("click", () => {
  $("#sure").returnValue = "";
  $("#sure").showModal();
});
$("#sure").addEventListener("close", () => {
  if ($("#sure").returnValue === "yes") attempt(() => ask("POST", "/reset"));
});
follow(refresh);
