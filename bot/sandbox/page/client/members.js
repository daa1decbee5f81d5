/** Who is in a channel, and asking others in. */
import { fill, h } from "../parts/dom.js";
import { chooser, matching } from "../parts/choose.js";
import { face } from "../parts/face.js";
import { openPopup } from "../parts/popup.js";
import { kindOf, personName } from "../state/names.js";

/** @param {HTMLElement} button @param {import("./pane.js").Pane} pane @param {string} id */
export function membersPanel(button, pane, id) {
  const { store } = pane;
  /** @type {ReturnType<typeof openPopup> | null} */ let popup = null;
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", () => {
    if (popup) return popup.close();
    const list = h("ul", { class: "members" });
    const draw = () => {
      const members = (store.channels.get(id)?.members ?? []).map((member) => store.user(member)).sort((one, other) => personName(one).localeCompare(personName(other)));
      fill(list, members.map((user) => h("li", null, h("button", { type: "button", class: "person-row", onclick: () => { popup?.close(); pane.message(user.id); } }, face(user, 28, { presence: true }), h("span", { class: "option-words" }, h("span", { class: "option-text" }, personName(user)), h("span", { class: "option-description" }, [kindOf(user), user.title].filter(Boolean).join(" · ")))))));
    };
    draw();
    const stop = store.on("channels", draw);
    const item = (/** @type {import("../state/types.js").User} */ user) => ({ key: user.id, text: personName(user), description: user.title ?? "", picture: () => face(user, 20), raw: user.id });
    const asking = chooser({
      chosen: [],
      placeholder: "Add somebody",
      label: "Add somebody to this channel",
      load: (typed) => [{ items: matching([...store.users.values()].filter((user) => !user.deleted && !store.channels.get(id)?.members.includes(user.id)).map(item), typed) }],
      changed: ([one]) => {
        if (one) pane.deed("invite", { channel: id, user: one.raw });
        asking.set([]);
      },
    });
    const member = store.channels.get(id)?.members.includes(pane.userId);
    const panel = h("div", { class: "members-panel", role: "dialog", "aria-label": "Members" }, member ? asking.element : null, list);
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      popup?.close();
      button.focus();
    });
    popup = openPopup(button, panel, { end: true, onClose: () => { popup = null; stop(); } });
    /** @type {HTMLElement | null} */ (panel.querySelector("input, button"))?.focus();
    return undefined;
  });
}
