/** Where a person writes: the text field, the menu of commands, and Start or Unblock where these come first. */
import { post } from "./api.js";
import { h, icon } from "./dom.js";
import { Proposals } from "./inline.js";

class Composer {
  constructor(phone) {
    this.phone = phone;
    const { words } = phone;
    this.field = h("textarea", { rows: "1", placeholder: words.write, "aria-label": words.write, maxlength: "4096", onkeydown: (event) => this.#key(event), oninput: () => this.proposals.follow(this.field.value) });
    this.proposals = new Proposals(phone, () => { this.field.value = ""; });
    this.menu = h("button", { class: "pill", type: "button", "aria-expanded": "false", onclick: () => this.#toggle() }, icon("menu"), words.menu);
    this.send = h("button", { class: "round send", type: "submit", title: words.send, "aria-label": words.send }, icon("send"));
    this.writing = h("form", { class: "composer" }, this.menu, this.field, this.#attach(), this.send);
    this.writing.addEventListener("submit", (event) => this.#submit(event));
    this.start = h("button", { class: "wide", type: "button", onclick: () => phone.say("/start") }, words.start);
    this.unblock = h("button", { class: "wide", type: "button", onclick: () => phone.attempt(post(`users/${phone.person.id}/unblock`)) }, words.unblock);
    this.first = h("div", { class: "composer" }, this.start, this.unblock);
    this.about = h("div", { class: "intro" }, h("img", { src: "/page/icon.svg", alt: "" }), h("p", null));
    this.node = h("div", null, this.writing, this.first);
  }

  update(person, chat) {
    const blocked = person.blocked && !chat.group;
    const quiet = !chat.messages.length;
    const empty = !chat.group && quiet;
    const hadFocus = this.first.contains(document.activeElement);
    this.unblock.hidden = !blocked;
    this.start.hidden = blocked || !empty;
    this.first.hidden = !blocked && !empty;
    this.writing.hidden = !this.first.hidden;
    this.commands = chat.commands;
    this.menu.hidden = !chat.commands.length;
    const about = this.phone.words.about[chat.group ? "group" : person.role];
    if (this.about.lastChild.textContent !== about) this.about.lastChild.textContent = about;
    if (quiet && !this.about.isConnected) this.phone.screens.append(this.about);
    if (!quiet) this.about.remove();
    if (hadFocus && this.first.hidden) this.focus();
  }

  write(text) {
    this.field.value = text;
    this.focus();
    this.proposals.follow(text);
  }

  focus() {
    (this.writing.hidden ? this.start : this.field).focus({ preventScroll: true });
  }

  /** A file, such as a catalogue that an owner hands to the bot. */
  #attach() {
    const { words } = this.phone;
    const input = h("input", { type: "file", hidden: true, onchange: () => this.#sendFile(input) });
    const button = h("button", { class: "round clip", type: "button", title: words.attach, "aria-label": words.attach, onclick: () => input.click() }, icon("clip"));
    return h("span", { class: "attach" }, button, input);
  }

  async #sendFile(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const content = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    const caption = this.field.value.trim();
    this.field.value = "";
    await this.phone.attempt(post(`chats/${this.phone.person.id}/document`, { name: file.name, mime_type: file.type, content, caption }));
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.writing.requestSubmit();
    } else if (event.key === "Escape") {
      this.#close();
      this.proposals.close();
    } else if (event.key === "/" && !this.field.value && this.commands.length) this.#open();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    this.#close();
    this.proposals.close();
    if (!text) return;
    this.field.value = "";
    this.phone.say(text);
  }

  #toggle() {
    if (this.list) this.#close();
    else {
      this.#open();
      this.list.querySelector("button")?.focus();
    }
  }

  #open() {
    this.#close();
    this.list = h("div", { class: "menu" }, this.commands.map(({ command, description }) =>
      h("button", { type: "button", onclick: () => this.#choose(`/${command}`) }, h("code", null, `/${command}`), h("span", null, description))));
    this.list.addEventListener("keydown", (event) => event.key === "Escape" && this.#close(true));
    this.phone.phone.append(this.list);
    this.menu.setAttribute("aria-expanded", "true");
  }

  #choose(text) {
    this.#close(true);
    this.field.value = "";
    this.phone.say(text);
  }

  #close(back = false) {
    this.list?.remove();
    this.list = null;
    this.menu.setAttribute("aria-expanded", "false");
    if (back) this.field.focus();
  }
}

export const composer = (phone) => new Composer(phone);
