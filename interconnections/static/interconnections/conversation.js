/* The page of one conversation asks for itself every few seconds until it is over, and changes the parts that differ:
   the facts, what happened, what was told, the buttons.  Whoever reads its end goes on reading its end; others keep their place. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const EVERY = 3000; // ms
  const PARTS = ["facts", "happened", "told"];
  const here = (name) => document.getElementById(name);
  if (!here("happened")) return;

  const atEnd = () => {
    const said = document.querySelector("ol.said");
    return said && Math.abs(said.getBoundingClientRect().bottom - innerHeight) < 120;
  };
  const reading = (part) => part.contains(document.activeElement) || !getSelection().isCollapsed;

  // True where the part is as it should be.
  function exchange(name, page) {
    const [old, fresh] = [here(name), page.getElementById(name)];
    if (!old || !fresh || old.innerHTML === fresh.innerHTML) return true;
    if (reading(old)) return false;
    const open = [...old.querySelectorAll("details")].map((each) => each.open);
    const put = document.adoptNode(fresh);
    put.querySelectorAll("details").forEach((each, place) => { each.open = open[place] || false; });
    old.replaceWith(put);
    return true;
  }

  let tag = null; // of what stands here: while it holds, the answer is two words
  const NONE = '"none"'; // asks for a tag

  async function refresh() {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html", "If-None-Match": tag || NONE } });
      if (!answer.ok || answer.redirected) return; // nothing new, too
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const follows = atEnd();
      const done = PARTS.map((name) => exchange(name, page)).every(Boolean);
      exchange("tools", page); // whoever is among the buttons keeps them, and one pressed too late says so
      tag = done ? answer.headers.get("ETag") : null;
      if (follows) document.querySelector("ol.said").lastElementChild.scrollIntoView({ block: "end" });
    } catch {
      // the network is away: the page stays as it was
    }
  }

  const timer = setInterval(async () => {
    await refresh();
    if (here("happened").dataset.over === "yes") clearInterval(timer);
  }, EVERY);
});
