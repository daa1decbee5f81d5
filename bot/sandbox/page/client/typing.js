/** Who is writing just now. */
import { h } from "../parts/dom.js";
import { personName } from "../state/names.js";

/** @param {import("./pane.js").Pane} pane @param {string} channel @param {string} [threadTs] */
export function typingLine(pane, channel, threadTs) {
  const { store } = pane;
  const line = h("div", { class: "typing", "aria-live": "off" });
  const stop = store.on("typing", () => {
    if (!line.isConnected) return stop();
    const now = performance.now();
    const here = store.typing.filter((one) => one.channel === channel && (one.thread_ts ?? undefined) === threadTs && one.until > now);
    line.textContent = here.length ? `${here.map((one) => personName(store.user(one.user))).join(" and ")} ${here.length === 1 ? "is" : "are"} typing…` : "";
    if (here.length) window.setTimeout(() => store.changes("typing"), 1000);
    return undefined;
  });
  return line;
}
