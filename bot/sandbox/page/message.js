/** One message of a chat: built once, then edited in place part by part. */
import { h, icon } from "./dom.js";
import { keyboard } from "./keyboard.js";
import { marked } from "./markup.js";
import { hour, size } from "./words.js";

const fileAddress = (id) => `/control/files/${encodeURIComponent(id)}`;

function paper(file) {
  return h("a", { class: "file", href: fileAddress(file.file_id), download: file.name },
    h("span", { class: "disc" }, icon("file")), h("span", null, h("strong", null, file.name), h("small", null, size(file.size))));
}

function place({ latitude, longitude, title, address }) {
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return h("div", { class: "venue" }, h("div", { class: "chart" }, icon("pin")),
    h("a", { class: "file", href: map, target: "_blank", rel: "noopener noreferrer" },
      h("span", null, h("strong", null, title), h("small", null, address))));
}

function media({ photo, document: file, venue }) {
  if (photo) return h("figure", { class: "photo" }, h("img", { src: fileAddress(photo), alt: "" }));
  if (file) return paper(file);
  return venue ? place(venue) : null;
}

export class MessageView {
  #slots = Object.fromEntries(["media", "words", "keys"].map((part) => [part, h("div", { class: "slot" })]));
  #seen = {};

  constructor(message, act, { mine, author }) {
    this.act = act;
    const time = h("time", { class: "meta", datetime: message.date }, hour(message.date));
    this.bubble = h("div", { class: "bubble" }, author && h("div", { class: "author" }, author), this.#slots.media, this.#slots.words, time);
    const erase = h("button", { class: "erase", type: "button", title: act.words.remove, "aria-label": act.words.remove, onclick: () => act.erase(message.id) }, icon("cross"));
    this.node = h("div", { class: `message ${mine ? "out" : "in"}`, "data-message": message.id }, this.bubble, this.#slots.keys, erase);
    this.update(message);
  }

  update(message) {
    const { photo, document: file, venue, html, keyboard: rows } = message;
    this.#change("media", [photo, file, venue], () => media(message));
    this.#change("words", html, () => (html ? h("div", { class: "words", dir: "auto" }, marked(html, this.act.say)) : null));
    this.#change("keys", rows, () => (rows.length ? keyboard(rows, this.act) : null));
    this.bubble.classList.toggle("bare", !html && Boolean(photo));
    this.node.classList.toggle("broad", Boolean(rows.length || photo || venue));
  }

  /** Rebuild a part whose source has changed; a picture is exchanged once the new one can be shown, so that nothing flickers. */
  async #change(part, source, build) {
    const json = JSON.stringify(source ?? null);
    if (this.#seen[part] === json) return;
    this.#seen[part] = json;
    const slot = this.#slots[part];
    const fresh = build();
    const image = slot.firstChild && fresh?.querySelector("img");
    if (image) await image.decode().catch(() => null);
    if (this.#seen[part] !== json) return;
    const focused = [...slot.querySelectorAll("button, a")].indexOf(document.activeElement);
    slot.replaceChildren(...(fresh ? [fresh] : []));
    if (focused >= 0) slot.querySelectorAll("button, a")[focused]?.focus({ preventScroll: true });
  }
}
