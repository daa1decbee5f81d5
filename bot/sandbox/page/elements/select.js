/** Every select: fixed options, options from the app, people, conversations, channels; one or several. */
import { fragment } from "../parts/dom.js";
import { chooser, matching } from "../parts/choose.js";
import { face } from "../parts/face.js";
import { icon } from "../parts/icons.js";
import { channelLabel } from "../state/names.js";
import { plainNode, plainWords } from "../text/mrkdwn.js";

/** @typedef {import("./surface.js").Place} Place */
/** @typedef {import("../state/types.js").BlockElement} BlockElement */
/** @typedef {import("../parts/choose.js").Item} Item */
/** @typedef {import("../parts/choose.js").Group} Group */

/**
 * What a kind of select offers and under which key its choice travels.
 * @typedef {{one: string, many: string, first: (element: BlockElement, several: boolean) => any,
 *   item: (raw: any, place: Place) => Item, load: (element: BlockElement, place: Place, typed: string) => Group[] | Promise<Group[] | string>}} Kind
 */

/** @type {Kind} */
const OPTIONS = {
  one: "selected_option",
  many: "selected_options",
  first: (element, several) => (several ? (element.initial_options ?? []) : (element.initial_option ?? null)),
  item: (option) => ({ key: option.value, text: plainWords(option.text), label: fragmentOf(option.text), description: plainWords(option.description), raw: option }),
  load: (element, place, typed) => groups(element, place).map((group) => ({ ...group, items: matching(group.items, typed) })).filter((group) => group.items.length),
};

/** @type {Kind} */
const EXTERNAL = {
  ...OPTIONS,
  async load(element, place, typed) {
    const { surface, blockId } = place;
    const answer = await surface.store.api.do("options", { container: surface.container, block_id: blockId, action_id: element.action_id, query: typed });
    return answer.ok ? groups(answer, place) : (answer.message ?? "The app did not send any options.");
  },
};

/** @type {Kind} */
const USERS = {
  one: "selected_user",
  many: "selected_users",
  first: (element, several) => (several ? (element.initial_users ?? []) : (element.initial_user ?? null)),
  item: (id, { surface }) => userItem(id, surface),
  load: (_, place, typed) => {
    const people = [...place.surface.store.users.values()].filter((user) => !user.deleted);
    people.sort((one, other) => one.real_name.localeCompare(other.real_name));
    return [{ items: matching(people.map((user) => userItem(user.id, place.surface)), typed) }];
  },
};

/** @type {Kind} */
const CHANNELS = {
  one: "selected_channel",
  many: "selected_channels",
  first: (element, several) => (several ? (element.initial_channels ?? []) : (element.initial_channel ?? null)),
  item: (id, { surface }) => channelItem(id, surface),
  load: (_, { surface }, typed) => [{ items: matching([...surface.store.channels.values()].filter((channel) => channel.kind === "channel" && !channel.archived).map((channel) => channelItem(channel.id, surface)), typed) }],
};

/** @type {Kind} */
const CONVERSATIONS = {
  one: "selected_conversation",
  many: "selected_conversations",
  first: (element, several) => (several ? (element.initial_conversations ?? []) : (element.initial_conversation ?? null)),
  item: (id, { surface }) => channelItem(id, surface),
  load(element, { surface }, typed) {
    const kinds = { channel: "public", private: "private", im: "im", mpim: "mpim" };
    const wanted = element.filter?.include;
    const offered = [...surface.store.channels.values()].filter((channel) => !channel.archived && (!wanted || wanted.includes(kinds[channel.kind])));
    const noBots = offered.filter((channel) => !(element.filter?.exclude_bot_users && channel.user && surface.store.user(channel.user).is_bot));
    return [{ items: matching(noBots.map((channel) => channelItem(channel.id, surface)), typed) }];
  },
};

const KINDS = { static: OPTIONS, external: EXTERNAL, users: USERS, channels: CHANNELS, conversations: CONVERSATIONS };

/** @param {BlockElement} element @param {Place} place @returns {HTMLElement} */
export function select(element, place) {
  const several = element.type.startsWith("multi_");
  const kind = KINDS[/** @type {keyof typeof KINDS} */ (element.type.replace("multi_", "").replace("_select", ""))];
  const { surface } = place;
  const name = several ? kind.many : kind.one;
  let first = kind.first(element, several);
  if (element.default_to_current_conversation && surface.container.type === "message" && !first) first = several ? [surface.container.channel] : surface.container.channel;
  const held = surface.holds(place, element, { [name]: first })[name];
  const chosen = (several ? (held ?? []) : [held]).filter(Boolean).map((/** @type {any} */ raw) => kind.item(raw, place));
  let told = JSON.stringify(held);

  const valueOf = (/** @type {Item[]} */ items) => (several ? items.map((item) => item.raw) : (items[0]?.raw ?? null));
  const enter = (/** @type {Item[]} */ items) => surface.enter(place, element, { [name]: valueOf(items) });
  const tell = async (/** @type {Item[]} */ items) => {
    const value = valueOf(items);
    if (JSON.stringify(value) === told) return;
    const before = JSON.parse(told ?? "null");
    told = JSON.stringify(value);
    if (await surface.act(place, element, { [name]: value }, field.input)) return;
    told = JSON.stringify(before);
    surface.enter(place, element, { [name]: before });
    field.set((several ? (before ?? []) : [before]).filter(Boolean).map((/** @type {any} */ raw) => kind.item(raw, place)));
  };
  const field = chooser({
    several,
    chosen,
    placeholder: plainWords(element.placeholder) || (several ? "Choose some" : "Choose one"),
    labelledBy: place.labelledBy,
    label: plainWords(element.placeholder) || "Choose",
    describedBy: place.describedBy,
    clearable: Boolean(place.inInput && place.optional && !several),
    most: element.max_selected_items,
    least: kind === EXTERNAL ? (element.min_query_length ?? 3) : 0,
    wait: kind === EXTERNAL ? 250 : 0,
    load: (typed) => kind.load(element, place, typed),
    changed: enter,
    closed: tell,
  });
  field.input.dataset.action = element.action_id ?? "";
  return field.element;
}

/** @param {Record<string, any>} from @param {Place} place @returns {Group[]} */
function groups(from, place) {
  const items = (/** @type {any[]} */ options) => options.map((option) => OPTIONS.item(option, place));
  if (from.option_groups) return from.option_groups.map((group) => ({ label: plainWords(group.label), items: items(group.options) }));
  return [{ items: items(from.options ?? []) }];
}

/** @param {any} text */
const fragmentOf = (text) => fragment(plainNode(text));

/** @param {string} id @param {import("./surface.js").Surface} surface @returns {Item} */
function userItem(id, { store }) {
  const user = store.user(id);
  const display = user.display_name && user.display_name !== user.real_name ? user.display_name : user.title;
  return { key: id, text: user.real_name || user.name, description: display ?? "", picture: () => face(user, 20), raw: id };
}

/** @param {string} id @param {import("./surface.js").Surface} surface @returns {Item} */
function channelItem(id, { store }) {
  const channel = store.channels.get(id);
  if (!channel) return { key: id, text: id, raw: id };
  const picture = () => (channel.user ? face(store.user(channel.user), 20) : icon(channel.kind === "channel" ? "hash" : channel.kind === "private" ? "lock" : "people", 16));
  return { key: id, text: channelLabel(channel, store), picture, raw: id };
}
