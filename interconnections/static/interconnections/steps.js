/* A new row's form, a step at a time; of its fields those that the choices of the first step ask for. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const told = document.getElementById("steps");
  if (!told) return;
  const { titles, words, asked } = JSON.parse(told.textContent);
  const form = told.closest("form");
  const endings = [...form.querySelectorAll(".submit-row")];
  const steps = titles.map((title, place) => ({
    title,
    parts: [...form.querySelectorAll(`fieldset.step-${place + 1}`)].map((set) => set.closest(".inline-group") || set),
  }));
  let here = 0;

  const hide = (element, gone) => element.classList.toggle("not-asked", gone);
  const shown = (element) => !element.classList.contains("not-asked");
  const wrong = (element) => element.querySelector(".errorlist") !== null;
  const boxOf = (column) => form.querySelector(`.fieldBox.field-${column}`) || form.querySelector(`.form-row.field-${column}`);

  function ask() {
    const wanted = new Map();
    for (const [decider, choices] of Object.entries(asked)) {
      const chosen = form.elements[decider].value;
      for (const [choice, columns] of Object.entries(choices))
        for (const column of columns) wanted.set(column, wanted.get(column) || choice === chosen);
    }
    for (const [column, yes] of wanted) {
      const box = boxOf(column);
      if (box) hide(box, !yes && !wrong(box));
    }
    for (const set of form.querySelectorAll("fieldset[class*=step-]")) {
      const rows = [...set.querySelectorAll(".form-row")];
      for (const row of rows) {
        const boxes = [...row.querySelectorAll(".fieldBox")];
        if (boxes.length) hide(row, !boxes.some(shown));
      }
      if (rows.length && !set.closest(".inline-group")) hide(set, !rows.some(shown));
    }
    draw();
  }

  const open = () => steps.filter((step) => step.parts.some(shown));

  const list = form.insertBefore(document.createElement("ol"), steps[0].parts[0].parentElement.closest("form > *"));
  list.className = "steps";
  const turns = endings[0].parentElement.insertBefore(document.createElement("div"), endings[0]);
  turns.className = "submit-row turns";
  const [back, next] = [words.back, words.next].map((word) => {
    const button = turns.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = word;
    button.className = "button";
    return button;
  });

  function draw() {
    const all = open();
    here = Math.min(here, all.length - 1);
    list.replaceChildren(...all.map((step, place) => {
      const item = document.createElement("li");
      const button = item.appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = `${place + 1}. ${step.title}`;
      if (place === here) button.setAttribute("aria-current", "step");
      button.addEventListener("click", () => go(place));
      return item;
    }));
    for (const step of steps)
      for (const part of step.parts) {
        part.classList.toggle("another-step", step !== all[here]);
        for (const fold of part.querySelectorAll("details")) fold.open = true;
      }
    back.disabled = here === 0;
    next.hidden = here === all.length - 1;
    for (const row of endings) row.classList.toggle("another-step", here < all.length - 1);
  }

  function filled() {
    const fields = open()[here].parts.flatMap((part) => [...part.querySelectorAll("input, select, textarea")]);
    return fields.filter((field) => field.checkVisibility()).every((field) => field.reportValidity());
  }

  function go(place) {
    if (place > here && !filled()) return;
    here = place;
    draw();
    list.scrollIntoView({ block: "nearest" });
    list.querySelector("[aria-current]").focus();
  }

  back.addEventListener("click", () => go(here - 1));
  next.addEventListener("click", () => go(here + 1));
  for (const decider of Object.keys(asked)) form.elements[decider].addEventListener("change", ask);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || next.hidden) return;
    event.preventDefault(); // it would save what is not asked to the end
    go(here + 1);
  });
  ask();
  here = Math.max(0, open().findIndex((step) => step.parts.some(wrong)));
  draw();
});
