/**
 * Where blocks stand: a message, a modal or a Home tab. It keeps what the person entered, in the
 * form that an app finds under `state.values`, also when the app replaces the blocks.
 */
import { h } from "../parts/dom.js";
import { ask } from "../parts/dialog.js";
import { hostOf } from "../parts/popup.js";
import { plainNode, textNode } from "../text/mrkdwn.js";

/** @typedef {import("../state/types.js").BlockElement} BlockElement */

/**
 * Where one element stands inside its surface.
 * @typedef {{surface: Surface, blockId: string, tells: boolean, labelledBy?: string, describedBy?: string,
 *   optional?: boolean, inInput?: boolean}} Place
 */

export class Surface {
  /**
   * @param {import("../state/store.js").Store} store
   * @param {import("../text/mrkdwn.js").Reader} reader
   * @param {"message" | "modal" | "home"} kind
   * @param {{type: "message", channel: string, ts: string} | {type: "view", view_id: string}} container
   */
  constructor(store, reader, kind, container) {
    this.store = store;
    this.reader = reader;
    this.kind = kind;
    this.container = container;
    /** @type {Map<string, Map<string, Record<string, any>>>} */ this.values = new Map();
    /** @type {Set<string>} the fields that are drawn now */ this.drawn = new Set();
  }

  /** Call before the blocks are drawn, and `settle` after: what is no longer there is forgotten. */
  begin() {
    this.drawn.clear();
  }

  settle() {
    for (const [blockId, fields] of this.values) {
      for (const actionId of [...fields.keys()]) if (!this.drawn.has(`${blockId}\n${actionId}`)) fields.delete(actionId);
      if (fields.size === 0) this.values.delete(blockId);
    }
  }

  /**
   * What a field holds: what was entered before, or else how it begins.
   * @template {Record<string, any>} State
   * @param {Place} place @param {BlockElement} element @param {State} first
   * @returns {State}
   */
  holds(place, element, first) {
    const actionId = element.action_id ?? "";
    this.drawn.add(`${place.blockId}\n${actionId}`);
    const fields = this.values.get(place.blockId) ?? new Map();
    this.values.set(place.blockId, fields);
    const known = fields.get(actionId);
    if (known && known.type === element.type) return known;
    fields.set(actionId, { type: element.type, ...first });
    return fields.get(actionId);
  }

  /** @param {Place} place @param {BlockElement} element @param {Record<string, any>} value */
  enter(place, element, value) {
    this.values.get(place.blockId)?.set(element.action_id ?? "", { type: element.type, ...value });
  }

  /** All fields, as the app gets them. */
  state() {
    return Object.fromEntries([...this.values].map(([blockId, fields]) => [blockId, Object.fromEntries(fields)]));
  }

  /**
   * Tell the app what was done with an element, after asking when the element wants that.
   * @param {Place} place @param {BlockElement} element
   * @param {Record<string, any>} action the element's own part of the action, such as `{selected_date}`
   * @param {HTMLElement} from what was used
   * @returns {Promise<boolean>} false when the person said no
   */
  async act(place, element, action, from) {
    if (!place.tells) return true;
    const confirmed = action.selected_option?.confirm ?? element.confirm;
    if (confirmed && !(await this.#agrees(confirmed, from))) return false;
    from.setAttribute("aria-busy", "true");
    const answer = await this.store.api.do("action", {
      container: this.container,
      block_id: place.blockId,
      action_id: element.action_id,
      action: { type: element.type, ...action },
      state: this.state(),
    });
    from.removeAttribute("aria-busy");
    if (!answer.ok) this.store.toast("error", answer.message ?? `That did not work (${answer.error}).`);
    return true;
  }

  /** @param {any} confirm @param {HTMLElement} from */
  #agrees(confirm, from) {
    return ask(paneOf(from), {
      title: plainNode(confirm.title ?? "Are you sure?"),
      text: h("div", null, textNode(confirm.text, this.reader)),
      confirm: confirm.confirm?.text ?? "Yes",
      deny: confirm.deny?.text ?? "No",
      danger: confirm.style === "danger",
    });
  }
}

/** @param {HTMLElement} element */
const paneOf = (element) => /** @type {HTMLElement} */ (element.closest(".pane") ?? hostOf(element));
