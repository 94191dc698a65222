/** A picture, a sound, a film or a document in a bubble. */
import { el } from "./dom.js";

export function medium({ id, url, kind, name, file }) {
  const src = id ? `media/${id}` : url;
  id ??= file; // Meta has it: shown in place, too
  if (!/^(media\/|sim\/graph\/files\/|https?:)/.test(src)) return el("span", { text: name || kind });
  const link = (child) => el("a", { href: src, target: "_blank", rel: "noopener noreferrer" }, child);
  if (kind === "image" && id) return link(el("img", { class: "picture", src, alt: name || "picture" }));
  if ((kind === "audio" || kind === "voice") && id) return el("audio", { src, controls: true, preload: "metadata" });
  if (kind === "video" && id) return el("video", { src, controls: true, preload: "metadata" });
  const document = link(`${kind}: ${name || url}`);
  document.className = "doc";
  return document;
}
