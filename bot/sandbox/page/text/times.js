/** Moments in words, in a person's own time zone. */

const LOCALE = "en-US";
const DAY = 86_400_000;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {Date} date @param {string | undefined} tz @param {Intl.DateTimeFormatOptions} options */
export function format(date, tz, options) {
  const key = `${tz}|${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    try {
      found = new Intl.DateTimeFormat(LOCALE, { timeZone: tz || undefined, ...options });
    } catch {
      found = new Intl.DateTimeFormat(LOCALE, options); // a zone this browser doesn't know
    }
    formats.set(key, found);
  }
  return found.format(date);
}

/** @param {string} ts a message's `ts`: seconds with a fraction */
export const moment = (ts) => new Date(Number.parseFloat(ts) * 1000);

/** "9:14 AM" @param {Date} date @param {string} [tz] */
export const clockTime = (date, tz) => format(date, tz, { hour: "numeric", minute: "2-digit" });

/** "EST" @param {Date} date @param {string} [tz] */
export const zoneName = (date, tz) => format(date, tz, { hour: "numeric", timeZoneName: "short" }).split(" ").pop() ?? "";

/** "2026-11-03" in that zone. @param {Date} date @param {string} [tz] */
export function isoDay(date, tz) {
  const [month, day, year] = format(date, tz, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/");
  return `${year}-${month}-${day}`;
}

/** Whole days from `now` to `date`, by the calendar of that zone. @param {Date} date @param {Date} now @param {string} [tz] */
function daysFrom(date, now, tz) {
  return Math.round((Date.parse(isoDay(date, tz)) - Date.parse(isoDay(now, tz))) / DAY);
}

/** @param {number} day of the month */
function ordinal(day) {
  const last = day % 100 >= 11 && day % 100 <= 13 ? 0 : day % 10;
  return `${day}${["th", "st", "nd", "rd"][last] ?? "th"}`;
}

/** "today", "yesterday", "tomorrow" or null */
function near(date, now, tz) {
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[daysFrom(date, now, tz)] ?? null;
}

/** What stands between two days of messages: "Today", "Yesterday", "Tuesday, November 3rd". */
export function dayName(date, now, tz) {
  const word = near(date, now, tz);
  if (word === "today" || word === "yesterday") return word[0].toUpperCase() + word.slice(1);
  const sameYear = format(date, tz, { year: "numeric" }) === format(now, tz, { year: "numeric" });
  const day = ordinal(Number(format(date, tz, { day: "numeric" })));
  const name = `${format(date, tz, { weekday: "long" })}, ${format(date, tz, { month: "long" })} ${day}`;
  return sameYear ? name : `${name}, ${format(date, tz, { year: "numeric" })}`;
}

/** "3 minutes ago", "in 2 days" @param {Date} date @param {Date} now */
export function ago(date, now) {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const units = /** @type {const} */ ([["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60]]);
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  return "just now";
}

/**
 * Slack's date tokens, as in `<!date^1392734382^{date_short} at {time}|fallback>`.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 * @param {string} pattern @param {Date} date @param {Date} now @param {string} [tz]
 */
export function dateTokens(pattern, date, now, tz) {
  const part = (/** @type {Intl.DateTimeFormatOptions} */ options) => format(date, tz, options);
  const day = () => ordinal(Number(part({ day: "numeric" })));
  const long = {
    date: () => `${part({ month: "long" })} ${day()}, ${part({ year: "numeric" })}`,
    date_short: () => part({ month: "short", day: "numeric", year: "numeric" }),
    date_long: () => `${part({ weekday: "long" })}, ${part({ month: "long" })} ${day()}, ${part({ year: "numeric" })}`,
    date_num: () => isoDay(date, tz),
    date_slash: () => part({ month: "2-digit", day: "2-digit", year: "numeric" }),
    date_long_full: () => part({ weekday: "long", month: "long", day: "numeric", year: "numeric" }),
    time: () => clockTime(date, tz),
    time_secs: () => part({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
    ago: () => ago(date, now),
    day_divider_pretty: () => dayName(date, now, tz),
  };
  return pattern.replace(/\{([a-z_]+)\}/g, (whole, token) => {
    if (token in long) return long[token]();
    const plain = token.replace("_pretty", "");
    return token.endsWith("_pretty") && plain in long ? (near(date, now, tz) ?? long[plain]()) : whole;
  });
}

/** "3 Nov 2026", for file cards and pickers. @param {string} iso "YYYY-MM-DD" */
export function dayInWords(iso) {
  return format(new Date(`${iso}T12:00:00Z`), "UTC", { month: "short", day: "numeric", year: "numeric" });
}

/** "9:30 AM" for "09:30". @param {string} time */
export function timeInWords(time) {
  return clockTime(new Date(`2020-01-01T${time}:00Z`), "UTC");
}

/** The zone's offset at a moment, in minutes. @param {Date} date @param {string} [tz] */
function offset(date, tz) {
  const clock = format(date, tz, { hourCycle: "h23", hour: "2-digit", minute: "2-digit" });
  return Math.round((Date.parse(`${isoDay(date, tz)}T${clock}:00Z`) - Math.floor(date.getTime() / 60_000) * 60_000) / 60_000);
}

/** Seconds since 1970 of a wall-clock time in a zone. @param {string} day "YYYY-MM-DD" @param {string} time "HH:mm" @param {string} [tz] */
export function epochOf(day, time, tz) {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  const guess = new Date(asUtc - offset(new Date(asUtc), tz) * 60_000);
  return (asUtc - offset(guess, tz) * 60_000) / 1000;
}

/** "14:05" in that zone. @param {Date} date @param {string} [tz] */
export const hourMinute = (date, tz) => format(date, tz, { hourCycle: "h23", hour: "2-digit", minute: "2-digit" });
