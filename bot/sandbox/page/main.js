/** Starts the page: follows the world and shows it on the phones and in the panel. */
import { follow } from "./api.js";
import { h } from "./dom.js";
import { Panel } from "./panel.js";
import { PhoneView } from "./phone.js";
import { moment } from "./words.js";

const byId = (id) => document.getElementById(id);
const phones = new Map();
const panel = new Panel(byId("panel"));
let ahead = 0;
let first = true;

function tab(name, label, badge) {
  const current = document.body.dataset.tab === name;
  return h("button", { type: "button", "aria-current": String(current), onclick: () => choose(name) }, label, badge > 0 && h("span", { class: "badge" }, badge));
}

function tabs() {
  const people = [...phones.values()].map((phone) => tab(String(phone.person.id), phone.person.name, phone.unread));
  const fresh = [...people, tab("panel", "Controls", 0)];
  const nav = byId("tabs");
  if ([...nav.children].map((each) => each.outerHTML).join() === fresh.map((each) => each.outerHTML).join()) return;
  const focused = [...nav.children].indexOf(document.activeElement);
  nav.replaceChildren(...fresh);
  nav.children[focused]?.focus();
}

function choose(name) {
  document.body.dataset.tab = name;
  for (const [id, phone] of phones) phone.node.classList.toggle("current", String(id) === name);
  phones.get(Number(name))?.show();
  tabs();
}

function show(state) {
  ahead = new Date(state.now) - Date.now();
  for (const [hue, person] of state.people.entries()) {
    if (!phones.has(person.id)) {
      const phone = new PhoneView(person, state.bot, hue % 3, () => tabs());
      phones.set(person.id, phone);
      byId("phones").append(phone.node);
      if (!document.body.dataset.tab) choose(String(person.id));
    }
    phones.get(person.id).update(person, person.notices, !first);
  }
  panel.update(state);
  first = false;
}

function tick() {
  const now = new Date(Date.now() + ahead);
  const [date, time, place] = moment(now);
  byId("clock").replaceChildren(h("span", { class: "date" }, date), time, h("span", { class: "place" }, place));
  byId("clock").dateTime = now.toISOString();
}

function toggle(open) {
  byId("panel").hidden = !open;
  byId("panel-toggle").setAttribute("aria-expanded", String(open));
}

const narrow = matchMedia("(max-width: 860px)");
narrow.addEventListener("change", () => toggle(true));
byId("panel-toggle").addEventListener("click", () => toggle(byId("panel").hidden));
toggle(narrow.matches || innerWidth > 1180);
setInterval(tick, 1000);
tick();
follow(show, (lost) => { byId("offline").hidden = !lost; });
