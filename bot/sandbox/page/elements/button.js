/** Buttons of all kinds, and the overflow menu. */
import { h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { menuButton } from "../parts/menu.js";
import { plainNode, plainWords } from "../text/mrkdwn.js";

/** @typedef {import("./surface.js").Place} Place */
/** @typedef {import("../state/types.js").BlockElement} BlockElement */

/** @param {BlockElement} element @param {Place} place */
export function button(element, place) {
  const look = element.style === "primary" ? "button primary" : element.style === "danger" ? "button danger" : "button";
  const attributes = { class: look, "aria-label": element.accessibility_label, dataset: { action: element.action_id ?? "" } };
  const value = element.value === undefined ? {} : { value: element.value };
  if (element.url && /^https?:/i.test(element.url)) {
    const follow = (/** @type {Event} */ event) => {
      if (place.surface.reader.openLink(element.url)) event.preventDefault();
      place.surface.act(place, element, value, node);
    };
    const node = h("a", { ...attributes, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: follow }, plainNode(element.text));
    return node;
  }
  const node = h("button", { ...attributes, type: "button", onclick: () => once(node, () => place.surface.act(place, element, value, node)) }, h("span", { class: "button-words" }, plainNode(element.text)));
  return node;
}

/** A second click while the first is under way does nothing. @param {HTMLElement} node @param {() => Promise<unknown>} deed */
async function once(node, deed) {
  if (node.getAttribute("aria-busy") === "true") return;
  await deed();
}

/** @param {BlockElement} element @param {Place} place */
export function iconButton(element, place) {
  const name = element.icon === "trash" ? "trash" : "bolt";
  const node = h(
    "button",
    { type: "button", class: "tool", "aria-label": element.accessibility_label ?? plainWords(element.text), title: plainWords(element.text), onclick: () => once(node, () => place.surface.act(place, element, { value: element.value }, node)) },
    icon(name, 16),
  );
  return node;
}

/** @param {BlockElement} element @param {Place} place */
export function feedbackButtons(element, place) {
  const one = (/** @type {any} */ choice, /** @type {string} */ mark) => {
    const node = h("button", { type: "button", class: "button small", "aria-label": choice.accessibility_label, onclick: () => once(node, () => place.surface.act(place, element, { value: choice.value, text: choice.text }, node)) }, h("span", { class: "emoji", "aria-hidden": "true" }, mark), " ", plainNode(choice.text));
    return node;
  };
  return h("span", { class: "button-pair", role: "group", "aria-label": "Feedback" }, one(element.positive_button, "👍"), one(element.negative_button, "👎"));
}

/** @param {BlockElement} element @param {Place} place */
export function overflow(element, place) {
  const node = h("button", { type: "button", class: "button overflow", "aria-label": "More actions", dataset: { action: element.action_id ?? "" } }, icon("more", 16));
  const choose = (/** @type {any} */ option) => {
    if (option.url && /^https?:/i.test(option.url) && !place.surface.reader.openLink(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
    place.surface.act(place, element, { selected_option: option }, node);
  };
  return menuButton(node, () => (element.options ?? []).map((/** @type {any} */ option) => ({ text: plainWords(option.text), description: plainWords(option.description), deed: () => choose(option) })), { label: "More actions", end: true });
}
