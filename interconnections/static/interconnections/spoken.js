/* Names for what the admin's own pages leave without one that a screen reader would say. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const text = (element) => (element ? element.textContent.replace(/\s+/g, " ").trim() : "");

  // A choice that one types into stands in for a select: it is called as the select is, by its label or its column.
  function called(select) {
    const cell = select.closest("td");
    const column = cell && cell.closest("table").tHead ? cell.closest("table").tHead.rows[0].cells[cell.cellIndex] : null;
    return text(document.querySelector(`label[for="${select.id}"]`)) || text(column);
  }

  function name(place) {
    for (const select of place.querySelectorAll("select.admin-autocomplete")) {
      const chosen = select.parentElement.querySelector(".select2-selection");
      if (!chosen) continue;
      for (const part of [chosen, chosen.querySelector(".select2-selection__rendered")]) {
        part.removeAttribute("aria-labelledby"); // what is chosen, which may be nothing
        part.setAttribute("aria-label", [called(select), text(select.selectedOptions[0])].filter(Boolean).join(": "));
      }
    }
    for (const part of place.querySelectorAll(".datetime > input")) {
      part.setAttribute("aria-label", [text(part.closest("fieldset, .form-row").querySelector("legend, label")), text(part.previousSibling)].join(" "));
    }
    for (const tip of place.querySelectorAll("span.help-tooltip[aria-label]")) tip.setAttribute("role", "img");
  }

  const search = document.getElementById("searchbar");
  const button = search && search.form.querySelector("input[type=submit]");
  if (button) search.setAttribute("aria-label", button.value);
  // The admin's own scripts make their choices and filters when all is loaded, too.
  window.addEventListener("load", () => name(document));
  document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target)));
  if (window.django && django.jQuery) django.jQuery(document).on("change", "select.admin-autocomplete", () => name(document));
});
