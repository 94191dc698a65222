/** A field to write in: Enter sends, Shift+Enter makes a line, it grows with its text. */

export function composer(form, send) {
  const field = form.querySelector("textarea");
  const grow = () => {
    field.style.height = "";
    const wanted = Math.max(42, field.scrollHeight + 2);
    field.style.height = `${Math.min(140, wanted)}px`;
    field.style.overflowY = wanted > 140 ? "auto" : "hidden";
  };
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    grow();
    field.focus();
    if ((await send(text)) === false && !field.value) {
      field.value = text; // it was not taken: nobody should have to write it again
      grow();
    }
  });
  return field;
}
