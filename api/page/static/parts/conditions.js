// What every question may be asked with: as if on another tier, at another instant, under another rule pack.

import { html } from "../vendor/lit-html/lit-html.js";
import { get } from "../client.js";
import { CHANNELS, tier, visible } from "../words.js";

let loaded = null;

/** The packs of the graph, asked for once; each with the `channels` of its tiers, and whether it is the `default`. */
export async function packs() {
  loaded ??= get("packs").then(({ packs, default: ours }) =>
    packs.map((pack) => ({ ...pack, default: pack.name === ours, channels: channelsOf(pack) })),
  );
  try {
    return await loaded;
  } catch (problem) {
    loaded = null;
    throw problem;
  }
}

/** Asks for the packs again: a load may have brought some. */
export const forgetPacks = () => (loaded = null);

const channelsOf = ({ tiers }) =>
  Object.keys(CHANNELS).filter((name) => tiers.some((each) => each.channels.includes(name)));

/** The pack of a question: the one named, or the server's own. */
export function packOf(known, name) {
  return known.find((pack) => (name ? pack.name === name : pack.default)) ?? known[0];
}

/** The tier of this name in a pack, or undefined. */
export const tierOf = (pack, name) => pack?.tiers.find((each) => each.name === name);

/** The lowest tier of a pack that writes directly this far, or undefined. */
export const tierReaching = (pack, degree) =>
  degree === null
    ? undefined
    : pack?.tiers.find((each) => each.channels.includes("direct") && each.direct_degree >= degree);

/** The fields `as_tier`, `at` and `pack`, open where one of them is set. */
export function conditionFields(known, question, sender = "the sender") {
  const pack = packOf(known, question.pack);
  return html`<details class="asked" ?open=${Boolean(question.as_tier || question.at || question.pack)}>
    <summary>As if… another tier, instant or rule pack</summary>
    <div class="asked-fields">
      <div class="field"><label for="as_tier">Tier of ${sender}</label>
        <select id="as_tier" name="as_tier">
          <option value="">Their own</option>
          ${(pack?.tiers ?? []).map((each) => html`<option value=${each.name} ?selected=${each.name === question.as_tier}>${tier(each.name)}</option>`)}
        </select></div>
      <div class="field"><label for="at">At</label>
        <input id="at" name="at" value=${question.at ?? ""} placeholder="Now, or 2026-11-23" spellcheck="false" autocomplete="off"></div>
      <div class="field"><label for="pack">Rule pack</label>
        <select id="pack" name="pack">
          <option value="">${known.find((each) => each.default)?.title ?? "The default"}</option>
          ${known.filter((each) => !each.default).map((each) => html`<option value=${each.name} ?selected=${each.name === question.pack}>${visible(each.title)}</option>`)}
        </select></div>
    </div>
  </details>`;
}

/**
 * What stands in a form, by name; empty fields are left out, and those of one name are a list.
 * @returns {Record<string, any>}
 */
export function filled(form) {
  const question = {};
  for (const [name, given] of new FormData(form)) {
    const value = String(given);
    if (value.trim() === "") continue;
    question[name] = name in question ? [question[name], value.trim()].flat() : value.trim();
  }
  return question;
}
