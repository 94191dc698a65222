/** The start page: where everything is, and how far a first chat has come. */
import { bar } from "./bar.js";
import { $, el } from "./dom.js";
import { ask, follow } from "./live.js";

function fact(id, ...children) {
  if (children[0]) $(id).replaceChildren(...children);
}

function places(stage) {
  const link = (href, attributes = {}) => el("a", { href, text: href, ...attributes });
  const away = { target: "console", rel: "noopener" };
  fact("#fact-console", stage.console && link(stage.console, away));
  fact("#fact-api", stage.api && el("code", { text: `${stage.api}/v1/…` }));
  fact("#fact-bot", stage.bot && el("code", { text: stage.bot }));
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
    answer: chats.some((chat) => chat.last?.from === "agent" || (chat.status === "ended" && chat.established)),
    end: chats.some((chat) => chat.status === "ended" && chat.established),
  };
  const next = Object.keys(steps).find((name) => !steps[name]);
  Object.keys(steps).forEach((name, index) => {
    const step = $(`#step-${name}`);
    step.classList.toggle("done", steps[name]);
    step.classList.toggle("next", name === next);
    step.setAttribute("aria-label", `Step ${index + 1}${steps[name] ? ", done" : ""}`);
    step.querySelector(".number").textContent = steps[name] ? "✓" : index + 1;
  });
}

const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;

async function refresh() {
  const [stage, desk, { phones }, { faults }] = await Promise.all(
    ["/stage", "/desk", "/phones", "/faults"].map((path) => ask("GET", path)));
  places(stage);
  progress(desk.chats, phones);
  const by = (status) => desk.chats.filter((chat) => chat.status === status).length;
  if (desk.chats.length) $("#desk-now").textContent = `${by("waiting")} waiting, ${by("active")} open, ${by("ended")} ended`;
  $("#phone-now").textContent = `${count(phones.length, "person", "people")}, and the bot they talk to`;
  $("#faults-now").textContent = faults.length ? `${count(faults.length, "fault is", "faults are")} set` : "Break things, and watch";
}

bar("Start");
follow(refresh);
