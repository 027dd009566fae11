// One member: how many they reach on each tier by each channel, and whom.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get, part, save } from "../client.js";
import { learn, nameOf, remember } from "../names.js";
import { command, conditions, go, link, options } from "../question.js";
import {
  capital,
  channel,
  count,
  inmailsLeft,
  instant,
  listed,
  number,
  reached,
  tier,
  unknownTies,
  visible,
} from "../words.js";
import { drawChart, chartFrame } from "../parts/chart.js";
import { conditionFields, filled, packOf, packs, tierOf } from "../parts/conditions.js";
import { copies } from "../parts/copies.js";
import { resolved } from "../parts/member_field.js";
import { busy, empty, failure, tell } from "../parts/state.js";
import { table } from "../parts/table.js";

const ROWS = 25;

export const title = ({ id, reverse }) =>
  id ? (reverse ? `Who reaches ${id}` : `Whom ${id} reaches`) : "Whom does a member reach?";

export async function show(question, place, signal) {
  const known = await packs();
  const member = question.id
    ? await get(`members/${part(question.id)}`, { at: question.at, pack: question.pack }, signal)
    : null;
  if (member) remember("members", [member]);
  const name = member && nameOf("members", member.id);
  render(
    html`<div class="stack">
      <div>
        <h1 tabindex="-1">${heading(member, name, question)}</h1>
        ${member ? nothing : html`<p class="lead">Find a member by name or id, and see whom they reach on each tier, by each channel, and who reaches them.</p>`}
      </div>
      ${form(question)}
      ${
        member
          ? html`${facts(member)}
          <nav class="tabs" aria-label="Direction">
            <a href=${link("member", { ...question, reverse: null, cursor: null })} aria-current=${question.reverse ? nothing : "page"}>Whom they reach</a>
            <a href=${link("member", { ...question, reverse: "yes", cursor: null })} aria-current=${question.reverse ? "page" : nothing}>Who reaches them</a>
          </nav>
          ${question.reverse ? nothing : html`<section class="card" aria-labelledby="by-tier"><h2 id="by-tier">Reach by tier and channel</h2><div id="chart"></div></section>`}
          <section class="card" aria-labelledby="list"><h2 id="list">${question.reverse ? "Who reaches them" : "Whom they reach"}</h2>
            ${filters(question, known)}<div id="reached" aria-live="polite"></div></section>`
          : nothing
      }
    </div>`,
    place,
  );
  if (!member) return;
  const pack = packOf(known, question.pack);
  await Promise.all([
    question.reverse ? null : chart(question, member, pack, place.querySelector("#chart"), signal),
    list(question, place.querySelector("#reached"), signal),
  ]);
}

function heading(member, name, question) {
  if (!member) return "Whom does a member reach?";
  return question.reverse ? `Who reaches ${name}?` : `Whom does ${name} reach?`;
}

function form(question) {
  const submit = async (event) => {
    event.preventDefault();
    const ids = await resolved(event.target);
    if (ids) go("member", { id: ids[0] });
  };
  return html`<form class="card" @submit=${submit} @chosen=${(event) => event.currentTarget.requestSubmit()}>
    <div class="row"><member-field class="grow" label="Member" value=${question.id ?? ""}></member-field><button class="primary">Show</button></div>
  </form>`;
}

/** @type {[string, string, ((value: any) => string)?][]} */
const FACTS = [
  ["tier", "Tier", (value) => tier(value)],
  ["tier_expires_at", "Tier ends", instant],
  ["status", "Status"],
  ["restricted_until", "Limited until", instant],
  ["visibility", "Visible to"],
  ["accepts_from", "Takes messages from"],
  ["inmail_credits", "InMail credits", number],
  ["messages_sent", "Messages sent this month", number],
  ["inmails_sent", "InMails sent this month", number],
];

