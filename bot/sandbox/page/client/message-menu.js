/** What one can do with a message. */
import { h } from "../parts/dom.js";
import { ask } from "../parts/dialog.js";
import { emojiPicker } from "../parts/emoji-picker.js";
import { icon } from "../parts/icons.js";
import { menuButton } from "../parts/menu.js";
import { plainWords } from "../text/mrkdwn.js";

/** @typedef {import("../state/types.js").Message} Message */

/** @param {Message} message @param {any} context @returns {HTMLElement | null} */
export function messageTools(message, context) {
  const { pane, channel, inThread } = context;
  if (message.is_ephemeral || message.subtype === "tombstone") return null;
  const tool = (/** @type {string} */ label, /** @type {any} */ name, /** @type {any} */ deed) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: deed }, icon(name, 16));
  const react = h("button", { type: "button", class: "tool", "aria-label": "Add a reaction", title: "Add a reaction" }, icon("smile", 16));
  emojiPicker(react, (name) => pane.deed("react", { channel, ts: message.ts, name, on: true }));
  const more = h("button", { type: "button", class: "tool", "aria-label": "More about this message", title: "More" }, icon("more", 16));
  menuButton(more, () => menuOf(message, context), { label: "About this message", end: true });
  return h("div", { class: "message-tools", role: "group", "aria-label": "Message" }, react, inThread ? null : tool("Reply in thread", "thread", () => pane.openThread(channel, message.thread_ts ?? message.ts, true)), more);
}

/** @param {Message} message @param {any} context @returns {import("../parts/menu.js").MenuItem[]} */
export function menuOf(message, context) {
  const { pane, channel, inThread, edit } = context;
  const { store } = pane;
  const own = message.user === store.userId && !message.bot_id;
  const shortcuts = store.shortcuts.filter((/** @type {any} */ shortcut) => shortcut.type === "message");
  /** @type {import("../parts/menu.js").MenuItem[]} */
  const items = [];
  if (!inThread) items.push({ text: "Reply in thread", icon: "thread", deed: () => pane.openThread(channel, message.thread_ts ?? message.ts, true) });
  items.push({ text: "Copy link", icon: "link", deed: () => copyLink(message, context) });
  const pinned = message.pinned_to?.includes(channel);
  items.push({ text: pinned ? "Unpin from the channel" : "Pin to the channel", icon: "pin", deed: () => pane.deed("pin", { channel, ts: message.ts, on: !pinned }) });
  if (own) items.push({ text: "Edit message", icon: "edit", deed: () => edit(true) });
  if (shortcuts.length) {
    items.push({ line: true, text: "" }, { heading: true, text: "Apps" });
    for (const shortcut of shortcuts) {
      const app = store.apps.find((/** @type {any} */ one) => one.app_id === shortcut.app_id)?.name;
      items.push({ text: shortcut.name, description: app, icon: "bolt", deed: () => pane.deed("shortcut", { callback_id: shortcut.callback_id, channel, ts: message.ts }) });
    }
  }
  if (own) items.push({ line: true, text: "" }, { text: "Delete message…", icon: "trash", danger: true, deed: () => remove(message, context) });
  return items;
}

/** @param {Message} message @param {any} context */
async function copyLink(message, { pane, channel }) {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}&cid=${channel}` : "";
  const link = `${window.location.origin}/archives/${channel}/p${message.ts.replace(".", "")}${thread}`;
  try {
    await navigator.clipboard.writeText(link);
    pane.store.toast("info", "Link copied.");
  } catch {
    pane.store.toast("info", link);
  }
}

/** @param {Message} message @param {any} context */
export async function remove(message, { pane, channel }) {
  const sure = await ask(pane.element, { title: "Delete message", text: `This can't be undone.${message.text ? ` “${plainWords(message.text).slice(0, 160)}”` : ""}`, confirm: "Delete", deny: "Cancel", danger: true });
  if (sure) await pane.deed("delete", { channel, ts: message.ts });
}
