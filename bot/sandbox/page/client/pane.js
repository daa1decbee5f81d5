/** One person's client: who they are on top, where they can go at the side, and what they look at. */
import { fill, h } from "../parts/dom.js";
import { colourOf } from "../parts/face.js";
import { Store } from "../state/store.js";
import { authorName, channelTitle, personName } from "../state/names.js";
import { preview } from "./message.js";
import { channelView } from "./channel.js";
import { head } from "./head.js";
import { homeView } from "./home.js";
import { modals } from "./modal.js";
import { personCard } from "./person-card.js";
import { searchView } from "./search.js";
import { sidebar } from "./sidebar.js";
import { switcher } from "./switcher.js";
import { threadView } from "./thread.js";
import { toasts } from "./toasts.js";

/**
 * @typedef {{kind: "channel", id: string, at?: string} | {kind: "home", app: string} | {kind: "search", query: string}} Place
 * @typedef {{element: HTMLElement, stop?: () => void, focus?: () => void, jump?: (ts: string) => void, editLast?: () => void}} Part
 */

/** Where focus in a field opens a keyboard over half the screen, only a tap should do it. */
const onScreenKeyboard = () => window.matchMedia("(hover: none) and (pointer: coarse)").matches;

export class Pane {
  /**
   * @param {string} userId
   * @param {{become: (from: string, to: string) => void, moved: (pane: Pane) => void, start?: {channel?: string, thread?: string, at?: string}}} page
   */
  constructor(userId, page) {
    this.userId = userId;
    this.page = page;
    this.store = new Store(userId);
    /** @type {Place | null} */ this.place = null;
    /** @type {{channel: string, ts: string} | null} */ this.thread = null;
    /** @type {Map<string, {text: string, files: any[]}>} */ this.drafts = new Map();
    /** @type {Part | null} */ this.main = null;
    /** @type {Part | null} */ this.side = null;
    this.start = page.start ?? {};
    this.reader = this.#reader();
    this.mainSlot = h("main", { class: "pane-main" });
    this.sideSlot = h("aside", { class: "pane-thread", "aria-label": "Thread", hidden: true });
    this.spoken = h("div", { class: "spoken", role: "log", "aria-live": "polite", "aria-relevant": "additions" });
    this.head = head(this);
    this.body = h("div", { class: "pane-body", dataset: { column: "list" } }, sidebar(this).element, this.mainSlot, this.sideSlot);
    this.element = h("section", { class: "pane", dataset: { user: userId } }, this.head.element, this.body, this.spoken);
    this.element.append(toasts(this).element);
    modals(this);
    this.store.on("ready", () => this.#ready());
    this.store.on("channels", () => this.#channels());
    this.store.on("people", () => this.#dress());
    this.store.on("arrived", (frame) => this.#speak(frame));
    this.store.on("connection", () => this.element.classList.toggle("pane-waiting", !this.store.connected));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  stop() {
    this.main?.stop?.();
    this.side?.stop?.();
    this.store.stop();
    this.element.remove();
  }

  /** @returns {import("../text/mrkdwn.js").Reader} */
  #reader() {
    const { store } = this;
    const pane = this;
    return {
      user: (id) => store.user(id),
      channelName: (id) => store.channels.get(id)?.name ?? null,
      groupName: (id) => store.groups.get(id) ?? null,
      openUser: (id, at) => this.showPerson(id, at),
      openChannel: (id) => this.go({ kind: "channel", id }),
      openLink: (url) => this.follow(url),
      now: () => store.now(),
      me: store.userId,
      get tz() {
        return pane.store.me.tz;
      },
    };
  }

  #dress() {
    const { me } = this.store;
    this.element.style.setProperty("--person", colourOf(me));
    this.element.setAttribute("aria-label", personName(me));
  }

  #ready() {
    this.#dress();
    if (this.place?.kind === "channel" && !this.store.channels.has(this.place.id)) this.place = null;
    if (this.place) return;
    const { channel, thread, at } = this.start;
    this.start = {};
    const narrow = this.element.clientWidth < 620;
    const first = channel && this.store.channels.has(channel) ? channel : this.#firstChannel();
    if (!first) return;
    this.go({ kind: "channel", id: first, at: thread ? undefined : at }, { column: narrow && !channel ? "list" : "main" });
    if (thread) this.openThread(first, thread, false, at);
  }

  #firstChannel() {
    const mine = [...this.store.channels.values()].filter((channel) => !channel.archived && channel.members.includes(this.userId));
    const rank = (/** @type {any} */ channel) => (channel.mentions ? 0 : channel.kind === "channel" || channel.kind === "private" ? 1 : 2);
    return mine.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name))[0]?.id;
  }

  #channels() {
    const place = this.place;
    if (place?.kind === "channel" && this.store.ready && !this.store.channels.has(place.id)) {
      this.closeThread();
      this.place = null;
      this.#ready();
    }
    if (!this.place && this.store.ready) this.#ready();
    this.page.moved(this);
  }

  /** @param {Place} place @param {{column?: string, focus?: boolean}} [options] */
  go(place, { column = "main", focus = false } = {}) {
    const same = place.kind === "channel" && this.place?.kind === "channel" && this.place.id === place.id;
    this.column(column);
    if (same) {
      if (place.at) this.main?.jump?.(place.at);
    } else {
      this.main?.stop?.();
      this.place = place;
      if (this.thread && (place.kind !== "channel" || place.id !== this.thread.channel)) this.closeThread(column);
      this.main = place.kind === "channel" ? channelView(this, place) : place.kind === "home" ? homeView(this, place.app) : searchView(this, place.query);
      fill(this.mainSlot, this.main.element);
      this.store.changes("place");
      this.page.moved(this);
    }
    if (focus && !onScreenKeyboard()) this.main?.focus?.();
  }

  /** @param {string} channel @param {string} ts @param {boolean} [focus] @param {string} [at] a reply to go to */
  openThread(channel, ts, focus = false, at = undefined) {
    if (this.place?.kind !== "channel" || this.place.id !== channel) this.go({ kind: "channel", id: channel });
    if (this.thread?.ts !== ts || this.thread.channel !== channel) {
      this.side?.stop?.();
      this.thread = { channel, ts };
      this.side = threadView(this, channel, ts);
      fill(this.sideSlot, this.side.element);
      this.sideSlot.hidden = false;
      this.page.moved(this);
    }
    this.body.classList.add("with-thread");
    this.column("thread");
    if (at) this.side?.jump?.(at);
    if (focus && !onScreenKeyboard()) this.side?.focus?.();
  }

  closeThread(column = "main") {
    if (!this.thread) return;
    const { ts } = this.thread;
    this.side?.stop?.();
    this.side = null;
    this.thread = null;
    this.sideSlot.replaceChildren();
    this.sideSlot.hidden = true;
    this.body.classList.remove("with-thread");
    this.column(column);
    /** @type {HTMLElement | null} */ (this.mainSlot.querySelector(`[data-ts="${ts}"]`))?.focus();
    this.page.moved(this);
  }

  /** Which column shows where there is room for one. @param {string} name "list", "main" or "thread" */
  column(name) {
    this.body.dataset.column = name;
  }

  /** @param {string} key */
  draft(key) {
    const draft = this.drafts.get(key) ?? { text: "", files: [] };
    this.drafts.set(key, draft);
    return draft;
  }

  /** Do something and tell the person if it did not work. @param {string} name @param {object} [body] */
  async deed(name, body) {
    const answer = await this.store.api.do(name, body);
    if (!answer.ok) this.store.toast("error", answer.message ?? `That did not work (${answer.error}).`);
    return answer;
  }

  /** @param {string} user */
  async message(user) {
    const answer = await this.deed("open_dm", { user });
    const known = () => [...this.store.channels.values()].find((channel) => channel.kind === "im" && channel.user === user)?.id;
    const id = typeof answer.channel === "string" ? answer.channel : (answer.channel?.id ?? known());
    if (!answer.ok || !id) return;
    if (typeof answer.channel === "object") this.store.hear({ type: "channel", channel: answer.channel });
    await this.goWhenKnown(id);
  }

  /** Go to a channel that was made just now, as soon as it is told of. @param {string} id */
  async goWhenKnown(id) {
    await this.#known(id);
    this.go({ kind: "channel", id }, { focus: true });
  }

  /** Wait until the live connection told of a channel. @param {string} id @returns {Promise<void>} */
  #known(id) {
    if (this.store.channels.has(id)) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.store.on("channels", () => {
        if (!this.store.channels.has(id)) return;
        stop();
        resolve();
      });
    });
  }

  /** @param {string} channel */
  titleOf(channel) {
    const known = this.store.channels.get(channel);
    return known ? channelTitle(known, this.store) : "this channel";
  }

  /** @param {string} id @param {HTMLElement} at */
  showPerson(id, at) {
    personCard(this, id, at);
  }

  /** Open a link that leads to a message here. @param {string} url @returns {boolean} whether it did */
  follow(url) {
    let address;
    try {
      address = new URL(url, window.location.href);
    } catch {
      return false;
    }
    const found = /^\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?$/.exec(address.pathname);
    if (!found || address.port !== window.location.port || !this.store.channels.has(found[1])) return false;
    const ts = found[2] ? `${found[2]}.${found[3]}` : undefined;
    const thread = address.searchParams.get("thread_ts");
    if (thread && ts) this.openThread(found[1], thread, false, ts);
    else this.go({ kind: "channel", id: found[1], at: ts });
    return true;
  }

  /** @param {boolean} inThread */
  focusComposer(inThread) {
    (inThread ? this.side : this.main)?.focus?.();
  }

  /** @param {boolean} inThread */
  editLast(inThread) {
    (inThread ? this.side : this.main)?.editLast?.();
  }

  /** An ephemeral message goes when its reader is done with it. @param {string} channel @param {string} ts */
  dismiss(channel, ts) {
    this.store.hear({ type: "message_deleted", channel, ts });
  }

  openSwitcher() {
    switcher(this);
  }

  #speak(frame) {
    const message = frame.message;
    if (message.user === this.userId && !message.bot_id) return;
    const line = h("p", null, `${authorName(message, this.store)} in ${this.titleOf(frame.channel)}: ${preview(message, this.reader).slice(0, 200)}`);
    this.spoken.append(line);
    if (this.spoken.childElementCount > 5) this.spoken.firstElementChild?.remove();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (/** @type {HTMLElement} */ (event.target).closest("[role=dialog], [role=alertdialog]")) return;
    if (this.thread) this.closeThread();
    else return;
    event.preventDefault();
  }
}
