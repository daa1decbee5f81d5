/**
 * What one person's client knows. Frames from the live connection and answers to requests come in;
 * whoever draws something listens for its topic. Changes made in one go are told once.
 *
 * Topics: `ready`, `people`, `channels`, `apps`, `modals`, `clock`, `connection`, `toast`, `typing`,
 * `timeline:CHANNEL`, `thread:CHANNEL:TS`, `home:APP`.
 */
import { Api, people } from "./api.js";
import { Live } from "./live.js";
import { Conversation } from "./conversation.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").User} User */
/** @typedef {import("./types.js").Channel} Channel */
/** @typedef {import("./types.js").View} View */

const GONE_AFTER = 2000;

export class Store {
  /** @param {string} userId */
  constructor(userId) {
    this.userId = userId;
    this.api = new Api(userId);
    /** @type {Map<string, User>} */ this.users = new Map();
    /** @type {Map<string, Channel>} */ this.channels = new Map();
    /** @type {Map<string, View>} */ this.homes = new Map();
    /** @type {View[]} */ this.modals = [];
    /** @type {import("./types.js").Command[]} */ this.commands = [];
    /** @type {import("./types.js").Shortcut[]} */ this.shortcuts = [];
    /** @type {import("./types.js").App[]} */ this.apps = [];
    /** @type {import("./types.js").Clock} */ this.clock = { now: new Date().toISOString(), movable: false, has_next: false };
    this.clockHeardAt = performance.now();
    /** @type {{id?: string, name?: string, domain?: string} & Record<string, any>} */ this.team = {};
    /** @type {Map<string, Conversation>} timelines and threads by their topic */ this.conversations = new Map();
    /** @type {{user: string, channel: string, thread_ts?: string, until: number}[]} */ this.typing = [];
    /** @type {Map<string, string>} handles of user groups */ this.groups = new Map();
    /** @type {Message[]} what only this person was shown */ this.ephemerals = [];
    this.connected = false;
    this.ready = false;
    /** @type {Map<string, Set<(detail?: any) => void>>} */ this.listeners = new Map();
    /** @type {Set<string>} */ this.changed = new Set();
    this.live = new Live(userId, { frame: (frame) => this.hear(frame), state: (connected) => this.#setConnected(connected), lost: () => this.#look() });
  }

  stop() {
    this.live.stop();
    this.listeners.clear();
  }

  /** @param {string} topic @param {(detail?: any) => void} listener @returns {() => void} stops listening */
  on(topic, listener) {
    const listeners = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Tell a topic's listeners, once for everything that changes now. @param {string} topic */
  changes(topic) {
    if (this.changed.size === 0) queueMicrotask(() => this.#tell());
    this.changed.add(topic);
  }

  #tell() {
    const topics = [...this.changed];
    this.changed.clear();
    for (const topic of topics) this.emit(topic);
  }

  /** @param {string} topic @param {unknown} [detail] */
  emit(topic, detail) {
    for (const listener of [...(this.listeners.get(topic) ?? [])]) listener(detail);
  }

  /** @returns {User} */
  get me() {
    return this.user(this.userId);
  }

  /** @param {string} id @returns {User} */
  user(id) {
    return this.users.get(id) ?? { id, name: id, real_name: id };
  }

  /** Workspace time, running on between the server's words about it. */
  now() {
    return new Date(Date.parse(this.clock.now) + (performance.now() - this.clockHeardAt));
  }

  /** @param {string} channel */
  timeline(channel) {
    return this.#conversation(`timeline:${channel}`, channel);
  }

  /** @param {string} channel @param {string} ts of the thread's first message */
  thread(channel, ts) {
    return this.#conversation(`thread:${channel}:${ts}`, channel, ts);
  }

  #conversation(topic, channel, threadTs) {
    let conversation = this.conversations.get(topic);
    if (!conversation) {
      conversation = new Conversation(this.api, channel, threadTs, () => this.changes(topic));
      for (const message of this.ephemerals) if (message.channel === channel) conversation.arrive(message);
      this.conversations.set(topic, conversation);
    }
    return conversation;
  }

  /** A message that is known already. @param {string} channel @param {string} ts @returns {Message | undefined} */
  message(channel, ts) {
    for (const conversation of this.conversations.values()) {
      const message = conversation.channel === channel ? conversation.find(ts) : undefined;
      if (message) return message;
    }
    return undefined;
  }

  /** The server may be back with another workspace, in which this person is not. */
  async #look() {
    const all = await people();
    if (all.length && !all.some((user) => user.id === this.userId)) window.location.reload();
  }

  #setConnected(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.changes("connection");
  }

  /** @param {any} frame */
  hear(frame) {
    const deed = HEARD[frame.type];
    if (deed) deed(this, frame);
  }

  /** @param {string} level "error", "warning" or "info" @param {string} text */
  toast(level, text) {
    this.emit("toast", { level, text });
  }
}

