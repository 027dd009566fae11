// The reports: the last finished run of each, as a plot, a table and files, and a button that runs it again.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { part, save } from "../client.js";
import { learn, nameOf } from "../names.js";
import { link } from "../question.js";
import { capital, count, duration, instant, reason, tier, visible } from "../words.js";
import { filled, packs } from "../parts/conditions.js";
import { chartFrame, drawChart } from "../parts/chart.js";
import { copies } from "../parts/copies.js";
import { busy, empty, failure, tell } from "../parts/state.js";
import { heat, plotOf } from "../parts/plots.js";
import {
  NAMED,
  askedOf,
  finding,
  madeFrom,
  neverRun,
  progress,
  reportCommand,
  reportOf,
  reports,
  rowsOf,
  runButton,
  runReport,
  staleness,
} from "../parts/reports.js";
import { pagedTable, shown } from "../parts/table.js";

export const title = ({ name }) => (name ? capital(name.replaceAll("_", " ")) : "Reports");

export async function show(question, place, signal) {
  if (question.name) await one(question.name, place, signal);
  else await all(place, signal);
}

async function all(place, signal) {
  const [known, offered] = await Promise.all([reports(signal), packs()]);
  const again = () => all(place, signal);
  const stale = known.filter((report) => report.stale).length;
  render(
    html`<div class="stack">
      <div><h1 tabindex="-1">Reports</h1>
        <p class="lead">What only the whole network can tell. Each shows the last run that has finished.</p></div>
      ${stale ? html`<div class="notice paid" role="status"><p><strong>${count(stale, "report")} of an earlier network.</strong> The network has been loaded anew since: run ${stale === 1 ? "it" : "them"} again to see it as it is now.</p></div>` : nothing}
      ${asking(known, offered, again)}
      <ul class="list columns">${known.map(
        (report) => html`<li class="card">
        <h2><a href=${link("reports", { name: report.name })}>${report.title}</a></h2>
        <p>${report.question}</p>
        ${report.finished ? html`<p class="soft small">${state(report)}<br>${madeFrom(report.finished, report.name)}</p>` : html`<p class="soft small">${state(report)}</p>`}
        <p class="pager">${report.stale ? html`<span class="tag paid">of an earlier network</span>` : html`<span></span>`}${runButton(report.name, again, report.finished ? "Run again" : "Run it", report.finished ? askedOf(report.finished) : {})}</p>
      </li>`,
      )}</ul>
    </div>`,
    place,
  );
}

function state(report) {
  if (report.running) return "Running";
  const { finished } = report;
  if (!finished) return "Not run yet";
  const took = finished.started_at ? `, took ${duration(finished.started_at, finished.finished_at)}` : "";
  return `${count(finished.rows[report.name], "row")}, finished ${instant(finished.finished_at)}${took}`;
}

/** Runs all reports, as of now or as asked, one after the other. */
function asking(known, offered, again) {
  const submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const place = form.querySelector("#running");
    const button = form.querySelector("button.primary");
    const asked = filled(form);
    button.disabled = true;
    const done = [];
    try {
      for (const [at, { name, title }] of known.entries()) {
        const began = performance.now();
        const said = (text) =>
          render(
            html`${done.length ? html`<p class="soft small">${done.join(" · ")}</p>` : nothing}${busy(`${title}, ${at + 1} of ${known.length}: ${text}`)}`,
            place,
          );
        said("Running…");
        await runReport(name, asked, (running) => said(progress(running)));
        done.push(`${title} ${((performance.now() - began) / 1000).toFixed(1)} s`);
      }
      tell("All reports have finished");
      await again();
    } catch (problem) {
      render(html`<p class="wrong" role="alert">${visible(problem.message)}</p>`, place);
      button.disabled = false;
    }
  };
  return html`<form class="card" @submit=${submit}>
    <div class="asked-fields">
      <div class="field"><label for="at">At</label><input id="at" name="at" placeholder="Now, or 2026-11-23" spellcheck="false" autocomplete="off"></div>
      <div class="field"><label for="pack">Rule pack</label><select id="pack" name="pack">
        ${offered.map((each) => html`<option value=${each.default ? "" : each.name} ?selected=${each.default}>${visible(each.title)}</option>`)}</select></div>
      <div class="field"><label for="by">Segments by the column</label><input id="by" name="by" placeholder="tier" spellcheck="false" autocomplete="off"></div>
    </div>
    <p class="row asked"><button class="primary">Run all ${known.length}</button></p>
    <div id="running"></div>
  </form>`;
}

async function one(name, place, signal) {
  const report = await reportOf(name, signal);
  if (!report) {
    render(
      empty(
        "There is no such report",
        html`The <a href=${link("reports")}>list of reports</a> has all that there are.`,
      ),
      place,
    );
    return;
  }
  const again = () => one(name, place, signal);
  render(
    html`<div class="stack">
      <div><p class="small"><a href=${link("reports")}>← Reports</a></p>
        <h1 tabindex="-1">${report.title}</h1><p class="lead">${report.question}</p></div>
      ${report.finished ? html`<div class="stack" id="run"></div>` : neverRun(name, again)}
    </div>`,
    place,
  );
  if (report.finished) await run(report, place.querySelector("#run"), again, signal);
}

