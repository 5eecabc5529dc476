/** The words of a phone itself, in its owner's language, and how times, amounts and sizes are written. */

const WORDS = {
  en: {
    start: "Start", menu: "Menu", write: "Message", send: "Send", unblock: "Unblock the bot", block: "Block the bot",
    more: "More", latest: "New messages", unread: "New messages", ok: "OK", copied: "Copied", remove: "Delete message", attach: "Send a file", proposals: "The bot proposes",
    about: {
      customer: "A customer, in English. Tap Start, choose something and pay: the page that opens offers test cards.",
      staff: "On the team. Tap Start, then try /today, /sales and /attention. Sales are announced in the group above.",
      group: "Sales, refunds and whatever needs a look are announced here.",
    },
    bot: "bot", group: "group", messages: "Messages",
  },
  fr: {
    start: "Démarrer", menu: "Menu", write: "Message", send: "Envoyer", unblock: "Débloquer le bot", block: "Bloquer le bot",
    more: "Plus", latest: "Nouveaux messages", unread: "Nouveaux messages", ok: "OK", copied: "Copié", remove: "Supprimer le message", attach: "Envoyer un fichier", proposals: "Le bot propose",
    about: {
      customer: "Une cliente, en français. Touchez Démarrer, choisissez et payez : la page qui s’ouvre propose des cartes de test.",
      staff: "Dans l’équipe. Touchez Démarrer, puis essayez /today, /sales et /attention. Les ventes s’annoncent dans le groupe ci-dessus.",
      group: "Les ventes, les remboursements et ce qui demande un regard s’annoncent ici.",
    },
    bot: "bot", group: "groupe", messages: "Messages",
  },
};
const WHOLE = new Set(["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]);
const THOUSANDTHS = new Set(["bhd", "jod", "kwd", "omr", "tnd"]);


/** All clocks of the world go as in the demo shop's town, wherever the browser is. */
const ZONE = { timeZone: "Europe/Paris" };

export const words = (language) => WORDS[language.slice(0, 2)] ?? WORDS.en;

export const hour = (instant) => new Date(instant).toLocaleTimeString("en-GB", { ...ZONE, hour: "2-digit", minute: "2-digit" });

export const day = (instant, language) =>
  new Date(instant).toLocaleDateString(language === "en" ? "en-GB" : language, { ...ZONE, weekday: "long", day: "numeric", month: "long" });

/** An instant as its date, its time and where that is. */
export const moment = (instant) => [
  instant.toLocaleDateString("en-GB", { ...ZONE, weekday: "short", day: "numeric", month: "short", year: "numeric" }),
  instant.toLocaleTimeString("en-GB", ZONE),
  ZONE.timeZone.split("/")[1],
];

/** An amount in Stripe's minor units, written out. */
export function amount(minor, currency) {
  const places = WHOLE.has(currency) ? 0 : THOUSANDTHS.has(currency) ? 3 : 2;
  const style = { style: "currency", currency, minimumFractionDigits: places, maximumFractionDigits: places };
  return new Intl.NumberFormat("en", style).format(minor / 10 ** places);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
