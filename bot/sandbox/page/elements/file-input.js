/** Files for a form: chosen or dropped, uploaded at once, sent with the form. */
import { fill, freshId, h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { sizeInWords } from "../blocks/files.js";

/** @typedef {import("./surface.js").Place} Place */
/** @typedef {import("../state/types.js").BlockElement} BlockElement */

/** @param {BlockElement} element @param {Place} place */
export function fileInput(element, place) {
  const { surface } = place;
  const most = element.max_files ?? 10;
  const held = surface.holds(place, element, { files: [] });
  let files = /** @type {any[]} */ ([...held.files]);
  const list = h("ul", { class: "file-list" });
  const says = h("p", { class: "field-says", role: "status" });
  const nameId = freshId("file");
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "file", class: "file-native", multiple: most > 1, accept: accept(element.filetypes), "aria-labelledby": place.labelledBy ? `${place.labelledBy} ${nameId}` : nameId, "aria-describedby": place.describedBy, dataset: { action: element.action_id ?? "" } }));
  const box = h("div", { class: "file-drop" }, h("label", { class: "file-label" }, input, icon("clip", 16), h("span", { id: nameId }, most > 1 ? `Add up to ${most} files` : "Add a file")), list, says);

  const keep = (/** @type {any[]} */ to) => {
    files = to;
    surface.enter(place, element, { files });
    fill(list, files.map((file) => h("li", { class: "file-row" }, icon("file", 16), h("span", { class: "file-row-name" }, file.name), h("span", { class: "dim" }, sizeInWords(file.size)), h("button", { type: "button", class: "tool", "aria-label": `Remove ${file.name}`, onclick: () => keep(files.filter((one) => one.id !== file.id)) }, icon("close", 14)))));
  };
  const add = async (/** @type {FileList} */ chosen) => {
    for (const file of chosen) {
      const wrong = refused(file, element.filetypes) ?? (files.length >= most ? `At most ${most} ${most === 1 ? "file" : "files"} can be added.` : null);
      says.textContent = wrong ?? `Adding ${file.name}…`;
      if (wrong) return;
      const answer = await surface.store.api.upload(file);
      says.textContent = answer.ok ? "" : (answer.message ?? `${file.name} could not be added.`);
      if (answer.ok) keep([...files, answer.file]);
    }
  };
  input.addEventListener("change", async () => {
    if (input.files) await add(input.files);
    input.value = "";
  });
  box.addEventListener("dragover", (event) => {
    event.preventDefault();
    box.classList.add("file-over");
  });
  box.addEventListener("dragleave", () => box.classList.remove("file-over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("file-over");
    if (event.dataTransfer) add(event.dataTransfer.files);
  });
  keep(files);
  return box;
}

/** @param {string[] | undefined} types */
const accept = (types) => (types?.length ? types.map((type) => `.${type}`).join(",") : null);

/** @param {File} file @param {string[] | undefined} types */
function refused(file, types) {
  const ending = file.name.split(".").pop()?.toLowerCase() ?? "";
  return types?.length && !types.includes(ending) ? `${file.name} can't be added here: only ${types.join(", ")}.` : null;
}
