// What people read in place of codes; the words of the rules come from vocabulary.js.

import { BY_SETTING, CHANNELS, FACTS, GATES, KINDS, MESSAGING, REASONS, SENTENCES, WITH_TIER } from "./vocabulary.js";

export { CHANNELS, GATES, KINDS, MESSAGING, REASONS };

// Of a text from data: what is not seen, and what turns the direction of writing.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text from data with its control and bidirectional characters written out, so that it says what it is. */
export const visible = (text) => String(text).replace(UNSEEN, (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`);

/** A reason or gate in words; a code that is not known here is better than silence. */
export const reason = (code) => REASONS[code] ?? GATES[code] ?? code;

/**
 * A reason as a sentence about two people, by their names; `settings` are the recipient's columns, and `tier` is the
 * lowest tier that would reach them, where one does.
 * @param {string} code
 * @param {{sender: string, recipient: string, settings?: Record<string, unknown>, tier?: string}} about
 */
export function sentence(code, { sender, recipient, settings = {}, tier: better }) {
  const of = BY_SETTING[code];
  const template = (better && WITH_TIER[code]) || of?.[String(settings[of.setting])] || SENTENCES[code] || code;
  return about(template, { sender, recipient, tier: better });
}

const about = (template, said) => template.replace(/\{(sender|recipient|tier)\}/g, (_, name) => said[name]);

/**
 * What the answer about a channel rests on and nobody knows, empty where it is certain: an open channel is so if all of
 * it holds, a denied one unless, for each of its reasons, some of it does.
 */
export function resting({ channel, open, reasons, rests_on }, degree, { sender, recipient }) {
  const facts = rests_on.map((name) => FACTS[name]);
  const condition = (fact) => fact.by_degree[degree] ?? fact.condition;
  let clause = "";
  if (open) {
    const all = facts.filter(({ matters_to: some }) => some.length === 0 || some.includes(channel));
    if (all.length) clause = `if ${all.map((fact) => fact.while_open || condition(fact)).join(" and ")}`;
  } else {
    const any = reasons.map((code) =>
      facts
        .filter(({ codes }) => codes.includes(code))
        .map(condition)
        .join(" or "),
    );
    const each = [...new Set(any.filter(Boolean))];
    if (each.length) clause = `unless ${each.join(", and ")}`;
  }
  return clause && `${about(clause, { sender, recipient })}, which is not known`;
}

/** Of the names in a member's set `assumed` those that are no column, in words. */
export const unknownTies = (names) => names.filter((name) => name in TIES).map((name) => TIES[name]);

const TIES = {
  connections: "whom else they are connected to",
  groups: "which other groups they are in",
  companies: "which other companies they are tied to",
  blocks: "whom they block or limit",
};

/** How many are reached: free ones first, and of those whom only InMail reaches how many can be sent to. */
export function reached(free, all, inmails) {
  const paid = all - free;
  const sent = Math.min(paid, inmails ?? paid);
  if (!paid) return `${number(free)} free`;
  return `${number(free)} free, ${number(paid)} more by InMail${inmails === null ? "" : `, of which ${number(sent)} can be sent`}`;
}

/** How many InMails a member can send on a tier this month: credits, and what its limit leaves. */
export function inmailsLeft({ inmail_credits: credits = 0, inmails_sent: sent = 0 }, tierRules) {
  const limit = tierRules?.monthly_inmails;
  return Math.max(0, Math.min(credits, limit === null || limit === undefined ? credits : limit - sent));
}
export const channel = (name) => CHANNELS[name] ?? name;
export const tier = (name) => capital(visible(name).replaceAll("_", " "));
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const number = (value) => Number(value).toLocaleString("en");
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/**
 * `a`, `a and b`, `a, b and c`; of a disjunction with `or`.
 * @param {string[]} texts
 * @param {Intl.ListFormatType} [type]
 */
export const listed = (texts, type = "conjunction") => new Intl.ListFormat("en-GB", { type }).format(texts);

/** An instant of the API for people: its date, and its time where it is not midnight, in UTC as the rules count. */
export function instant(text) {
  const time = new Date(text);
  const midnight = text.includes("T00:00:00");
  /** @type {Intl.DateTimeFormatOptions} */
  const form = { dateStyle: "medium", timeZone: "UTC", ...(midnight ? {} : { timeStyle: "short" }) };
  return new Intl.DateTimeFormat("en-GB", form).format(time) + (midnight ? "" : " UTC");
}

/** How far apart the two are, in words. */
export function between(verdict) {
  if (verdict.no_link) return "No link: no path of three steps or fewer, no shared group, no shared page";
  const mutuals = verdict.mutuals ? `, with ${count(verdict.mutuals, "mutual connection")}` : "";
  if (verdict.degree === null) return "No path of three steps or fewer";
  if (verdict.degree === 1) return `Connected (degree 1)${mutuals}`;
  return `${verdict.degree === 2 ? "Two" : "Three"} steps apart (degree ${verdict.degree})${mutuals}`;
}

/** How long something took, in words. */
export function duration(from, to) {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** What an action of an unlock does; `name` says whom or what its id means. */
export function action({ action, id, until, cost }, name) {
  const done = {
    upgrade: () => `Upgrade to ${tier(id)}`,
    credit: () => "Get one InMail credit",
    join: () => `Join the group ${name(id)}`,
    follow: () => `Follow the page ${name(id)}`,
    connect: () => `Connect with ${name(id)}`,
    unblock: () => `Unblock ${name(id)}`,
    wait: () => `Wait until ${instant(until)}`,
  }[action];
  return (done ? done() : action) + (cost === null ? "" : ` (cost ${cost})`);
}
