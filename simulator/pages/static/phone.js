/** The phone: who it is, what is on the screen, writing, asking for a human. */
import { bar } from "./bar.js";
import { composer } from "./composer.js";
import { $, clock, el, following, icon, initials, linked, show } from "./dom.js";
import { ask, attempt, follow, toast } from "./live.js";
import { attaching } from "./phone_files.js";
import { medium } from "./phone_media.js";
import { say, sayNote } from "./words.js";

let chosen = decodeURIComponent(location.hash.slice(1)) || localStorage.getItem("phone") || "";

let begin;
const begun = new Promise((so) => { begin = so; }); // we know whose phone it is

const hue = (id) => [...id].reduce((sum, sign) => (sum * 33 + 59 * sign.codePointAt(0)) % 997, 7) % 360;
const SERVICE = { whatsapp: "WhatsApp", facebook: "Messenger" };
const call = (phone) => phone.name || phone.id;
const path = (verb) => `/users/${encodeURIComponent(chosen)}/${verb}`;

function face(node, phone) {
  node.textContent = initials(call(phone));
  node.style.setProperty("--hue", hue(phone.id));
  return node;
}

function contact(phone) {
  const last = phone.last ? phone.last.text || phone.last.type : "";
  const button = el("button", { type: "button", "aria-current": String(phone.current), onclick: () => choose(phone.id) },
    face(el("span", { class: "face", "aria-hidden": "true" }), phone),
    el("span", { class: "lines" }, el("b", { text: call(phone) }),
      el("span", { class: "small soft", text: last || phone.id })),
    phone.with_bot ? null : el("span", { class: "dot", role: "img", "aria-label": say("with a person"), title: say("with a person") }));
  return el("li", {}, button);
}

const META_TICKS = {
  accepted: ["🕓", say("accepted")],
  sent: ["✓", say("sent")],
  delivered: ["✓✓", say("delivered")],
  read: ["✓✓", say("read")],
  played: ["✓✓", say("read")],
};

/** How far a message has come at Meta: of the user's, whether the business read it; of the business's, all of it. */
function tick(line) {
  const [sign, words] = META_TICKS[line.tick];
  return el("span", { class: `tick ${line.tick}`, title: words, role: "img", "aria-label": words, text: ` ${sign}` });
}

function quote({ by, text, type }) {
  return el("span", { class: "quote" }, el("b", { text: by === "user" ? say("You") : say("The business") }),
    el("span", { text: text || say(type) }));
}

const TICKS = {
  sending: ["✓", say("sent, no answer yet")],
  taken: ["✓✓", say("taken by the bridge")],
  failed: ["!", say("failed")],
};

function bubble(line) {
  if (line.side === "note") return el("li", { class: `note ${line.tone}` }, el("span", { text: sayNote(line.text) }));
  const mine = line.side === "user";
  const who = mine ? null : line.side === "bot" ? "Bot" : line.name === "inbox" ? say("the page's inbox") : line.name || "";
  const meta = el("span", { class: "meta", text: clock(line.at) });
  if (line.tick && line.status !== "failed") meta.append(tick(line));
  else if (line.status && (mine || line.status === "failed")) {
    const [sign, words] = TICKS[line.status];
    const codes = line.answers.map((code) => code ?? say("no answer")).join(", ");
    const title = codes ? say("%s: the webhook was answered %s", words, codes) : words;
    meta.append(el("span", { class: `tick ${line.status}`, title, role: "img", "aria-label": title, text: ` ${sign}` }));
  }
  const box = el("div", { class: "bubble" }, who && el("span", { class: "who", text: who }),
    line.quotes && quote(line.quotes), line.media && medium(line.media), line.text && linked(line.text),
    ...(line.options ?? []).map((option) => el("span", { class: "option", text: option.title })), meta,
    line.reaction && el("span", { class: "reaction", text: line.reaction }));
  const item = el("li", { class: mine ? "mine" : line.side }, box);
  if (mine && line.status === "failed" && !line.tick) {
    const codes = line.answers.map((code) => code ?? say("no answer")).join(", ");
    item.append(el("button", { type: "button", class: "retry", text: say("Failed (%s) – retry", codes),
      onclick: () => attempt(() => ask("POST", path("write"), { again: line.id, bot: $("#bot").checked })) }));
  }
  return item;
}

