/** The older attachments: a coloured edge with text, fields or blocks. */
import { h } from "../parts/dom.js";
import { mrkdwn, link } from "../text/mrkdwn.js";
import { clockTime, dateTokens } from "../text/times.js";
import { drawBlocks } from "./index.js";
import { picture } from "./files.js";

const COLOURS = { good: "#2f8f5b", warning: "#c58a1a", danger: "#b3382c" };

/** @param {Record<string, any>} given @param {import("../elements/surface.js").Surface} surface */
export function attachment(given, surface) {
  const { reader } = surface;
  const text = (/** @type {string | undefined} */ words, /** @type {string} */ look) => (words ? h("div", { class: look, dir: "auto" }, mrkdwn(words, reader)) : null);
  const named = COLOURS[/** @type {keyof typeof COLOURS} */ (given.color)];
  const colour = named ?? (/^#?[0-9a-f]{6}$/i.test(given.color ?? "") ? `#${given.color.replace("#", "")}` : null);
  const time = given.ts ? new Date(Number(given.ts) * 1000) : null;
  return h(
    "div",
    { class: "attachment-wrap" },
    text(given.pretext, "message-text"),
    h(
      "div",
      { class: "attachment", style: colour ? { "--edge": colour } : {} },
      given.author_name ? h("div", { class: "attachment-author" }, given.author_link ? link(given.author_link, given.author_name, reader) : given.author_name) : null,
      given.title ? h("div", { class: "attachment-title" }, given.title_link ? link(given.title_link, mrkdwn(given.title, reader), reader) : mrkdwn(given.title, reader)) : null,
      given.blocks ? drawBlocks(given.blocks, surface) : text(given.text ?? given.fallback, "message-text"),
      given.fields?.length ? h("div", { class: "section-fields" }, given.fields.map((/** @type {any} */ field) => h("div", { class: field.short ? "section-field" : "section-field whole" }, h("strong", null, field.title), h("div", null, mrkdwn(String(field.value ?? ""), reader))))) : null,
      given.image_url ? picture({ image_url: given.image_url, alt_text: given.fallback ?? "Picture" }, "block-image", reader.me) : null,
      given.footer || time ? h("div", { class: "attachment-foot dim" }, [given.footer, time ? `${dateTokens("{date_short_pretty}", time, reader.now(), reader.tz)} ${clockTime(time, reader.tz)}` : ""].filter(Boolean).join(" · ")) : null,
    ),
  );
}
