/** Date, time, and both together. */
import { h } from "../parts/dom.js";
import { calendar } from "../parts/calendar.js";
import { chooser, matching } from "../parts/choose.js";
import { icon } from "../parts/icons.js";
import { openPopup } from "../parts/popup.js";
import { plainWords } from "../text/mrkdwn.js";
import { dayInWords, epochOf, hourMinute, isoDay, timeInWords } from "../text/times.js";

/** @typedef {import("./surface.js").Place} Place */
/** @typedef {import("../state/types.js").BlockElement} BlockElement */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** @param {BlockElement} element @param {Place} place */
export function datePicker(element, place) {
  const { surface } = place;
  const held = surface.holds(place, element, { selected_date: element.initial_date ?? null });
  const field = dayField({
    day: held.selected_date,
    placeholder: plainWords(element.placeholder) || "Select a date",
    place,
    today: isoDay(surface.store.now(), surface.reader.tz),
    action: element.action_id,
    clearable: Boolean(place.inInput && place.optional),
    async changed(day, before) {
      surface.enter(place, element, { selected_date: day });
      if (await surface.act(place, element, { selected_date: day }, field.input)) return;
      surface.enter(place, element, { selected_date: before });
      field.set(before);
    },
  });
  return field.element;
}

/** @param {BlockElement} element @param {Place} place */
export function timePicker(element, place) {
  const { surface } = place;
  const held = surface.holds(place, element, { selected_time: element.initial_time ?? null });
  const field = timeField({
    time: held.selected_time,
    placeholder: plainWords(element.placeholder) || "Select a time",
    place,
    clearable: Boolean(place.inInput && place.optional),
    async changed(time, before) {
      surface.enter(place, element, { selected_time: time });
      if (await surface.act(place, element, { selected_time: time }, field.input)) return;
      surface.enter(place, element, { selected_time: before });
      field.set(before);
    },
  });
  field.input.dataset.action = element.action_id ?? "";
  return field.element;
}

/** Both fields speak of the person's own time zone; the app gets seconds. @param {BlockElement} element @param {Place} place */
export function dateTimePicker(element, place) {
  const { surface } = place;
  const { tz } = surface.reader;
  const held = surface.holds(place, element, { selected_date_time: element.initial_date_time ?? null });
  const at = (/** @type {number | null} */ seconds) => (seconds ? new Date(seconds * 1000) : null);
  let seconds = held.selected_date_time;
  let day = at(seconds) ? isoDay(/** @type {Date} */ (at(seconds)), tz) : null;
  let time = at(seconds) ? hourMinute(/** @type {Date} */ (at(seconds)), tz) : null;
  const changed = async () => {
    const before = seconds;
    seconds = day && time ? epochOf(day, time, tz) : null;
    surface.enter(place, element, { selected_date_time: seconds });
    if (seconds === before || seconds === null) return;
    if (await surface.act(place, element, { selected_date_time: seconds }, days.input)) return;
    seconds = before;
    surface.enter(place, element, { selected_date_time: before });
    day = before ? isoDay(/** @type {Date} */ (at(before)), tz) : null;
    time = before ? hourMinute(/** @type {Date} */ (at(before)), tz) : null;
    days.set(day);
    times.set(time);
  };
  const days = dayField({ day, placeholder: "Select a date", place, today: isoDay(surface.store.now(), tz), action: element.action_id, part: "Date", clearable: false, changed: (to) => { day = to; changed(); } });
  const times = timeField({ time, placeholder: "Select a time", place, part: "Time", clearable: false, changed: (to) => { time = to; changed(); } });
  return h("span", { class: "date-time", role: "group", "aria-labelledby": place.labelledBy }, days.element, times.element);
}

/**
 * A field for a day: typed, or chosen in a calendar.
 * @param {{day: string | null, placeholder: string, place: Place, today: string, action?: string, part?: string,
 *   clearable: boolean, changed: (day: string | null, before: string | null) => void}} options
 */
