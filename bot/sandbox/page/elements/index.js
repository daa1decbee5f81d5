/** Which element is drawn by what. */
import { h } from "../parts/dom.js";
import { button, feedbackButtons, iconButton, overflow } from "./button.js";
import { checkboxes, radioButtons } from "./choices.js";
import { datePicker, dateTimePicker, timePicker } from "./dates.js";
import { fileInput } from "./file-input.js";
import { picture } from "../blocks/files.js";
import { richInput } from "./rich-input.js";
import { select } from "./select.js";
import { textInput } from "./text.js";

/** @typedef {import("./surface.js").Place} Place */
/** @typedef {import("../state/types.js").BlockElement} BlockElement */

/** @type {Record<string, (element: BlockElement, place: Place) => HTMLElement>} */
const DRAWN = {
  button,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  overflow,
  checkboxes,
  radio_buttons: radioButtons,
  datepicker: datePicker,
  timepicker: timePicker,
  datetimepicker: dateTimePicker,
  file_input: fileInput,
  rich_text_input: richInput,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  image: (element, place) => picture(element, "block-thumb", place.surface.reader.me),
  ...Object.fromEntries(["static", "external", "users", "conversations", "channels"].flatMap((kind) => [[`${kind}_select`, select], [`multi_${kind}_select`, select]])),
};

/** @param {BlockElement} element @param {Place} place @returns {HTMLElement} */
export function draw(element, place) {
  const make = DRAWN[element.type];
  return make ? make(element, place) : h("span", { class: "unknown" }, `(${element.type} can't be shown here)`);
}
