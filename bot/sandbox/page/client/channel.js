/** A channel or direct message: its name, its messages, and where one writes. */
import { fill, h } from "../parts/dom.js";
import { ask } from "../parts/dialog.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { menuButton } from "../parts/menu.js";
import { channelLabel, channelTitle, personName, quietUntil } from "../state/names.js";
import { emojiNode, link, mrkdwn } from "../text/mrkdwn.js";
import { clockTime } from "../text/times.js";
import { composer } from "./composer.js";
import { membersPanel } from "./members.js";
import { typingLine } from "./typing.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./pane.js").Pane} Pane */

/**
 * @param {Pane} pane
 * @param {{id: string, at?: string}} place
 * @returns {import("./pane.js").Part}
 */
export function channelView(pane, { id, at }) {
  const { store } = pane;
  const channel = () => store.channels.get(id);
  const first = channel();
  const head = h("header", { class: "view-head" });
  const marks = h("nav", { class: "bookmarks", "aria-label": "Bookmarks", hidden: true });
  const foot = h("div", { class: "view-foot" });
  let write = /** @type {ReturnType<typeof composer> | null} */ (null);
  let footLook = "";

  /** Read up to the newest message, when the messages are in sight. @param {HTMLElement} shown */
  const read = (shown) => {
    const now = channel();
    const newest = conversation.messages.findLast((message) => !message.is_ephemeral);
    if (!now || !newest || document.hidden || !shown.checkVisibility() || (!now.unread && !now.mentions)) return;
    store.api.do("read", { channel: id, ts: newest.ts });
  };
  const conversation = store.timeline(id);
  const newFrom = first && first.unread > 0 ? first.last_read || "0" : undefined;
  const timeline = new Timeline(pane, conversation, { label: `Messages in ${pane.titleOf(id)}`, newFrom, atEnd: read, top: () => beginning(pane, id) });
  // On a phone or behind a thread the messages may come into sight later.
  const sight = new IntersectionObserver(([entry]) => entry.isIntersecting && timeline.atEnd && read(timeline.element));
  sight.observe(timeline.element);

  const drawHead = () => {
    const now = channel();
    if (!now) return;
    const app = now.user ? store.apps.find((one) => one.bot_user_id === now.user) : undefined;
    fill(head, h("button", { type: "button", class: "tool only-narrow", "aria-label": "Back to the list", onclick: () => pane.column("list") }, icon("back")), title(pane, now), app?.has_home ? tabs(pane, app.app_id, "messages") : null, h("span", { class: "grow" }), actions(pane, now));
    marks.hidden = !now.bookmarks?.length;
    fill(marks, (now.bookmarks ?? []).map((/** @type {any} */ one) => h("span", { class: "bookmark" }, one.emoji ? emojiNode(one.emoji.replace(/:/g, "")) : icon("link", 14), link(one.link ?? "", one.title, pane.reader))));
  };
  const drawFoot = () => {
    const now = channel();
    if (!now) return;
    const member = now.kind === "im" || now.members.includes(store.userId);
    const other = now.user ? store.user(now.user) : undefined;
    const quiet = other ? quietUntil(other, store.now()) : null;
    const look = `${member}|${now.archived}|${now.name}|${other?.deleted}|${quiet?.getTime()}`;
    if (look === footLook) return;
    footLook = look;
    write = null;
    if (now.archived) fill(foot, h("p", { class: "foot-note" }, "This channel is archived: it can be read, and nothing can be written here."));
    else if (!member) fill(foot, h("div", { class: "foot-note" }, h("span", null, "You are looking at ", h("strong", null, `#${now.name}`), "."), h("button", { type: "button", class: "button primary", onclick: () => pane.deed("join", { channel: id }) }, "Join channel")));
    else if (other?.deleted) fill(foot, h("p", { class: "foot-note" }, "This account has been deactivated."));
    else {
      write = composer(pane, { channel: id, label: `Message ${channelTitle(now, store)}` });
      fill(foot, quiet ? h("p", { class: "foot-quiet" }, icon("moon", 14), `${personName(/** @type {any} */ (other))} has paused notifications${quiet.getTime() < 8e15 ? ` until ${clockTime(quiet, pane.reader.tz)}` : ""}.`) : null, write.element, typingLine(pane, id));
    }
  };
  const stops = [store.on("channels", () => { drawHead(); drawFoot(); if (timeline.atEnd) read(timeline.element); }), store.on("people", () => { drawHead(); drawFoot(); }), store.on("clock", drawFoot)];
  const seen = () => timeline.atEnd && read(timeline.element);
  document.addEventListener("visibilitychange", seen);
  drawHead();
  drawFoot();
  if (at) timeline.jump(at);
  return {
    element: h("div", { class: "view" }, head, marks, timeline.element, foot),
    stop() {
      stops.forEach((stop) => stop());
      document.removeEventListener("visibilitychange", seen);
      sight.disconnect();
      timeline.stop();
    },
    focus: () => write?.area.focus(),
    jump: (ts) => timeline.jump(ts),
    editLast: () => editLast(pane, timeline),
  };
}

