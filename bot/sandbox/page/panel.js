/** The controls beside the phones: time, payments, webhooks, faults. */
import { post, remove } from "./api.js";
import { h, keyed } from "./dom.js";
import { amount, hour } from "./words.js";
import { FAULTS, ruleName } from "./presets.js";

const STEPS = [["+15 min", 900], ["+1 h", 3600], ["+1 day", 86400]];

export class Panel {
  #cards = [];

  constructor(node) {
    this.said = h("p", { class: "said", role: "status" });
    this.sessions = h("ul", { class: "rows" });
    this.money = h("ul", { class: "rows" });
    this.events = h("ul", { class: "rows tight", tabindex: "0", "aria-label": "Events" });
    this.rules = h("ul", { class: "rows" });
    this.mails = h("a", { class: "do", href: "/mail", target: "_blank", rel: "noopener" });
    this.mode = h("select", { id: "mode", onchange: () => this.#do(post("webhooks", { mode: this.mode.value })) });
    node.append(this.said, section("Clock", this.#clock()), section("Checkout sessions", this.sessions, "No customer has gone to pay yet."),
      section("Payments", this.money, "No money has moved."), section("E-mail", h("div", { class: "line" }, this.mails)), section("Webhooks", [this.#webhooks(), this.events]), section("Faults", [this.#faults(), this.rules]));
  }

  update(state) {
    this.#cards = state.cards;
    const { mode, modes } = state.webhooks;
    if (this.mode.options.length !== modes.length) this.mode.replaceChildren(...modes.map((each) => h("option", { value: each }, each)));
    if (document.activeElement !== this.mode) this.mode.value = mode;
    this.mails.textContent = `Open the mailbox (${state.mails})`;
    keyed(this.sessions, state.sessions, (session) => session.id, (session) => this.#session(session));
    keyed(this.money, state.ledger, (row) => row.payment_intent, (row) => this.#payment(row));
    keyed(this.events, state.events, (event) => event.id, (event) => this.#event(event));
    keyed(this.rules, state.faults.rules, (rule) => rule.id, (rule) => this.#rule(rule));
  }

  async #do(call) {
    try {
      await call;
      this.said.textContent = "";
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  #button(label, path, body, act = label) {
    return h("button", { type: "button", class: "do", "data-act": act, onclick: () => this.#do(post(path, body)) }, label);
  }

  #clock() {
    return h("div", { class: "line" }, STEPS.map(([label, seconds]) => this.#button(label, "clock", { advance_seconds: seconds })));
  }

  #webhooks() {
    return h("div", { class: "line" }, h("label", { for: "mode" }, "Delivery"), this.mode, this.#button("Send held", "webhooks/release"));
  }

  #faults() {
    return FAULTS.map(([service, presets]) => h("div", { class: "line wrap" }, h("strong", null, service),
      presets.map(([label, fault]) => this.#button(label, "faults", fault))));
  }

  #session(session) {
    const path = `sessions/${session.id}`;
    const head = h("div", { class: "head" }, h("strong", null, session.reference || session.id), h("span", null, amount(session.amount_total, session.currency)), state(session.stage));
    return h("li", null, head, ...(session.stage === "open" ? this.#open(session, path) : []),
      session.stage === "processing" && h("div", { class: "line" }, this.#button("Bank: paid", `${path}/settle`, { succeed: true }), this.#button("Bank: failed", `${path}/settle`, { succeed: false })));
  }

  #open(session, path) {
    const card = h("select", { "aria-label": "Test card" }, this.#cards.map(({ slot, label }) => h("option", { value: slot }, label)));
    const pay = h("button", { type: "button", class: "do lead", "data-act": "pay", onclick: () => this.#do(post(`${path}/pay`, { card: card.value })) }, "Pay");
    return [h("div", { class: "line" }, card, pay), h("div", { class: "line" }, h("a", { class: "do", href: session.url, target: "_blank", rel: "noopener" }, "Open the pay page"), this.#button("Expire", `${path}/expire`))];
  }

  #payment(row) {
    const left = row.captured - row.refunded - row.disputed;
    const path = `payments/${row.payment_intent}`;
    const head = h("div", { class: "head" }, h("strong", null, row.order || row.payment_intent), h("span", null, amount(row.captured, row.currency)),
      row.refunded > 0 && state(`refunded ${amount(row.refunded, row.currency)}`), row.disputed > 0 && state("disputed"));
    const half = Math.floor(left / 2);
    return h("li", null, head, left > 0 && h("div", { class: "line" }, this.#button("Refund", `${path}/refund`), half > 0 && this.#button("Refund half", `${path}/refund`, { amount: half }), this.#button("Dispute", `${path}/dispute`)),
      row.disputes.map((id) => h("div", { class: "line" }, this.#button("Dispute won", `disputes/${id}/close`, { won: true }), this.#button("Dispute lost", `disputes/${id}/close`, { won: false }))));
  }

  #event(event) {
    const states = event.deliveries.map((each) => each.state);
    return h("li", { title: event.id }, h("div", { class: "head" }, h("code", null, event.type), h("time", null, hour(event.created))),
      h("div", { class: "line" }, states.length ? states.map(state) : state("no endpoint"), this.#button("Send again", `events/${event.id}/send`)));
  }

  #rule(rule) {
    const left = rule.times === null ? "until healed" : `${rule.times} left`;
    const heal = h("button", { type: "button", class: "do", "data-act": "heal", onclick: () => this.#do(remove(`faults?id=${rule.id}`)) }, "Heal");
    return h("li", null, h("div", { class: "head" }, h("strong", null, ruleName(rule)), h("span", null, left), heal));
  }
}

function state(name) {
  return h("span", { class: "state", "data-state": name }, name.replaceAll("_", " "));
}

function section(title, content, empty) {
  return h("details", { open: true }, h("summary", null, h("h2", null, title)), content, empty && h("p", { class: "empty" }, empty));
}
