/** Where a person can go: channels, direct messages, apps. */
import { fill, h } from "../parts/dom.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { menuButton } from "../parts/menu.js";
import { channelLabel, quietUntil } from "../state/names.js";
import { newChannel } from "./new-channel.js";

/** @typedef {import("../state/types.js").Channel} Channel */

/** @param {import("./pane.js").Pane} pane */
export function sidebar(pane) {
  const { store } = pane;
  const lists = h("div", { class: "side-lists" });
  const jump = h("button", { type: "button", class: "side-jump", onclick: () => pane.openSwitcher() }, icon("search", 16), h("span", { class: "grow" }, "Jump to…"), h("kbd", null, "Ctrl K"));
  const element = h("nav", { class: "pane-side", "aria-label": "Channels and conversations" }, jump, lists);
  const plus = h("button", { type: "button", class: "tool", "aria-label": "Add channels", title: "Add channels" }, icon("plus", 16));
  menuButton(plus, () => [{ text: "Create a channel", icon: "plus", deed: () => newChannel(pane) }, { text: "Browse channels", icon: "hash", deed: () => pane.openSwitcher() }], { label: "Add channels" });
  const write = h("button", { type: "button", class: "tool", "aria-label": "New message", title: "New message", onclick: () => pane.openSwitcher() }, icon("plus", 16));

  const draw = () => {
    const held = /** @type {HTMLElement | null} */ (document.activeElement)?.closest?.(".side-item");
    const key = held && lists.contains(held) ? /** @type {HTMLElement} */ (held).dataset.key : undefined;
    const all = [...store.channels.values()];
    const channels = all.filter((channel) => (channel.kind === "channel" || channel.kind === "private") && channel.members.includes(store.userId) && !channel.archived);
    channels.sort((one, other) => one.name.localeCompare(other.name));
    const bots = new Set(store.apps.map((app) => app.bot_user_id));
    const direct = all.filter((channel) => (channel.kind === "im" || channel.kind === "mpim") && !bots.has(channel.user ?? ""));
    direct.sort((one, other) => (other.latest_ts ?? "").localeCompare(one.latest_ts ?? "") || channelLabel(one, store).localeCompare(channelLabel(other, store)));
    fill(
      lists,
      section("Channels", channels.map((channel) => item(pane, channel)), plus),
      section("Direct messages", direct.map((channel) => item(pane, channel)), write),
      store.apps.length ? section("Apps", store.apps.map((app) => appItem(pane, app))) : null,
    );
    if (key) /** @type {HTMLElement | null} */ (lists.querySelector(`[data-key="${key}"]`))?.focus();
  };
  for (const topic of ["channels", "people", "apps", "place", "clock"]) store.on(topic, draw);
  lists.addEventListener("keydown", (event) => {
    const items = /** @type {HTMLElement[]} */ ([...lists.querySelectorAll(".side-item")]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    items[(at + step + items.length) % items.length].focus();
  });
  return { element };
}

/** @param {string} name @param {HTMLElement[]} items @param {HTMLElement} [tool] */
function section(name, items, tool) {
  return h("div", { class: "side-section" }, h("div", { class: "side-title" }, h("h2", null, name), tool), h("ul", null, items.map((one) => h("li", null, one))));
}

/** @param {import("./pane.js").Pane} pane @param {Channel} channel */
function item(pane, channel) {
  const { store } = pane;
  const here = pane.place?.kind === "channel" && pane.place.id === channel.id;
  const other = channel.user ? store.user(channel.user) : undefined;
  const picture = other ? face(other, 20, { presence: true }) : icon(channel.kind === "channel" ? "hash" : channel.kind === "private" ? "lock" : "people", 16);
  const name = channelLabel(channel, store);
  const calls = channel.kind === "im" || channel.kind === "mpim" ? Math.max(channel.unread, channel.mentions) : channel.mentions;
  const kind = { channel: "channel", private: "private channel", im: "direct message", mpim: "group message" }[channel.kind];
  const unread = channel.unread > 0 || channel.mentions > 0;
  const count = calls ? `, ${calls} ${channel.kind === "im" ? "new" : calls === 1 ? "mention" : "mentions"}` : unread ? `, ${channel.unread} unread` : "";
  return h(
    "button",
    { type: "button", class: unread ? "side-item side-unread" : "side-item", "aria-current": here ? "page" : null, "aria-label": `${name}, ${kind}${count}`, title: name, dataset: { key: channel.id }, onclick: () => pane.go({ kind: "channel", id: channel.id }, { focus: true }) },
    h("span", { class: "side-picture" }, picture),
    h("span", { class: "cut grow" }, name),
    other && quietUntil(other, store.now()) ? icon("moon", 14) : null,
    calls ? h("span", { class: "badge", "aria-hidden": "true" }, calls > 99 ? "99+" : String(calls)) : null,
  );
}

/** @param {import("./pane.js").Pane} pane @param {import("../state/types.js").App} app */
function appItem(pane, app) {
  const { store } = pane;
  const direct = [...store.channels.values()].find((channel) => channel.kind === "im" && channel.user === app.bot_user_id);
  const here = (pane.place?.kind === "home" && pane.place.app === app.app_id) || (pane.place?.kind === "channel" && pane.place.id === direct?.id);
  const unread = direct ? Math.max(direct.unread, direct.mentions) : 0;
  const open = () => (unread || !app.has_home ? pane.message(app.bot_user_id) : pane.go({ kind: "home", app: app.app_id }));
  return h(
    "button",
    { type: "button", class: unread ? "side-item side-unread" : "side-item", "aria-current": here ? "page" : null, "aria-label": `${app.name}, app${unread ? `, ${unread} new` : ""}`, title: app.name, dataset: { key: app.app_id }, onclick: open },
    h("span", { class: "side-picture" }, face({ ...store.user(app.bot_user_id), is_bot: true, real_name: app.name, display_name: app.name }, 20)),
    h("span", { class: "cut grow" }, app.name),
    unread ? h("span", { class: "badge", "aria-hidden": "true" }, String(unread)) : null,
  );
}
