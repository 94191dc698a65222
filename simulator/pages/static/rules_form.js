/** A form made from the rules themselves: a switch, a list or a field for each; a change is sent at once. */
import { el } from "./dom.js";
import { ask, attempt } from "./live.js";
import { say } from "./words.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function control(rule, id) {
  const send = (value) => attempt(() => ask("PUT", "/rules", { [rule.name]: value }));
  if (rule.choices.length) {
    const field = el("select", { id, onchange: () => send(JSON.parse(field.value)) },
      ...rule.choices.map((choice) => el("option", { value: JSON.stringify(choice), text: String(choice ?? say("none")) })));
    return { node: field, set: (value) => { field.value = JSON.stringify(value); }, field };
  }
  if (rule.kind === "bool") {
    const field = el("input", { id, type: "checkbox", onchange: () => send(field.checked) });
    return { node: el("span", { class: "switch" }, el("label", { class: "switch" }, field)), field,
      set: (value) => { field.checked = value; } };
  }
  const number = /^(int|float)/.test(rule.kind);
  const list = rule.kind.startsWith("list");
  const read = (text) => {
    if (list) return text.split(/[\s,]+/).filter(Boolean);
    if (text === "" && rule.nullable) return null;
    return number ? Number(text) : text;
  };
  const field = el("input", { id, type: number ? "number" : "text", step: rule.kind.startsWith("int") ? 1 : "any",
    placeholder: rule.nullable ? say("none") : list ? say("none; several with commas") : null, autocomplete: "off",
    required: number && !rule.nullable,
    onchange: () => field.reportValidity() && send(read(field.value.trim())) });
  return { node: field, field, set: (value) => { field.value = list ? value.join(", ") : value ?? ""; } };
}

export function rulesForm(place, rules) {
  const rows = [];
  let section = null;
  let heading = null;
  place.replaceChildren();
  for (const rule of rules) {
    if (rule.section !== section) {
      section = rule.section;
      heading = el("h3", { text: say(section) });
      place.append(heading);
    }
    const id = `rule-${rule.name}`;
    const { node, set, field } = control(rule, id);
    const row = el("div", { class: "rule" }, el("label", { for: id, text: rule.name }),
      el("div", { class: "value" }, node), rule.note && el("p", { class: "soft", text: rule.note }));
    place.append(row);
    rows.push({ rule, row, set, field, heading });
  }
  return {
    defaults: Object.fromEntries(rules.map((rule) => [rule.name, rule.default])),
    fill(values) {
      for (const { rule, row, set, field } of rows) {
        row.classList.toggle("changed", !same(values[rule.name], rule.default));
        if (field !== document.activeElement || field.type === "checkbox") set(values[rule.name]);
      }
    },
    find(text) {
      const wanted = text.trim().toLowerCase();
      for (const { rule, row } of rows)
        row.hidden = !`${rule.name} ${rule.note} ${rule.section} ${say(rule.section)}`.toLowerCase().includes(wanted);
      for (const title of new Set(rows.map((one) => one.heading)))
        title.hidden = rows.every((one) => one.heading !== title || one.row.hidden);
    },
  };
}
