/** About a person: name, title, local time, and a way to write to them. */
import { h } from "../parts/dom.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { openPopup } from "../parts/popup.js";
import { kindOf, personName, quietUntil } from "../state/names.js";
import { clockTime } from "../text/times.js";

/** @param {import("./pane.js").Pane} pane @param {string} id @param {HTMLElement} at */
export function personCard(pane, id, at) {
  const { store } = pane;
  const user = store.user(id);
  const now = store.now();
  const kinds = { app: "App", external: "From another workspace", guest: "Guest" };
  const kind = kinds[/** @type {keyof typeof kinds} */ (kindOf(user))];
  const quiet = quietUntil(user, now);
  const leave = () => {
    popup.close();
    if (at.isConnected) at.focus();
  };
  const write = h("button", { type: "button", class: "button primary", onclick: () => { popup.close(); pane.message(id); } }, "Message");
  const card = h(
    "div",
    { class: "person-card", role: "dialog", "aria-label": `About ${personName(user)}` },
    h("div", { class: "person-top" }, face(user, 56), h("div", null, h("div", { class: "person-name" }, personName(user)), user.display_name && user.display_name !== user.real_name ? h("div", { class: "dim" }, user.real_name) : null, user.title ? h("div", { class: "dim" }, user.title) : null, kind ? h("span", { class: "badge-kind" }, kind) : null)),
    user.is_bot ? null : h("div", { class: "person-line" }, h("span", { class: `dot dot-${user.presence === "active" ? "active" : "away"}` }), user.presence === "active" ? "Active" : "Away", quiet ? h("span", { class: "person-line" }, icon("moon", 14), "notifications paused") : null),
    user.tz && !user.is_bot ? h("div", { class: "person-line" }, icon("clock", 14), `${clockTime(now, user.tz)} local time`) : null,
    user.deleted ? h("div", { class: "dim" }, "This account has been deactivated.") : h("div", null, write),
  );
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  });
  const popup = openPopup(at, card);
  if (!user.deleted) write.focus();
}
