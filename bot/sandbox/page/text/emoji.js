/** The common emoji by their names in Slack. Others show as `:name:`, as Slack does with unknown ones. */

const LIST = `
smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 joy 😂 rofl 🤣 rolling_on_the_floor_laughing 🤣 slightly_smiling_face 🙂
upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 smiling_face_with_3_hearts 🥰 heart_eyes 😍 star-struck 🤩 kissing_heart 😘 relaxed ☺️ yum 😋
stuck_out_tongue 😛 zany_face 🤪 hugging_face 🤗 thinking_face 🤔 face_with_raised_eyebrow 🤨 neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏
unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 face_with_thermometer 🤒
face_with_head_bandage 🤕 nauseated_face 🤢 sneezing_face 🤧 hot_face 🥵 cold_face 🥶 dizzy_face 😵 partying_face 🥳 sunglasses 😎 nerd_face 🤓
confused 😕 worried 😟 slightly_frowning_face 🙁 white_frowning_face ☹️ open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺 cry 😢
sob 😭 scream 😱 confounded 😖 persevere 😣 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 yawning_face 🥱 triumph 😤 rage 😡 angry 😠
skull 💀 hankey 💩 clown_face 🤡 ghost 👻 alien 👽 robot_face 🤖 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊
wave 👋 raised_hand ✋ hand ✋ vulcan_salute 🖖 ok_hand 👌 pinched_fingers 🤌 crossed_fingers 🤞 v ✌️ point_left 👈 point_right 👉 point_up ☝️
point_up_2 👆 point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ facepunch 👊 punch 👊 clap 👏 raised_hands 🙌 open_hands 👐
palms_up_together 🤲 handshake 🤝 pray 🙏 writing_hand ✍️ muscle 💪 leg 🦵 foot 🦶 ear 👂 nose 👃 brain 🧠 anatomical_heart 🫀 lungs 🫁 tooth 🦷 bone 🦴 eyes 👀 eye 👁️
tongue 👅 lips 👄 baby 👶 woman 👩 man 👨 older_woman 👵 older_man 👴 male-doctor 👨‍⚕️ female-doctor 👩‍⚕️ health_worker 🧑‍⚕️ nurse 👩‍⚕️
person_frowning 🙍 no_good 🙅 ok_woman 🙆 information_desk_person 💁 raising_hand 🙋 bow 🙇 facepalm 🤦 face_palm 🤦 shrug 🤷 massage 💆
walking 🚶 runner 🏃 woman-running 🏃‍♀️ standing_person 🧍 weight_lifter 🏋️ person_in_lotus_position 🧘 bath 🛀 bed 🛏️ busts_in_silhouette 👥 bust_in_silhouette 👤
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍 broken_heart 💔 two_hearts 💕 sparkling_heart 💖
100 💯 anger 💢 boom 💥 dizzy 💫 sweat_drops 💦 dash 💨 speech_balloon 💬 thought_balloon 💭 zzz 💤 fire 🔥 sparkles ✨ star ⭐ star2 🌟 zap ⚡
sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ snowflake ❄️ rainbow 🌈 droplet 💧 ocean 🌊 earth_africa 🌍 crescent_moon 🌙 new_moon 🌑 full_moon 🌕
seedling 🌱 evergreen_tree 🌲 herb 🌿 four_leaf_clover 🍀 maple_leaf 🍁 cherry_blossom 🌸 rose 🌹 sunflower 🌻 tulip 🌷 bouquet 💐
dog 🐶 cat 🐱 mouse 🐭 rabbit 🐰 bear 🐻 panda_face 🐼 turtle 🐢 bird 🐦 penguin 🐧 owl 🦉 bee 🐝 butterfly 🦋 snail 🐌 whale 🐳 fish 🐟
apple 🍎 green_apple 🍏 banana 🍌 grapes 🍇 strawberry 🍓 avocado 🥑 carrot 🥕 bread 🍞 cheese_wedge 🧀 pizza 🍕 cake 🍰 birthday 🎂 cookie 🍪
coffee ☕ tea 🍵 beer 🍺 wine_glass 🍷 cup_with_straw 🥤 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 soccer ⚽ dart 🎯
house 🏠 office 🏢 hospital 🏥 school 🏫 car 🚗 ambulance 🚑 bus 🚌 bike 🚲 airplane ✈️ rocket 🚀 anchor ⚓ construction 🚧 vertical_traffic_light 🚦
watch ⌚ hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ clock1 🕐 clock3 🕒 clock9 🕘 calendar 📅 date 📅 spiral_calendar_pad 🗓️
phone ☎️ telephone_receiver 📞 iphone 📱 computer 💻 keyboard ⌨️ printer 🖨️ bulb 💡 flashlight 🔦 battery 🔋 electric_plug 🔌 mag 🔍 mag_right 🔎
email 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 package 📦 memo 📝 pencil 📝 pencil2 ✏️ page_facing_up 📄 page_with_curl 📃
clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗 scissors ✂️ file_folder 📁 open_file_folder 📂 books 📚 book 📖 bookmark 🔖 label 🏷️
bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 key 🔑 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢
hammer 🔨 wrench 🔧 hammer_and_wrench 🛠️ gear ⚙️ scales ⚖️ shield 🛡️ syringe 💉 pill 💊 stethoscope 🩺 adhesive_bandage 🩹 drop_of_blood 🩸 thermometer 🌡️ microscope 🔬 dna 🧬 test_tube 🧪 crutch 🩼 x-ray 🩻
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ grey_question ❔
exclamation ❗ heavy_exclamation_mark ❗ grey_exclamation ❕ bangbang ‼️ interrobang ⁉️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 sos 🆘 rotating_light 🚨 information_source ℹ️ recycle ♻️
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️ leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ arrows_counterclockwise 🔄 repeat 🔁 back 🔙 end 🔚 soon 🔜 new 🆕 ok 🆗 up 🆙 free 🆓
fast_forward ⏩ rewind ⏪ double_vertical_bar ⏸️ black_square_for_stop ⏹️ arrow_forward ▶️ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ radio_button 🔘
red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 large_purple_square 🟪 white_large_square ⬜ black_large_square ⬛ small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷
zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣ a 🅰️ b 🅱️ wheelchair ♿ checkered_flag 🏁 triangular_flag_on_post 🚩 white_flag 🏳️
`;

/** @type {Map<string, string>} */
const BY_NAME = new Map();
{
  const words = LIST.trim().split(/\s+/);
  for (let index = 0; index + 1 < words.length; index += 2) BY_NAME.set(words[index], words[index + 1]);
}

const TONES = ["", "", "🏻", "🏼", "🏽", "🏾", "🏿"];

/**
 * The character for `thumbsup` or `wave::skin-tone-3`; undefined when the name isn't known.
 * @param {string} name
 */
export function emoji(name) {
  const [plain, tone] = name.split("::skin-tone-");
  const found = BY_NAME.get(plain);
  return found && tone ? found + (TONES[Number(tone)] ?? "") : found;
}

/**
 * Names that begin with, then names that contain, what was typed.
 * @param {string} typed
 * @param {number} limit
 * @returns {{name: string, text: string}[]}
 */
export function findEmoji(typed, limit) {
  const wanted = typed.toLowerCase();
  const names = [...BY_NAME.keys()];
  const starting = names.filter((name) => name.startsWith(wanted));
  const containing = names.filter((name) => !name.startsWith(wanted) && name.includes(wanted));
  return [...starting, ...containing].slice(0, limit).map((name) => ({ name, text: /** @type {string} */ (BY_NAME.get(name)) }));
}
