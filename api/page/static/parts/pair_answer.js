// The answer about a pair: the verdict in words, what lies between the two, who could introduce them, every channel.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get, part } from "../client.js";
import { learn, nameOf, remember } from "../names.js";
import { command, conditions, link, options } from "../question.js";
import { KINDS, action, between, channel, count, instant, listed, number, sentence, tier, visible } from "../words.js";
import { tierReaching } from "./conditions.js";
import { copies } from "./copies.js";
import { draw, drawWays, evidence, learnEvidence } from "./drawing.js";
import { busy, failure } from "./state.js";
import { headline, lower, member, mood, rest, state, words } from "./verdict.js";
import { supposed, whatIf } from "./what_if.js";

/** Asks for the verdict, and shows it with all that there is to say about the two. */
export async function answer(question, pack, place, signal) {
  const parameters = { sender: question.sender, recipient: question.recipient, ...conditions(question) };
  render(busy("Checking the pair…"), place);
  try {
    const verdict = await get("check", parameters, signal);
    const profile = (id) => get(`members/${part(id)}`, { at: question.at, pack: question.pack }, signal);
    const [unlock, sender, recipient, known] = await Promise.all([
      verdict.reachable ? null : get("unlock", parameters, signal),
      profile(question.sender),
      profile(question.recipient),
      verdict.mutuals
        ? get("mutuals", { ...parameters, as_tier: null, limit: LISTED }, signal)
        : { mutuals: [], more: 0 },
      learnEvidence(verdict),
    ]);
    remember("members", known.mutuals);
    if (unlock) await learnActions(unlock);
    const aboutOf = (verdict) => ({
      sender: nameOf("members", verdict.sender),
      recipient: nameOf("members", verdict.recipient),
      settings: recipient.properties,
      better: better(verdict, pack),
    });
    const about = aboutOf(verdict);
    const supposing = { question, pack, about, aboutOf, groups: notShared(sender, recipient), signal };
    render(shown(verdict, unlock, known, about, parameters, whatIf(verdict, supposing)), place);
    const mutuals = known.mutuals.map(({ id }) => id);
    await Promise.all([
      supposed(verdict, supposing, place),
      drawBetween(place, verdict, mutuals),
      introduced(place.querySelector("#introductions"), parameters, signal),
    ]);
  } catch (problem) {
    if (problem.name !== "AbortError")
      render(
        failure(problem, () => answer(question, pack, place, signal)),
        place,
      );
  }
}

