/** A thread at the side. */
import { fill, h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { composer } from "./composer.js";
import { editLast } from "./channel.js";
import { Timeline } from "./timeline.js";
import { typingLine } from "./typing.js";

/**
 * @param {import("./pane.js").Pane} pane
 * @param {string} channel
 * @param {string} ts
 * @returns {import("./pane.js").Part}
 */
export function threadView(pane, channel, ts) {
  const { store } = pane;
  const place = h("button", { type: "button", class: "quiet-link cut", onclick: () => { pane.go({ kind: "channel", id: channel, at: ts }); } });
  const timeline = new Timeline(pane, store.thread(channel, ts), { label: "Thread" });
  const write = composer(pane, { channel, threadTs: ts, label: "Reply…" });
  write.area.setAttribute("aria-label", "Reply in the thread");
  const foot = h("div", { class: "view-foot" });
  const draw = () => {
    place.textContent = pane.titleOf(channel);
    const about = store.channels.get(channel);
    const closed = about?.archived || !about;
    fill(foot, closed ? h("p", { class: "foot-note" }, "This channel is archived: nothing can be written here.") : [write.element, typingLine(pane, channel, ts)]);
  };
  let archived = Boolean(store.channels.get(channel)?.archived);
  const stop = store.on("channels", () => {
    place.textContent = pane.titleOf(channel);
    const now = Boolean(store.channels.get(channel)?.archived);
    if (now !== archived) {
      archived = now;
      draw();
    }
  });
  draw();
  return {
    element: h(
      "div",
      { class: "view" },
      h("header", { class: "view-head" }, h("button", { type: "button", class: "tool only-covering", "aria-label": "Back to the channel", onclick: () => pane.closeThread() }, icon("back")), h("div", { class: "view-title" }, h("h2", { class: "view-name" }, "Thread"), place), h("span", { class: "grow" }), h("button", { type: "button", class: "tool", "aria-label": "Close the thread", title: "Close (Escape)", onclick: () => pane.closeThread() }, icon("close"))),
      timeline.element,
      foot,
    ),
    stop() {
      stop();
      timeline.stop();
    },
    focus: () => write.area.focus(),
    jump: (to) => timeline.jump(to),
    editLast: () => editLast(pane, timeline),
  };
}