/** @param {Pane} pane @param {Timeline} timeline */
export function editLast(pane, timeline) {
  const own = timeline.conversation.messages.findLast((message) => message.user === pane.userId && !message.bot_id && !message.is_ephemeral);
  if (own) timeline.edit(own.ts, true);
}

/** @param {Pane} pane @param {import("../state/types.js").Channel} channel */
function title(pane, channel) {
  const { store } = pane;
  const picture = channel.user ? face(store.user(channel.user), 24, { presence: true }) : icon(channel.kind === "channel" ? "hash" : channel.kind === "private" ? "lock" : "people", 18);
  const about = channel.user ? store.user(channel.user).title : channel.topic;
  return h("div", { class: "view-title" }, picture, h("h2", { class: "view-name", title: channelLabel(channel, store) }, channelLabel(channel, store)), about ? h("span", { class: "view-topic", title: about }, mrkdwn(about, pane.reader)) : null);
}

/** @param {Pane} pane @param {string} app @param {"home" | "messages"} at */
export function tabs(pane, app, at) {
  const bot = pane.store.apps.find((one) => one.app_id === app)?.bot_user_id ?? "";
  const tab = (/** @type {string} */ name, /** @type {string} */ label, /** @type {() => void} */ go) => h("button", { type: "button", class: "tab", "aria-current": name === at ? "page" : null, onclick: go }, label);
  return h("nav", { class: "tabs", "aria-label": "App" }, tab("home", "Home", () => pane.go({ kind: "home", app })), tab("messages", "Messages", () => pane.message(bot)));
}

/** @param {Pane} pane @param {import("../state/types.js").Channel} channel */
function actions(pane, channel) {
  if (channel.kind === "im") return null;
  const people = h("button", { type: "button", class: "count-button", "aria-label": `${channel.members.length} members`, title: "Members" }, icon("people", 16), String(channel.members.length));
  membersPanel(people, pane, channel.id);
  const more = h("button", { type: "button", class: "tool", "aria-label": "About this channel", title: "More" }, icon("more"));
  const sure = async (/** @type {string} */ deed, /** @type {string} */ question, /** @type {string} */ yes) => {
    if (await ask(pane.element, { title: question, text: channelTitle(channel, pane.store), confirm: yes, deny: "Cancel", danger: true })) await pane.deed(deed, { channel: channel.id });
  };
  const member = channel.members.includes(pane.userId);
  menuButton(more, () => [
    { text: "Members", icon: "people", deed: () => people.click() },
    { text: "Copy link", icon: "link", deed: () => navigator.clipboard.writeText(`${window.location.origin}/archives/${channel.id}`).then(() => pane.store.toast("info", "Link copied."), () => {}) },
    ...(member ? [{ text: "", line: true }, { text: "Leave channel…", deed: () => sure("leave", "Leave this channel", "Leave") }] : []),
    ...(member && !channel.archived ? [{ text: "Archive channel…", danger: true, deed: () => sure("archive", "Archive this channel", "Archive") }] : []),
  ], { label: "About this channel", end: true });
  return h("div", { class: "view-actions" }, people, more);
}

/** What stands above the first message. @param {Pane} pane @param {string} id */
function beginning(pane, id) {
  const channel = pane.store.channels.get(id);
  if (!channel) return null;
  if (channel.kind === "im" && channel.user) {
    const user = pane.store.user(channel.user);
    return h("div", { class: "beginning" }, face(user, 48), h("p", null, "This conversation is between you and ", h("strong", null, personName(user)), "."));
  }
  const title = channelTitle(channel, pane.store);
  return h("div", { class: "beginning" }, h("h3", null, title), h("p", { class: "dim" }, channel.purpose || (channel.kind === "private" ? `This is the beginning of ${title}. Only its members can see it.` : `This is the beginning of ${title}.`)));
}