function facts(member) {
  const known = { ...member.properties, tier: member.effective_tier };
  const held = FACTS.filter(([name]) => known[name] !== null && known[name] !== undefined);
  const named = new Set(FACTS.map(([name]) => name));
  const assumed = member.properties.assumed ?? [];
  const others = Object.entries(member.properties).filter(
    ([name, value]) => !named.has(name) && name !== "assumed" && value !== null,
  );
  const knownOrNot = (name) => (assumed.includes(name) ? html` <span class="tag unsure">assumed</span>` : nothing);
  return html`<section class="card" aria-label="About this member">
    <dl class="facts"><div><dt>Id</dt><dd class="mono">${visible(member.id)}</dd></div>
      ${held.map(([name, label, form = (value) => visible(value).replaceAll("_", " ")]) => html`<div><dt>${label}</dt><dd>${form(known[name])}${knownOrNot(name)}</dd></div>`)}
      <div><dt>Connections</dt><dd>${number(member.connections)}</dd></div></dl>
    ${others.length ? html`<h2 class="later">Every other column</h2><dl class="facts">${others.map(([name, value]) => html`<div><dt>${capital(visible(name).replaceAll("_", " "))}</dt><dd>${typeof value === "boolean" ? (value ? "yes" : "no") : visible(value)}${knownOrNot(name)}</dd></div>`)}</dl>` : nothing}
    ${unknownTies(assumed).length ? html`<p class="rests">It is not known ${listed(unknownTies(assumed))}.</p>` : nothing}
    ${shared("Groups", "group", member.groups, member.more_groups)}
    ${shared("Company pages", "page", member.pages, member.more_pages)}
  </section>`;
}

function shared(label, kind, some, more) {
  if (!some.length) return nothing;
  return html`<details class="more"><summary>${label} (${number(some.length + more)})</summary>
    <p>${some.map((one, place) => html`${place ? ", " : ""}<a href=${link("bridges", { [kind]: one.id })}>${visible(one.name ?? one.id)}</a>`)}${more ? ` and ${number(more)} more` : ""}</p></details>`;
}

async function chart(question, member, pack, place, signal) {
  try {
    const counts = [];
    for (const one of pack.tiers) {
      render(busy(`Counting, as if on ${tier(one.name)}…`), place);
      counts.push(
        await get(`members/${part(question.id)}/reach/counts`, { ...conditions(question), as_tier: one.name }, signal),
      );
    }
    const labels = pack.channels.map(channel);
    const series = pack.tiers.map((one, row) => ({
      label: tier(one.name),
      values: pack.channels.map((name) => counts[row].channels[name] ?? 0),
    }));
    const caption = `Members open to ${nameOf("members", question.id)}, by channel and tier`;
    const frame = { caption, labels, series, heading: "Channel", unit: "members" };
    render(
      html`<ul class="reached">${pack.tiers.map((one, row) => {
        const { reach_now: all, reach_now_free: free } = counts[row];
        const own = one.name === member.effective_tier;
        return html`<li>${own ? html`<strong>${tier(one.name)}</strong> (theirs)` : html`As ${tier(one.name)}`}: ${reached(free, all, inmailsLeft(member.properties, tierOf(pack, one.name)))}</li>`;
      })}</ul>${chartFrame("by-tier-chart", frame)}`,
      place,
    );
    await drawChart(place.querySelector("canvas"), {
      ...frame,
      ranks: ["--rank-0", "--rank-1", "--rank-2", "--rank-3"],
    });
  } catch (problem) {
    if (problem.name !== "AbortError")
      render(
        failure(problem, () => chart(question, member, pack, place, signal)),
        place,
      );
  }
}

function filters(question, known) {
  const pack = packOf(known, question.pack);
  const chosen = question.channel ?? [];
  const submit = (event) => {
    event.preventDefault();
    const { channel: channels, ...rest } = filled(event.target);
    go("member", { id: question.id, reverse: question.reverse, ...rest, channel: channels && [channels].flat() });
  };
  return html`<form @submit=${submit}>
    <fieldset class="choices"><legend class="soft">By any of these channels; none chosen: all that carry a message</legend>
      ${(pack?.channels ?? []).map((name) => html`<label><input type="checkbox" name="channel" value=${name} ?checked=${chosen.includes(name)}> ${channel(name)}</label>`)}
    </fieldset>
    <div class="row asked">
      <label for="degree">At most</label>
      <select id="degree" name="degree" class="narrow">
        <option value="">any distance</option>
        ${[1, 2, 3].map((degree) => html`<option value=${degree} ?selected=${String(degree) === question.degree}>degree ${degree}</option>`)}
      </select>
    </div>
    ${conditionFields(known, question, question.reverse ? "every sender" : "the sender")}
    <p class="row asked"><button>Apply</button></p>
  </form>`;
}

