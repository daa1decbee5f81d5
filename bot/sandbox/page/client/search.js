/** What was found, newest first. */
import { fill, h } from "../parts/dom.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { authorName } from "../state/names.js";
import { isReply } from "../state/conversation.js";
import { clockTime, dayName, moment } from "../text/times.js";
import { fold } from "../parts/choose.js";
import { preview } from "./message.js";

/**
 * @param {import("./pane.js").Pane} pane
 * @param {string} query
 * @returns {import("./pane.js").Part}
 */
export function searchView(pane, query) {
  const { store, reader } = pane;
  const title = h("h2", { class: "view-name", tabindex: "-1" }, `Results for “${query}”`);
  const results = h("div", { class: "results", role: "status" }, h("p", { class: "dim" }, "Searching…"));
  const open = (/** @type {any} */ found) => {
    const { channel, message } = found;
    if (isReply(message)) pane.openThread(channel, message.thread_ts, false, message.ts);
    else pane.go({ kind: "channel", id: channel, at: message.ts });
  };
  const row = (/** @type {any} */ found) => {
    const { message } = found;
    const date = moment(message.ts);
    const where = store.channels.get(found.channel)?.user ? `Direct message with ${pane.titleOf(found.channel)}` : pane.titleOf(found.channel);
    return h(
      "li",
      null,
      h(
        "button",
        { type: "button", class: "result", onclick: () => open(found) },
        h("span", { class: "result-where" }, where, isReply(message) ? " · in a thread" : "", " · ", dayName(date, store.now(), reader.tz), " ", clockTime(date, reader.tz)),
        h("span", { class: "result-words" }, face(message.user ? store.user(message.user) : { id: "B", name: "App", real_name: "App", is_bot: true }, 24), h("span", null, h("span", { class: "strong" }, authorName(message, store)), h("span", { class: "result-text", dir: "auto" }, marked(preview(message, reader), query)))),
      ),
    );
  };
  const load = async () => {
    const answer = await store.api.read("search", { q: query });
    const found = (answer.matches ?? answer.messages ?? answer.results ?? []).map((/** @type {any} */ one) => ({ channel: one.channel?.id ?? one.channel ?? one.channel_id, message: one.message ?? one }));
    if (!answer.ok) fill(results, h("p", { class: "dim" }, answer.message ?? "The search did not work."));
    else if (!found.length) fill(results, h("p", { class: "dim" }, "Nothing was found. Only what you can see is searched."));
    else fill(results, h("p", { class: "dim" }, `${found.length} ${found.length === 1 ? "message" : "messages"}`), h("ol", { class: "result-list" }, found.map(row)));
  };
  load();
  return {
    element: h("div", { class: "view" }, h("header", { class: "view-head" }, h("button", { type: "button", class: "tool only-narrow", "aria-label": "Back to the list", onclick: () => pane.column("list") }, icon("back")), h("div", { class: "view-title" }, icon("search", 18), title)), results),
    focus: () => title.focus(),
  };
}

/** The text with what was looked for marked. @param {string} text @param {string} query */
function marked(text, query) {
  const plain = fold(text);
  const wanted = fold(query);
  const at = plain.length === text.length ? plain.indexOf(wanted) : -1;
  if (at < 0) return text.slice(0, 280);
  const from = Math.max(0, at - 80);
  return [from ? "…" : "", text.slice(from, at), h("mark", null, text.slice(at, at + wanted.length)), text.slice(at + wanted.length, at + wanted.length + 160)];
}
