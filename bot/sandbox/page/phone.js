/** One person's phone: who they are, their chats with the bot, what they can do. */
import { post } from "./api.js";
import { ChatView } from "./chat.js";
import { composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { alertBox, toast } from "./notices.js";
import { words } from "./words.js";

export class PhoneView {
  #chats = new Map();
  #waiting = new Map();
  #seenNotice = null;

  constructor(person, bot, hue, onUnread) {
    Object.assign(this, { person, bot, onUnread, words: words(person.language) });
    this.screens = h("div", { class: "screens" });
    this.switcher = h("div", { class: "chats", role: "group" });
    this.composer = composer(this);
    this.more = h("button", { class: "round", type: "button", title: this.words.more, "aria-label": this.words.more, onclick: () => this.#toggleMenu() }, icon("more"));
    this.subtitle = h("small", null);
    this.title = h("strong", null);
    this.phone = h("section", { class: "phone", "aria-label": `${person.name}’s phone`, lang: person.language },
      h("div", { class: "bar" }, h("span", { class: "avatar" }, h("img", { src: "/page/icon.svg", alt: "" })), h("div", { class: "who" }, this.title, this.subtitle), this.more),
      this.switcher, this.screens, this.composer.node);
    this.node = h("article", { class: "person", "data-hue": hue, "data-person": person.id }, this.#label(), this.phone);
  }

  get unread() {
    return [...this.#chats.values()].reduce((sum, chat) => sum + chat.unread, 0);
  }

  update(person, notices, fresh) {
    this.person = person;
    for (const chat of person.chats) {
      if (!this.#chats.has(chat.id)) this.#add(chat);
      this.#chats.get(chat.id).update(chat.messages, fresh);
    }
    this.current ??= person.chats[0].id;
    this.#select(this.current, false);
    this.#notices(notices);
  }

  chat() {
    return this.person.chats.find((chat) => chat.id === this.current);
  }

  // What a person can do: buttons of messages and the composer call these.

  toast(text) {
    toast(this.phone, text);
  }

  async say(text) {
    await this.attempt(post(`chats/${this.person.id}/text`, { text, chat: this.current }));
    this.#chats.get(this.current).toEnd();
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => null);
    this.toast(`${this.words.copied}: ${text}`);
  }

  /** What a button puts into the message field. */
  write(text) {
    this.composer.write(text);
  }

  erase(id) {
    return this.attempt(post(`chats/${this.person.id}/delete`, { message_id: id, chat: this.current }));
  }

  async press(button, node) {
    const message_id = Number(node.closest("[data-message]").dataset.message);
    node.setAttribute("aria-busy", "true");
    const found = await this.attempt(post(`chats/${this.person.id}/press`, { message_id, data: button.value, chat: this.current }));
    const query = found?.taps[0]?.query_id;
    if (query && !this.#answered.has(query)) this.#waiting.set(query, node);
    else node.removeAttribute("aria-busy");
  }

  attempt(call) {
    return call.catch((error) => {
      this.toast(error.message);
      return null;
    });
  }

  show() {
    this.#chats.get(this.current)?.open();
  }

  #answered = new Set();

  #notices(notices) {
    for (const notice of notices) {
      if (this.#answered.has(notice.query_id)) continue;
      this.#answered.add(notice.query_id);
      this.#waiting.get(notice.query_id)?.removeAttribute("aria-busy");
      this.#waiting.delete(notice.query_id);
      if (this.#seenNotice === null || !notice.text) continue;
      if (notice.show_alert) alertBox(this.phone, notice.text, this.words.ok);
      else this.toast(notice.text);
    }
    this.#seenNotice = true;
  }

  #label() {
    const { name, role, tongue } = this.person;
    return h("header", null, h("span", { class: "avatar", "aria-hidden": "true" }, name[0]), h("div", null, h("h2", null, name), h("p", null, `${role} · ${tongue}`)));
  }

  #add(chat) {
    const view = new ChatView(chat, this.person, this, () => this.#select(this.current, false));
    view.node.hidden = true;
    this.#chats.set(chat.id, view);
    this.screens.append(view.node);
  }

  #select(id, focus = true) {
    const moved = this.current !== id || this.#chats.get(id).node.hidden;
    this.current = id;
    const chat = this.chat();
    for (const [key, view] of this.#chats) view.node.hidden = key !== id;
    this.title.textContent = chat.title;
    this.subtitle.textContent = chat.group ? this.words.group : this.words.bot;
    this.#switches();
    this.composer.update(this.person, chat);
    if (moved) this.#chats.get(id).open();
    if (focus) this.composer.focus();
    this.onUnread();
  }

  #switches() {
    const chats = this.person.chats;
    this.switcher.hidden = chats.length < 2;
    const known = JSON.stringify(chats.map((chat) => [chat.id, chat.title, this.#chats.get(chat.id).unread, chat.id === this.current]));
    if (known === this.switcher.dataset.known) return;
    this.switcher.dataset.known = known;
    this.switcher.replaceChildren(...chats.map((chat) => {
      const { unread } = this.#chats.get(chat.id);
      return h("button", { type: "button", "aria-pressed": String(chat.id === this.current), onclick: () => this.#select(chat.id) },
        chat.title, unread > 0 && h("span", { class: "badge" }, unread));
    }));
  }

  #toggleMenu() {
    const open = this.phone.querySelector(".menu.down");
    if (open) return open.remove();
    const blocked = this.person.blocked;
    const act = () => {
      this.phone.querySelector(".menu.down").remove();
      return this.attempt(post(`users/${this.person.id}/${blocked ? "unblock" : "block"}`));
    };
    const item = h("button", { type: "button", onclick: act }, blocked ? this.words.unblock : this.words.block);
    this.phone.append(h("div", { class: "menu down" }, item));
    return item.focus();
  }
}
