/** A month to choose a day from, with the arrow keys as in ARIA's date grid. */
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { format } from "../text/times.js";

const DAY = 86_400_000;
const WEEK = ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"];
const WEEK_LONG = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const iso = (/** @type {Date} */ date) => date.toISOString().slice(0, 10);
const utc = (/** @type {string} */ day) => new Date(`${day}T00:00:00Z`);

/**
 * @param {{day: string | null, today: string, choose: (day: string) => void, clear?: () => void, leave: () => void}} options
 * @returns {HTMLElement}
 */
export function calendar({ day, today, choose, clear, leave }) {
  let cursor = day ?? today;
  const title = h("div", { class: "calendar-title", "aria-live": "polite" });
  const grid = h("div", { class: "calendar-grid", role: "grid" });
  const root = h(
    "div",
    { class: "calendar", role: "dialog", "aria-label": "Choose a day" },
    h("div", { class: "calendar-head" }, turn("Previous year", "years-back", -12), turn("Previous month", "back", -1), title, turn("Next month", "right", 1), turn("Next year", "years-on", 12)),
    grid,
    h("div", { class: "calendar-foot" }, h("button", { type: "button", class: "quiet", onclick: () => choose(today) }, "Today"), clear ? h("button", { type: "button", class: "quiet", onclick: clear }, "Clear") : null),
  );

  function turn(label, name, by) {
    return h("button", { type: "button", class: "tool", "aria-label": label, onclick: () => go(monthsOn(cursor, by), false) }, icon(name, 16));
  }
  function go(to, focus = true) {
    cursor = to;
    draw();
    if (focus) /** @type {HTMLElement | null} */ (grid.querySelector("[tabindex='0']"))?.focus();
  }
  function draw() {
    const first = utc(`${cursor.slice(0, 7)}-01`);
    const from = first.getTime() - first.getUTCDay() * DAY;
    const name = format(first, "UTC", { month: "long", year: "numeric" });
    title.textContent = name;
    grid.setAttribute("aria-label", name);
    const weeks = Math.ceil((first.getUTCDay() + new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()) / 7);
    fill(
      grid,
      h("div", { role: "row", class: "calendar-week" }, WEEK.map((short, index) => h("span", { role: "columnheader", "aria-label": WEEK_LONG[index], class: "calendar-name" }, short))),
      Array.from({ length: weeks }, (_, week) => h("div", { role: "row", class: "calendar-week" }, WEEK.map((_name, index) => cell(iso(new Date(from + (week * 7 + index) * DAY)))))),
    );
  }
  function cell(one) {
    const classes = ["calendar-day", one.slice(0, 7) === cursor.slice(0, 7) ? "" : "calendar-other", one === today ? "calendar-today" : ""];
    return h(
      "button",
      { type: "button", role: "gridcell", class: classes.join(" "), tabindex: one === cursor ? "0" : "-1", "aria-selected": String(one === day), "aria-current": one === today ? "date" : null, "aria-label": format(utc(one), "UTC", { weekday: "long", month: "long", day: "numeric", year: "numeric" }), onclick: () => choose(one), dataset: { day: one } },
      String(Number(one.slice(8))),
    );
  }
  const on = (/** @type {number} */ days) => iso(new Date(utc(cursor).getTime() + days * DAY));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (!grid.contains(/** @type {Node} */ (event.target))) return;
    else if (event.key === "ArrowLeft") go(on(-1));
    else if (event.key === "ArrowRight") go(on(1));
    else if (event.key === "ArrowUp") go(on(-7));
    else if (event.key === "ArrowDown") go(on(7));
    else if (event.key === "PageUp") go(monthsOn(cursor, event.shiftKey ? -12 : -1));
    else if (event.key === "PageDown") go(monthsOn(cursor, event.shiftKey ? 12 : 1));
    else if (event.key === "Home") go(on(-utc(cursor).getUTCDay()));
    else if (event.key === "End") go(on(6 - utc(cursor).getUTCDay()));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  draw();
  return root;
}

/** The same day of another month, or that month's last. @param {string} day @param {number} by */
function monthsOn(day, by) {
  const date = utc(day);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by + 1, 0)).getUTCDate();
  return iso(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, Math.min(date.getUTCDate(), last))));
}
