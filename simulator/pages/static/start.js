/** The start page: where everything is, and how far a first chat has come. */
import { bar } from "./bar.js";
import { $, el } from "./dom.js";
import { ask, follow } from "./live.js";
import { say } from "./words.js";

const SERVICE = { whatsapp: "WhatsApp", facebook: "Messenger" };

function fact(id, ...children) {
  if (children[0]) $(id).replaceChildren(...children);
}

function places(stage) {
  const link = (href, attributes = {}) => el("a", { href, text: href, ...attributes });
  const away = { target: "console", rel: "noopener" };
  fact("#fact-console", stage.console && link(stage.console, away));
  fact("#fact-api", stage.api && el("code", { text: `${stage.api}/v1/…` }));
  const bots = stage.bots.length ? stage.bots.map((bot) => `${bot.slug} (${SERVICE[bot.provider]})`) : [stage.bot];
  fact("#fact-bot", ...bots.filter(Boolean).flatMap((bot) => [el("code", { text: bot }), " "]));
  if (stage.login.length) {
    const [user, password] = stage.login.map((text) => el("code", { text }));
    fact("#fact-login", user, " / ", password);
  }
  $("#fact-sim").textContent = new URL("sim/", document.baseURI).href;
  for (const place of [$("#console"), $("#console-step")]) place.hidden = !stage.console;
  for (const one of [$("#console a"), $("#console-step")]) if (stage.console) one.href = stage.console;
}

function progress(chats, phones) {
  const steps = {
    write: phones.some((phone) => phone.lines > 0),
    ask: chats.length > 0,
    answer: chats.some((chat) => chat.answered),
    end: chats.some((chat) => chat.status === "ended" && chat.established),
  };
  // Who came another way (a bot by curl, an agent who said nothing) has left the earlier steps behind.
  const names = Object.keys(steps);
  names.forEach((name, index) => { steps[name] ||= names.slice(index + 1).some((later) => steps[later]); });
  const next = names.find((name) => !steps[name]);
  names.forEach((name, index) => {
    const step = $(`#step-${name}`);
    step.classList.toggle("done", steps[name]);
    step.classList.toggle("next", name === next);
    step.setAttribute("aria-label", say(steps[name] ? "Step %s, done" : "Step %s", index + 1));
    step.querySelector(".number").textContent = steps[name] ? "✓" : index + 1;
  });
}

async function refresh() {
  const [stage, desk, { phones }, { faults }] = await Promise.all(
    ["/stage", "/desk", "/phones", "/faults"].map((path) => ask("GET", path)));
  places(stage);
  progress(desk.chats, phones);
  const by = (status) => desk.chats.filter((chat) => chat.status === status).length;
  $("#desk-now").textContent = desk.chats.length
    ? say("%s waiting, %s open, %s ended", by("waiting"), by("active"), by("ended")) : say("The agents, as in Salesforce");
  $("#phone-now").textContent = phones.length === 1
    ? say("One person, and the bot they talk to")
    : say(stage.bots.length > 1 ? "%s people, and the bots they talk to" : "%s people, and the bot they talk to", phones.length);
  $("#faults-now").textContent = faults.length === 1
    ? say("One fault is set")
    : faults.length ? say("%s faults are set", faults.length) : say("Break things, and watch");
}

bar("Start");
follow(refresh);
