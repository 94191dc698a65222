/* The list of conversations asks for itself again every few seconds, with its filters.  While the same rows stand there
   their cells are changed in place; others come with the page itself, which keeps its place, and never while somebody
   has chosen rows, is writing, or looks elsewhere: the admin's own script knows only the rows that were there. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const EVERY = 5000; // ms
  const list = document.getElementById("result_list");
  if (!list) return;

  const boxes = (body) => [...body.querySelectorAll("input.action-select")];
  const names = (body) => [...body.rows].map((row) => (row.querySelector("th a, td a") || row).getAttribute("href")).join();
  const chosen = () => boxes(list).some((box) => box.checked);
  const busy = () => document.hidden || ![null, document.body].includes(document.activeElement);

  function changed(rows) {
    [...rows.rows].forEach((row, place) => {
      [...row.cells].forEach((cell, column) => {
        const there = list.tBodies[0].rows[place].cells[column];
        if (there && !cell.querySelector("input") && there.innerHTML !== cell.innerHTML) {
          there.replaceWith(document.adoptNode(cell.cloneNode(true)));
        }
      });
    });
  }

  let tag = null; // of what stands here: while it holds, the answer is two words
  const NONE = '"none"'; // asks for a tag

  async function refresh() {
    if (busy()) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html", "If-None-Match": tag || NONE } });
      if (!answer.ok || answer.redirected) return; // nothing new, too
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const rows = page.querySelector("#result_list tbody");
      if (rows && names(rows) === names(list.tBodies[0])) {
        changed(rows);
        tag = answer.headers.get("ETag");
      } else if (!chosen() && !busy()) location.reload();
    } catch {
      // the network is away: the list stays as it was
    }
  }

  setInterval(refresh, EVERY);
});
