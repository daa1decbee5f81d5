/** What a person does, as requests to the local Slack. */

/**
 * An answer to a deed. `message` is fit to be shown to the person.
 * @typedef {{ok: boolean, error?: string, message?: string} & Record<string, any>} Answer
 */

const UNREACHABLE = { ok: false, error: "unreachable", message: "The local Slack does not answer. Your words are still here; try again in a moment." };

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Answer>}
 */
async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    return { ...UNREACHABLE };
  }
  try {
    const answer = await response.json();
    return Array.isArray(answer) ? { ok: true, items: answer } : { ok: response.ok, ...answer };
  } catch {
    return { ok: false, error: `http_${response.status}`, message: `The local Slack answered ${response.status}.` };
  }
}

/** @param {unknown} body @returns {RequestInit} */
const json = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Everybody in the workspace. @returns {Promise<import("./types.js").User[]>} */
export async function people() {
  const answer = await ask("/_sandbox/people");
  return answer.items ?? [];
}

/** @param {object} move `{advance_seconds}`, `{to}` or `{next: true}` */
export const moveClock = (move) => ask("/_sandbox/clock", json(move));

export class Api {
  /** @param {string} userId */
  constructor(userId) {
    this.userId = userId;
    this.root = `/_sandbox/as/${encodeURIComponent(userId)}`;
  }

  /** @param {string} deed @param {object} [body] */
  do(deed, body = {}) {
    return ask(`${this.root}/${deed}`, json(body));
  }

  /** @param {string} what @param {Record<string, string | number | undefined>} query */
  read(what, query) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    return ask(`${this.root}/${what}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`);
  }

  /** @param {File} file @param {string} [channel] */
  upload(file, channel) {
    const body = new FormData();
    if (channel) body.append("channel", channel);
    body.append("file", file, file.name);
    return ask(`${this.root}/upload`, { method: "POST", body });
  }
}
