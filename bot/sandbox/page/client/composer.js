/** Where one writes: messages, replies, edits and slash commands. */
import { composing, fill, h } from "../parts/dom.js";
import { emojiPicker } from "../parts/emoji-picker.js";
import { icon } from "../parts/icons.js";
import { menuButton } from "../parts/menu.js";
import { grow } from "../elements/text.js";
import { emoji } from "../text/emoji.js";
import { fromWire, toWire } from "../text/wire.js";
import { completion } from "./completion.js";

/** @typedef {import("./pane.js").Pane} Pane */

const WRAPS = { b: "*", i: "_", X: "~", C: "`" };

/**
 * @param {Pane} pane
 * @param {{channel: string, threadTs?: string, editing?: import("../state/types.js").Message, label: string, placeholder?: string, done?: () => void}} place
 */
export function composer(pane, { channel, threadTs, editing, label, placeholder, done }) {
  const { store } = pane;
  const key = `${channel}:${threadTs ?? ""}`;
  const draft = editing ? { text: fromWire(editing.text ?? "", store), files: [] } : pane.draft(key);
  const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "composer-text", rows: "1", dir: "auto", "aria-label": label, placeholder: placeholder ?? label, value: draft.text }));
  const hint = h("div", { class: "composer-hint", role: "status" });
  const attached = h("ul", { class: "file-list" });
  const also = threadTs ? /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" })) : null;
  const send = h("button", { type: "button", class: "send", "aria-label": editing ? "Save" : "Send", title: "Send (Enter)", onclick: () => submit() }, editing ? "Save" : icon("send", 18));
  const box = h("div", { class: editing ? "composer composer-edit" : "composer" }, area, attached, toolbar());
  const about = threadTs && !editing ? h("label", { class: "composer-also" }, also, "Also send to ", h("span", { class: "strong" }, pane.titleOf(channel))) : null;
  const root = h("div", { class: "composer-wrap" }, box, hint, about);
  const help = completion(area, box, store, { commands: !editing, channel });

  function toolbar() {
    if (editing) return h("div", { class: "composer-tools" }, h("span", { class: "grow" }), h("button", { type: "button", class: "button small", onclick: () => done?.() }, "Cancel"), h("button", { type: "button", class: "button small primary", onclick: () => submit() }, "Save"));
    const file = /** @type {HTMLInputElement} */ (h("input", { type: "file", multiple: true, hidden: true, onchange: () => attach(file.files) }));
    const smile = h("button", { type: "button", class: "tool", "aria-label": "Emoji", title: "Emoji" }, icon("smile"));
    emojiPicker(smile, (name) => insert(emoji(name) ?? `:${name}:`));
    const bolt = h("button", { type: "button", class: "tool", "aria-label": "Shortcuts and commands", title: "Shortcuts and commands" }, icon("bolt"));
    menuButton(bolt, shortcuts, { label: "Shortcuts and commands" });
    return h(
      "div",
      { class: "composer-tools" },
      bolt,
      h("button", { type: "button", class: "tool", "aria-label": "Add a file", title: "Add a file", onclick: () => file.click() }, icon("clip")),
      smile,
      h("button", { type: "button", class: "tool", "aria-label": "Mention somebody", title: "Mention somebody", onclick: () => insert("@") }, icon("at")),
      file,
      h("span", { class: "grow" }),
      send,
    );
  }
  /** @returns {import("../parts/menu.js").MenuItem[]} */
  function shortcuts() {
    const named = (/** @type {string | undefined} */ app) => store.apps.find((one) => one.app_id === app)?.name;
    const global = store.shortcuts.filter((one) => one.type === "global");
    const items = [...global.map((one) => ({ text: one.name, description: one.description || named(one.app_id), icon: "bolt", deed: () => pane.deed("shortcut", { callback_id: one.callback_id }) }))];
    const commands = threadTs ? [] : store.commands.map((one) => ({ text: one.command, description: one.description, deed: () => replace(`${one.command} `) }));
    if (!items.length && !commands.length) return [{ text: "No app offers anything here yet.", deed: () => {} }];
    return [...(items.length ? [{ heading: true, text: "Shortcuts" }, ...items] : []), ...(commands.length ? [{ heading: true, text: "Commands" }, ...commands] : [])];
  }
  function insert(text) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    changed();
  }
  function replace(text) {
    area.value = text;
    area.focus();
    changed();
  }
  async function attach(files) {
    for (const file of files ?? []) {
      say(`Adding ${file.name}…`);
      const answer = await store.api.upload(file);
      say(answer.ok ? "" : (answer.message ?? `${file.name} could not be added.`), !answer.ok);
      if (answer.ok) draft.files.push(answer.file);
    }
    showFiles();
    area.focus();
  }
  function showFiles() {
    const without = (/** @type {any} */ file) => {
      draft.files = draft.files.filter((/** @type {any} */ one) => one.id !== file.id);
      showFiles();
    };
    fill(attached, draft.files.map((/** @type {any} */ file) => h("li", { class: "file-row" }, icon("file", 16), h("span", { class: "file-row-name" }, file.name), h("button", { type: "button", class: "tool", "aria-label": `Remove ${file.name}`, onclick: () => without(file) }, icon("close", 14)))));
    changed();
  }
  function say(text, wrong = false) {
    hint.textContent = text;
    hint.classList.toggle("composer-wrong", wrong);
  }
  function changed() {
    if (!editing) draft.text = area.value;
    grow(area);
    send.toggleAttribute("disabled", !area.value.trim() && draft.files.length === 0);
    usage();
    if (document.activeElement === area) help.update();
  }
  /** While a command is typed, what may follow it. */
  function usage() {
    const typed = /^(\/\S+)\s/.exec(area.value);
    const command = typed && !editing ? store.commands.find((one) => one.command === typed[1]) : undefined;
    say(command ? [command.command, command.usage_hint].filter(Boolean).join(" ") + (command.description ? ` — ${command.description}` : "") : "");
  }
  async function submit() {
    const text = area.value.trim();
    if (!text && draft.files.length === 0) return;
    help.close();
    if (editing) return save(text);
    const files = draft.files;
    const command = /^\/([a-z][\w-]*)(?:\s+([\s\S]*))?$/i.exec(text);
    area.value = "";
    draft.files = [];
    showFiles();
    const answer = command && !files.length ? await run(`/${command[1]}`, command[2] ?? "") : await store.api.do("post", { channel, text: toWire(text, store), thread_ts: threadTs, broadcast: also?.checked || undefined, file_ids: files.length ? files.map((/** @type {any} */ file) => file.id) : undefined });
    if (answer.ok) {
      if (also) also.checked = false;
      return;
    }
    if (!area.value) area.value = text;
    draft.files = files;
    showFiles();
    say(answer.message ?? `That was not sent (${answer.error}).`, true);
  }
  /** @param {string} command @param {string} text @returns {Promise<import("../state/api.js").Answer>} */
  async function run(command, text) {
    if (threadTs) return { ok: false, message: `${command} does not work in threads. Use it in the channel.` };
    if (!store.commands.some((one) => one.command === command)) return { ok: false, message: `${command} is not a command here.` };
    return store.api.do("command", { command, text, channel });
  }
  async function save(text) {
    const answer = await store.api.do("edit", { channel, ts: editing?.ts, text: toWire(text, store) });
    if (answer.ok) done?.();
    else say(answer.message ?? `That was not saved (${answer.error}).`, true);
  }
  let toldTyping = Number.NEGATIVE_INFINITY;
  area.addEventListener("input", () => {
    changed();
    if (editing || !area.value || area.value.startsWith("/") || performance.now() - toldTyping < 3000) return;
    toldTyping = performance.now();
    store.api.do("typing", { channel, thread_ts: threadTs });
  });
  area.addEventListener("keydown", (event) => {
    if (composing(event) || help.key(event)) return;
    const wrap = (event.ctrlKey || event.metaKey) && WRAPS[/** @type {keyof typeof WRAPS} */ (event.shiftKey ? event.key.toUpperCase() : event.key)];
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) submit();
    else if (event.key === "Escape" && editing) done?.();
    else if (event.key === "ArrowUp" && !area.value && !editing) pane.editLast(Boolean(threadTs));
    else if (wrap) insert(`${wrap}${area.value.slice(area.selectionStart, area.selectionEnd)}${wrap}`);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  area.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length || editing) return;
    event.preventDefault();
    attach(event.clipboardData.files);
  });
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    attach(event.dataTransfer?.files);
  });
  box.addEventListener("click", (event) => event.target === box && area.focus());
  requestAnimationFrame(() => grow(area));
  showFiles();
  if (editing) area.setSelectionRange(area.value.length, area.value.length);
  return { element: root, area };
}
