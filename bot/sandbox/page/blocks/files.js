/** Pictures and files. Nothing is fetched from another host: such a picture shows as its description. */
import { h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";

/** @typedef {import("../state/types.js").FileObject} FileObject */

/** @param {number | undefined} bytes */
export function sizeInWords(bytes) {
  if (bytes === undefined || bytes === null) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The path of an address on this very server, or null. @param {string | undefined} url */
function here(url) {
  if (!url) return null;
  try {
    const address = new URL(url, window.location.href);
    if (address.protocol === "data:") return /^data:image\/(?:png|jpeg|gif|webp);/i.test(url) ? url : null;
    const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;
    const same = address.origin === window.location.origin || (loopback.test(address.hostname) && address.port === window.location.port);
    return same ? address.pathname + address.search : null;
  } catch {
    return null;
  }
}

/** Where this person's page may load a file that is in the workspace. @param {any} file @param {string} me */
function stored(file, me) {
  const found = /^\/files-pri\/[^/-]+-(\w+)\/(.+)$/.exec(here(file?.url ?? file?.url_private) ?? "");
  const id = file?.id ?? found?.[1];
  return id ? `/_sandbox/as/${me}/files/${id}/${found?.[2] ?? "picture"}` : null;
}

/** @param {any} element with `image_url` or `slack_file`, and `alt_text` @param {string} look @param {string} me who looks */
export function picture(element, look, me) {
  const source = element.slack_file ? stored(element.slack_file, me) : here(element.image_url);
  const alt = element.alt_text ?? "";
  if (source) return h("img", { class: look, src: source, alt, loading: "lazy" });
  const place = element.image_url ? hostName(element.image_url) : "";
  return h("span", { class: `${look} picture-away`, role: "img", "aria-label": alt, title: element.image_url ?? alt }, icon("eye", 16), look === "block-image" ? h("span", null, alt, place ? h("span", { class: "dim" }, ` (on ${place}, not loaded here)`) : null) : null);
}

/** @param {string} url */
export function hostName(url) {
  try {
    return new URL(url).hostname;
  } catch {
    return "";
  }
}

/** @param {FileObject} file */
export function fileCard(file) {
  if (file.mode === "tombstone" || file.deleted) return h("div", { class: "file-card dim" }, icon("file", 20), "This file was deleted.");
  const address = here(file.url_private ?? file.url_private_download);
  const name = file.title || file.name;
  const kind = [file.pretty_type ?? file.filetype?.toUpperCase(), sizeInWords(file.size)].filter(Boolean).join(" · ");
  if (file.mimetype?.startsWith("image/") && address && !/svg/.test(file.mimetype)) {
    return h("figure", { class: "file-image" }, h("figcaption", { class: "dim" }, name), h("a", { href: address, target: "_blank", rel: "noopener", "aria-label": `Open ${name}` }, h("img", { src: address, alt: file.alt_txt ?? name, loading: "lazy" })));
  }
  const words = h("span", { class: "file-words" }, h("span", { class: "file-name" }, name), h("span", { class: "dim" }, kind));
  return address ? h("a", { class: "file-card", href: address, download: file.name, rel: "noopener" }, icon("file", 22), words, icon("download", 16)) : h("div", { class: "file-card" }, icon("file", 22), words);
}
