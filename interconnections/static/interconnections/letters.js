/* After an outage one chooses all dead letters at once. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const all = document.getElementById("all-letters");
  if (!all) return;
  const boxes = [...document.querySelectorAll("input[name=letter]")];
  all.hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  for (const box of boxes) box.addEventListener("change", () => { all.checked = boxes.every((each) => each.checked); });
});
