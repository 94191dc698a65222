/** What only Enhanced Chat lets an agent do: send a file, offer choices, send a form. */
import { $ } from "./dom.js";
import { attempt } from "./live.js";
import { say } from "./words.js";

const TITLES = { choices: "Offer choices", form: "Send a form" };

/** The bytes of a file as base64. */
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export function offers(act) {
  const dialog = $("#offer");
  const field = $("#agents-file");
  const { words, lines } = dialog.querySelector("form").elements;
  let deed = "";

  field.addEventListener("change", async () => {
    const [file] = field.files;
    field.value = "";
    if (!file) return;
    const body = { name: file.name, content: await base64(file) };
    attempt(() => act("file", file.type ? { ...body, type: file.type } : body));
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    const several = lines.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const text = words.value.trim();
    attempt(() => act(deed, deed === "form" ? { title: text, inputs: several } : { text, options: several }));
  });

  // Enter in the first field means the offer, not the first button of the form.
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    dialog.close("yes");
  });

  /** True when this deed is one of these. */
  return (wanted) => {
    if (wanted === "file") field.click();
    else if (wanted in TITLES) {
      deed = wanted;
      dialog.querySelector("form").reset();
      dialog.returnValue = "";
      $("#offer-title").textContent = say(TITLES[wanted]);
      dialog.showModal();
    } else return false;
    return true;
  };
}
