/** The rarer things that an agent does: transfer, return to the queue, lose the connection, refuse. */
import { $ } from "./dom.js";
import { attempt } from "./live.js";

/** `offers` takes the deeds that are its own. */
export function deeds(act, offers) {
  const menu = $("#deeds");
  const more = $("#more");
  const dialog = $("#transfer");
  const open = (on) => {
    menu.hidden = !on;
    more.setAttribute("aria-expanded", String(on));
    if (on) menu.querySelector("button:not(:disabled)")?.focus();
  };
  more.addEventListener("click", (event) => {
    event.stopPropagation();
    open(menu.hidden);
  });
  document.addEventListener("click", (event) => menu.contains(event.target) || open(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    open(false);
    more.focus();
  });
  menu.addEventListener("click", (event) => {
    const deed = event.target.closest("button")?.dataset.deed;
    if (!deed) return;
    open(false);
    if (offers(deed)) return;
    if (deed === "transfer") {
      dialog.querySelector("form").reset();
      dialog.returnValue = "";
      dialog.showModal();
    } else {
      attempt(() => act(deed));
    }
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    const name = dialog.querySelector("input").value.trim();
    attempt(() => act("transfer", name ? { name } : {}));
  });
  // Enter in the field means the transfer, not the first button of the form.
  dialog.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    dialog.close("yes");
  });
}
