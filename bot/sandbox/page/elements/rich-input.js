/** A field with formatting, whose value is a rich_text block. */
import { h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { richText } from "../text/rich-text.js";
import { plainWords } from "../text/mrkdwn.js";

/** @typedef {import("./surface.js").Place} Place */
/** @typedef {import("../state/types.js").BlockElement} BlockElement */

const TOOLS = /** @type {const} */ ([
  ["bold", "Bold", "bold"],
  ["italic", "Italic", "italic"],
  ["strike", "Strikethrough", "strikeThrough"],
  ["list", "Bulleted list", "insertUnorderedList"],
  ["numbers", "Numbered list", "insertOrderedList"],
]);

/** @param {BlockElement} element @param {Place} place */
export function richInput(element, place) {
  const { surface } = place;
  const held = surface.holds(place, element, { rich_text_value: element.initial_value ?? null });
  const area = h("div", {
    class: "field rich-field", contenteditable: "true", role: "textbox", "aria-multiline": "true", dir: "auto", "aria-labelledby": place.labelledBy,
    "aria-label": place.labelledBy ? null : "Text", "aria-describedby": place.describedBy, "data-placeholder": plainWords(element.placeholder), dataset: { action: element.action_id ?? "" },
  });
  if (held.rich_text_value) area.append(...editable(held.rich_text_value, surface.reader));
  const keep = () => surface.enter(place, element, { rich_text_value: read(area) });
  const run = (/** @type {string} */ command) => {
    area.focus();
    // Deprecated, and still what every browser offers for this.
    document.execCommand(command);
    keep();
  };
  area.addEventListener("input", keep);
  area.addEventListener("paste", (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData?.getData("text/plain") ?? "");
  });
  const tools = h("div", { class: "rich-tools", role: "group", "aria-label": "Formatting" }, TOOLS.map(([name, label, command]) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), onclick: () => run(command) }, icon(name, 16))));
  return h("div", { class: "rich-input" }, tools, area);
}

/** A rich_text value as nodes that can be edited. @param {any} value @param {any} reader */
function editable(value, reader) {
  const drawn = richText(value, reader);
  for (const mention of drawn.querySelectorAll("button")) mention.replaceWith(mention.textContent ?? "");
  return [...drawn.children];
}

/**
 * The edited nodes as a rich_text value; null when there is no text.
 * @param {HTMLElement} area
 */
export function read(area) {
  if (!area.textContent?.trim()) return null;
  const elements = /** @type {any[]} */ ([]);
  let open = /** @type {any[]} */ ([]);
  const flush = () => {
    while (open.length && open[open.length - 1].text === "\n") open.pop();
    if (open.length) elements.push({ type: "rich_text_section", elements: joined(open) });
    open = [];
  };
  for (const node of area.childNodes) {
    const tag = node.nodeName;
    if (tag === "UL" || tag === "OL") {
      flush();
      elements.push({ type: "rich_text_list", style: tag === "OL" ? "ordered" : "bullet", indent: 0, border: 0, elements: [...node.childNodes].filter((item) => item.nodeName === "LI").map((item) => ({ type: "rich_text_section", elements: joined(spans(item, {})) })) });
    } else if (tag === "DIV" || tag === "P") {
      if (open.length) open.push({ type: "text", text: "\n" });
      const lists = [...node.childNodes].some((child) => /^[UO]L$/.test(child.nodeName));
      if (lists) {
        flush();
        elements.push(...(read(/** @type {HTMLElement} */ (node))?.elements ?? []));
      } else open.push(...spans(node, {}));
    } else open.push(...spans(node, {}));
  }
  flush();
  return { type: "rich_text", elements };
}

/** @param {Node} node @param {Record<string, boolean>} style @returns {any[]} */
function spans(node, style) {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ? [span(node.textContent.replace(/\u00a0/g, " "), style)] : [];
  if (node.nodeName === "BR") return [span("\n", {})];
  const more = { B: "bold", STRONG: "bold", I: "italic", EM: "italic", S: "strike", STRIKE: "strike", CODE: "code" }[node.nodeName];
  const inner = more ? { ...style, [more]: true } : style;
  return [...node.childNodes].flatMap((child) => spans(child, inner));
}

/** @param {string} text @param {Record<string, boolean>} style */
const span = (text, style) => (Object.keys(style).length ? { type: "text", text, style } : { type: "text", text });

/** Neighbours in the same style are one. @param {any[]} all */
function joined(all) {
  const out = /** @type {any[]} */ ([]);
  for (const one of all) {
    const last = out[out.length - 1];
    if (last && JSON.stringify(last.style) === JSON.stringify(one.style)) last.text += one.text;
    else out.push({ ...one });
  }
  return out;
}
