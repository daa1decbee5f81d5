/**
 * The shapes that the local Slack sends. Only types: nothing here runs.
 *
 * @typedef {{id: string, name: string, real_name: string, display_name?: string, title?: string, color?: string,
 *   initials?: string, tz?: string, is_bot?: boolean, deleted?: boolean, is_restricted?: boolean,
 *   is_ultra_restricted?: boolean, is_stranger?: boolean, presence?: "active" | "away",
 *   dnd?: boolean | string | number | {until?: string | number | null} | null}} User
 *
 * @typedef {{id: string, name: string, kind: "channel" | "private" | "im" | "mpim", topic?: string, purpose?: string,
 *   members: string[], user?: string, archived?: boolean, unread: number, mentions: number, last_read?: string,
 *   latest_ts?: string, bookmarks?: {title: string, link?: string, emoji?: string}[]}} Channel
 *
 * @typedef {{ts: string, user?: string, bot_id?: string, username?: string, app_id?: string, text?: string,
 *   blocks?: Block[], attachments?: Record<string, any>[], files?: FileObject[], subtype?: string, thread_ts?: string,
 *   reply_count?: number, reply_users?: string[], latest_reply?: string, edited?: {ts: string, user: string},
 *   reactions?: {name: string, users: string[], count: number}[], is_ephemeral?: boolean, root?: Message,
 *   metadata?: object} & Record<string, any>} Message
 *
 * @typedef {{type: string, block_id?: string} & Record<string, any>} Block
 * @typedef {{type: string, action_id?: string} & Record<string, any>} BlockElement
 * @typedef {{type: "plain_text" | "mrkdwn", text: string, emoji?: boolean, verbatim?: boolean}} TextObject
 * @typedef {{text: TextObject, value: string, description?: TextObject, url?: string}} Option
 * @typedef {{id: string, name: string, title?: string, mimetype?: string, filetype?: string, pretty_type?: string,
 *   size?: number, url_private?: string, url_private_download?: string, permalink?: string} & Record<string, any>} FileObject
 *
 * @typedef {{id: string, type: "modal" | "home", title?: TextObject, submit?: TextObject, close?: TextObject,
 *   blocks: Block[], callback_id?: string, hash?: string, previous_view_id?: string | null,
 *   root_view_id?: string, app_id?: string, submit_disabled?: boolean} & Record<string, any>} View
 *
 * @typedef {{command: string, description?: string, usage_hint?: string, app_id?: string}} Command
 * @typedef {{name: string, type: "global" | "message", callback_id: string, description?: string, app_id?: string}} Shortcut
 * @typedef {{app_id: string, bot_user_id: string, name: string, has_home: boolean}} App
 * @typedef {{now: string, movable: boolean, has_next: boolean}} Clock
 */
export {};
