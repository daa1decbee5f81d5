/** The messages of a channel or thread, kept in step with what is known, older ones fetched on the way up. */
import { fill, h } from "../parts/dom.js";
import { Surface } from "../elements/surface.js";
import { isReply } from "../state/conversation.js";
import { dayName, isoDay, moment } from "../text/times.js";
import { drawMessage, isNotice } from "./message.js";
import { remove } from "./message-menu.js";

/** @typedef {import("../state/types.js").Message} Message */

const TOGETHER = 300; // seconds in which one person's messages stand together
const AT_END = 60; // pixels from the end that still count as being there

export class Timeline {
  #day = "";

  /**
   * @param {import("./pane.js").Pane} pane
   * @param {import("../state/conversation.js").Conversation} conversation
   * @param {{label: string, newFrom?: string, atEnd?: (shown: HTMLElement) => void, top?: () => Node | null}} options
   */
  constructor(pane, conversation, options) {
    this.pane = pane;
    this.conversation = conversation;
    this.options = options;
    this.inThread = Boolean(conversation.threadTs);
    /** @type {Map<string, {item: HTMLLIElement, message: Message, look: string}>} */ this.drawn = new Map();
    /** @type {Map<string, Surface>} */ this.surfaces = new Map();
    /** @type {Set<string>} */ this.editing = new Set();
    this.atEnd = true;
    this.endTop = 0; // where the end was when we last went there
    this.wanted = /** @type {string | null} */ (null);
    this.list = h("ol", { class: "messages", "aria-label": options.label });
    this.notice = h("div", { class: "timeline-notice" });
    this.element = h("div", { class: "timeline", onscroll: () => this.#scrolled() }, h("div", { class: "timeline-gap" }), this.notice, this.list);
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("focusin", (event) => this.#rove(/** @type {HTMLElement} */ (event.target)));
    this.stopListening = pane.store.on(conversation.threadTs ? `thread:${conversation.channel}:${conversation.threadTs}` : `timeline:${conversation.channel}`, () => this.#heard());
    this.stopPeople = pane.store.on("people", () => this.redraw());
    this.stopClock = pane.store.on("clock", () => this.#day !== this.#today() && this.draw());
    this.sizes = new ResizeObserver(() => this.atEnd && this.toEnd());
    this.sizes.observe(this.element);
    this.sizes.observe(this.list);
    this.#heard();
  }

  /** The reader's day: "tomorrow" in a message is another one after midnight. */
  #today() {
    return isoDay(this.pane.store.now(), this.pane.reader.tz);
  }

  stop() {
    this.stopListening();
    this.stopPeople();
    this.stopClock();
    this.sizes.disconnect();
  }

  #heard() {
    if (this.conversation.state === "new") this.conversation.load();
    this.draw();
  }

  /** Draw everything anew: names or faces changed. */
  redraw() {
    for (const entry of this.drawn.values()) entry.look = "";
    this.draw();
  }

  draw() {
    const { conversation, pane } = this;
    // The reader may have scrolled in this very moment, before the browser tells of it.
    if (this.atEnd && this.element.scrollTop < this.endTop - AT_END) this.atEnd = false;
    const held = this.#hold();
    this.#day = this.#today();
    const items = [];
    const seen = new Set();
    let before = /** @type {Message | null} */ (null);
    let day = "";
    let marked = false;
    for (const message of conversation.messages) {
      const today = isoDay(moment(message.ts), pane.reader.tz);
      const newDay = today !== day;
      if (newDay) items.push(this.#dayLine(message));
      day = today;
      const first = !marked && this.#isNew(message);
      if (first) items.push(h("li", { class: "new-line", role: "separator", "aria-label": "New messages" }, h("span", null, "New")));
      marked ||= first;
      const afterRoot = this.inThread && before?.ts === conversation.threadTs;
      const compact = !newDay && !first && !afterRoot && before !== null && together(before, message);
      items.push(this.#item(message, compact));
      if (this.inThread && message.ts === conversation.threadTs) items.push(this.#replies(message));
      seen.add(message.ts);
      before = message;
    }
    for (const ts of [...this.drawn.keys()]) if (!seen.has(ts)) this.drawn.delete(ts);
    sync(this.list, items);
    this.#say();
    this.#restore(held);
    if (!this.list.querySelector("[tabindex='0'].message")) this.list.lastElementChild?.matches(".message") && this.list.lastElementChild.setAttribute("tabindex", "0");
    if (this.atEnd) this.options.atEnd?.(this.element);
  }

  /** @param {Message} message @param {boolean} compact */
  #item(message, compact) {
    const editing = this.editing.has(message.ts);
    const look = `${compact}|${editing}|${this.#day}`;
    const known = this.drawn.get(message.ts);
    if (known && known.message === message && known.look === look) return known.item;
    const item = drawMessage(message, {
      pane: this.pane,
      channel: this.conversation.channel,
      surface: this.#surface(message),
      inThread: this.inThread,
      compact: compact && !message.is_ephemeral,
      editing,
      edit: (on) => this.edit(message.ts, on),
      dismiss: () => this.pane.dismiss(this.conversation.channel, message.ts),
    });
    item.tabIndex = known?.item.tabIndex ?? -1;
    this.drawn.set(message.ts, { item, message, look });
    return item;
  }

  /** @param {Message} message */
  #surface(message) {
    const known = this.surfaces.get(message.ts) ?? new Surface(this.pane.store, this.pane.reader, "message", { type: "message", channel: this.conversation.channel, ts: message.ts });
    this.surfaces.set(message.ts, known);
    return known;
  }

  /** @param {string} ts @param {boolean} on */
  edit(ts, on) {
    if (on) this.editing.add(ts);
    else this.editing.delete(ts);
    this.draw();
    const item = this.drawn.get(ts)?.item;
    if (on) item?.querySelector("textarea")?.focus();
    else item?.focus();
  }

  /** @param {Message} message */
  #isNew(message) {
    const { newFrom } = this.options;
    return Boolean(newFrom && message.ts > newFrom && !isNotice(message) && message.user !== this.pane.store.userId && !message.is_ephemeral && !this.inThread);
  }

  /** @param {Message} message */
  #dayLine(message) {
    const name = dayName(moment(message.ts), this.pane.store.now(), this.pane.reader.tz);
    return h("li", { class: "day-line", role: "separator", "aria-label": name }, h("span", null, name));
  }

  /** @param {Message} root */
  #replies(root) {
    const count = this.conversation.messages.filter((message) => isReply(message) && !message.is_ephemeral).length || root.reply_count;
    return count ? h("li", { class: "replies-line", role: "separator", "aria-label": `${count} replies` }, h("span", null, `${count} ${count === 1 ? "reply" : "replies"}`)) : h("li", { class: "replies-line", role: "separator" });
  }

  #say() {
    const { conversation } = this;
    const again = h("button", { type: "button", class: "quiet-link", onclick: () => { conversation.forget(); conversation.load(); } }, "Try again");
    if (conversation.state === "failed") fill(this.notice, h("p", { class: "dim" }, conversation.error || "The messages could not be fetched.", " ", again));
    else if (conversation.messages.length === 0 && conversation.state !== "loaded") fill(this.notice, h("p", { class: "dim" }, "Fetching messages…"));
    else if (conversation.hasMore) fill(this.notice, h("p", { class: "dim" }, "Earlier messages come as you scroll up."));
    else fill(this.notice, this.options.top?.());
  }