/** The groups of one of two members, by id. */
function notShared({ groups: some }, { groups: others }) {
  const only = (these, those) => these.filter(({ id }) => !those.some((each) => each.id === id));
  return [...only(some, others), ...only(others, some)].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The lowest tier that would write this far, in words, where it is above the sender's. */
function better(verdict, pack) {
  const reaching = tierReaching(pack, verdict.degree);
  const own = pack?.tiers.find((each) => each.name === verdict.tier);
  return reaching && own && reaching.rank > own.rank ? tier(reaching.name) : undefined;
}

/** Draws what lies between the two: a few mutuals, and on demand as many as can be read. */
async function drawBetween(place, verdict, mutuals) {
  const drawing = place.querySelector(".drawing");
  if (!drawing) return;
  const more = place.querySelector("#draw-more");
  more?.addEventListener("click", () => {
    more.remove();
    drawing.replaceWith(drawing.cloneNode(false));
    draw(place.querySelector(".drawing"), verdict, mutuals.slice(0, READABLE));
  });
  await draw(drawing, verdict, mutuals.slice(0, DRAWN));
}

const WAYS_DRAWN = 6;

/** Over whom the sender could be introduced, in words and drawn. */
async function introduced(place, parameters, signal) {
  render(busy("Looking for introductions…"), place);
  let found;
  try {
    found = await get("introductions", parameters, signal);
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    const again = () => introduced(place, parameters, signal);
    return render(failure(problem, again), place);
  }
  if (!found.ways.length) {
    render(nothing, place);
    return;
  }
  await learn(
    "members",
    found.ways.flatMap(({ members }) => members),
  );
  const needed = found.degree === 1 ? html` The two are connected, and need none.` : nothing;
  render(
    html`<section class="card" aria-labelledby="introduce">
      <h2 id="introduce">Who could introduce them</h2>
      <p class="soft small">The strongest way first; everybody on it can write to the next.${needed}</p>
      <figure>
        <ol class="ways">${found.ways.map(way)}</ol>
        <div class="drawing" aria-hidden="true"></div>
      </figure>
    </section>`,
    place,
  );
  await drawWays(place.querySelector(".drawing"), { ...found, ways: found.ways.slice(0, WAYS_DRAWN) });
}

function way({ members, strength, ties }) {
  const worth = ties.map(({ strength, mutuals }) =>
    strength === byMutuals(mutuals) ? `${strength} (${count(mutuals, "mutual connection")})` : `${strength} (given)`,
  );
  return html`<li>${members.slice(1, -1).map((id, place) => html`${place ? " – " : ""}${member(id)}`)}
    <span class="soft small">· strength ${(100 * strength).toFixed(1)} % · ties of ${listed(worth)}</span></li>`;
}

/** What a tie that was given no strength is worth (docs/rules.md, section 9). */
const byMutuals = (mutuals) => 100 - Math.floor(100 / (2 + mutuals));

const LISTED = 100;
const DRAWN = 4;
const READABLE = 16;

function shown(verdict, unlock, known, about, parameters, more) {
  const open = verdict.channels.filter((each) => each.open);
  const denied = verdict.channels.filter((each) => !each.open);
  const found = evidence(verdict);
  const linked = found.path.length || found.groups.length || found.pages.length || known.mutuals.length;
  return html`
    <section class="card sentence ${mood(verdict)}" aria-labelledby="sentence">
      <h2 id="sentence">${headline(verdict, about)}</h2>
      <p class="soft">${between(verdict)}. Asked as ${tier(verdict.tier)}, under the rule pack <span class="mono">${visible(verdict.pack)}</span>, at ${instant(verdict.at)}.</p>
      ${copies({ cypher: ["check", { ...parameters, at: verdict.at }], command: command(["check", verdict.sender, verdict.recipient], options(parameters)) })}
    </section>
    ${verdict.gates.length ? html`<div class="notice bad"><h2>What stands between them altogether</h2><ul>${verdict.gates.map((code) => html`<li>${words(code, about)}</li>`)}</ul></div>` : nothing}
    ${unlock ? unlocked(unlock, about) : nothing}
    ${more}
    ${linked ? drawn(found, known, verdict) : nothing}
    <div id="introductions"></div>
    <div class="columns">
      <section aria-labelledby="open"><h2 id="open">Open channels (${open.length})</h2>
        ${open.length ? html`<ul class="channels">${open.map((each) => openChannel(each, verdict, about))}</ul>` : html`<p class="soft">None: no channel of the pack is open between the two.</p>`}</section>
      <section aria-labelledby="denied"><h2 id="denied">Denied channels (${denied.length})</h2>
        ${denied.length ? html`<ul class="channels">${denied.map((each) => deniedChannel(each, verdict, about, parameters))}</ul>` : html`<p class="soft">None: every channel of the pack is open.</p>`}</section>
    </div>`;
}

function drawn({ path, groups, moreGroups, pages, morePages }, { mutuals, more: others }, verdict) {
  const more = (count) => (count ? ` and ${count} more` : "");
  return html`<section class="card" aria-labelledby="between">
    <h2 id="between">What lies between them</h2>
    <figure>
      <div class="drawing" aria-hidden="true"></div>
      ${mutuals.length > DRAWN ? html`<p><button type="button" id="draw-more" aria-hidden="true" tabindex="-1">Draw ${mutuals.length + others > READABLE ? `${READABLE} of ${number(mutuals.length + others)}` : `all ${mutuals.length}`} mutual connections</button></p>` : nothing}
      <figcaption>
        ${path.length > 2 ? html`<p>A shortest path: ${path.map((id, place) => html`${place ? " – " : ""}${member(id)}`)}.</p>` : nothing}
        ${path.length === 2 ? html`<p>${member(verdict.sender)} and ${member(verdict.recipient)} are connected.</p>` : nothing}
        ${mutuals.length ? html`<p id="mutuals">${count(mutuals.length + others, "mutual connection")}: ${mutuals.map(({ id }, place) => html`${place ? ", " : ""}${member(id)}`)}${others ? ` and ${number(others)} more` : ""}.</p>` : nothing}
        ${groups.length ? html`<p>Shared groups: ${groups.map((id, place) => html`${place ? ", " : ""}<a href=${link("bridges", { group: id })}>${nameOf("groups", id)}</a>`)}${more(moreGroups)}.</p>` : nothing}
        ${pages.length ? html`<p>Shared company pages: ${pages.map((id, place) => html`${place ? ", " : ""}<a href=${link("bridges", { page: id })}>${nameOf("companies", id)}</a>`)}${more(morePages)}.</p>` : nothing}
      </figcaption>
    </figure>
  </section>`;
}

function openChannel(each, verdict, about) {
  return html`<li><header><h3>${channel(each.channel)}</h3><span class="row">${state(each)}<span class="tag">${KINDS[each.kind] ?? each.kind}</span></span></header>
    ${proof(each.evidence)}${rest(each, verdict, about)}</li>`;
}

function proof({ path, groups, pages, more, credits }) {
  const rest = more ? ` and ${more} more` : "";
  if (path)
    return html`<p class="soft small">${path.map((id, place) => html`${place ? " – " : ""}${nameOf("members", id)}`)}</p>`;
  if (groups) return html`<p class="soft small">Through ${listed(groups.map((id) => nameOf("groups", id)))}${rest}</p>`;
  if (pages)
    return html`<p class="soft small">Through ${listed(pages.map((id) => nameOf("companies", id)))}${rest}</p>`;
  if (credits !== undefined)
    return html`<p class="soft small">${credits === 1 ? "1 credit is left" : `${credits} credits are left`}</p>`;
  return nothing;
}

function deniedChannel(each, verdict, about, parameters) {
  const fill = async (event) => {
    const place = event.target.querySelector("div");
    if (!event.target.open || place.dataset.asked) return;
    place.dataset.asked = "true";
    render(busy("Looking…"), place);
    try {
      const unlock = await get("unlock", { ...parameters, channel: each.channel });
      await learnActions(unlock);
      render(
        actions(unlock, `Nothing that ${about.sender} does alone opens ${lower(channel(each.channel))}.`, about),
        place,
      );
    } catch (problem) {
      delete place.dataset.asked;
      render(html`<p role="alert">${visible(problem.message)}</p>`, place);
    }
  };
  return html`<li><header><h3>${channel(each.channel)}</h3><span class="row">${state(each)}<span class="tag">${KINDS[each.kind] ?? each.kind}</span></span></header>
    <ul>${each.reasons.map((code) => html`<li>${words(code, about)}</li>`)}</ul>${rest(each, verdict, about)}
    <details @toggle=${fill}><summary>What would open it?</summary><div></div></details></li>`;
}

function unlocked(unlock, about) {
  return html`<section class="card" aria-labelledby="unlock">
    <h2 id="unlock">What would open the pair</h2>
    ${actions(unlock, `No single action of ${about.sender} is enough.`, about)}
  </section>`;
}

const MANY = 6;

function actions(unlock, none, about) {
  const line = (each) => html`<li>${action(each, (id) => nameOf(named(each), id))}</li>`;
  const first = unlock.actions.slice(0, MANY);
  const rest = unlock.actions.slice(MANY);
  return html`
    ${first.length ? html`<p class="soft small">Each of these is alone enough; the cheapest comes first.</p><ol class="actions">${first.map(line)}</ol>` : html`<p>${none}</p>`}
    ${rest.length ? html`<details class="more"><summary>${rest.length} more</summary><ol class="actions" start=${MANY + 1}>${rest.map(line)}</ol></details>` : nothing}
    ${unlock.other_side.length ? html`<p class="small soft">Only ${about.recipient} can change this: ${unlock.other_side.map((code, place) => html`${place ? "; " : ""}${sentence(code, about)}`)}.</p>` : nothing}`;
}

const named = ({ action }) => ({ join: "groups", follow: "companies" })[action] ?? "members";

async function learnActions({ actions }) {
  const of = (kind) =>
    actions
      .filter((each) => each.id !== null && each.action !== "upgrade" && named(each) === kind)
      .map((each) => each.id);
  await Promise.all(["members", "groups", "companies"].map((kind) => learn(kind, of(kind))));
}