async function run(report, place, again, signal) {
  try {
    const rows = await rowsFor(report, signal);
    const { finished: last } = report;
    const plot = rows.length ? await plotOf(report.name, rows) : null;
    render(
      html`${staleness(report, again)}
        <section class="card">
          <p class="soft">${state(report)} · ${madeFrom(last, report.name)} · computed by the engine <span class="mono">${last.engine}</span></p>
          <div class="pager">
            ${copies({ cypher: [`reports/${report.name}`, {}], command: reportCommand(report.name, last) })}
            <span class="copies">
              <a class="button" href="/v1/reports/${report.name}?format=csv" download="${report.name}.csv" @click=${(event) => files(event, report.name, "csv")}>CSV</a>
              <a class="button" href="/v1/reports/${report.name}?format=parquet" download="${report.name}.parquet" @click=${(event) => files(event, report.name, "parquet")}>Parquet</a>
              ${runButton(report.name, again, `Run again, at ${instant(last.at)}`, askedOf(last))}
              ${runButton(report.name, again, "Run as of now", { ...askedOf(last), at: undefined })}
            </span>
          </div>
        </section>
        ${plot?.rows ? html`<section class="card">${heat(plot)}</section>` : nothing}
        ${plot?.series ? html`<section class="card">${chartFrame("plot", plot)}</section>` : nothing}
        <section class="card"><h2>Every row</h2>
          <div id="every"></div>
          <details class="more"><summary>What the columns mean</summary>
            <dl>${report.columns.map((column) => html`<dt class="mono">${visible(column.name)}</dt><dd>${capital(column.meaning)} <span class="soft">(${column.unit})</span></dd>`)}</dl></details>
        </section>`,
      place,
    );
    if (plot?.series) await drawChart(place.querySelector("canvas"), plot);
    const silent = rows.filter(isSilent).length;
    const loud = silent ? rows.filter((row) => !isSilent(row)) : rows;
    const every = place.querySelector("#every");
    const options = {
      order: ORDERS[report.name] ?? null,
      found: finding(rows),
      prepare: (some) =>
        Promise.all(
          Object.entries(NAMED).map(([column, kind]) =>
            some[0] && column in some[0]
              ? learn(
                  kind,
                  some.map((row) => row[column]),
                )
              : null,
          ),
        ),
    };
    const fill = (some, rest) =>
      pagedTable(every, `${report.title}; a heading sorts`, columns(rows, report), some, {
        ...options,
        tools: rest
          ? html`<button type="button" @click=${() => fill(rows, 0)}>Show ${count(rest, "row")} of zeros</button>`
          : nothing,
      });
    await fill(loud, silent);
  } catch (problem) {
    if (problem.name !== "AbortError") render(failure(problem, again), place);
  }
}

/** Whether every number of a row is 0. */
function isSilent(row) {
  const numbers = Object.values(row).filter((value) => typeof value === "number");
  return numbers.length > 0 && numbers.every((value) => value === 0);
}

/** The rows; those of member_reach with what is paid for, as far as a run of quotas of the same network knows it. */
async function rowsFor(report, signal) {
  const rows = await rowsOf(report.name, signal);
  if (report.name !== "member_reach") return rows;
  const quotas = await reportOf("quotas", signal);
  const same = ["graph_version", "pack_hash", "at"].every((key) => quotas?.finished?.[key] === report.finished[key]);
  const left = new Map(same ? (await rowsOf("quotas", signal)).map((row) => [row.member, row.inmails_left]) : []);
  return rows.map((row) => {
    const paid = row.reach_now - row.reach_now_free;
    return { ...row, by_inmail: paid, can_be_sent: same ? Math.min(paid, left.get(row.member) ?? 0) : null };
  });
}

/** With a key a link would be refused: the file goes through the page. */
function files(event, name, format) {
  event.preventDefault();
  save(`${name}.${format}`, format, `reports/${part(name)}`).then(
    () => tell("Downloaded"),
    (problem) => tell(problem.message),
  );
}

const WORDS = {
  reason: (code) => html`${capital(reason(code))} <span class="code mono">${code}</span>`,
  tier: (name) => tier(name ?? ""),
  effective_tier: (name) => tier(name ?? ""),
};
const ORDERS = {
  denials: { name: "pairs", down: true },
  group_bridges: { name: "pairs_only_here", down: true },
  page_bridges: { name: "pairs_only_here", down: true },
  gatekeepers: { name: "pairs_only_they_join", down: true },
  lapse: { name: "direct_now", down: true },
};
// What people look for first; of the others those that are left out can be chosen.
const FIRST = {
  member_reach: [
    "member",
    "reach_now_free",
    "by_inmail",
    "can_be_sent",
    "reached_by_now_free",
    "reached_by_now",
    "effective_tier",
  ],
};
const SAID = {
  reach_now_free: "Reaches, free",
  by_inmail: "More by InMail",
  can_be_sent: "Of which can be sent",
  reached_by_now_free: "Reached by, free",
  reached_by_now: "Reached by, in all",
  reach_now: "Reaches, in all",
};
const LEADS = {
  member: (id) => link("member", { id }),
  group: (id) => link("bridges", { group: id }),
  page: (id) => link("bridges", { page: id }),
};

function columns(rows, report) {
  const there = rows.length ? Object.keys(rows[0]) : report.columns.map((column) => column.name);
  const first = (FIRST[report.name] ?? []).filter(
    (name) => there.includes(name) && (name !== "can_be_sent" || rows[0]?.[name] !== null),
  );
  const names = [...first, ...there.filter((name) => !first.includes(name) && name !== "can_be_sent")];
  return names.map((name) => ({
    name,
    label: SAID[name] ?? capital(visible(name).replaceAll("_", " ")),
    title: name,
    hidden: first.length > 0 && !first.includes(name),
    numeric: rows.some((row) => typeof row[name] === "number"),
    cell: (row) => {
      if (NAMED[name])
        return html`<a href=${LEADS[name](row[name])}>${nameOf(NAMED[name], row[name])}</a> <span class="code mono">${visible(row[name])}</span>`;
      return WORDS[name] ? WORDS[name](row[name]) : shown(row[name]);
    },
  }));
}
