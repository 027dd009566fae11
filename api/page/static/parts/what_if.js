// What if…: a change of a pair is supposed, and the verdict before and after stand side by side.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { Problem, post } from "../client.js";
import { command, conditions, folder, link, options } from "../question.js";
import { KINDS, between, channel, listed, tier, visible } from "../words.js";
import { filled } from "./conditions.js";
import { copies } from "./copies.js";
import { busy, failure } from "./state.js";
import { table } from "./table.js";
import { headline, lower, mood, rest, state, words } from "./verdict.js";

const OF_ITS_OWN = "new";
const NEW_GROUP = { id: "linkreach-what-if", name: "A group of the two", messaging: true };

/** What can be lifted, by the gate that says it is there: whose row it is, and of which kind. */
const LIFTS = {
  BLOCKED_BY_SENDER: ({ sender, recipient }) => ({ member: sender, other: recipient, kind: "block" }),
  BLOCKED_BY_RECIPIENT: ({ sender, recipient }) => ({ member: recipient, other: sender, kind: "block" }),
  LIMITED_BY_RECIPIENT: ({ sender, recipient }) => ({ member: recipient, other: sender, kind: "limit" }),
};
const ASKED = ["if_connected", "if_tier", "if_group", "if_lifted", "if_closed"];

/** Whether a question supposes something. */
export const supposes = (question) => ASKED.some((name) => question[name]?.length);

/** The change that a question supposes of its pair, as the API takes it. */
export function changeOf(question) {
  const { sender, recipient } = question;
  const of = { sender, recipient };
  const members = new Map();
  const put = (id, columns) => members.set(id, { id, ...members.get(id), ...columns });
  if (question.if_tier) put(sender, { tier: question.if_tier, tier_expires_at: null });
  if (question.if_closed) put(of[question.if_closed], { status: "closed" });
  const group = question.if_group === OF_ITS_OWN ? NEW_GROUP.id : question.if_group;
  const pair = [{ a: sender, b: recipient }];
  return held({
    members: [...members.values()],
    groups: question.if_group === OF_ITS_OWN ? [NEW_GROUP] : [],
    connections: question.if_connected === "yes" ? pair : [],
    group_members: group ? [sender, recipient].map((member) => ({ member, group })) : [],
    remove: held({
      connections: question.if_connected === "no" ? pair : [],
      blocks: (question.if_lifted ?? []).filter((code) => code in LIFTS).map((code) => LIFTS[code](question)),
    }),
  });
}

const held = (tables) => Object.fromEntries(Object.entries(tables).filter(([, some]) => Object.keys(some).length));

/**
 * The form and, once something is supposed, the two verdicts.
 * @param {any} verdict
 * @param {{question: any, pack: any, about: any, groups: any[], aboutOf: (verdict: any) => any, signal: AbortSignal}} of
 */
export function whatIf(verdict, of) {
  const { question } = of;
  const suppose = (form) => {
    const place = form.parentElement.querySelector("#after");
    const { if_lifted: lifted = [], ...given } = filled(form);
    const asked = { ...unsupposed(question), ...given, if_lifted: [lifted].flat() };
    if (!supposes(asked)) {
      render(html`<p class="wrong" role="alert">Choose something to suppose.</p>`, place);
      return;
    }
    const address = link("pair", asked);
    if (address !== location.hash) history.pushState(null, "", address);
    after(verdict, asked, of, place);
  };
  const submit = (event) => {
    event.preventDefault();
    suppose(event.target);
  };
  return html`<details class="card" id="what-if" ?open=${supposes(question)}>
    <summary><h2>What if…</h2></summary>
    <p class="soft">The same verdict, as if this were so. Nothing is written.</p>
    <form @submit=${submit}>${fields(verdict, of)}<p class="row asked"><button class="primary">Compare</button></p></form>
    <div id="after" aria-live="polite"></div>
  </details>`;
}

/** Shows what the address supposes. */
export async function supposed(verdict, of, place) {
  if (supposes(of.question)) await after(verdict, of.question, of, place.querySelector("#after"));
}

const unsupposed = (question) => Object.fromEntries(Object.entries(question).filter(([name]) => !ASKED.includes(name)));

