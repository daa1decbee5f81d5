/** Suggestions while one types: people, channels, emoji and commands, each after its own sign. */
import { fill, freshId, h } from "../parts/dom.js";
import { fold } from "../parts/choose.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { openPopup } from "../parts/popup.js";
import { kindOf } from "../state/names.js";
import { findEmoji } from "../text/emoji.js";
import { mentionName } from "../text/wire.js";

const MOST = 8;

/**
 * @typedef {{text: string, detail?: string, picture: () => Node, insert: string}} Suggestion
 * @typedef {{from: number, items: Suggestion[], label: string}} Found
 */

/**
 * @param {HTMLTextAreaElement} area
 * @param {HTMLElement} anchor
 * @param {import("../state/store.js").Store} store
 * @param {{commands: boolean, channel: string}} where
 */
export function completion(area, anchor, store, where) {
  const id = freshId("suggest");
  /** @type {ReturnType<typeof openPopup> | null} */ let popup = null;
  /** @type {Found | null} */ let found = null;
  let active = 0;
  let refused = ""; // what was typed when the person closed the list
  const list = h("div", { class: "options suggestions", role: "listbox", id });
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", id);

  const close = () => popup?.close();
  function update() {
    const typed = area.value.slice(0, area.selectionStart);
    found = typed === refused ? null : suggest(typed, store, where);
    if (!found?.items.length) return close();
    active = 0;
    list.setAttribute("aria-label", found.label);
    fill(list, found.items.map((item, index) => h(
      "div",
      { class: "option", role: "option", id: `${id}-${index}`, "aria-selected": "false", onpointermove: () => light(index), onclick: () => take(index) },
      item.picture(),
      h("span", { class: "option-words option-line" }, h("span", { class: "option-text" }, item.text), item.detail ? h("span", { class: "option-description" }, item.detail) : null),
    )));
    if (!popup) {
      popup = openPopup(anchor, list, { wide: true, onClose: () => { popup = null; area.removeAttribute("aria-activedescendant"); } });
    }
    popup.move();
    light(0);
    return undefined;
  }
  /** @param {number} index */
  function light(index) {
    active = index;
    for (const [at, option] of [...list.children].entries()) {
      option.classList.toggle("option-lit", at === index);
      option.setAttribute("aria-selected", String(at === index));
    }
    area.setAttribute("aria-activedescendant", `${id}-${index}`);
    list.children[index]?.scrollIntoView({ block: "nearest" });
  }
  /** @param {number} index */
  function take(index) {
    const item = found?.items[index];
    if (!item || !found) return;
    area.setRangeText(item.insert, found.from, area.selectionStart, "end");
    close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  area.addEventListener("blur", close);
  return {
    update,
    close,
    /** Whether the list took the key. @param {KeyboardEvent} event */
    key(event) {
      if (!popup || !found) return false;
      const { length } = found.items;
      const whole = found.items[active]?.insert.trim() === area.value.trim();
      if (event.key === "ArrowDown") light((active + 1) % length);
      else if (event.key === "ArrowUp") light((active - 1 + length) % length);
      else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !whole)) take(active);
      else if (event.key === "Escape") {
        refused = area.value.slice(0, area.selectionStart);
        close();
      } else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

/** @param {string} typed up to the cursor @param {import("../state/store.js").Store} store @param {{commands: boolean, channel: string}} where @returns {Found | null} */
function suggest(typed, store, where) {
  const command = /^\/(\S*)$/.exec(typed);
  if (command && where.commands) return { from: 0, label: "Commands", items: commands(command[1], store) };
  const at = /(?:^|[\s(])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u.exec(typed);
  if (at) return { from: typed.length - at[1].length - 1, label: "People", items: people(at[1], store, where.channel) };
  const hash = /(?:^|[\s(])#([\p{L}\p{N}_-]*)$/u.exec(typed);
  if (hash) return { from: typed.length - hash[1].length - 1, label: "Channels", items: channels(hash[1], store) };
  const colon = /(?:^|[\s(]):([a-z0-9_+-]{2,})$/i.exec(typed);
  if (colon) return { from: typed.length - colon[1].length - 1, label: "Emoji", items: findEmoji(colon[1], MOST).map((one) => ({ text: `:${one.name}:`, picture: () => h("span", { class: "emoji" }, one.text), insert: `:${one.name}: ` })) };
  return null;
}

/** @param {string} start @param {import("../state/store.js").Store} store */
function commands(start, store) {
  const wanted = `/${start}`.toLowerCase();
  return store.commands.filter((one) => one.command.toLowerCase().startsWith(wanted)).slice(0, MOST).map((one) => ({
    text: [one.command, one.usage_hint].filter(Boolean).join(" "),
    detail: [one.description, store.apps.find((app) => app.app_id === one.app_id)?.name].filter(Boolean).join(" · "),
    picture: () => icon("bolt", 16),
    insert: `${one.command} `,
  }));
}

/** @param {string} start @param {import("../state/store.js").Store} store @param {string} channel */
function people(start, store, channel) {
  const wanted = fold(start);
  const members = new Set(store.channels.get(channel)?.members ?? []);
  const fits = (/** @type {string} */ text) => fold(text).split(/[\s._-]+/).some((_, index, parts) => parts.slice(index).join(" ").startsWith(wanted));
  const matching = [...store.users.values()].filter((user) => !user.deleted && (!wanted || fits(mentionName(user)) || fits(user.real_name) || fits(user.name)));
  matching.sort((one, other) => Number(members.has(other.id)) - Number(members.has(one.id)) || mentionName(one).localeCompare(mentionName(other)));
  const groups = ["here", "channel"].filter((name) => wanted && name.startsWith(wanted)).map((name) => ({ text: `@${name}`, detail: name === "here" ? "Everybody active in this channel" : "Everybody in this channel", picture: () => icon("people", 16), insert: `@${name} ` }));
  return [...matching.map((user) => ({ text: mentionName(user), detail: [user.title, kindOf(user)].filter(Boolean).join(" · "), picture: () => face(user, 20, { presence: true }), insert: `@${mentionName(user)} ` })), ...groups].slice(0, MOST);
}

/** @param {string} start @param {import("../state/store.js").Store} store */
function channels(start, store) {
  const named = [...store.channels.values()].filter((channel) => (channel.kind === "channel" || channel.kind === "private") && !channel.archived && channel.name.startsWith(start.toLowerCase()));
  return named.slice(0, MOST).map((channel) => ({ text: channel.name, picture: () => icon(channel.kind === "private" ? "lock" : "hash", 16), insert: `#${channel.name} ` }));
}