  /** Where the reader is, by a message that stays. */
  #hold() {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const item = active?.closest?.("li.message");
    const inside = item && this.list.contains(item) && active !== item;
    const top = this.element.getBoundingClientRect().top;
    const first = this.atEnd ? null : [...this.drawn.values()].find(({ item: one }) => one.getBoundingClientRect().bottom > top)?.item;
    return {
      ts: item && this.list.contains(item) ? /** @type {HTMLElement} */ (item).dataset.ts : undefined,
      action: inside ? active?.dataset.action : undefined,
      active,
      first: first?.dataset.ts,
      offset: first ? first.getBoundingClientRect().top : 0,
    };
  }

  #restore(held) {
    if (held.ts && !held.active?.isConnected) {
      const item = this.drawn.get(held.ts)?.item;
      const field = held.action && item ? /** @type {HTMLElement | null} */ (item.querySelector(`[data-action="${CSS.escape(held.action)}"]`)) : null;
      (field ?? item)?.focus({ preventScroll: true });
    }
    if (this.wanted) return this.#reach();
    if (this.atEnd) return this.toEnd();
    const item = held.first ? this.drawn.get(held.first)?.item : undefined;
    if (item) this.element.scrollTop += item.getBoundingClientRect().top - held.offset;
    return undefined;
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
    this.endTop = this.element.scrollTop;
    this.atEnd = true;
  }

  /** Go to a message, fetching older ones until it is there. @param {string} ts */
  jump(ts) {
    this.wanted = ts;
    this.atEnd = false;
    this.#reach();
  }

  #reach() {
    const item = this.wanted ? this.drawn.get(this.wanted)?.item : undefined;
    if (item) {
      this.wanted = null;
      item.scrollIntoView({ block: "center" });
      item.classList.add("message-found");
      item.focus({ preventScroll: true });
    } else if (this.conversation.state === "loaded" && this.conversation.hasMore) queueMicrotask(() => this.conversation.loadOlder());
    else if (this.conversation.state === "loaded") this.wanted = null;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const before = this.atEnd;
    this.atEnd = scrollHeight - scrollTop - clientHeight < AT_END;
    if (this.atEnd && !before) this.options.atEnd?.(this.element);
    if (scrollTop < 300 && !this.wanted) this.conversation.loadOlder();
  }

  /** One message at a time can be reached with Tab. @param {HTMLElement} target */
  #rove(target) {
    const item = target.closest("li.message");
    if (!item) return;
    for (const other of this.list.querySelectorAll("li.message[tabindex='0']")) if (other !== item) other.setAttribute("tabindex", "-1");
    item.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const item = /** @type {HTMLElement} */ (event.target);
    if (!item.matches("li.message") || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("li.message")]);
    const at = all.indexOf(item);
    const message = this.drawn.get(item.dataset.ts ?? "")?.message;
    const own = message?.user === this.pane.store.userId && !message?.bot_id;
    if (event.key === "ArrowDown" && at === all.length - 1) this.pane.focusComposer(this.inThread);
    else if (event.key === "ArrowDown") all[at + 1].focus();
    else if (event.key === "ArrowUp") all[Math.max(0, at - 1)].focus();
    else if (event.key === "Home") all[0].focus();
    else if (event.key === "End") all[all.length - 1].focus();
    else if ((event.key === "Enter" || event.key === "t") && message && !this.inThread && !message.is_ephemeral) this.pane.openThread(this.conversation.channel, message.thread_ts ?? message.ts, true);
    else if (event.key === "e" && message && own) this.edit(message.ts, true);
    else if (event.key === "Delete" && message && own) remove(message, { pane: this.pane, channel: this.conversation.channel });
    else if (event.key === "m") /** @type {HTMLElement | null} */ (item.querySelector(".message-tools [aria-haspopup=menu]"))?.click();
    else return;
    event.preventDefault();
  }
}

/** @param {Message} before @param {Message} message */
function together(before, message) {
  const same = before.user === message.user && before.bot_id === message.bot_id && before.username === message.username;
  const plain = !isNotice(before) && !isNotice(message) && !before.is_ephemeral && !message.is_ephemeral && message.subtype !== "thread_broadcast";
  return same && plain && Number(message.ts) - Number(before.ts) < TOGETHER;
}

/**
 * Make the children of `list` these items, touching only what differs, so that focus and selection stay.
 * @param {HTMLElement} list @param {HTMLElement[]} items
 */
function sync(list, items) {
  const kept = new Set(items);
  for (const child of [...list.children]) if (!kept.has(/** @type {HTMLElement} */ (child))) child.remove();
  items.forEach((item, index) => {
    const at = list.children[index];
    if (at !== item) list.insertBefore(item, at ?? null);
  });
}