function fields(verdict, { question, pack, about, groups }) {
  const chosen = (name, value) => question[name] === value;
  const connected = verdict.degree === 1;
  const lifts = verdict.gates.filter((code) => code in LIFTS);
  const sentences = {
    BLOCKED_BY_SENDER: `${about.sender} no longer blocks ${about.recipient}`,
    BLOCKED_BY_RECIPIENT: `${about.recipient} no longer blocks ${about.sender}`,
    LIMITED_BY_RECIPIENT: `${about.recipient} no longer limits ${about.sender}`,
  };
  return html`<div class="choices asked">
      <label><input type="checkbox" name="if_connected" value=${connected ? "no" : "yes"} ?checked=${chosen("if_connected", connected ? "no" : "yes")}>
        The two are ${connected ? "not connected any more" : "connected"}</label>
      ${lifts.map((code) => html`<label><input type="checkbox" name="if_lifted" value=${code} ?checked=${question.if_lifted?.includes(code)}> ${sentences[code]}</label>`)}
    </div>
    <div class="asked-fields">
      <div class="field"><label for="if_tier">${about.sender} is on the tier</label>
        <select id="if_tier" name="if_tier" ?disabled=${Boolean(question.as_tier)}>
          <option value="">${question.as_tier ? `As asked: ${tier(question.as_tier)}` : "Their own"}</option>
          ${(pack?.tiers ?? []).filter((each) => each.name !== verdict.tier).map((each) => html`<option value=${each.name} ?selected=${chosen("if_tier", each.name)}>${tier(each.name)}</option>`)}
        </select></div>
      <div class="field"><label for="if_group">Both are in the group</label>
        <select id="if_group" name="if_group">
          <option value="">None besides</option>
          <option value=${OF_ITS_OWN} ?selected=${chosen("if_group", OF_ITS_OWN)}>A new one, with messaging</option>
          ${groups.map((each) => html`<option value=${each.id} ?selected=${chosen("if_group", each.id)}>${visible(each.name ?? each.id)}${each.messaging ? "" : ", without messaging"}</option>`)}
        </select></div>
      <div class="field"><label for="if_closed">An account is closed</label>
        <select id="if_closed" name="if_closed">
          <option value="">None</option>
          <option value="sender" ?selected=${chosen("if_closed", "sender")}>That of ${about.sender}</option>
          <option value="recipient" ?selected=${chosen("if_closed", "recipient")}>That of ${about.recipient}</option>
        </select></div>
    </div>
    ${verdict.gates.includes("UNAVAILABLE") ? html`<p class="soft small">What denies this pair altogether is told to keys with the scope audit alone, and can be lifted here by them alone.</p>` : nothing}`;
}

async function after(before, asked, of, place) {
  render(busy("Supposing that…"), place);
  const change = changeOf(asked);
  const { sender, recipient } = asked;
  try {
    const { verdicts } = await post(
      "check",
      { pairs: [{ sender, recipient }], ...conditions(asked), at: before.at, change },
      {},
      of.signal,
    );
    const [then] = verdicts;
    if (!then.channels) throw new Problem(then.status, then.title, then.detail);
    render(compared(before, then, of, { asked, change }), place);
  } catch (problem) {
    if (problem.name !== "AbortError")
      render(
        failure(problem, () => after(before, asked, of, place)),
        place,
      );
  }
}

function compared(before, then, { about, aboutOf }, { asked, change }) {
  const those = aboutOf(then);
  const rows = before.channels.map((now, place) => ({ now, then: then.channels[place] }));
  const opened = rows.filter((row) => !row.now.open && row.then.open);
  const closed = rows.filter((row) => row.now.open && !row.then.open);
  return html`
    <div class="columns">
      ${side("As it is", before, about)}${side("As if", then, those)}
    </div>
    <p class="turned" id="turned">${turned(before, then)} ${flips(opened, "opens", "open")} ${flips(closed, "closes", "close")}</p>
    ${table("Every channel, as it is and as if", columns(before, then, about, those), rows)}
    <div class="pager">${copies({ command: commandOf(before, asked, change) })}</div>`;
}

/** The command that supposes the same; none where two members change in different columns, which one file cannot say. */
function commandOf(before, { sender, recipient, as_tier, pack }, change) {
  const made = folder(change);
  const given = { ...options({ as_tier, at: before.at, pack }), change: made?.name };
  return made && `${made.command} && ${command(["check", sender, recipient], given)}`;
}

const side = (title, verdict, about) => html`<section class="card sentence ${mood(verdict)}" aria-label=${title}>
  <p class="small soft">${title}</p><h3>${headline(verdict, about)}</h3><p class="soft small">${between(verdict)}. Asked as ${tier(verdict.tier)}.</p></section>`;

function turned(before, then) {
  if (before.reachable === then.reachable)
    return then.reachable ? "The pair stays reachable." : "The pair stays closed.";
  return then.reachable ? "That opens the pair." : "That closes the pair.";
}

function flips(rows, one, many) {
  if (!rows.length) return nothing;
  const named = rows.map(({ now }) => lower(channel(now.channel)));
  const text = listed(named);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${rows.length === 1 ? one : many}.`;
}

function columns(before, then, about, those) {
  const cell = (each, verdict, of) => html`${state(each)}
    ${each.reasons.length ? html`<span class="reasons">${each.reasons.map((code) => html`<span>${words(code, of)}</span>`)}</span>` : nothing}${rest(each, verdict, of)}`;
  return [
    {
      name: "channel",
      label: "Channel",
      cell: ({ now }) => html`${channel(now.channel)} · <span class="soft small">${KINDS[now.kind] ?? now.kind}</span>`,
    },
    {
      name: "flip",
      label: "Flips",
      cell: ({ now, then: each }) =>
        now.open === each.open
          ? html`<span class="soft">no</span>`
          : html`<strong class="tag flip ${each.open ? "good" : "bad"}">${each.open ? "▲ opens" : "▼ closes"}</strong>`,
    },
    { name: "now", label: "As it is", wide: true, cell: ({ now }) => cell(now, before, about) },
    { name: "then", label: "As if", wide: true, cell: ({ then: each }) => cell(each, then, those) },
  ];
}
