// What people read in place of codes; the words of the rules come from vocabulary.js.

import { CHANNELS, GATES, KINDS, MESSAGING, REASONS } from "./vocabulary.js";

export { CHANNELS, GATES, KINDS, MESSAGING, REASONS };

/** A reason or gate in words; a code that is not known here is better than silence. */
export const reason = (code) => REASONS[code] ?? GATES[code] ?? code;
export const channel = (name) => CHANNELS[name] ?? name;
export const tier = (name) => capital(name.replaceAll("_", " "));
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const number = (value) => Number(value).toLocaleString("en");
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (texts) => new Intl.ListFormat("en-GB", { type: "conjunction" }).format(texts);

/** An instant of the API for people: its date, and its time where it is not midnight, in UTC as the rules count. */
export function instant(text) {
  const time = new Date(text);
  const midnight = text.includes("T00:00:00");
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
