/** Block Kit, drawn. https://docs.slack.dev/reference/block-kit/blocks */
import { freshId, h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { draw } from "../elements/index.js";
import { plainNode, plainWords, textNode } from "../text/mrkdwn.js";
import { markdown } from "../text/markdown.js";
import { richText } from "../text/rich-text.js";
import { fileCard, hostName, picture } from "./files.js";
import { input } from "./input.js";
import { table } from "./table.js";

/** @typedef {import("../state/types.js").Block} Block */
/** @typedef {import("../elements/surface.js").Surface} Surface */

/** @type {Record<string, (block: Block, surface: Surface) => HTMLElement>} */
const DRAWN = {
  section,
  actions: (block, surface) => h("div", { class: "block block-actions" }, (block.elements ?? []).map((/** @type {any} */ element) => draw(element, { surface, blockId: block.block_id ?? "", tells: true }))),
  context_actions: (block, surface) => h("div", { class: "block block-actions" }, (block.elements ?? []).map((/** @type {any} */ element) => draw(element, { surface, blockId: block.block_id ?? "", tells: true }))),
  context: (block, surface) => h("div", { class: "block block-context" }, (block.elements ?? []).map((/** @type {any} */ element) => (element.type === "image" ? picture(element, "context-image", surface.reader.me) : h("span", { dir: "auto" }, textNode(element, surface.reader))))),
  divider: () => h("hr", { class: "divider" }),
  header: (block) => h("h4", { class: "block block-header", dir: "auto" }, plainNode(block.text)),
  image: (block, surface) => h("figure", { class: "block" }, block.title ? h("figcaption", { class: "image-title" }, plainNode(block.title)) : null, picture(block, "block-image", surface.reader.me)),
  input,
  rich_text: (block, surface) => h("div", { class: "block", dir: "auto" }, richText(block, surface.reader)),
  markdown: (block, surface) => h("div", { class: "block", dir: "auto" }, markdown(block.text ?? "", surface.reader)),
  table: (block, surface) => h("div", { class: "block" }, table(block, surface.reader)),
  video,
  file: (block, surface) => h("div", { class: "block" }, fileCard(block.file ?? fileOf(block, surface))),
  call: () => h("div", { class: "block file-card" }, icon("info", 20), "A call"),
  alert: (block, surface) => h("div", { class: `block block-alert alert-${block.level ?? "default"}`, role: "note" }, icon("info", 18), h("div", null, textNode(block.text, surface.reader))),
};

/**
 * @param {Block[]} blocks
 * @param {Surface} surface
 * @returns {HTMLElement}
 */
export function drawBlocks(blocks, surface) {
  surface.begin();
  const out = h("div", { class: "blocks" }, blocks.map((block) => (DRAWN[block.type] ?? unknown)(block, surface)));
  surface.settle();
  return out;
}

/** @param {Block} block @param {Surface} surface */
function section(block, surface) {
  const id = freshId("section");
  const words = h(
    "div",
    { class: "section-words" },
    block.text ? h("div", { id, class: "section-text", dir: "auto" }, textNode(block.text, surface.reader)) : null,
    block.fields ? h("div", { class: "section-fields" }, block.fields.map((/** @type {any} */ field) => h("div", { class: "section-field", dir: "auto" }, textNode(field, surface.reader)))) : null,
  );
  const beside = block.accessory;
  const place = { surface, blockId: block.block_id ?? "", tells: true, labelledBy: block.text ? id : undefined };
  const wide = beside && !["button", "overflow", "image", "workflow_button"].includes(beside.type);
  return h("div", { class: `block block-section${wide ? " section-wide" : ""}` }, words, beside ? h("div", { class: "section-beside" }, draw(beside, place)) : null);
}

/** A video can't play here: its picture would come from elsewhere. @param {Block} block @param {Surface} surface */
function video(block, surface) {
  const open = (/** @type {Event} */ event) => {
    if (surface.reader.openLink(block.title_url)) event.preventDefault();
  };
  const title = block.title_url ? h("a", { class: "link", href: block.title_url, target: "_blank", rel: "noopener noreferrer", onclick: open }, plainNode(block.title ?? "Video")) : plainNode(block.title ?? "Video");
  const from = [block.provider_name, block.author_name, hostName(block.video_url ?? "")].filter(Boolean).join(" · ");
  return h("figure", { class: "block block-video" }, h("figcaption", null, h("div", { class: "video-title" }, title), block.description ? h("div", null, plainNode(block.description)) : null, h("div", { class: "dim" }, from)), h("div", { class: "video-still", role: "img", "aria-label": block.alt_text ?? plainWords(block.title) }, icon("play", 32)));
}

/** @param {Block} block @param {Surface} surface */
function fileOf(block, surface) {
  for (const conversation of surface.store.conversations.values()) {
    for (const message of conversation.messages) {
      const found = message.files?.find((file) => file.id === block.file_id || file.external_id === block.external_id);
      if (found) return found;
    }
  }
  return { id: block.external_id ?? "", name: block.external_id ?? "Remote file" };
}

/** Newer block kinds keep their words: a title, a text, what is inside. @param {Block} block @param {Surface} surface @returns {HTMLElement} */
function unknown(block, surface) {
  const text = block.text ?? block.body ?? block.title ?? block.details;
  const inner = [...(Array.isArray(block.blocks) ? block.blocks : []), ...(Array.isArray(block.elements) ? block.elements : [])].filter((one) => one?.type in DRAWN);
  const actions = block.actions?.length ? DRAWN.actions({ ...block, type: "actions", elements: block.actions }, surface) : null;
  return h("div", { class: "block block-card" }, block.title ? h("div", { class: "video-title" }, textNode(block.title, surface.reader)) : null, text && text !== block.title ? h("div", null, textNode(text, surface.reader)) : null, inner.map((one) => DRAWN[one.type](one, surface)), actions, !text && !inner.length ? h("span", { class: "unknown" }, `(a ${block.type} block can't be shown here)`) : null);
}

