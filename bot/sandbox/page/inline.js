/** Inline mode: what the bot proposes while somebody writes its name, and the sending of one of it. */
import { get, post } from "./api.js";
import { h } from "./dom.js";

const PAUSE = 150;
const TRIES = 50;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export class Proposals {
  #turn = 0;
  #list = null;

  /** `sent` is called once something has been sent. */
  constructor(phone, sent) {
    Object.assign(this, { phone, sent });
  }

  /** Called whenever the text being written has changed: `@bot words` asks the bot. */
  async follow(text) {
    const turn = ++this.#turn;
    const query = this.#query(text);
    if (query === null) return this.close();
    await wait(PAUSE);
    if (turn !== this.#turn) return;
    const { person, current: chat } = this.phone;
    const asked = await this.phone.attempt(post(`chats/${person.id}/inline`, { query, chat }));
    const path = asked && `chats/${person.id}/inline/${asked.query_id}`;
    const results = path && (await this.#answer(path, turn));
    if (results && turn === this.#turn) this.#show(path, results);
  }

  close() {
    this.#turn += 1;
    this.#list?.remove();
    this.#list = null;
  }

  /** The words behind the bot's name, which must come first and be followed by a space. */
  #query(text) {
    const name = `@${this.phone.bot.username} `;
    return text.toLowerCase().startsWith(name.toLowerCase()) ? text.slice(name.length).trim().slice(0, 256) : null;
  }

  async #answer(path, turn) {
    for (let tries = 0; tries < TRIES && turn === this.#turn; tries += 1) {
      const found = await this.phone.attempt(get(path));
      if (found === null || found.results) return found?.results;
      await wait(PAUSE);
    }
    return null;
  }

  #show(path, results) {
    this.#list?.remove();
    this.#list = h("div", { class: "menu", "aria-label": this.phone.words.proposals }, results.map((each) =>
      h("button", { type: "button", onclick: () => this.#send(path, each.id) }, h("span", null, h("strong", null, each.title), h("br", null), each.description))));
    if (results.length) this.phone.phone.append(this.#list);
  }

  async #send(path, result) {
    this.close();
    if (await this.phone.attempt(post(`${path}/send`, { result, chat: this.phone.current }))) this.sent();
  }
}
