// Compare: which pairs are gained and lost between two worlds, and why; each comparison is a run that is kept.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { Problem, get } from "../client.js";
import { learn, nameOf } from "../names.js";
import { command, go, link } from "../question.js";
import { capital, channel, count, duration, instant, number, reason, tier, visible } from "../words.js";
import { packs } from "../parts/conditions.js";
import { chartFrame, drawChart } from "../parts/chart.js";
import { copies } from "../parts/copies.js";
import { progress } from "../parts/reports.js";
import { lookAgain, runToItsEnd } from "../parts/runs.js";
import { busy, failure } from "../parts/state.js";
import { pagedTable } from "../parts/table.js";

const MOST = 50;
const OWN = "own";

export const title = ({ id }) => (id ? `Comparison ${id}` : "Compare");

export async function show(question, place, signal) {
  if (question.id) await one(question.id, place, signal);
  else await all(place, signal);
}

async function all(place, signal) {
  const [{ diffs }, offered] = await Promise.all([get("diffs", {}, signal), packs()]);
  render(
    html`<div class="stack">
      <div><h1 tabindex="-1">Compare</h1>
        <p class="lead">What another rule pack, instant or tier would do to whom: which pairs are gained and lost, and what causes it.</p></div>
      ${asking(offered)}
      ${diffs.length ? html`<ul class="list columns">${diffs.map(listed)}</ul>` : html`<p class="soft">Nothing has been compared yet.</p>`}
    </div>`,
    place,
  );
}

function listed({ id, running, finished, failed, stale }) {
  const said = running
    ? progress(running)
    : failed
      ? html`<span class="wrong">${visible(failed.detail)}</span>`
      : inShort(finished);
  return html`<li class="card">
    <h2><a href=${link("compare", { id })}>Comparison ${id}</a></h2>
    <p>${said}</p>
    ${finished ? html`<p class="soft small">${worldOf(finished.before)}<br>→ ${worldOf(finished.after, finished.before)}</p>` : nothing}
    ${stale ? html`<p><span class="tag paid">of an earlier network</span></p>` : nothing}
  </li>`;
}

function inShort({ same, totals: { gained, lost } }) {
  if (same) return "The two worlds are the same";
  return gained || lost ? `${count(gained, "pair")} gained, ${number(lost)} lost` : "No pair is gained or lost";
}

/** What a world was asked under, in words; where another is given, only what differs from it. */
function worldOf(world, other = null) {
  const differs = (key) => !other || world[key] !== other[key];
  const parts = [
    differs("pack_hash") ? html`pack <span class="mono">${visible(world.pack)}</span>` : nothing,
    differs("at") ? `at ${instant(world.at)}` : nothing,
    differs("as_tier")
      ? world.as_tier
        ? `as if everybody were on ${tier(world.as_tier)}`
        : "on their own tiers"
      : nothing,
    world.change ? "with a change supposed" : nothing,
  ].filter((part) => part !== nothing);
  return parts.length ? parts.map((part, place) => html`${place ? " · " : ""}${part}`) : "the same";
}

