/** Talking to the simulator, and hearing when something changed. */
import { el } from "./dom.js";
import { say } from "./words.js";

/** Ask `/sim…`; what is wrong comes as an Error with the simulator's own sentence. */
export async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body instanceof Blob) {
    options.body = body;
    options.headers["Content-Type"] = body.type || "application/octet-stream";
  } else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(`sim${path}`, options);
  } catch {
    throw new Error(say("The simulator does not answer."));
  }
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const error = new Error(json.error || say("The simulator answered %s.", answer.status));
    error.status = answer.status;
    throw error;
  }
  return json;
}

/** Say something for a few seconds. */
export function toast(text, good = false) {
  document.querySelector(".toast")?.remove();
  const box = el("p", { class: good ? "toast good" : "toast", role: good ? "status" : "alert", text });
  document.body.append(box);
  setTimeout(() => box.remove(), 5000);
}

/** Do it; when it cannot be done, say why. */
export async function attempt(deed) {
  try {
    return await deed();
  } catch (error) {
    toast(error.message);
    return undefined;
  }
}

/**
 * Run `refresh` now and after every change: one run at a time, changes during a run lead to one more.  The socket
 * is opened again for as long as the page lives, and each attempt looks by itself too.
 */
export function follow(refresh) {
  let running = false;
  let again = false;
  let pause = 1000;

  async function wake() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      try {
        await refresh();
      } catch (error) {
        if (error.status !== undefined) console.warn(error.message);
      }
    }
    running = false;
  }

  function light(on) {
    const lamp = document.querySelector(".pulse");
    if (!lamp) return;
    lamp.dataset.live = on ? "on" : "off";
    lamp.firstElementChild.textContent = say(on ? "live" : "reconnecting");
    lamp.title = say(on ? "Every change is shown at once" : "The simulator does not answer; trying again");
  }

  function connect() {
    const address = new URL("sim/live", document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    socket.addEventListener("message", () => {
      pause = 1000;
      light(true);
      wake();
    });
    socket.addEventListener("close", () => {
      light(false);
      wake();
      setTimeout(connect, pause);
      pause = Math.min(pause * 1.5, 5000);
    });
  }

  document.addEventListener("visibilitychange", () => document.hidden || wake());
  light(false);
  connect();
  return wake;
}
