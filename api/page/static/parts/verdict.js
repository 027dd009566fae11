// A verdict in words: its sentence, its reasons and the state of a channel, each with what it rests on.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { nameOf } from "../names.js";
import { link } from "../question.js";
import { MESSAGING, channel, listed, resting, sentence } from "../words.js";

export const member = (id) => html`<a href=${link("member", { id })}>${nameOf("members", id)}</a>`;

/** How a verdict looks: free, at a price or not at all, and whether that is certain. */
export function mood(verdict) {
  const able = verdict.reachable_free ? "good" : verdict.reachable ? "paid" : "bad";
  return verdict.certain ? able : `${able} unsure`;
}

/** The verdict in a sentence, with what it rests on where it is not certain. */
export function headline(verdict, about) {
  const able = verdict.reachable ? "can reach" : "cannot reach";
  const price = verdict.reachable && !verdict.reachable_free ? ", at the price of a credit" : "";
  const deciding = verdict.channels.filter((each) => each.open === verdict.reachable && MESSAGING.includes(each.kind));
  const by = (some) => listed(some.map((each) => lower(channel(each.channel))));
  const people = html`${member(verdict.sender)} ${able} ${member(verdict.recipient)}`;
  if (verdict.certain && !verdict.reachable) return html`${people}.`;
  if (verdict.certain) {
    const [sure, others] = [deciding.filter(isCertain), deciding.filter((each) => !isCertain(each))];
    return html`${people} by ${by(sure)}${others.length ? `, and as far as is known by ${by(others)}` : ""}${price}.`;
  }
  const least = deciding.filter((each) => !isCertain(each)).sort((a, b) => a.rests_on.length - b.rests_on.length)[0];
  const rest = resting(least, verdict.degree, about);
  const alike = deciding.filter((each) => resting(each, verdict.degree, about) === rest);
  return html`${people}${verdict.reachable ? ` by ${by(alike)}${price}` : ""}, ${rest}.`;
}

const isCertain = ({ rests_on }) => rests_on.length === 0;

export const lower = (text) => (text === "InMail" ? text : text.charAt(0).toLowerCase() + text.slice(1));

/** A reason as a sentence about the two, with its code. */
export const words = (code, about) =>
  html`<span class="said">${sentence(code, { ...about, tier: about.better })}.</span> <span class="code mono">${code}</span>`;

/** Whether a channel is open, as a tag. */
export function state({ open, kind, rests_on }) {
  const look = open ? (kind === "paid" ? "paid" : "good") : "bad";
  const text = open ? "✓ open" : "✕ denied";
  return html`<span class="tag ${look} ${rests_on.length ? "unsure" : ""}">${text}${rests_on.length ? ", not certain" : ""}</span>`;
}

/** What a channel's answer rests on, as a line of its own. */
export function rest(each, verdict, about) {
  const text = resting(each, verdict.degree, about);
  return text ? html`<p class="small rests">${text.charAt(0).toUpperCase() + text.slice(1)}.</p>` : nothing;
}
