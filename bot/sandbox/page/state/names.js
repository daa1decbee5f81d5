/** How people and conversations are called, to one reader. */

/** @typedef {import("./types.js").User} User */
/** @typedef {import("./types.js").Channel} Channel */
/** @typedef {import("./store.js").Store} Store */

/** @param {User} user */
export const personName = (user) => user.display_name || user.real_name || user.name;

/** @param {Channel} channel @param {Store} store */
export function channelLabel(channel, store) {
  if (channel.kind === "im" && channel.user) return channel.user === store.userId ? `${personName(store.me)} (you)` : personName(store.user(channel.user));
  if (channel.kind === "mpim") {
    const others = channel.members.filter((id) => id !== store.userId);
    return others.map((id) => personName(store.user(id))).join(", ") || channel.name;
  }
  return channel.name;
}

/** "#clinic", "Dr. Lee": for sentences. @param {Channel} channel @param {Store} store */
export const channelTitle = (channel, store) => (channel.kind === "channel" || channel.kind === "private" ? `#${channel.name}` : channelLabel(channel, store));

/** The name above a message: an app may call itself something else. @param {import("./types.js").Message} message @param {Store} store */
export function authorName(message, store) {
  if (message.username) return message.username;
  if (message.user) return personName(store.user(message.user));
  return message.bot_profile?.name ?? store.apps.find((app) => app.app_id === message.app_id)?.name ?? "App";
}

/** @param {User} user */
export function kindOf(user) {
  if (user.is_bot) return "app";
  if (user.is_stranger) return "external";
  if (user.is_restricted || user.is_ultra_restricted) return "guest";
  return "";
}

/** When do-not-disturb ends, or null. @param {User} user @param {Date} now @returns {Date | null} */
export function quietUntil(user, now) {
  const given = typeof user.dnd === "object" && user.dnd ? user.dnd.until : user.dnd;
  if (!given) return null;
  if (typeof given === "object") return null;
  const until = given === true ? new Date(8.64e15) : typeof given === "number" ? new Date(given * 1000) : new Date(given);
  return until > now ? until : null;
}
