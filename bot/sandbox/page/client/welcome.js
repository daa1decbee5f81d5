/** Who would you like to be? The first question when the address doesn't say. */
import { h } from "../parts/dom.js";
import { face } from "../parts/face.js";
import { kindOf, personName } from "../state/names.js";

/**
 * @param {import("../state/types.js").User[]} people
 * @param {(as: string, beside?: string) => void} chosen
 */
export function welcome(people, chosen) {
  const real = people.filter((user) => !user.is_bot && !user.deleted);
  const card = (/** @type {import("../state/types.js").User} */ user) => h("li", null, h("button", { type: "button", class: "welcome-person", onclick: () => chosen(user.id) }, face(user, 44), h("span", { class: "option-words" }, h("span", { class: "option-text" }, personName(user)), h("span", { class: "option-description" }, [kindOf(user), user.title].filter(Boolean).join(" · ")))));
  return h(
    "main",
    { class: "welcome" },
    h("h1", null, "Who would you like to be?"),
    real.length ? h("p", { class: "dim" }, "This is a local workspace for trying an app. You can change later, and be two people side by side.") : h("p", { class: "dim" }, "There is nobody in this workspace yet."),
    h("ul", { class: "welcome-people" }, real.map(card)),
    real.length > 1 ? h("button", { type: "button", class: "button primary", onclick: () => chosen(real[0].id, real[1].id) }, `Be ${personName(real[0])} and ${personName(real[1])} side by side`) : null,
  );
}
