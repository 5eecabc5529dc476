/** Builds DOM nodes; text from outside only ever becomes a text node. */

export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  send: "M4 12 20 4l-5 16-4-6.5L4 12zm7 1.5L20 4",
  clip: "M8 12.500l6.200-6.200a3 3 0 0 1 4.300 4.300l-8 8a5 5 0 0 1-7-7L11 4.200",
  menu: "M5 7h14M5 12h14M5 17h9",
  more: "M12 5v.6M12 11.700v.6M12 18.400v.6",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  open: "M8 5h11v11M19 5 6 18",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  share: "M14 5l6 6-6 6v-4c-6 0-9 2-10 5 0-6 4-9 10-9z",
  down: "M6 10l6 6 6-6",
  pin: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.800 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  cross: "M6 6l12 12M18 6 6 18",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Bring the children of `parent` in line with `items`: a node is rebuilt only when its item has changed. */
export function keyed(parent, items, keyOf, render) {
  const before = parent.keyed ?? new Map();
  const after = new Map();
  let place = parent.firstChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const json = JSON.stringify(item);
    const old = before.get(key);
    const node = old?.json === json ? old.node : render(item);
    if (old && old.node !== node) {
      if (place === old.node) place = old.node.nextSibling;
      const focused = old.node.contains(document.activeElement) && document.activeElement.dataset.act;
      old.node.replaceWith(node);
      if (focused) node.querySelector(`[data-act="${focused}"]`)?.focus();
    } else if (node !== place) parent.insertBefore(node, place);
    place = node.nextSibling;
    after.set(key, { json, node });
  }
  for (const [key, { node }] of before) if (!after.has(key)) node.remove();
  parent.keyed = after;
}

/** The address if a browser may follow it, else null. */
export function safe(url) {
  try {
    return ["http:", "https:", "mailto:", "tel:"].includes(new URL(url, location.href).protocol) ? url : null;
  } catch {
    return null;
  }
}
