/** Inline keyboards: buttons that tap, open, copy or share. */
import { h, icon, safe } from "./dom.js";

/** The start parameter of a link to our own bot, on t.me or at this page's address, else null. */
function startParameter(address, bot) {
  const url = safe(address) && new URL(address, location.href);
  if (!url) return null;
  const named = url.hostname === "t.me" && url.pathname.slice(1).toLowerCase() === bot.username.toLowerCase();
  const here = url.origin === location.origin && url.pathname === "/";
  return named || here ? url.searchParams.get("start") ?? "" : null;
}

function plainKey(button, onclick, mark) {
  return h("button", { class: "key", type: "button", "data-style": button.style, onclick }, h("span", null, button.text), mark && icon(mark));
}

function linkKey(button, act) {
  const start = startParameter(button.value, act.bot);
  if (start !== null) return plainKey(button, () => act.say(`/start ${start}`.trim()));
  if (!safe(button.value)) return plainKey(button, () => act.toast(button.value));
  return h("a", { class: "key", href: button.value, target: "_blank", rel: "noopener", "data-style": button.style }, h("span", null, button.text), icon("open"));
}

function key(button, act) {
  switch (button.kind) {
    case "url": case "web_app": return linkKey(button, act);
    case "copy": return plainKey(button, () => act.copy(button.value), "copy");
    case "inline": return plainKey(button, () => act.write(`@${act.bot.username} ${button.value}`), "share");
    case "disabled": return h("button", { class: "key", type: "button", disabled: true }, button.text);
    default: {
      const node = plainKey(button, () => act.press(button, node));
      return node;
    }
  }
}

export function keyboard(rows, act) {
  return h("div", { class: "keyboard" }, rows.map((row) => h("div", { class: "row" }, row.map((button) => key(button, act)))));
}
