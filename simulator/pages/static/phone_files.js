/** Sending a file: which kind, which file, upload, then the message about it. */
import { $ } from "./dom.js";
import { ask, attempt, toast } from "./live.js";
import { say } from "./words.js";

const MAX_BYTES = 5 * 1024 * 1024;

export function attaching(send) {
  const menu = $("#kinds");
  const clip = $("#clip");
  const field = $("#file");
  let kind = "document";

  const open = (on) => {
    menu.hidden = !on;
    clip.setAttribute("aria-expanded", String(on));
    if (on) menu.querySelector("button").focus();
  };
  clip.addEventListener("click", (event) => {
    event.stopPropagation();
    open(menu.hidden);
  });
  document.addEventListener("click", (event) => menu.contains(event.target) || open(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !menu.hidden) {
      open(false);
      clip.focus();
    }
  });
  for (const button of menu.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      kind = button.dataset.kind;
      field.accept = button.dataset.accept;
      open(false);
      field.click();
    });
  }
  field.addEventListener("change", async () => {
    const [file] = field.files;
    field.value = "";
    if (!file) return;
    if (file.size > MAX_BYTES) {
      toast(say("A file may have 5 MB."));
      return;
    }
    const query = new URLSearchParams({ kind, name: file.name });
    const taken = await attempt(() => ask("POST", `/media?${query}`, file));
    const text = $("#text").value.trim();
    if (!taken) return;
    if (text) $("#text").value = "";
    await send(text ? { media: taken.id, text } : { media: taken.id });
  });
}