/** The two worlds, chosen. */
function asking(offered) {
  const submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const place = form.querySelector("#running");
    const button = form.querySelector("button.primary");
    button.disabled = true;
    render(busy("Running…"), place);
    try {
      go("compare", {
        id: await runToItsEnd("diffs", asked(form), (running) => render(busy(progress(running)), place)),
      });
    } catch (problem) {
      render(html`<p class="wrong" role="alert">${visible(problem.message)}</p>`, place);
      button.disabled = false;
    }
  };
  const tiers = [...new Set(offered.flatMap((pack) => pack.tiers.map((each) => each.name)))];
  const world = (which, heading) => html`<fieldset class="stack"><legend>${heading}</legend>
    <div class="field"><label for="${which}-pack">Rule pack</label><select id="${which}-pack" name="${which}-pack">
      ${which === "after" ? html`<option value="">As before</option>` : nothing}
      ${offered.map((each) => html`<option value=${each.name} ?selected=${which === "before" && each.default}>${visible(each.title)}</option>`)}</select></div>
    <div class="field"><label for="${which}-at">At</label><input id="${which}-at" name="${which}-at" spellcheck="false" autocomplete="off"
      placeholder=${which === "before" ? "Now, or 2026-11-23" : "As before, or 2027-01-01"}></div>
    <div class="field"><label for="${which}-as_tier">Tier of every sender</label><select id="${which}-as_tier" name="${which}-as_tier">
      <option value="">${which === "before" ? "Their own" : "As before"}</option>
      ${which === "after" ? html`<option value=${OWN}>Their own</option>` : nothing}
      ${tiers.map((name) => html`<option value=${name}>${tier(name)}</option>`)}</select></div>
  </fieldset>`;
  return html`<form class="card" @submit=${submit}>
    <div class="asked-fields">${world("before", "Before")}${world("after", "After")}</div>
    <p class="row asked"><label><input type="checkbox" name="free"> Without InMail: count what is reachable free</label>
      <button class="primary">Compare</button></p>
    <div id="running"></div>
  </form>`;
}

/** What a form asks, as the API takes it. */
function asked(form) {
  const given = new FormData(form);
  const world = (which) => {
    const found = {};
    for (const key of ["pack", "at", "as_tier"]) {
      const value = String(given.get(`${which}-${key}`)).trim();
      if (value) found[key] = key === "as_tier" && value === OWN ? null : value;
    }
    return found;
  };
  return { before: world("before"), after: world("after"), free: given.has("free") };
}

async function one(id, place, signal) {
  const { running, finished, failed, stale } = await get(`diffs/${encodeURIComponent(id)}`, {}, signal);
  const again = () => one(id, place, signal);
  render(
    html`<div class="stack">
      <div><p class="small"><a href=${link("compare")}>← Compare</a></p>
        <h1 tabindex="-1">Comparison ${visible(id)}</h1>
        ${finished ? html`<p class="lead">${inShort(finished)}</p>` : nothing}</div>
      ${running ? busy(progress(running)) : nothing}
      ${failed ? failure(new Problem(failed.status, failed.title, failed.detail), again) : nothing}
      ${finished ? html`<div class="stack" id="found"></div>` : nothing}
    </div>`,
    place,
  );
  if (running) await lookAgain(again, signal);
  if (finished) await found(id, finished, stale, place.querySelector("#found"), signal);
}

async function found(id, run, stale, place, signal) {
  const rows = async (table, parameters = {}) => (await get(`diffs/${id}/${table}`, parameters, signal)).rows;
  const [causes, members, pairs] = await Promise.all([rows("causes"), rows("members", { most: MOST }), rows("pairs")]);
  const ids = [...members.map((row) => row.member), ...pairs.flatMap((row) => [row.sender, row.recipient])];
  await learn("members", ids);
  const plots = ["lost", "gained"].map((direction) => plotOf(direction, causes)).filter((plot) => plot !== null);
  render(
    html`${stale ? html`<div class="notice paid" role="status"><p><strong>This is of an earlier network.</strong> It has been loaded anew since: compare again to see it as it is now.</p></div>` : nothing}
      <section class="card">
        <dl class="facts">
          <div><dt>Before</dt><dd>${count(run.totals.reachable_before, "pair")} reachable${run.free ? " free" : ""}: ${worldOf(run.before)}</dd></div>
          <div><dt>After</dt><dd>${count(run.totals.reachable_after, "pair")} reachable${run.free ? " free" : ""}: ${worldOf(run.after)}</dd></div>
          <div><dt>Gained</dt><dd>${count(run.totals.gained, "pair")}</dd></div>
          <div><dt>Lost</dt><dd>${count(run.totals.lost, "pair")}</dd></div>
        </dl>
        <p class="soft small">Finished ${instant(run.finished_at)}, took ${duration(run.started_at, run.finished_at)} · version ${run.after.graph_version} of the network</p>
        ${copies({ command: asTyped(run) })}
      </section>
      ${plots.map((plot) => html`<section class="card"><h2>${plot.title}</h2>${chartFrame(plot.id, plot)}</section>`)}
      ${members.length ? html`<section class="card"><h2>Members most touched</h2><div id="members"></div></section>` : nothing}
      ${pairs.length ? html`<section class="card"><h2>Some of their pairs</h2><div id="pairs"></div></section>` : nothing}`,
    place,
  );
  for (const plot of plots) await drawChart(place.querySelector(`#${plot.id}`), plot);
  if (members.length) {
    await pagedTable(
      place.querySelector("#members"),
      "Members by how many pairs of theirs change",
      memberColumns,
      members,
    );
  }
  if (pairs.length) {
    await pagedTable(
      place.querySelector("#pairs"),
      "Pairs of the members who gain or lose most",
      pairColumns(run),
      pairs,
    );
  }
}