/** @type {Record<string, (store: Store, frame: any) => void>} */
const HEARD = {
  snapshot(store, frame) {
    store.team = frame.team ?? {};
    store.users = new Map((frame.users ?? []).map((user) => [user.id, user]));
    if (frame.me) store.users.set(frame.me.id, { ...store.users.get(frame.me.id), ...frame.me });
    store.channels = new Map((frame.channels ?? []).map((channel) => [channel.id, channel]));
    store.groups = new Map((frame.usergroups ?? []).map((group) => [group.id, group.handle]));
    store.commands = frame.commands ?? [];
    store.shortcuts = frame.shortcuts ?? [];
    store.apps = frame.apps ?? [];
    store.modals = frame.modals ?? [];
    store.homes.clear();
    HEARD.clock(store, { clock: frame.clock });
    store.ready = true;
    store.ephemerals = frame.ephemerals ?? [];
    for (const [topic, conversation] of store.conversations) {
      conversation.forget(store.ephemerals.filter((message) => message.channel === conversation.channel));
      store.changes(topic);
    }
    for (const topic of ["ready", "people", "channels", "apps", "modals", "connection"]) store.changes(topic);
  },
  reload(store) {
    // A snapshot follows. Where the person is gone from the workspace none does, and the page starts over.
    store.ready = false;
    window.setTimeout(() => store.ready || window.location.reload(), GONE_AFTER);
  },
  clock(store, frame) {
    const clock = frame.clock ?? frame;
    store.clock = { ...store.clock, ...clock };
    store.clockHeardAt = performance.now();
    store.changes("clock");
  },
  users(store, frame) {
    for (const user of frame.users ?? []) store.users.set(user.id, { ...store.users.get(user.id), ...user });
    store.changes("people");
  },
  channel(store, frame) {
    store.channels.set(frame.channel.id, frame.channel);
    store.changes("channels");
  },
  channel_gone(store, frame) {
    store.channels.delete(frame.channel);
    store.changes("channels");
  },
  read(store, frame) {
    const channel = store.channels.get(frame.channel);
    if (!channel) return;
    store.channels.set(frame.channel, {
      ...channel,
      unread: frame.unread ?? channel.unread,
      mentions: frame.mentions ?? channel.mentions,
      last_read: frame.last_read ?? channel.last_read,
    });
    store.changes("channels");
  },
  message(store, frame) {
    arrive(store, frame.channel, frame.message);
    store.emit("arrived", frame);
  },
  ephemeral(store, frame) {
    const message = { ...frame.message, channel: frame.channel, is_ephemeral: true };
    store.ephemerals = [...store.ephemerals.filter((one) => one.ts !== message.ts), message];
    arrive(store, frame.channel, message);
    store.emit("arrived", frame);
  },
  message_changed(store, frame) {
    for (const conversation of of(store, frame.channel)) conversation.replace(frame.message);
  },
  reaction: (store, frame) => frame.message && HEARD.message_changed(store, frame),
  message_deleted(store, frame) {
    store.ephemerals = store.ephemerals.filter((one) => one.ts !== frame.ts);
    for (const conversation of of(store, frame.channel)) conversation.remove(frame.ts);
  },
  modal_opened(store, frame) {
    const known = store.modals.some((view) => view.id === frame.view.id);
    store.modals = known ? store.modals.map((view) => (view.id === frame.view.id ? frame.view : view)) : [...store.modals, frame.view];
    store.changes("modals");
  },
  modal_updated(store, frame) {
    store.modals = store.modals.map((view) => (view.id === frame.view.id ? frame.view : view));
    store.changes("modals");
  },
  modal_closed(store, frame) {
    const gone = new Set([...(frame.view_ids ?? []), frame.view_id]);
    store.modals = store.modals.filter((view) => !gone.has(view.id));
    store.changes("modals");
  },
  home(store, frame) {
    store.homes.set(frame.app_id, frame.view);
    store.changes(`home:${frame.app_id}`);
  },
  toast: (store, frame) => store.toast(frame.level ?? "info", frame.text),
  typing(store, frame) {
    const until = performance.now() + 5000;
    store.typing = [...store.typing.filter((one) => one.user !== frame.user), { ...frame, until }];
    store.changes("typing");
  },
};

/** @param {Store} store @param {string} channel @returns {Conversation[]} */
function of(store, channel) {
  return [...store.conversations.values()].filter((conversation) => conversation.channel === channel);
}

/**
 * A new message: into its thread, into the timeline, or both when it was also sent to the channel.
 * @param {Store} store @param {string} channel @param {Message} message
 */
function arrive(store, channel, message) {
  for (const conversation of of(store, channel)) conversation.arrive(message);
  const about = store.channels.get(channel);
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  if (about && !message.is_ephemeral && !reply && message.ts > (about.latest_ts ?? "")) {
    store.channels.set(channel, { ...about, latest_ts: message.ts });
    store.changes("channels");
  }
}
