/** The record: what Salesforce would keep of a chat, and the numbers behind it. */
import { clock, el } from "./dom.js";
import { say } from "./words.js";

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
  const begin = chat.steps.find((step) => ["ChatEstablished", "accepted"].includes(step.what));
  const end = chat.steps.findLast((step) => step.what === "ended");
  if (!begin || !end) return null;
  const seconds = Math.max(0, Math.round((end.at - begin.at) / 1000));
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function entity(one) {
  const maps = one.entityFieldsMaps.map((map) => `${map.fieldName} ← ${map.label}`).join(", ");
  return [one.entityName, [maps, one.saveToTranscript && say("saved to %s", one.saveToTranscript)].filter(Boolean).join("; ")];
}

/** The service session in a conversation, and how it is routed. */
function ofSession(chat) {
  return [
    [say("Session"), chat.session_id], [say("Session status"), chat.session_status],
    [say("Routing status"), chat.routing_status], [say("End user"), chat.subject],
    [say("Dropped attributes"), chat.dropped_attributes.join(", ")],
    [say("Accepted, and not routed"), chat.unrouted.join("; ")],
  ];
}

/** The numbers behind a conversation. */
function ofStream(chat) {
  return [
    [say("Streams"), say("%s, %s open, %s double", chat.streams.total, chat.streams.open, chat.streams.double)],
    [say("Last event"), chat.newest_event],
    [say("Last-Event-Id"), chat.confirmed],
    [say("Repeated messages"), chat.duplicates],
    [say("Acknowledgements"), chat.acks.length],
    [say("Refusals"), chat.refusals.length],
  ];
}

export function record(chat) {
  const details = chat.prechat_details.map((detail) => [detail.label, detail.value]);
  const entities = chat.prechat_entities.map(entity);
  const transcript = el("ol", { class: "transcript" });
  for (const one of chat.transcript) {
    transcript.append(el("li", {},
      el("span", { class: "soft", text: `${clock(one.at, true)} ` }), el("b", { text: `${one.name}: ` }), one.text));
  }
  const enhanced = chat.kind === "enhanced_chat";
  const numbers = enhanced ? ofStream(chat) : [
    [say("Polls"), say("%s, %s open, %s double", chat.polls.total, chat.polls.open, chat.polls.double)],
    [say("Last event"), chat.last_event],
    [say("Handed out"), chat.handed_out],
    [say("Confirmed"), chat.confirmed],
    [say("Last sequence"), chat.last_sequence],
    [say("Repeated posts"), chat.duplicates],
    [say("Hand-overs"), chat.handovers],
    [say("Refusals"), chat.refusals.length],
  ];
  const refused = chat.refusals.map((one) => [one.status, `${one.path}: ${one.why}`]);
  const part = (title, node, there = true) => (there ? [el("h3", { text: say(title) }), node] : []);
  return [
    el("h2", { text: enhanced ? "Messaging Session" : "Live Chat Transcript" }),
    el("p", { class: "small soft", text: chat.id }),
    ...part("Chat", facts([
      [say("Visitor"), chat.visitor_name], [say("Status"), say(chat.status)], [say("End reason"), chat.end_reason],
      [say("Agent"), chat.agent?.name], [say("Button"), chat.routed_to || chat.button_id], [say("Deployment"), chat.deployment_id],
      [say("Organization"), chat.organization_id], [say("Language"), chat.language],
      [say("Requested"), moment(chat, "ChasitorInit", "session")], [say("Accepted"), moment(chat, "ChatEstablished", "accepted")],
      [say("Ended"), moment(chat, "ended")], [say("Lasted"), lasted(chat)],
    ])),
    ...part("Session", facts(enhanced ? ofSession(chat) : []), enhanced),
    ...part("Pre-chat details", facts(details), details.length),
    ...part("Pre-chat records", facts(entities), entities.length),
    ...part("Transcript", transcript, chat.transcript.length),
    ...part("Numbers", facts(numbers)),
    ...part("Refused by Salesforce", facts(refused), refused.length),
  ];
}
