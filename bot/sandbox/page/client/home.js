/** An app's Home tab. */
import { fill, h } from "../parts/dom.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { drawBlocks } from "../blocks/index.js";
import { Surface } from "../elements/surface.js";
import { keepField } from "../parts/keep-field.js";
import { isoDay } from "../text/times.js";
import { tabs } from "./channel.js";

/**
 * @param {import("./pane.js").Pane} pane
 * @param {string} app
 * @returns {import("./pane.js").Part}
 */
export function homeView(pane, app) {
  const { store } = pane;
  const head = h("header", { class: "view-head" });
  const content = h("div", { class: "home-content" });
  /** @type {Surface | null} */ let surface = null;
  const about = () => store.apps.find((one) => one.app_id === app);

  const drawHead = () => {
    const known = about();
    if (!known) return;
    const bot = { ...store.user(known.bot_user_id), is_bot: true };
    fill(head, h("button", { type: "button", class: "tool only-narrow", "aria-label": "Back to the list", onclick: () => pane.column("list") }, icon("back")), h("div", { class: "view-title" }, face(bot, 24), h("h2", { class: "view-name" }, known.name)), tabs(pane, app, "home"), h("span", { class: "grow" }));
  };
  const draw = () => {
    const view = store.homes.get(app);
    if (!view) return fill(content, h("p", { class: "dim home-empty" }, "Nothing is here yet. The app fills this page when it is opened."));
    if (surface?.container.type !== "view" || surface.container.view_id !== view.id) surface = new Surface(store, pane.reader, "home", { type: "view", view_id: view.id });
    return keepField(content, () => fill(content, drawBlocks(view.blocks, /** @type {Surface} */ (surface))));
  };
  const open = async () => {
    const [known] = await Promise.all([store.api.read("home", { app_id: app }), store.api.do("home", { app_id: app })]);
    if (known.ok && known.view && !store.homes.has(app)) store.hear({ type: "home", app_id: app, view: known.view });
  };
  // A day later "tomorrow" is another one.
  let day = "";
  const drawOnNewDay = () => {
    const today = isoDay(store.now(), pane.reader.tz);
    if (today !== day) draw();
    day = today;
  };
  const stops = [store.on(`home:${app}`, draw), store.on("clock", drawOnNewDay), store.on("people", () => { drawHead(); draw(); }), store.on("ready", () => { drawHead(); open(); })];
  drawHead();
  draw();
  open();
  return { element: h("div", { class: "view" }, head, h("div", { class: "home-scroll", tabindex: "-1" }, content)), stop: () => stops.forEach((stop) => stop()) };
}
