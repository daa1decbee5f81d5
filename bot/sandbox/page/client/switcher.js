/** Ctrl+K: go anywhere by typing a few letters. */
import { h } from "../parts/dom.js";
import { chooser, matching } from "../parts/choose.js";
import { face } from "../parts/face.js";
import { formDialog } from "../parts/form-dialog.js";
import { icon } from "../parts/icons.js";
import { channelLabel, kindOf, personName } from "../state/names.js";

/** @param {import("./pane.js").Pane} pane */
export function switcher(pane) {
  if (pane.element.querySelector(".layer")) return;
  const items = everywhere(pane);
  const field = chooser({
    chosen: [],
    placeholder: "A channel, a person, an app, a shortcut",
    label: "Jump to",
    load: (typed) => [{ items: matching(items, typed).slice(0, 60) }],
    changed: ([one]) => {
      if (!one) return;
      dialog.close();
      one.raw();
    },
  });
  const dialog = formDialog(pane.element, { title: "Jump to", fields: [h("div", { class: "switcher" }, field.element)] });
  field.input.focus();
  field.input.dispatchEvent(new Event("input"));
}

/** @param {import("./pane.js").Pane} pane @returns {import("../parts/choose.js").Item[]} */
function everywhere(pane) {
  const { store } = pane;
  const channels = [...store.channels.values()].filter((channel) => channel.kind !== "im").sort((one, other) => other.mentions - one.mentions || other.unread - one.unread || one.name.localeCompare(other.name));
  const people = [...store.users.values()].filter((user) => !user.deleted).sort((one, other) => personName(one).localeCompare(personName(other)));
  return [
    ...channels.map((channel) => ({ key: channel.id, text: channelLabel(channel, store), description: channel.archived ? "archived" : channel.members.includes(store.userId) ? (channel.unread ? `${channel.unread} unread` : "") : "not joined", picture: () => icon(channel.kind === "channel" ? "hash" : channel.kind === "private" ? "lock" : "people", 16), raw: () => pane.go({ kind: "channel", id: channel.id }, { focus: true }) })),
    ...people.map((user) => ({ key: user.id, text: personName(user), description: [kindOf(user), user.title].filter(Boolean).join(" · "), picture: () => face(user, 20), raw: () => pane.message(user.id) })),
    ...store.shortcuts.filter((one) => one.type === "global").map((one) => ({ key: one.callback_id, text: one.name, description: one.description || "shortcut", picture: () => icon("bolt", 16), raw: () => pane.deed("shortcut", { callback_id: one.callback_id }) })),
  ];
}
