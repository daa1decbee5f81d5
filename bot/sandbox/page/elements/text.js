/** Fields to type in: text, number, e-mail, URL. */
import { composing, h } from "../parts/dom.js";
import { plainWords } from "../text/mrkdwn.js";

/** @typedef {import("./surface.js").Place} Place */
/** @typedef {import("../state/types.js").BlockElement} BlockElement */

const TYPES = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text" };

/** @param {BlockElement} element @param {Place} place */
export function textInput(element, place) {
  const { surface } = place;
  const held = surface.holds(place, element, { value: element.initial_value ?? null });
  const many = Boolean(element.multiline);
  const input = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (h(many ? "textarea" : "input", {
    class: many ? "field field-tall" : "field",
    type: many ? null : TYPES[/** @type {keyof typeof TYPES} */ (element.type)],
    rows: many ? "3" : null,
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    autocomplete: "off",
    dir: "auto",
    placeholder: plainWords(element.placeholder) || null,
    "aria-labelledby": place.labelledBy,
    "aria-label": place.labelledBy ? null : plainWords(element.placeholder) || "Text",
    "aria-describedby": place.describedBy,
    autofocus: element.focus_on_load,
    dataset: { action: element.action_id ?? "" },
    value: held.value ?? "",
  }));
  const left = element.max_length ? h("span", { class: "field-left", "aria-hidden": "true" }) : null;
  const count = () => {
    if (!left) return;
    const room = element.max_length - [...input.value].length;
    left.textContent = room <= Math.max(20, element.max_length / 10) ? String(room) : "";
    left.classList.toggle("field-over", room < 0);
  };
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const valueNow = () => (input.value === "" ? null : input.value);
  const tell = () => surface.act(place, element, { value: valueNow() }, input);
  let waiting = 0;
  input.addEventListener("input", () => {
    surface.enter(place, element, { value: valueNow() });
    count();
    if (many) grow(/** @type {HTMLTextAreaElement} */ (input));
    if (!place.tells || !on.includes("on_character_entered")) return;
    clearTimeout(waiting);
    waiting = window.setTimeout(tell, 300);
  });
  input.addEventListener("keydown", (event) => {
    const key = /** @type {KeyboardEvent} */ (event);
    if (key.key !== "Enter" || composing(key) || (many && !key.ctrlKey && !key.metaKey)) return;
    if (place.tells && on.includes("on_enter_pressed")) {
      key.preventDefault();
      key.stopPropagation();
      tell();
    }
  });
  count();
  if (many) requestAnimationFrame(() => grow(/** @type {HTMLTextAreaElement} */ (input)));
  return left ? h("span", { class: "field-box" }, input, left) : input;
}

/** As tall as its text, up to a limit that the style sets. @param {HTMLTextAreaElement} area */
export function grow(area) {
  area.style.setProperty("height", "auto");
  area.style.setProperty("height", `${area.scrollHeight + 2}px`);
}
