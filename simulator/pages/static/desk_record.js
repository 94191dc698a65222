/** The record: what Salesforce would keep of a chat, and the numbers behind it. */
import { clock, el } from "./dom.js";

export function facts(rows) {
  const list = el("dl");
  for (const [name, value] of rows) {
    if (value === null || value === undefined || value === "") continue;
    list.append(el("dt", { text: name }), el("dd", { text: String(value) }));
  }
  return list;
}

function moment(chat, ...names) {
  const step = chat.steps.find((one) => names.includes(one.what));
  return step ? clock(step.at, true) : null;
}

function lasted(chat) {
  const begin = chat.steps.find((step) => step.what === "ChatEstablished");
  const end = chat.steps.findLast((step) => step.what === "ended");
  if (!begin || !end) return null;
  const seconds = Math.max(0, Math.round((end.at - begin.at) / 1000));
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function entity(one) {
  const maps = one.entityFieldsMaps.map((map) => `${map.fieldName} ← ${map.label}`).join(", ");
  return [one.entityName, [maps, one.saveToTranscript && `saved to ${one.saveToTranscript}`].filter(Boolean).join("; ")];
}

export function record(chat) {
  const details = chat.prechat_details.map((detail) => [detail.label, detail.value]);
  const entities = chat.prechat_entities.map(entity);
  const transcript = el("ol", { class: "transcript" });
  for (const one of chat.transcript) {
    transcript.append(el("li", {},
      el("span", { class: "soft", text: `${clock(one.at, true)} ` }), el("b", { text: `${one.name}: ` }), one.text));
  }
  const numbers = [
    ["Polls", `${chat.polls.total}, ${chat.polls.open} open, ${chat.polls.double} double`],
    ["Last event", chat.last_event],
    ["Handed out", chat.handed_out],
    ["Confirmed", chat.confirmed],
    ["Last sequence", chat.last_sequence],
    ["Repeated posts", chat.duplicates],
    ["Hand-overs", chat.handovers],
    ["Refusals", chat.refusals.length],
  ];
  const refused = chat.refusals.map((one) => [one.status, `${one.path}: ${one.why}`]);
  const part = (title, node, there = true) => (there ? [el("h3", { text: title }), node] : []);
  return [
    el("h2", { text: "Live Chat Transcript" }),
    el("p", { class: "small soft", text: chat.id }),
    ...part("Chat", facts([
      ["Visitor", chat.visitor_name], ["Status", chat.status], ["End reason", chat.end_reason],
      ["Agent", chat.agent?.name], ["Button", chat.routed_to || chat.button_id], ["Deployment", chat.deployment_id],
      ["Organization", chat.organization_id], ["Language", chat.language],
      ["Requested", moment(chat, "ChasitorInit")], ["Accepted", moment(chat, "ChatEstablished")],
      ["Ended", moment(chat, "ended")], ["Lasted", lasted(chat)],
    ])),
    ...part("Pre-chat details", facts(details), details.length),
    ...part("Pre-chat records", facts(entities), entities.length),
    ...part("Transcript", transcript, chat.transcript.length),
    ...part("Numbers", facts(numbers)),
    ...part("Refused by Salesforce", facts(refused), refused.length),
  ];
}
