/** The messages of one chat: kept in order, edited in place, scrolled to the end unless the reader has scrolled up. */
import { h, icon } from "./dom.js";
import { MessageView } from "./message.js";
import { day } from "./words.js";

const TURN = 5 * 60 * 1000;

export class ChatView {
  #views = new Map();
  #last = null;
  #atEnd = true;
  #top = 0;
  #divider = null;
  unread = 0;

  constructor(chat, person, act, onUnread) {
    Object.assign(this, { chat, person, act, onUnread });
    this.list = h("div", { class: "list" });
    this.log = h("div", { class: "log", role: "log", tabindex: "0", "aria-label": `${act.words.messages}: ${chat.title}`, lang: person.language }, this.list);
    this.latest = h("button", { class: "latest", type: "button", hidden: true, onclick: () => this.toEnd() }, icon("down"));
    this.badge = this.latest.appendChild(h("span", null));
    this.node = h("div", { class: "screen" }, this.log, this.latest);
    this.log.addEventListener("scroll", () => this.#scrolled());
    const stay = new ResizeObserver(() => this.#atEnd && this.#jump());
    [this.log, this.list].forEach((node) => stay.observe(node));
  }

  /** Show the chat as it is now; `fresh`: what is new counts as unread where nobody looks. */
  update(messages, fresh) {
    const alive = new Set(messages.map((message) => message.id));
    for (const [id, view] of this.#views) if (!alive.has(id)) this.#drop(id, view);
    for (const message of messages) {
      const view = this.#views.get(message.id);
      if (view) view.update(message);
      else this.#add(message, fresh);
    }
    if (this.#atEnd) this.#jump();
  }

  shown() {
    return this.log.offsetParent !== null;
  }

  toEnd() {
    this.#atEnd = true;
    this.#read();
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: "smooth" });
  }

  /** Called when the chat comes into sight. */
  open() {
    this.#atEnd = true;
    this.#jump();
    this.#read();
  }

  #add(message, fresh) {
    const mine = !message.from_bot && message.sender_id === this.person.id;
    const date = new Date(message.date);
    const today = day(date, this.person.language);
    if (this.#last?.today !== today) this.list.append(h("div", { class: "divider" }, today));
    if (fresh && !mine) this.#count();
    const author = this.chat.group && !mine && this.#last?.sender !== message.sender_id ? message.sender_name : null;
    const view = new MessageView(message, this.act, { mine, author });
    const turn = this.#last?.sender !== message.sender_id || date - this.#last.date > TURN;
    view.node.classList.toggle("turn", turn);
    view.node.classList.toggle("fresh", fresh);
    this.#last = { sender: message.sender_id, date, today };
    this.#views.set(message.id, view);
    this.list.append(view.node);
  }

  #drop(id, view) {
    view.node.remove();
    this.#views.delete(id);
    if (!this.#views.size) {
      this.list.replaceChildren();
      this.#last = null;
    }
  }

  #count() {
    if (this.shown() && this.#atEnd) return;
    if (!this.unread) {
      this.#divider?.remove();
      this.#divider = this.list.appendChild(h("div", { class: "divider unread" }, this.act.words.unread));
    }
    this.unread += 1;
    this.#announce();
  }

  #read() {
    if (this.unread) {
      this.unread = 0;
      this.#announce();
    }
    this.latest.hidden = true;
  }

  #announce() {
    this.badge.textContent = `${this.act.words.latest}: ${this.unread}`;
    this.latest.hidden = !this.unread || this.#atEnd;
    this.onUnread();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    const up = scrollTop < this.#top - 1; // a picture that grows the list is no movement of the reader's
    this.#top = scrollTop;
    if (scrollHeight - scrollTop - clientHeight < 48) this.#atEnd = true;
    else if (up) this.#atEnd = false;
    if (this.#atEnd && this.shown()) this.#read();
  }

  #jump() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}
