/** One message, as its reader sees it. */
import { fragment, h } from "../parts/dom.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { drawBlocks } from "../blocks/index.js";
import { fileCard } from "../blocks/files.js";
import { attachment } from "../blocks/attachment.js";
import { authorName, kindOf, personName } from "../state/names.js";
import { isReply } from "../state/conversation.js";
import { emojiNode, mrkdwn, words } from "../text/mrkdwn.js";
import { clockTime, dateTokens, dayName, moment } from "../text/times.js";
import { messageTools } from "./message-menu.js";
import { composer } from "./composer.js";

/** @typedef {import("../state/types.js").Message} Message */
/** @typedef {import("./pane.js").Pane} Pane */

/** Lines that Slack writes about a channel, not words that somebody said. */
const NOTICES = new Set(["channel_join", "channel_leave", "group_join", "group_leave", "channel_topic", "group_topic", "channel_purpose", "group_purpose", "channel_name", "group_name", "channel_archive", "group_archive", "channel_unarchive", "group_unarchive", "pinned_item", "bot_add", "bot_remove"]);

/** @param {Message} message */
export const isNotice = (message) => NOTICES.has(message.subtype ?? "");

/**
 * @param {Message} message
 * @param {{pane: Pane, channel: string, surface: import("../elements/surface.js").Surface, inThread: boolean, compact: boolean,
 *   editing: boolean, edit: (on: boolean) => void, dismiss: () => void}} context
 * @returns {HTMLLIElement}
 */
export function drawMessage(message, context) {
  const { pane } = context;
  const { store, reader } = pane;
  const notice = isNotice(message);
  const compact = context.compact && !notice;
  const author = authorOf(message, pane);
  const name = authorName(message, store);
  const date = moment(message.ts);
  const time = clockTime(date, reader.tz);
  const classes = ["message", compact ? "message-compact" : "", message.is_ephemeral ? "message-ephemeral" : "", notice ? "message-notice" : "", mentionsMe(message, store.userId) ? "message-for-me" : ""];
  const stamp = h("time", { class: "message-time", datetime: date.toISOString(), title: dateTokens("{date_long} {time_secs}", date, store.now(), reader.tz) }, compact ? time.replace(/ [AP]M$/, "") : time);
  const open = (/** @type {Event} */ event) => message.user && pane.showPerson(message.user, /** @type {HTMLElement} */ (event.currentTarget));
  const label = `${name}, ${time}: ${preview(message, reader)}${message.is_ephemeral ? " (only visible to you)" : ""}`;
  const item = h(
    "li",
    { class: classes.filter(Boolean).join(" "), tabindex: "-1", "aria-label": label.slice(0, 400), dataset: { ts: message.ts } },
    h("div", { class: "message-gutter" }, compact ? stamp : h("button", { type: "button", class: "face-button", tabindex: "-1", "aria-label": `About ${name}`, onclick: open }, face(author, notice ? 20 : 36))),
    h(
      "div",
      { class: "message-main" },
      above(message, context),
      compact || notice ? null : h("div", { class: "message-head" }, h("button", { type: "button", class: "message-author", onclick: open }, name), badge(author, message), stamp),
      context.editing ? editor(message, context) : body(message, context),
      notice ? stamp : null,
      reactions(message, context),
      context.inThread ? null : threadSummary(message, context),
    ),
    context.editing ? null : messageTools(message, context),
  );
  return /** @type {HTMLLIElement} */ (item);
}

/** @param {Message} message @param {Pane} pane @returns {import("../state/types.js").User} */
function authorOf(message, pane) {
  const known = message.user ? pane.store.user(message.user) : { id: message.bot_id ?? "B", name: "App", real_name: authorName(message, pane.store), is_bot: true };
  return message.username ? { ...known, real_name: message.username, display_name: message.username, initials: undefined } : known;
}

/** @param {import("../state/types.js").User} author @param {Message} message */
function badge(author, message) {
  const kind = author.is_bot || message.bot_id ? "app" : kindOf(author);
  return kind ? h("span", { class: "badge-kind" }, kind) : null;
}

/** @param {Message} message @param {any} context */
function above(message, context) {
  const { pane, channel, inThread } = context;
  if (message.is_ephemeral) return h("div", { class: "message-above" }, icon("eye", 14), "Only visible to you", h("span", { "aria-hidden": "true" }, "·"), h("button", { type: "button", class: "quiet-link", onclick: context.dismiss }, "Dismiss"));
  if (message.subtype === "thread_broadcast" && !inThread) {
    const root = message.root ? preview(message.root, pane.reader) : "";
    return h("div", { class: "message-above" }, icon("thread", 14), "replied to a thread: ", h("button", { type: "button", class: "quiet-link cut", onclick: () => pane.openThread(channel, message.thread_ts) }, root || "open it"));
  }
  if (message.subtype === "thread_broadcast") return h("div", { class: "message-above" }, icon("hash", 14), "also sent to the channel");
  if (message.pinned_to?.length) return h("div", { class: "message-above" }, icon("pin", 14), "Pinned");
  return null;
}

