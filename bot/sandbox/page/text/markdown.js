/** The markdown block: standard Markdown, as far as Slack shows it. */
import { h, fragment } from "../parts/dom.js";
import { emojiNode, link } from "./mrkdwn.js";
import { emoji } from "./emoji.js";

/** @typedef {import("./mrkdwn.js").Reader} Reader */

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;

/** @param {string} text @param {Reader} reader @returns {HTMLElement} */
export function markdown(text, reader) {
  return h("div", { class: "markdown" }, blocks(text.replace(/\r\n?/g, "\n").split("\n"), reader));
}

/** @param {string[]} lines @param {Reader} reader @returns {Node[]} */
function blocks(lines, reader) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const [node, used] = block(lines, at, reader);
    if (node) out.push(node);
    at += used;
  }
  return out;
}

/** The block that begins at a line, and how many lines it takes. @returns {[Node | null, number]} */
function block(lines, at, reader) {
  const line = lines[at];
  if (!line.trim()) return [null, 1];
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) return [h("div", { class: `md-heading md-h${heading[1].length}`, role: "heading", "aria-level": String(Math.min(6, heading[1].length + 3)) }, inline(heading[2], reader)), 1];
  if (/^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line)) return [h("hr", { class: "divider" }), 1];
  if (/^```/.test(line)) return fence(lines, at);
  if (/^>/.test(line)) return run(lines, at, (one) => /^>/.test(one), (some) => h("blockquote", { class: "quote" }, blocks(some.map((one) => one.replace(/^> ?/, "")), reader)));
  if (isTable(lines, at)) return run(lines, at, (one) => one.includes("|"), (some) => table(some, reader));
  if (ITEM.test(line)) return run(lines, at, (one) => ITEM.test(one) || /^\s+\S/.test(one), (some) => list(some, reader));
  return run(lines, at, (one, index) => Boolean(one.trim()) && (index === at || !startsBlock(lines, index)), (some) => paragraph(some, reader));
}

/** @returns {[Node | null, number]} */
function run(lines, at, belongs, make) {
  let end = at;
  while (end < lines.length && belongs(lines[end], end)) end += 1;
  return [make(lines.slice(at, end)), Math.max(1, end - at)];
}

const startsBlock = (lines, at) => /^(?:#{1,6}\s|>|```)/.test(lines[at]) || ITEM.test(lines[at]) || isTable(lines, at);
const isTable = (lines, at) => lines[at].includes("|") && /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] ?? "") && (lines[at + 1] ?? "").includes("-");

function fence(lines, at) {
  let end = at + 1;
  while (end < lines.length && !/^```\s*$/.test(lines[end])) end += 1;
  return /** @type {[Node, number]} */ ([h("pre", { class: "pre", tabindex: "0" }, lines.slice(at + 1, end).join("\n")), end - at + 1]);
}

function paragraph(lines, reader) {
  const out = h("p", null);
  lines.forEach((line, index) => {
    if (index) out.append(h("br"));
    out.append(inline(line.trim(), reader));
  });
  return out;
}

/** @param {string[]} lines @param {Reader} reader */
function list(lines, reader) {
  const first = /** @type {RegExpExecArray} */ (ITEM.exec(lines[0]));
  const depth = first[1].length;
  const ordered = /\d/.test(first[2]);
  const items = [];
  for (const line of lines) {
    const found = ITEM.exec(line);
    if (found && found[1].length <= depth) items.push({ text: found[3], below: /** @type {string[]} */ ([]) });
    else items.at(-1)?.below.push(line.slice(Math.min(depth + 2, line.search(/\S/))));
  }
  return h(ordered ? "ol" : "ul", { class: "rich-list", start: ordered && Number.parseInt(first[2], 10) !== 1 ? Number.parseInt(first[2], 10) : null }, items.map((item) => listItem(item, reader)));
}

function listItem({ text, below }, reader) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  const box = task ? h("span", { class: "md-task", role: "img", "aria-label": task[1] === " " ? "open" : "done" }, task[1] === " " ? "☐ " : "☑ ") : null;
  return h("li", { class: task ? "md-task-item" : null }, box, inline(task ? task[2] : text, reader), blocks(below, reader));
}

/** @param {string[]} lines @param {Reader} reader */
function table(lines, reader) {
  const cells = (/** @type {string} */ line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
  const align = cells(lines[1]).map((rule) => (/^:-+:$/.test(rule) ? "center" : /-:$/.test(rule) ? "right" : "left"));
  const row = (/** @type {string} */ line, /** @type {string} */ tag) => h("tr", null, cells(line).map((cell, index) => h(tag, { class: `align-${align[index] ?? "left"}`, scope: tag === "th" ? "col" : null }, inline(cell, reader))));
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" }, h("table", { class: "table" }, h("thead", null, row(lines[0], "th")), h("tbody", null, lines.slice(2).map((line) => row(line, "td")))));
}

const INLINE = [
  { pattern: /^\\([\\`*_{}[\]()#+\-.!~|>])/, make: (found) => document.createTextNode(found[1]) },
  { pattern: /^(`+)([\s\S]*?[^`])\1(?!`)/, make: (found) => h("code", { class: "code" }, found[2].trim()) },
  { pattern: /^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, make: (found, reader) => link(found[2], found[1] || found[2], reader) },
  { pattern: /^\[([^\]]+)\]\(([^)\s]+)[^)]*\)/, make: (found, reader) => link(found[2], inline(found[1], reader), reader) },
  { pattern: /^<(https?:\/\/[^>\s]+)>/, make: (found, reader) => link(found[1], found[1], reader) },
  { pattern: /^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, make: (found, reader) => h("strong", null, inline(found[2], reader)) },
  { pattern: /^~~(?=\S)([\s\S]*?\S)~~/, make: (found, reader) => h("s", null, inline(found[1], reader)) },
  { pattern: /^([*_])(?=\S)([\s\S]*?\S)\1(?![\p{L}\p{N}])/u, make: (found, reader) => h("em", null, inline(found[2], reader)), edge: true },
  { pattern: /^https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]}'"*_~]/, make: (found, reader) => link(found[0], found[0], reader), edge: true },
  { pattern: /^:([a-z0-9_+'-]+):/, make: (found) => (emoji(found[1]) ? emojiNode(found[1]) : document.createTextNode(found[0])) },
];

/** @param {string} text @param {Reader} reader */
function inline(text, reader) {
  const out = fragment();
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const atEdge = at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]);
    let found = /** @type {RegExpExecArray | null} */ (null);
    const rule = /[\\`![<*_~h:]/.test(rest[0]) ? INLINE.find(({ pattern, edge }) => (!edge || atEdge) && (found = pattern.exec(rest))) : undefined;
    if (!rule || !found) {
      plain += text[at];
      at += 1;
      continue;
    }
    out.append(plain, rule.make(found, reader));
    plain = "";
    at += /** @type {RegExpExecArray} */ (found)[0].length;
  }
  out.append(plain);
  return out;
}