function dayField({ day, placeholder, place, today, action, part, clearable, changed }) {
  let held = day;
  /** @type {ReturnType<typeof openPopup> | null} */ let popup = null;
  const named = part || !place.labelledBy ? { "aria-label": part ?? placeholder } : { "aria-labelledby": place.labelledBy };
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "text", class: "field field-day", placeholder, autocomplete: "off", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-describedby": place.describedBy, dataset: { action: action ?? "" }, ...named }));
  const opener = h("button", { type: "button", class: "field-open", tabindex: "-1", "aria-label": "Open the calendar" }, icon("calendar", 16));
  const box = h("span", { class: "field-box field-box-day" }, input, opener);
  const draw = () => (input.value = held ? dayInWords(held) : "");
  const take = (/** @type {string | null} */ to) => {
    const before = held;
    held = to;
    draw();
    if (to !== before) changed(to, before);
  };
  const open = (/** @type {boolean} */ focus) => {
    if (popup) return focus ? /** @type {HTMLElement | null} */ (popup.element.querySelector("[tabindex='0']"))?.focus() : undefined;
    const month = calendar({ day: held, today, clear: clearable && held ? () => choose(null) : undefined, choose, leave: () => { popup?.close(); input.focus(); } });
    popup = openPopup(box, month, { onClose: () => { popup = null; input.setAttribute("aria-expanded", "false"); } });
    input.setAttribute("aria-expanded", "true");
    if (focus) /** @type {HTMLElement | null} */ (month.querySelector("[tabindex='0']"))?.focus();
    return undefined;
  };
  const choose = (/** @type {string | null} */ to) => {
    popup?.close();
    input.focus();
    take(to);
  };
  const readTyped = () => {
    if (input.value.trim() === (held ? dayInWords(held) : "")) return;
    if (!input.value.trim()) return clearable ? take(null) : draw();
    const read = readDay(input.value, today);
    if (read) take(read);
    else draw();
  };
  opener.addEventListener("click", () => (popup ? popup.close() : open(true)));
  input.addEventListener("click", () => open(false));
  input.addEventListener("blur", (event) => {
    if (popup?.element.contains(/** @type {Node | null} */ (event.relatedTarget))) return;
    readTyped();
    if (event.relatedTarget !== opener && event.relatedTarget) popup?.close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") open(true);
    else if (event.key === "Escape" && popup) popup.close();
    else if (event.key === "Enter") {
      popup?.close();
      readTyped();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  draw();
  return { element: box, input, set: (/** @type {string | null} */ to) => { held = to; draw(); } };
}

/**
 * "2026-11-03", "Nov 3, 2026", "3 nov", "11/3/2026", "today", "tomorrow".
 * @param {string} typed @param {string} today @returns {string | null}
 */
export function readDay(typed, today) {
  const text = typed.trim().toLowerCase();
  const shift = { yesterday: -1, today: 0, tomorrow: 1 }[text];
  if (shift !== undefined) return new Date(Date.parse(today) + shift * 86_400_000).toISOString().slice(0, 10);
  let found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (found) return dayOf(Number(found[1]), Number(found[2]), Number(found[3]));
  found = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (found) return dayOf(Number(found[3]), Number(found[1]), Number(found[2]));
  found = /^([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?$/.exec(text);
  if (found) return dayOf(Number(found[3] ?? today.slice(0, 4)), MONTHS.indexOf(found[1]) + 1, Number(found[2]));
  found = /^(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?(?:,?\s+(\d{4}))?$/.exec(text);
  return found ? dayOf(Number(found[3] ?? today.slice(0, 4)), MONTHS.indexOf(found[2]) + 1, Number(found[1])) : null;
}

function dayOf(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year > 999 ? date.toISOString().slice(0, 10) : null;
}

const HALF_HOURS = Array.from({ length: 48 }, (_, index) => `${String(Math.floor(index / 2)).padStart(2, "0")}:${index % 2 ? "30" : "00"}`);

/**
 * @param {{time: string | null, placeholder: string, place: Place, part?: string, clearable: boolean,
 *   changed: (time: string | null, before: string | null) => void}} options
 */
function timeField({ time, placeholder, place, part, clearable, changed }) {
  let held = time;
  const item = (/** @type {string} */ one) => ({ key: one, text: timeInWords(one), raw: one });
  const field = chooser({
    chosen: held ? [item(held)] : [],
    placeholder,
    labelledBy: part ? undefined : place.labelledBy,
    label: part ?? placeholder,
    describedBy: place.describedBy,
    clearable,
    load: (typed) => {
      const read = readTime(typed);
      const near = matching(HALF_HOURS.map(item), typed);
      return [{ items: read && !near.some((one) => one.key === read) ? [item(read), ...near] : near }];
    },
    read: (typed) => {
      const read = readTime(typed);
      return read ? item(read) : null;
    },
    changed: () => {},
    closed: (items) => {
      const to = items[0]?.raw ?? null;
      if (to === held) return;
      const before = held;
      held = to;
      changed(to, before);
    },
  });
  field.element.classList.add("choose-time");
  return { element: field.element, input: field.input, set: (/** @type {string | null} */ to) => { held = to; field.set(to ? [item(to)] : []); } };
}

/** "9:15", "9.15 pm", "14:05", "7am" as "HH:mm". @param {string} typed @returns {string | null} */
export function readTime(typed) {
  const found = /^(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?\.?m?\.?$/i.exec(typed.trim());
  if (!found || (!found[2] && !found[3])) return null;
  const half = found[3]?.toLowerCase();
  const hour = Number(found[1]);
  if (half && (hour < 1 || hour > 12)) return null;
  const whole = half ? (hour % 12) + (half === "p" ? 12 : 0) : hour;
  const minute = Number(found[2] ?? 0);
  return whole < 24 && minute < 60 ? `${String(whole).padStart(2, "0")}:${String(minute).padStart(2, "0")}` : null;
}
