/**
 * Slack's mrkdwn and plain text, drawn as nodes.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
import { h, fragment } from "../parts/dom.js";
import { emoji } from "./emoji.js";
import { dateTokens } from "./times.js";

/**
 * What the text needs to know of its reader.
 * @typedef {{user: (id: string) => import("../state/types.js").User, channelName: (id: string) => string | null,
 *   groupName: (id: string) => string | null,
 *   openUser: (id: string, at: HTMLElement) => void, openChannel: (id: string) => void, openLink: (url: string) => boolean,
 *   now: () => Date, me: string, tz: string | undefined}} Reader
 */

const MARKS = { "*": "strong", _: "em", "~": "s" };
const URL_START = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]}'"*_~]/i;

/** @param {string} text wire text with its three entities */
export const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/**
 * @param {string} text
 * @param {Reader} reader
 * @param {{lists?: boolean}} [options] `lists`: lines that begin with a dash or a number are a list, as in what people type
 * @returns {DocumentFragment}
 */
export function mrkdwn(text, reader, { lists = false } = {}) {
  const out = fragment();
  const parts = text.split(/```\n?([\s\S]+?)\n?```/);
  parts.forEach((part, index) => {
    if (index % 2) out.append(h("pre", { class: "pre", tabindex: "0" }, inner(part)));
    else if (part) out.append(lines(trimAround(part, index > 0, index < parts.length - 1), reader, lists));
  });
  return out;
}

/** A line break next to a code block belongs to the block. */
function trimAround(text, afterBlock, beforeBlock) {
  let cut = text;
  if (afterBlock) cut = cut.replace(/^\n/, "");
  if (beforeBlock) cut = cut.replace(/\n$/, "");
  return cut;
}

/** Code keeps its characters; a link in it shows its address. @param {string} text */
const inner = (text) => unescape(text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target, label) => label ?? target));

/** @param {string} text @param {Reader} reader @param {boolean} [lists] */
function lines(text, reader, lists = false) {
  const out = fragment();
  let quote = null;
  let first = true;
  const all = text.split("\n");
  for (let index = 0; index < all.length; index += 1) {
    const line = all[index];
    const [list, taken] = lists ? listAt(all, index, reader) : [null, 0];
    if (list) {
      out.append(list);
      index += taken - 1;
      quote = null;
      first = true;
      continue;
    }
    const quoted = /^(?:&gt;|>) ?(?!&gt;&gt;)/.exec(line);
    if (/^(?:&gt;|>){3}/.test(line)) {
      const rest = [line.replace(/^(?:&gt;|>){3} ?/, ""), ...all.slice(index + 1)].join("\n");
      out.append(h("blockquote", { class: "quote" }, lines(rest, reader)));
      break;
    }
    if (quoted) {
      if (quote) quote.append(h("br"));
      else out.append((quote = h("blockquote", { class: "quote" })));
      quote.append(inline(line.slice(quoted[0].length), reader));
      first = true;
      continue;
    }
    quote = null;
    if (!first) out.append(h("br"));
    out.append(inline(line, reader));
    first = false;
  }
  return out;
}

const ITEM = /^\s{0,3}(?:([-•])|(\d{1,3})[.)])\s+(\S.*)$/;

/**
 * The list that begins at a line, and how many lines it takes.
 * @param {string[]} all @param {number} from @param {Reader} reader @returns {[HTMLElement | null, number]}
 */
function listAt(all, from, reader) {
  const first = ITEM.exec(all[from]);
  if (!first) return [null, 0];
  const items = [];
  for (let at = from; at < all.length; at += 1) {
    const found = ITEM.exec(all[at]);
    if (!found || Boolean(found[1]) !== Boolean(first[1])) break;
    items.push(h("li", null, inline(found[3], reader)));
  }
  const start = first[2] && first[2] !== "1" ? first[2] : null;
  return [h(first[1] ? "ul" : "ol", { class: "rich-list", start }, items), items.length];
}

/**
 * One line of text with its marks, links, mentions and emoji.
 * @param {string} text
 * @param {Reader} reader
 * @returns {DocumentFragment}
 */
export function inline(text, reader) {
  const out = fragment();
  let plain = "";
  const flush = () => {
    if (plain) out.append(unescape(plain));
    plain = "";
  };
  const add = (/** @type {Node} */ node, /** @type {number} */ length) => {
    flush();
    out.append(node);
    at += length;
  };
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    const rest = text.slice(at);
    const before = at ? text[at - 1] : " ";
    let found;
    if (char === "`" && (found = /^`([^`\n]+)`/.exec(rest))) add(h("code", { class: "code" }, inner(found[1])), found[0].length);
    else if (char === "<" && (found = /^<([^<>]+)>/.exec(rest))) add(angle(found[1], reader), found[0].length);
    else if (char in MARKS && !/[\p{L}\p{N}]/u.test(before) && (found = closing(rest))) add(h(MARKS[char], null, inline(rest.slice(1, found), reader)), found + 1);
    else if (char === ":" && (found = /^:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/i.exec(rest)) && emoji(found[1])) add(emojiNode(found[1]), found[0].length);
    else if (char === "h" && !/[\p{L}\p{N}]/u.test(before) && (found = URL_START.exec(rest))) add(link(unescape(found[0]), unescape(found[0]), reader), found[0].length);
    else {
      plain += char;
      at += 1;
    }
  }
  flush();
  return out;
}

/** Where the mark that opens `text` closes, or 0. Marks inside links and code do not count. @param {string} text */
function closing(text) {
  const mark = text[0];
  if (/^.(?:\s|$)/.test(text)) return 0;
  for (let at = 1; at < text.length; at += 1) {
    const skip = /^(?:<[^<>]+>|`[^`\n]+`)/.exec(text.slice(at));
    if (skip) at += skip[0].length - 1;
    else if (text[at] === mark && at > 1 && !/\s/.test(text[at - 1]) && !/[\p{L}\p{N}]/u.test(text[at + 1] ?? " ")) return at;
  }
  return 0;
}

