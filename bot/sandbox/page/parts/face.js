/** A person's face: initials on their colour, or an app's mark. */
import { h } from "./dom.js";
import { personName } from "../state/names.js";

const APP = "#44525c";

/**
 * A calm shade of the person's colour, dark enough for white initials.
 * @param {import("../state/types.js").User} user
 * @returns {string} `#rrggbb`
 */
export function colourOf(user) {
  if (user.is_bot) return APP;
  const given = String(user.color ?? "").replace(/^#/, "");
  const sum = [...user.id].reduce((total, char) => (total * 31 + char.charCodeAt(0)) % 360, 7);
  const hue = /^[0-9a-f]{6}$/i.test(given) ? hueOf(given) : sum;
  return calm(hue ?? sum);
}

/** The hue in degrees, or null for a grey. @param {string} hex */
function hueOf(hex) {
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range < 0.06) return null;
  const part = most === red ? ((green - blue) / range + 6) % 6 : most === green ? (blue - red) / range + 2 : (red - green) / range + 4;
  return Math.round(part * 60);
}

/** The same quiet saturation for every hue, as dark as white text needs. @param {number} hue */
function calm(hue) {
  for (let lightness = 0.46; lightness > 0.2; lightness -= 0.02) {
    const colour = fromHsl(hue, 0.4, lightness);
    if (1.05 / (luminance(colour) + 0.05) >= 5.2) return colour;
  }
  return fromHsl(hue, 0.4, 0.2);
}

/** @param {number} hue @param {number} saturation @param {number} lightness */
function fromHsl(hue, saturation, lightness) {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const part = (/** @type {number} */ at) => {
    const turn = (at + hue / 30) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1));
    return Math.round(value * 255).toString(16).padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

/** WCAG's relative luminance. @param {string} colour `#rrggbb` */
function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {import("../state/types.js").User} user */
function initials(user) {
  if (user.initials) return user.initials;
  const words = personName(user).replace(/^(?:dr|prof|mr|mrs|ms)\.?\s+/i, "").split(/[\s._-]+/).filter(Boolean);
  return [words[0], words.length > 1 ? words[words.length - 1] : ""].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}

/**
 * @param {import("../state/types.js").User} user
 * @param {number} size in pixels
 * @param {{presence?: boolean}} [options]
 */
export function face(user, size, { presence } = {}) {
  const picture = h(
    "span",
    { class: user.is_bot ? "face face-app" : "face", "aria-hidden": "true", style: { "--size": `${size}px`, "--colour": colourOf(user) } },
    initials(user),
  );
  if (!presence || user.is_bot) return picture;
  const state = user.presence === "active" ? "active" : "away";
  return h("span", { class: "face-with-dot" }, picture, h("span", { class: `dot dot-${state}`, role: "img", "aria-label": state }));
}
