/** The faults that one button plans, and how a planned one is called. */

const telegram = (kind, more = {}) => ({ service: "telegram", kind, ...more });
const stripe = (kind, more = {}) => ({ service: "stripe", kind, ...more });
const mail = (kind, more = {}) => ({ service: "mail", kind, ...more });

export const FAULTS = [
  ["Telegram", [
    ["429", telegram("error", { status: 429, retry_after: 3 })],
    ["403", telegram("error", { status: 403 })],
    ["502", telegram("error", { status: 502 })],
    ["Sent, then time-out", telegram("timeout_after", { operation: "send" })],
    ["Reset", telegram("reset_before")],
  ]],
  ["Stripe", [
    ["500", stripe("error", { status: 500 })],
    ["429", stripe("error", { status: 429 })],
    ["Time-out before", stripe("timeout_before")],
    ["Time-out after", stripe("timeout_after")],
    ["Cut-off body", stripe("truncated")],
    ["Slow", stripe("slow", { seconds: 8 })],
    ["Down", stripe("error", { status: 503, times: null })],
  ]],
  ["E-mail", [
    ["Refused", mail("error", { operation: "RCPT", status: 550 })],
    ["Busy", mail("error", { operation: "MAIL", status: 451 })],
    ["Taken, no answer", mail("reset_after", { operation: "DATA" })],
    ["Down", mail("reset_before", { times: null })],
  ]],
];

export function ruleName({ service, kind, status, operation }) {
  const what = kind === "error" ? status : kind.replaceAll("_", " ");
  return [service, what, operation].filter(Boolean).join(" · ");
}
