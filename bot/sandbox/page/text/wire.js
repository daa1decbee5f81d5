/**
 * Between what a person sees while typing and what is sent: names become mentions by id. The
 * server does the rest (escaping, links), as Slack's client would.
 */

/** @typedef {import("../state/store.js").Store} Store */

/** @param {string} text */
const forPattern = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The name that a mention shows and that a person types after `@`. @param {import("../state/types.js").User} user */
export const mentionName = (user) => user.display_name || user.real_name || user.name;

/**
 * @param {string} typed
 * @param {Store} store
 * @returns {string}
 */
export function toWire(typed, store) {
  return typed
    .split(/(```[\s\S]*?```|`[^`\n]+`|https?:\/\/\S+)/)
    .map((part, index) => (index % 2 ? part : mentions(part, store)))
    .join("");
}

/** @param {string} text @param {Store} store */
function mentions(text, store) {
  const targets = new Map([["@here", "<!here>"], ["@channel", "<!channel>"], ["@everyone", "<!everyone>"]]);
  for (const user of store.users.values()) {
    if (user.deleted) continue;
    for (const name of [mentionName(user), user.name]) if (!targets.has(`@${name}`)) targets.set(`@${name}`, `<@${user.id}>`);
  }
  for (const channel of store.channels.values()) {
    if (channel.kind === "channel" || channel.kind === "private") targets.set(`#${channel.name}`, `<#${channel.id}>`);
  }
  const names = [...targets.keys()].sort((one, other) => other.length - one.length).map(forPattern);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${names.join("|")})(?![\\p{L}\\p{N}_-])`, "gu");
  return text.replace(pattern, (name) => targets.get(name) ?? name);
}

/**
 * The other way round, for editing a message.
 * @param {string} wire
 * @param {Store} store
 */
export function fromWire(wire, store) {
  return wire
    .replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (whole, target, label) => {
      if (target.startsWith("@")) return `@${mentionName(store.user(target.slice(1)))}`;
      if (target.startsWith("#")) return `#${store.channels.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
      if (/^!(?:here|channel|everyone)$/.test(target)) return `@${target.slice(1)}`;
      if (target.startsWith("!")) return label ?? whole;
      return target.replace(/^mailto:/, "");
    })
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