/** Where there are several bots, a newcomer chooses one, and each phone says which is its own. */
function several(stage) {
  const options = stage.bots.map((bot) => ({ ...bot, label: say("%s, on %s", bot.slug, SERVICE[bot.provider]) }));
  $("#talks-to").hidden = options.length < 2;
  show($("#talks-to select"), options, (bot) => bot.slug, (bot) =>
    el("option", { value: bot.slug, text: bot.label, "data-provider": bot.provider }));
  return (phone) => options.length > 1 ? ` ${say("%s, on %s", phone.bot ?? stage.bot, SERVICE[phone.provider])}` : "";
}

async function refresh() {
  const [{ phones }, stage] = await Promise.all(["/phones", "/stage"].map((path) => ask("GET", path)));
  const named = several(stage);
  if (!phones.some((phone) => phone.id === chosen)) chosen = phones[0]?.id ?? "";
  const shown = phones.map(({ lines, ...phone }) => ({ ...phone, current: phone.id === chosen }));
  show($("#contacts"), shown, (phone) => phone.id, contact);
  if (!chosen) return;
  begin();
  const phone = await ask("GET", `/phones/${encodeURIComponent(chosen)}`);
  if (phone.id !== chosen) return;
  face($("#face"), phone);
  $("#name").textContent = call(phone);
  $("#number").textContent = phone.with_bot ? say("with the bot") + named(phone) : say("with a person");
  const { typing, owner } = phone.at_meta ?? {};
  if (owner) $("#number").append(` · ${say("thread of %s", owner)}`);
  if (typing) $("#number").textContent = say("typing …");
  $("#ask").hidden = !phone.with_bot;
  $("#finish").hidden = phone.with_bot;
  $("#empty").hidden = phone.screen.length > 0;
  document.title = `${call(phone)} · ${say("Phone")}`;
  following($("#screen"), () => show($("#screen"), phone.screen, (line) => line.key, bubble));
}

function open(on) {
  $("#people").classList.toggle("open", on);
  $("#switch").setAttribute("aria-expanded", String(on));
}

async function choose(id) {
  chosen = id;
  localStorage.setItem("phone", id);
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  $("#screen").replaceChildren();
  $("#screen").follows = true;
  open(false);
  await wake();
}

async function write(message) {
  await begun;
  const answer = await attempt(() => ask("POST", path("write"), { ...message, bot: $("#bot").checked }));
  return answer !== undefined;
}

async function wish(button, verb) {
  button.disabled = true;
  await begun;
  const answer = await attempt(() => ask("POST", path(verb), {}));
  button.disabled = false;
  if (answer && answer.status !== 200) toast(say("The bridge answered %s.", answer.status ?? say("nothing")));
  $("#text").focus();
}

bar("Phone");
$("#switch").append(icon("people"));
$("#clip").append(icon("clip"));
$("#send").append(icon("send"));
$("#bot").checked = localStorage.getItem("bot") !== "off";
$("#bot").addEventListener("change", (event) => localStorage.setItem("bot", event.target.checked ? "on" : "off"));
$("#switch").addEventListener("click", () => open(!$("#people").classList.contains("open")));
$("#ask").addEventListener("click", (event) => wish(event.currentTarget, "ask"));
$("#finish").addEventListener("click", (event) => wish(event.currentTarget, "finish"));
$("#add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const number = form.elements.number.value.replace(/\D/g, "");
  const name = form.elements.name.value;
  const { value: bot, selectedOptions: [option] } = form.elements.bot;
  const talksTo = bot ? { bot, provider: option.dataset.provider } : {};
  if ((await attempt(() => ask("PUT", `/phones/${number}`, { name, ...talksTo }))) === undefined) return;
  form.reset();
  $("#adding").open = false;
  await choose(number);
});
document.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
composer($("#composer"), (text) => write({ text }));
attaching((file) => write(file));
const wake = follow(refresh);
