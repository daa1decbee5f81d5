/** The page: one person, or two side by side, each with a connection of their own. */
import { fill, h } from "./parts/dom.js";
import { personName } from "./state/names.js";
import { people } from "./state/api.js";
import { clockBar } from "./client/clock-bar.js";
import { Pane } from "./client/pane.js";
import { welcome } from "./client/welcome.js";

class Page {
  constructor() {
    /** @type {Pane[]} */ this.panes = [];
    this.last = /** @type {Pane | null} */ (null);
    this.bar = clockBar({ beside: () => this.panes.length > 1, toggle: () => this.#toggle(), people: () => this.panes.length > 0 });
    this.root = h("div", { class: "panes" });
    this.tabs = h("nav", { class: "people-tabs", "aria-label": "People" });
    document.body.append(this.bar.element, this.tabs, this.root);
    window.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("focusin", (event) => this.#touched(event.target));
    document.addEventListener("pointerdown", (event) => this.#touched(event.target));
  }

  async open() {
    const query = new URLSearchParams(window.location.search);
    const wanted = [query.get("as"), query.get("beside")].filter(Boolean);
    const known = new Set((await people()).map((user) => user.id));
    const ids = /** @type {string[]} */ ([...new Set(wanted.filter((id) => known.has(/** @type {string} */ (id))))]);
    const start = startOf(query);
    if (ids.length) ids.forEach((id, index) => this.#add(id, index === 0 ? start : this.#remembered(id)));
    else await this.#welcome(start);
    this.#settle();
  }

  async #welcome(start) {
    const screen = welcome(await people(), (as, beside) => {
      screen.remove();
      this.#add(as, start);
      if (beside) this.#add(beside);
      this.#settle();
    });
    this.root.append(screen);
  }

  /** @param {string} id @param {{channel?: string, thread?: string, at?: string}} [start] @param {number} [index] */
  #add(id, start, index) {
    const pane = new Pane(id, { become: (from, to) => this.#become(from, to), moved: () => this.#moved(), start: start?.channel ? start : this.#remembered(id) });
    if (index === undefined) {
      this.panes.push(pane);
      this.root.append(pane.element);
    } else {
      this.root.insertBefore(pane.element, this.root.children[index] ?? null);
      this.panes.splice(index, 0, pane);
    }
    pane.store.on("people", () => this.#drawTabs());
    pane.store.on("channels", () => this.#drawTabs());
    return pane;
  }

  #remembered(id) {
    const [channel, thread] = (new URLSearchParams(window.location.hash.slice(1)).get(id) ?? "").split("/");
    return { channel: channel || undefined, thread: thread || undefined };
  }

  #settle() {
    this.root.classList.toggle("panes-two", this.panes.length > 1);
    this.#write();
    if (this.panes[0]) this.bar.follow(this.panes[0].store);
    this.bar.draw();
    this.#show(this.last && this.panes.includes(this.last) ? this.last : this.panes[0]);
  }

  /** The address says who is here and where they are, so that a reload comes back to it. */
  #write() {
    if (!this.panes.length) return;
    const query = new URLSearchParams({ as: this.panes[0].userId, ...(this.panes[1] ? { beside: this.panes[1].userId } : {}) });
    const places = this.panes.flatMap((pane) => (pane.place?.kind === "channel" ? [`${pane.userId}=${[pane.place.id, pane.thread?.ts].filter(Boolean).join("/")}`] : []));
    window.history.replaceState(null, "", `/?${query}${places.length ? `#${places.join("&")}` : ""}`);
  }

  #moved() {
    this.#write();
    const calls = this.panes.reduce((sum, pane) => sum + [...pane.store.channels.values()].reduce((part, channel) => part + (channel.kind === "im" ? channel.unread : channel.mentions), 0), 0);
    const names = this.panes.map((pane) => personName(pane.store.me)).join(" and ");
    document.title = `${calls ? `(${calls}) ` : ""}${names}`;
  }

  /** @param {string} from @param {string} to */
  #become(from, to) {
    const index = this.panes.findIndex((pane) => pane.userId === from);
    const elsewhere = this.panes.findIndex((pane) => pane.userId === to);
    if (elsewhere >= 0) {
      this.panes.reverse();
      this.root.append(...this.panes.map((pane) => pane.element));
    } else {
      this.panes[index].stop();
      this.panes.splice(index, 1);
      this.last = this.#add(to, undefined, index);
    }
    this.#settle();
  }

  async #toggle() {
    if (this.panes.length > 1) this.panes.splice(1).forEach((pane) => pane.stop());
    else {
      const here = this.panes[0]?.userId;
      const other = (await people()).find((user) => user.id !== here && !user.is_bot && !user.deleted);
      if (other) this.#add(other.id);
    }
    this.#settle();
  }

  /** Where there is room for one pane, tabs choose which. */
  #drawTabs() {
    this.tabs.hidden = this.panes.length < 2;
    const shown = this.panes.find((pane) => !pane.element.classList.contains("pane-behind"));
    fill(this.tabs, this.panes.map((pane) => {
      const unread = [...pane.store.channels.values()].some((channel) => channel.unread || channel.mentions);
      return h("button", { type: "button", class: unread ? "people-tab people-tab-unread" : "people-tab", "aria-pressed": String(pane === shown), "aria-label": unread ? `${personName(pane.store.me)}, unread` : null, onclick: () => this.#show(pane) }, personName(pane.store.me));
    }));
  }

  /** @param {Pane | undefined} pane */
  #show(pane) {
    if (!pane) return;
    for (const one of this.panes) one.element.classList.toggle("pane-behind", one !== pane);
    this.#drawTabs();
  }

  #touched(target) {
    const pane = this.panes.find((one) => one.element.contains(/** @type {Node} */ (target)));
    if (pane) this.last = pane;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const pane = this.last && this.panes.includes(this.last) ? this.last : this.panes[0];
    if (!pane) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      pane.openSwitcher();
    } else if (event.key === "F6") {
      event.preventDefault();
      this.#region(pane, event.shiftKey ? -1 : 1);
    }
  }

  /** F6 goes from region to region, and on to the other person. @param {Pane} pane @param {number} by */
  #region(pane, by) {
    const wanted = ".who, .side-item[aria-current], .pane-main li.message[tabindex='0'], .pane-main .composer-text, .pane-thread li.message[tabindex='0'], .pane-thread .composer-text, .dialog";
    const spots = /** @type {HTMLElement[]} */ (this.panes.flatMap((one) => [...one.element.querySelectorAll(wanted)])).filter((spot) => spot.checkVisibility() && !spot.closest("[inert]"));
    const active = document.activeElement;
    const at = spots.findIndex((spot) => spot === active || spot.contains(active) || Boolean(active?.closest(".messages")?.contains(spot)));
    const next = spots[(at + by + spots.length) % spots.length];
    next?.focus();
    void pane;
  }
}

/** Where a link leads: `/archives/C1/p…` or `?channel=…`. @param {URLSearchParams} query */
function startOf(query) {
  const found = /^\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?/.exec(window.location.pathname);
  if (!found) return {};
  return { channel: found[1], thread: query.get("thread_ts") ?? undefined, at: found[2] ? `${found[2]}.${found[3]}` : undefined };
}

await new Page().open();
