/** What appears over a phone for a moment: toasts, and alerts that must be closed. */
import { h } from "./dom.js";

export function toast(phone, text) {
  phone.querySelector(".toast")?.remove();
  const node = h("div", { class: "toast", role: "status" }, text);
  phone.append(node);
  setTimeout(() => node.remove(), 3500);
}

export function alertBox(phone, text, ok) {
  phone.querySelector(".veil")?.remove();
  const before = document.activeElement;
  const close = () => {
    veil.remove();
    before?.focus?.();
  };
  const button = h("button", { type: "button", onclick: close }, ok);
  const veil = h("div", { class: "veil", role: "alertdialog", "aria-modal": "true", "aria-label": text }, h("div", null, text, button));
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") event.preventDefault();
  });
  phone.append(veil);
  button.focus({ preventScroll: true });
}