/** What stands between angle brackets. @param {string} body @param {Reader} reader */
function angle(body, reader) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(body.slice(bar + 1));
  if (/^@[UW]/.test(target)) return userMention(target.slice(1), reader);
  if (/^#[CG]/.test(target)) return channelMention(target.slice(1), reader, label);
  if (target.startsWith("!date^")) return dateNode(target, label, reader);
  if (target.startsWith("!subteam^")) return groupMention(target.slice(9), reader, label);
  if (target.startsWith("!")) return broadcast(target.slice(1));
  return link(unescape(target), label || unescape(target).replace(/^mailto:/, ""), reader);
}

/** @param {string} id @param {Reader} reader */
export function userMention(id, reader) {
  const user = reader.user(id);
  const node = h("button", { type: "button", class: id === reader.me ? "mention mention-me" : "mention" }, `@${user.display_name || user.real_name || user.name}`);
  node.addEventListener("click", () => reader.openUser(id, node));
  return node;
}

/** @param {string} id @param {Reader} reader @param {string} [label] */
export function channelMention(id, reader, label) {
  const name = reader.channelName(id) ?? label;
  if (!name) return h("span", { class: "mention mention-hidden" }, "a private channel");
  return h("button", { type: "button", class: "mention", onclick: () => reader.openChannel(id) }, `#${name}`);
}

/** @param {string} id @param {Reader} reader @param {string} [label] */
export const groupMention = (id, reader, label) => h("span", { class: "mention" }, label || `@${reader.groupName(id) ?? "group"}`);

/** @param {string} range "here", "channel" or "everyone" */
export const broadcast = (range) => h("span", { class: "mention mention-me" }, `@${range}`);

/** @param {string} name */
export function emojiNode(name) {
  const text = emoji(name);
  return text ? h("span", { class: "emoji", role: "img", "aria-label": name.replace(/[_:]+/g, " "), title: `:${name}:` }, text) : document.createTextNode(`:${name}:`);
}

/** @param {string} target @param {string} label @param {Reader} reader */
function dateNode(target, label, reader) {
  const [, seconds, pattern, url] = target.split("^");
  const date = new Date(Number(seconds) * 1000);
  if (!pattern || Number.isNaN(date.getTime())) return document.createTextNode(label);
  const text = dateTokens(unescape(pattern), date, reader.now(), reader.tz);
  return url ? link(unescape(url), text, reader) : h("time", { datetime: date.toISOString(), title: dateTokens("{date_long} {time}", date, reader.now(), reader.tz) }, text);
}

/**
 * A link with an address that is safe to follow, or plain text.
 * @param {string} url @param {string | Node} label @param {Reader} reader
 */
export function link(url, label, reader) {
  if (!/^(?:https?:|mailto:|tel:)/i.test(url)) return h("span", null, label);
  const open = (/** @type {Event} */ event) => {
    if (reader.openLink(url)) event.preventDefault();
  };
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: "link", onclick: open }, label);
}

/**
 * A text object: mrkdwn, or plain text in which only emoji names mean something.
 * @param {import("../state/types.js").TextObject | string | undefined | null} text
 * @param {Reader} reader
 */
export function textNode(text, reader) {
  if (!text) return fragment();
  if (typeof text === "string") return mrkdwn(text, reader);
  return text.type === "mrkdwn" ? mrkdwn(text.text, reader) : plainNode(text);
}

/** @param {import("../state/types.js").TextObject | string} text */
export function plainNode(text) {
  const words = typeof text === "string" ? text : text.text;
  const out = fragment();
  words.split("\n").forEach((line, index) => {
    if (index) out.append(h("br"));
    for (const piece of line.split(/(:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)/i)) {
      const name = piece.slice(1, -1);
      out.append(piece.length > 2 && piece.startsWith(":") && emoji(name) ? emojiNode(name) : piece);
    }
  });
  return out;
}

/**
 * The same as a plain string, for labels, previews and announcements.
 * @param {import("../state/types.js").TextObject | string | undefined | null} text
 * @param {Reader} reader
 */
export function words(text, reader) {
  const holder = h("div", null, textNode(text, reader));
  for (const line of holder.querySelectorAll("br")) line.replaceWith(" ");
  return (holder.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** A plain text object's characters with its emoji as characters. @param {import("../state/types.js").TextObject | string | undefined} text */
export const plainWords = (text) => (text ? (h("i", null, plainNode(text)).textContent ?? "") : "");
