/** Turns a message's markup into DOM nodes: known tags only, addresses checked, everything else becomes text. */
import { h, safe } from "./dom.js";

const TAGS = {
  B: "strong", STRONG: "strong", I: "em", EM: "em", U: "u", INS: "u", S: "s", STRIKE: "s", DEL: "s",
  CODE: "code", PRE: "pre", BLOCKQUOTE: "blockquote",
};
const LINK = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])|(?<![\w/])(\/[a-z][a-z0-9_]{0,31})(?![\w/])/g;

function link(address, children) {
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
}

/** A text with its bare addresses as links and its commands as buttons. */
function plain(text, onCommand) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(text.slice(at, found.index));
    if (found[1]) nodes.push(link(found[1], found[1]));
    else nodes.push(h("button", { class: "command", type: "button", onclick: () => onCommand(found[2]) }, found[2]));
    at = found.index + found[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

/** A block ends its line by itself: the line break after it is not shown a second time. */
function textOf(node) {
  return ["PRE", "BLOCKQUOTE"].includes(node.previousSibling?.tagName) ? node.data.replace(/^\n/, "") : node.data;
}

function rebuild(node, onCommand, quoted) {
  if (node.nodeType === Node.TEXT_NODE) return quoted ? [textOf(node)] : plain(textOf(node), onCommand);
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const literal = quoted || ["CODE", "PRE", "A"].includes(node.tagName);
  const children = [...node.childNodes].flatMap((child) => rebuild(child, onCommand, literal));
  if (node.tagName in TAGS) return [h(TAGS[node.tagName], null, children)];
  if (node.tagName === "TG-SPOILER") return [h("span", { class: "spoiler", tabindex: "0" }, children)];
  const address = node.tagName === "A" && safe(node.getAttribute("href") ?? "");
  return address ? [link(address, children)] : children;
}

export function marked(html, onCommand) {
  const inert = new DOMParser().parseFromString(`<body>${html}`, "text/html");
  return [...inert.body.childNodes].flatMap((node) => rebuild(node, onCommand, false));
}
