/** The workspace's clock, for everybody in it, and how it is moved. */
import { fill, h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { moveClock } from "../state/api.js";
import { clockTime, format, zoneName } from "../text/times.js";

/**
 * @param {{beside: () => boolean, toggle: () => void, people: () => boolean}} page
 */
export function clockBar(page) {
  const name = h("span", { class: "bar-team" });
  const time = /** @type {HTMLTimeElement} */ (h("time", { class: "bar-time", "aria-live": "off" }));
  const said = h("span", { class: "bar-said", role: "status" });
  const moves = h("span", { class: "bar-moves", role: "group", "aria-label": "Move the clock" });
  const layout = h("button", { type: "button", class: "bar-button", onclick: () => page.toggle() });
  /** @type {import("../state/store.js").Store | null} */ let store = null;
  let stops = /** @type {(() => void)[]} */ ([]);

  const move = async (/** @type {HTMLElement} */ button, /** @type {object} */ how) => {
    button.setAttribute("aria-busy", "true");
    const answer = await moveClock(how);
    button.removeAttribute("aria-busy");
    if (answer.ok && answer.now) store?.hear({ type: "clock", clock: answer });
    else if (answer.ok && answer.clock) store?.hear({ type: "clock", clock: answer.clock });
    said.textContent = answer.ok ? "" : (answer.message ?? "The clock could not be moved.");
  };
  const button = (/** @type {string} */ label, /** @type {any} */ mark, /** @type {object} */ how) => {
    const node = h("button", { type: "button", class: "bar-button", onclick: () => node.getAttribute("aria-busy") || move(node, how) }, mark ? icon(mark, 14) : null, label);
    return node;
  };
  const hour = button("+1 hour", null, { advance_seconds: 3600 });
  const day = button("+1 day", null, { advance_seconds: 86_400 });
  const next = button("Next event", "next", { next: true });

  const draw = () => {
    if (!store?.ready) return;
    name.textContent = store.team.name ?? "Local workspace";
    const tz = store.team.tz ?? store.me.tz;
    const now = store.now();
    time.dateTime = now.toISOString();
    fill(time, h("span", { class: "bar-long" }, format(now, tz, { weekday: "short", month: "short", day: "numeric", year: "numeric" }), ", "), h("span", { class: "bar-short" }, format(now, tz, { month: "short", day: "numeric" }), ", "), clockTime(now, tz), h("span", { class: "bar-long" }, ` ${zoneName(now, tz)}`));
    moves.hidden = !store.clock.movable;
    next.hidden = !store.clock.has_next;
  };
  fill(moves, hour, day, next);
  window.setInterval(draw, 5000);
  const element = h("header", { class: "bar", hidden: true }, name, h("span", { class: "bar-clock" }, icon("clock", 16), time), moves, said, h("span", { class: "grow" }), layout);
  return {
    element,
    draw() {
      layout.hidden = !page.people();
      const label = page.beside() ? "One person" : "Two people";
      layout.setAttribute("aria-label", label);
      layout.title = label;
      fill(layout, icon(page.beside() ? "one" : "people", 16), h("span", { class: "bar-long" }, label));
    },
    /** Follow one person's connection. @param {import("../state/store.js").Store} to */
    follow(to) {
      stops.forEach((stop) => stop());
      store = to;
      element.hidden = false;
      stops = [store.on("clock", draw), store.on("ready", draw)];
      draw();
    },
  };
}
