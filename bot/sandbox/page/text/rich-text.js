/** The rich_text block: what people type, and what apps send in its form. */
import { h, fragment } from "../parts/dom.js";
import { broadcast, channelMention, emojiNode, groupMention, link, userMention } from "./mrkdwn.js";
import { dateTokens } from "./times.js";

/** @typedef {import("./mrkdwn.js").Reader} Reader */

const LIST_STYLES = [["decimal", "lower-alpha", "lower-roman"], ["disc", "circle", "square"]];

/**
 * @param {Record<string, any>} block
 * @param {Reader} reader
 * @returns {HTMLElement}
 */
export function richText(block, reader) {
  const out = h("div", { class: "rich" });
  const counts = new Map();
  for (const element of block.elements ?? []) {
    if (element.type === "rich_text_list") out.append(list(element, reader, counts));
    else {
      counts.clear();
      out.append(piece(element, reader));
    }
  }
  return out;
}

/** @param {any} element @param {Reader} reader */
function piece(element, reader) {
  const inside = spans(element.elements ?? [], reader);
  if (element.type === "rich_text_preformatted") return h("pre", { class: "pre", tabindex: "0" }, inside);
  if (element.type === "rich_text_quote") return h("blockquote", { class: "quote" }, inside);
  return h("div", { class: "rich-section" }, inside);
}

/** Numbering goes on when a list is interrupted by a deeper one. */
function list(element, reader, counts) {
  const indent = Number(element.indent ?? 0);
  const ordered = element.style === "ordered";
  for (const deeper of [...counts.keys()]) if (deeper > indent) counts.delete(deeper);
  const start = Number(element.offset ?? counts.get(indent) ?? 0);
  counts.set(indent, start + (element.elements ?? []).length);
  const kind = LIST_STYLES[ordered ? 0 : 1][indent % 3];
  return h(
    ordered ? "ol" : "ul",
    { class: element.border ? "rich-list rich-border" : "rich-list", start: ordered && start ? start + 1 : null, style: { "--indent": String(indent), "list-style-type": kind } },
    (element.elements ?? []).map((/** @type {any} */ item) => h("li", null, spans(item.elements ?? [], reader))),
  );
}

/** @param {any[]} elements @param {Reader} reader */
export function spans(elements, reader) {
  return fragment(...elements.map((element) => styled(span(element, reader), element.style)));
}

/** @param {any} element @param {Reader} reader @returns {Node} */
function span(element, reader) {
  switch (element.type) {
    case "text":
      return breaks(element.text ?? "");
    case "link":
      return link(element.url ?? "", element.text || (element.url ?? "").replace(/^mailto:/, ""), reader);
    case "user":
      return userMention(element.user_id, reader);
    case "channel":
      return channelMention(element.channel_id, reader);
    case "usergroup":
      return groupMention(element.usergroup_id, reader);
    case "broadcast":
      return broadcast(element.range);
    case "emoji":
      return emojiNode(element.skin_tone ? `${element.name}::skin-tone-${element.skin_tone}` : element.name);
    case "color":
      return h("span", { class: "swatch", style: { "--swatch": /^#[0-9a-f]{3,8}$/i.test(element.value) ? element.value : "transparent" } }, element.value);
    case "date":
      return h("time", null, dateTokens(element.format ?? "{date_short}", new Date(element.timestamp * 1000), reader.now(), reader.tz));
    default:
      return document.createTextNode(element.text ?? element.fallback ?? "");
  }
}

/** @param {string} text */
function breaks(text) {
  const out = fragment();
  text.split("\n").forEach((line, index) => {
    if (index) out.append(h("br"));
    out.append(line);
  });
  return out;
}

/** @param {Node} node @param {Record<string, boolean> | undefined} style */
function styled(node, style) {
  if (!style) return node;
  let out = node;
  if (style.code) out = h("code", { class: "code" }, out);
  if (style.strike) out = h("s", null, out);
  if (style.italic) out = h("em", null, out);
  if (style.bold) out = h("strong", null, out);
  if (style.underline) out = h("u", null, out);
  return out;
}