async function list(question, place, signal) {
  const other = question.reverse ? "sender" : "recipient";
  const resource = `members/${part(question.id)}/${question.reverse ? "reached-by" : "reach"}`;
  const parameters = { ...conditions(question), channel: question.channel, degree: question.degree };
  const trail = [undefined];
  const turn = async () => {
    const hadFocus = place.contains(document.activeElement);
    render(busy("Asking…"), place);
    try {
      // An answer looks at so many members at most: where few are reached, several make a page.
      let answer = { rows: [], next: trail.at(-1) };
      do {
        const { rows, next } = await get(
          resource,
          { ...parameters, cursor: answer.next, limit: ROWS - answer.rows.length },
          signal,
        );
        answer = { rows: [...answer.rows, ...rows], next };
      } while (answer.next && answer.rows.length < ROWS);
      const { rows } = answer;
      await learn(
        "members",
        rows.map((row) => row[other]),
      );
      render(rows.length || trail.length > 1 ? page(rows, answer) : none(), place);
      if (hadFocus) place.querySelector(".scroll")?.focus();
    } catch (problem) {
      if (problem.name !== "AbortError") render(failure(problem, turn), place);
    }
  };
  const none = () =>
    empty(
      question.reverse ? "Nobody reaches them" : "They reach nobody",
      "With these channels and at this distance there is nobody. Choose other channels, a larger distance or another tier.",
    );
  const back = () => (trail.pop(), turn());
  const onward = (cursor) => (trail.push(cursor), turn());
  const page = (rows, answer) => html`
    ${table(question.reverse ? "Senders, in the order of their ids" : "Recipients, in the order of their ids", columns(other, question), rows)}
    <div class="pager">
      <span>Page ${trail.length}, ${count(rows.length, "member")}</span>
      <span class="row"><button ?disabled=${trail.length === 1} @click=${back}>Previous</button>
        <button ?disabled=${!answer.next} @click=${() => onward(answer.next)}>Next</button></span>
    </div>
    <div class="pager">
      ${copies({
        cypher: [resource, { ...parameters, limit: "all" }],
        command: command([question.reverse ? "reached-by" : "reach", question.id], {
          channel: question.channel,
          degree: question.degree,
          ...options(question),
        }),
      })}
      <span class="copies" role="group" aria-label="Download the whole list">
        ${[
          ["csv", "CSV"],
          ["jsonl", "JSON lines"],
          ["parquet", "Parquet"],
        ].map(([format, label]) => html`<button @click=${() => download(format)}>Download ${label}</button>`)}
      </span>
    </div>`;
  const download = (format) =>
    save(`${question.reverse ? "reached-by" : "reach"}-${question.id}.${format}`, format, resource, {
      ...parameters,
      limit: "all",
    }).then(
      () => tell("Downloaded"),
      (problem) => tell(problem.message),
    );
  await turn();
}

function columns(other, question) {
  const pair = (id) =>
    question.reverse ? { sender: id, recipient: question.id } : { sender: question.id, recipient: id };
  return [
    {
      name: other,
      label: question.reverse ? "Sender" : "Recipient",
      cell: (row) =>
        html`<a href=${link("member", { id: row[other] })}>${nameOf("members", row[other])}</a> <span class="code mono">${visible(row[other])}</span>`,
    },
    { name: "degree", label: "Degree", numeric: true, cell: (row) => row.degree ?? "none" },
    {
      name: "channels",
      label: "By",
      cell: (row) =>
        row.channels.map(
          (name) =>
            html`<span class="tag ${name === "inmail" ? "paid" : "good"} ${row.certain ? "" : "unsure"}">${channel(name)}</span> `,
        ),
      fixed: true,
    },
    {
      name: "certain",
      label: "Certain",
      cell: (row) => (row.certain ? "yes" : html`<span class="tag unsure">rests on what is not known</span>`),
      fixed: true,
    },
    {
      name: "verdict",
      label: "Why",
      fixed: true,
      cell: (row) =>
        html`<a href=${link("pair", { ...pair(row[other]), ...conditions(question) })}>Verdict<span class="unseen"> on ${nameOf("members", row[other])}</span></a>`,
    },
  ];
}
