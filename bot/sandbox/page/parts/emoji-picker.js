/** A small grid of emoji, with a field to look for others. */
import { fill, h } from "./dom.js";
import { openPopup } from "./popup.js";
import { emoji, findEmoji } from "../text/emoji.js";

const USUAL = ["+1", "eyes", "white_check_mark", "raised_hands", "pray", "heart", "tada", "smile", "joy", "thinking_face", "ok_hand", "wave", "muscle", "100", "fire", "sparkles", "question", "warning", "x", "hourglass_flowing_sand", "calendar", "memo", "stethoscope", "adhesive_bandage", "pill", "hospital", "massage", "clap"];
const ACROSS = 7;

/**
 * @param {HTMLElement} button that opens it
 * @param {(name: string) => void} chosen
 */
export function emojiPicker(button, chosen) {
  /** @type {ReturnType<typeof openPopup> | null} */ let popup = null;
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  const leave = () => {
    popup?.close();
    button.focus();
  };
  button.addEventListener("click", () => {
    if (popup) return leave();
    const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" });
    const show = (/** @type {string[]} */ names) => fill(grid, names.map((name) => h("button", { type: "button", class: "emoji-choice", "aria-label": name.replace(/_/g, " "), title: `:${name}:`, onclick: () => { leave(); chosen(name); } }, emoji(name) ?? "")));
    const field = /** @type {HTMLInputElement} */ (h("input", { type: "text", class: "field", placeholder: "Find an emoji", "aria-label": "Find an emoji", autocomplete: "off" }));
    field.addEventListener("input", () => show(field.value.trim() ? findEmoji(field.value.trim(), 42).map((found) => found.name) : USUAL));
    const panel = h("div", { class: "emoji-panel", role: "dialog", "aria-label": "Choose an emoji" }, field, grid);
    panel.addEventListener("keydown", (event) => {
      const all = /** @type {HTMLElement[]} */ ([...grid.children]);
      const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ACROSS, ArrowUp: -ACROSS }[event.key];
      if (event.key === "Escape") leave();
      else if (event.key === "Enter" && at < 0) all[0]?.click();
      else if (event.key === "ArrowDown" && at < 0) all[0]?.focus();
      else if (step && at >= 0) (all[at + step] ?? (step < 0 ? field : all[at])).focus();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    show(USUAL);
    popup = openPopup(button, panel, { end: true, onClose: () => { popup = null; button.setAttribute("aria-expanded", "false"); } });
    button.setAttribute("aria-expanded", "true");
    field.focus();
    return undefined;
  });
}
