/** A form for a new channel. */
import { freshId, h } from "../parts/dom.js";
import { formDialog } from "../parts/form-dialog.js";

/** @param {import("./pane.js").Pane} pane */
export function newChannel(pane) {
  const id = freshId("name");
  const name = /** @type {HTMLInputElement} */ (h("input", { type: "text", class: "field", id, autocomplete: "off", placeholder: "for example, knee-rehab", maxlength: "80" }));
  const secret = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  formDialog(pane.element, {
    title: "Create a channel",
    fields: [
      h("div", { class: "block-input" }, h("label", { class: "input-label", for: id }, "Name"), name, h("div", { class: "input-hint" }, "Lower-case letters, numbers and hyphens.")),
      h("label", { class: "choice" }, secret, h("span", { class: "choice-words" }, h("span", null, "Private"), h("span", { class: "choice-description" }, "Only members can find it and read it."))),
    ],
    submit: "Create",
    async done() {
      const wanted = name.value.trim().toLowerCase().replace(/\s+/g, "-");
      if (!wanted) return "Give the channel a name.";
      const answer = await pane.store.api.do("create_channel", { name: wanted, private: secret.checked });
      if (!answer.ok) return answer.error === "name_taken" ? "There is a channel with that name already." : (answer.message ?? `The channel could not be created (${answer.error}).`);
      const channel = typeof answer.channel === "string" ? answer.channel : answer.channel?.id;
      if (channel) pane.goWhenKnown(channel);
      return null;
    },
  });
}
