/** The messages of one channel's timeline or one thread, in order, as far as they were fetched. */

/** @typedef {import("./types.js").Message} Message */
/** @typedef {(messages: Message[]) => Message[]} Change */

const PAGE = 60;

/** Whether a message is a reply inside a thread. @param {Message} message */
export const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);

/** Whether it stands in the channel itself. @param {Message} message */
const inChannel = (message) => !isReply(message) || message.subtype === "thread_broadcast";

export class Conversation {
  /**
   * @param {import("./api.js").Api} api
   * @param {string} channel
   * @param {string | undefined} threadTs the first message, when this is a thread
   * @param {() => void} changed
   */
  constructor(api, channel, threadTs, changed) {
    this.api = api;
    this.channel = channel;
    this.threadTs = threadTs;
    this.changed = changed;
    /** @type {Message[]} */ this.messages = [];
    this.state = /** @type {"new" | "loading" | "loaded" | "failed"} */ ("new");
    this.hasMore = false;
    this.error = "";
    this.round = 0;
    /** @type {Change[]} what was heard since the running fetch was asked for */ this.since = [];
  }

  /** @param {string} ts */
  find(ts) {
    return this.messages.find((message) => message.ts === ts);
  }

  /** Fetch the newest page, unless it is there. */
  async load() {
    if (this.state === "loading" || this.state === "loaded") return;
    await this.#fetch();
  }

  /** Fetch the page before the oldest message. */
  async loadOlder() {
    if (!this.hasMore || this.state !== "loaded" || this.threadTs) return;
    await this.#fetch(this.messages.find((message) => !message.is_ephemeral)?.ts);
  }

  /**
   * What was fetched may be out of date: the next `load` fetches again.
   * @param {Message[]} [ephemerals] those that still show; without it they stay as they are
   */
  forget(ephemerals) {
    this.round += 1;
    this.state = "new";
    if (!ephemerals) return;
    const mine = ephemerals.filter((message) => this.#isMine(message)).map((message) => ({ ...message, is_ephemeral: true }));
    this.messages = merge([...this.messages.filter((message) => !message.is_ephemeral), ...mine]);
  }

  /** @param {Message} message */
  #isMine(message) {
    return this.threadTs ? message.thread_ts === this.threadTs || message.ts === this.threadTs : inChannel(message);
  }

  async #fetch(before) {
    const round = ++this.round;
    this.since = [];
    this.state = "loading";
    this.changed();
    const answer = this.threadTs
      ? await this.api.read("thread", { channel: this.channel, ts: this.threadTs })
      : await this.api.read("history", { channel: this.channel, limit: PAGE, before });
    if (round !== this.round) return;
    this.state = answer.ok ? "loaded" : "failed";
    this.error = answer.message ?? answer.error ?? "";
    if (answer.ok) {
      this.hasMore = Boolean(answer.has_more) && !this.threadTs;
      const fetched = /** @type {Message[]} */ (answer.messages ?? []);
      const kept = before ? this.messages : this.messages.filter((message) => message.is_ephemeral);
      this.messages = this.since.reduce((messages, change) => change(messages), merge([...fetched, ...kept]));
    }
    this.changed();
  }

  /**
   * An answer on its way was given before this and would undo it, so it is done again when that comes.
   * @param {Change} change
   */
  #apply(change) {
    if (this.state === "loading") this.since.push(change);
    this.messages = change(this.messages);
    this.changed();
  }

  /** @param {Message} message */
  arrive(message) {
    const mine = this.#isMine(message);
    const counts = isReply(message) && (!mine || this.threadTs !== undefined);
    this.#apply((messages) => {
      const all = mine ? merge([...messages, message]) : messages;
      return counts ? countReply(all, message) : all;
    });
  }

  /** @param {Message} changed */
  replace(changed) {
    this.#apply((messages) => messages.map((message) => (message.ts === changed.ts ? changed : message)));
  }

  /** @param {string} ts */
  remove(ts) {
    this.#apply((messages) => messages.filter((message) => message.ts !== ts));
  }
}

/**
 * The reply count under a first message, until the server sends that message anew.
 * @param {Message[]} messages @param {Message} reply
 */
function countReply(messages, reply) {
  return messages.map((message) => {
    if (message.ts !== reply.thread_ts || reply.is_ephemeral || (message.latest_reply ?? "") >= reply.ts) return message;
    const users = [...new Set([...(message.reply_users ?? []), reply.user ?? ""])].filter(Boolean);
    return { ...message, thread_ts: message.ts, reply_count: (message.reply_count ?? 0) + 1, reply_users: users, latest_reply: reply.ts };
  });
}

/** In order of time, one of each; the later mention of the same message wins. @param {Message[]} messages */
function merge(messages) {
  const byTs = new Map(messages.map((message) => [message.ts, message]));
  return [...byTs.values()].sort((one, other) => (one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0));
}