/** @param {Message} message @param {any} context */
function body(message, { surface, pane }) {
  const { reader } = pane;
  if (message.subtype === "tombstone") return h("div", { class: "message-text dim" }, "This message was deleted.");
  const shown = message.blocks?.length && !isTyped(message) ? drawBlocks(message.blocks, surface) : message.text ? h("div", { class: "message-text", dir: "auto" }, mrkdwn(message.text, reader, { lists: isTyped(message) })) : null;
  const edited = message.edited ? h("span", { class: "edited", title: dateTokens("{date_long} {time}", moment(message.edited.ts), reader.now(), reader.tz) }, "(edited)") : null;
  if (edited && shown) placeEdited(shown, edited);
  return fragment(
    h("div", { class: "message-body" }, shown, (message.attachments ?? []).map((one) => attachment(one, surface))),
    message.files?.length ? h("div", { class: "message-files" }, message.files.map(fileCard)) : null,
  );
}

/** What a person typed: its rich_text says the same as its text, which has the marks for bold and the like. @param {Message} message */
const isTyped = (message) => !message.bot_id && message.blocks?.length === 1 && message.blocks[0].type === "rich_text";

/** After the last word when the message ends in words, else below. @param {HTMLElement} shown @param {HTMLElement} edited */
function placeEdited(shown, edited) {
  const last = [...shown.querySelectorAll(".rich-section, .section-text, .block-context > span")].pop();
  const end = shown.lastElementChild;
  if (shown.matches(".message-text")) shown.append(" ", edited);
  else if (last && end?.contains(last)) last.append(" ", edited);
  else shown.append(edited);
}

/** @param {Message} message @param {any} context */
function editor(message, { pane, channel, edit }) {
  return composer(pane, { channel, editing: message, label: "Edit the message", done: () => edit(false) }).element;
}

/** @param {Message} message @param {any} context */
function reactions(message, { pane, channel }) {
  if (!message.reactions?.length) return null;
  const { store } = pane;
  return h("div", { class: "reactions" }, message.reactions.map((reaction) => {
    const mine = reaction.users.includes(store.userId);
    const who = reaction.users.map((id) => (id === store.userId ? "you" : personName(store.user(id)))).join(", ");
    const flip = () => pane.deed("react", { channel, ts: message.ts, name: reaction.name, on: !mine });
    return h("button", { type: "button", class: mine ? "reaction reaction-mine" : "reaction", "aria-pressed": String(mine), title: `${who} reacted with :${reaction.name}:`, "aria-label": `${reaction.name.replace(/_/g, " ")}, ${reaction.count ?? reaction.users.length}: ${who}`, onclick: flip }, emojiNode(reaction.name), h("span", null, String(reaction.count ?? reaction.users.length)));
  }));
}

/** @param {Message} message @param {any} context */
function threadSummary(message, { pane, channel }) {
  if (!message.reply_count || isReply(message)) return null;
  const { store, reader } = pane;
  const last = message.latest_reply ? moment(message.latest_reply) : null;
  const when = last ? `Last reply ${dayName(last, store.now(), reader.tz).replace(/^(To|Yes)/, (start) => start.toLowerCase())} at ${clockTime(last, reader.tz)}` : "";
  return h(
    "button",
    { type: "button", class: "thread-summary", onclick: () => pane.openThread(channel, message.ts) },
    h("span", { class: "thread-faces" }, (message.reply_users ?? []).slice(0, 4).map((id) => face(store.user(id), 22))),
    h("span", { class: "thread-count" }, `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`),
    h("span", { class: "dim" }, when),
  );
}

/** The message in one line of plain words. @param {Message} message @param {import("../text/mrkdwn.js").Reader} reader */
export function preview(message, reader) {
  const text = words(message.text ?? "", reader);
  if (text) return text;
  const block = message.blocks?.find((one) => one.text?.text);
  if (block) return words(block.text, reader);
  return message.files?.[0]?.title ?? message.files?.[0]?.name ?? "";
}

/** @param {Message} message @param {string} me */
function mentionsMe(message, me) {
  return message.user !== me && !isNotice(message) && (message.text ?? "").includes(`<@${me}>`);
}
