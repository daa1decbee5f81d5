/** The table block: its first row is the heading. */
import { h } from "../parts/dom.js";
import { richText } from "../text/rich-text.js";

/** @param {import("../state/types.js").Block} block @param {import("../text/mrkdwn.js").Reader} reader */
export function table(block, reader) {
  const columns = block.column_settings ?? [];
  const [head, ...rows] = block.rows ?? [];
  const cell = (/** @type {any} */ content, /** @type {number} */ index, /** @type {"th" | "td"} */ tag) => {
    const settings = columns[index] ?? {};
    const look = `align-${settings.align ?? "left"}${settings.is_wrapped ? " wrapped" : ""}`;
    return h(tag, { class: look, scope: tag === "th" ? "col" : null, dir: "auto" }, content?.type === "rich_text" ? richText(content, reader) : String(content?.text ?? content?.value ?? ""));
  };
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", { class: "table" }, head ? h("thead", null, h("tr", null, head.map((/** @type {any} */ one, /** @type {number} */ index) => cell(one, index, "th")))) : null, h("tbody", null, rows.map((/** @type {any[]} */ row) => h("tr", null, row.map((one, index) => cell(one, index, "td")))))),
  );
}