/** What `chartFrame` and `drawChart` want of the causes of one direction, or null where there is none. */
function plotOf(direction, causes) {
  const rows = causes.filter((row) => row.direction === direction).toSorted((a, b) => b.pairs - a.pairs);
  if (!rows.length) return null;
  const lost = direction === "lost";
  return {
    id: `causes-${direction}`,
    title: lost ? "Why pairs are lost" : "What denied the pairs that are gained",
    caption: lost
      ? "Pairs that are lost, by what denies them after"
      : "Pairs that are gained, by what denied them before",
    heading: "Reason",
    unit: "ordered pairs",
    labels: rows.map((row) => capital(reason(row.reason))),
    series: [
      { label: "All such pairs", values: rows.map((row) => row.pairs) },
      { label: "Only this stands in the way", values: rows.map((row) => row.pairs_alone) },
    ],
    lying: true,
  };
}

const memberColumns = [
  {
    name: "member",
    label: "Member",
    cell: ({ member }) =>
      html`<a href=${link("member", { id: member })}>${nameOf("members", member)}</a> <span class="code mono">${visible(member)}</span>`,
  },
  { name: "gained", label: "Gains", numeric: true },
  { name: "lost", label: "Loses", numeric: true },
  { name: "reached_by_gained", label: "More reach them", numeric: true },
  { name: "reached_by_lost", label: "No longer reach them", numeric: true },
  { name: "reach_before", label: "Reached before", numeric: true, hidden: true },
  { name: "reach_after", label: "Reaches after", numeric: true, hidden: true },
];

/** A pair leads to its verdict in the world after. */
const pairColumns = (run) => [
  {
    name: "sender",
    label: "Pair",
    cell: ({ sender, recipient }) =>
      html`<a href=${link("pair", { sender, recipient, at: run.after.at, pack: run.after.pack, as_tier: run.after.as_tier })}>${nameOf("members", sender)} to ${nameOf("members", recipient)}</a>`,
  },
  { name: "direction", label: "What", cell: (row) => capital(row.direction) },
  {
    name: "channels",
    label: "Channels",
    cell: (row) =>
      row.channels
        .split(";")
        .map((name) => capital(channel(name)))
        .join(", "),
  },
  {
    name: "reasons",
    label: "Reasons",
    wide: true,
    cell: (row) =>
      row.reasons
        .split(";")
        .map((code) => capital(reason(code)))
        .join("; "),
  },
];

/** The command that makes the same comparison; a change that was supposed is in no address, and left out. */
function asTyped({ before, after, free }) {
  const changed = (key) => (after[key] === before[key] ? undefined : (after[key] ?? OWN));
  return command(["diff"], {
    out: "diff",
    at: before.at,
    pack: before.pack,
    "as-tier": before.as_tier,
    "to-at": changed("at"),
    "to-pack": changed("pack"),
    "to-as-tier": changed("as_tier"),
    free,
  });
}
