/** The top of a pane: who one is, and for switching; presence, do-not-disturb, search. */
import { fill, h } from "../parts/dom.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { menuButton } from "../parts/menu.js";
import { kindOf, personName, quietUntil } from "../state/names.js";
import { clockTime, epochOf, isoDay, zoneName } from "../text/times.js";

const HOUR = 3_600_000;

/** @param {import("./pane.js").Pane} pane */
export function head(pane) {
  const { store } = pane;
  const who = h("button", { type: "button", class: "who" });
  menuButton(who, () => whoMenu(pane), { label: "Who you are" });
  const field = /** @type {HTMLInputElement} */ (h("input", { type: "search", class: "search-field", placeholder: "Search", "aria-label": "Search messages", autocomplete: "off", enterkeyhint: "search" }));
  const form = h("form", { class: "search", role: "search", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); search(); } }, icon("search", 16), field);
  const search = () => field.value.trim() && pane.go({ kind: "search", query: field.value.trim() });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    field.value = "";
    field.blur();
  });
  const waiting = h("span", { class: "waiting", role: "status" });
  const draw = () => {
    const { me } = store;
    const quiet = quietUntil(me, store.now());
    const zone = store.ready ? `${clockTime(store.now(), me.tz)} ${zoneName(store.now(), me.tz)}` : "";
    const about = [kindOf(me) || me.title, zone].filter(Boolean).join(" · ");
    who.setAttribute("aria-label", `You are ${personName(me)}${quiet ? ", notifications paused" : ""}. Change who you are or your status.`);
    fill(who, face(me, 32, { presence: true }), h("span", { class: "who-words" }, h("span", { class: "who-name" }, h("span", { class: "cut" }, personName(me)), quiet ? icon("moon", 14) : null), h("span", { class: "who-about" }, about)), icon("down", 14));
  };
  const connection = () => (waiting.textContent = store.connected ? "" : store.ready ? "Connecting again…" : "Connecting…");
  store.on("ready", draw);
  store.on("people", draw);
  store.on("clock", draw);
  store.on("connection", connection);
  draw();
  connection();
  return { element: h("header", { class: "pane-head" }, who, waiting, form), focusSearch: () => field.focus() };
}

/** @param {import("./pane.js").Pane} pane @returns {import("../parts/menu.js").MenuItem[]} */
function whoMenu(pane) {
  const { store } = pane;
  const { me } = store;
  const now = store.now();
  const quiet = quietUntil(me, now);
  const active = me.presence === "active";
  const pause = (/** @type {Date} */ until) => pane.deed("dnd", { until: until.toISOString() });
  const morning = new Date(epochOf(isoDay(new Date(now.getTime() + 24 * HOUR), me.tz), "09:00", me.tz) * 1000);
  const others = [...store.users.values()].filter((user) => !user.is_bot && !user.deleted && user.id !== me.id).sort((one, other) => personName(one).localeCompare(personName(other)));
  return [
    { text: active ? "Set yourself as away" : "Set yourself as active", icon: "one", deed: () => pane.deed("presence", { presence: active ? "away" : "active" }) },
    ...(quiet
      ? [{ text: "Resume notifications", icon: "moon", description: quiet.getTime() < 8e15 ? `Paused until ${clockTime(quiet, me.tz)}` : "Paused", deed: () => pane.deed("dnd", { until: null }) }]
      : [
          { text: "Pause notifications for 1 hour", icon: "moon", deed: () => pause(new Date(now.getTime() + HOUR)) },
          { text: "Pause until tomorrow, 9:00 AM", icon: "moon", deed: () => pause(morning) },
        ]),
    { line: true, text: "" },
    { heading: true, text: "Be somebody else" },
    ...others.map((user) => ({ text: personName(user), description: [kindOf(user), user.title].filter(Boolean).join(" · "), picture: face(user, 24), deed: () => pane.page.become(pane.userId, user.id) })),
  ];
}
