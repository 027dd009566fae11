// The reports: the last finished run of each, as a plot, a table and files, and a button that runs it again.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { part, save } from "../client.js";
import { learn, nameOf } from "../names.js";
import { command, link } from "../question.js";
import { capital, count, instant, reason, tier } from "../words.js";
import { chartFrame, drawChart } from "../parts/chart.js";
import { copies } from "../parts/copies.js";
import { empty, failure, tell } from "../parts/state.js";
import { heat, plotOf } from "../parts/plots.js";
import { neverRun, reportOf, reports, rowsOf, runButton } from "../parts/reports.js";
import { pagedTable, shown } from "../parts/table.js";

export const title = ({ name }) => (name ? capital(name.replaceAll("_", " ")) : "Reports");

export async function show(question, place, signal) {
  if (question.name) await one(question.name, place, signal);
  else await all(place, signal);
}

async function all(place, signal) {
  const known = await reports(signal);
  const again = () => all(place, signal);
  render(
    html`<div class="stack">
      <div><h1 tabindex="-1">Reports</h1>
        <p class="lead">What only the whole network can tell. Each shows the last run that has finished.</p></div>
      <ul class="list columns">${known.map((report) => html`<li class="card">
        <h2><a href=${link("reports", { name: report.name })}>${report.title}</a></h2>
        <p>${report.question}</p>
        <p class="pager"><span class="soft small">${state(report)}</span>${runButton(report.name, again, report.finished ? "Run it again" : "Run it")}</p>
      </li>`)}</ul>
    </div>`,
    place,
  );
}

function state(report) {
  if (report.running) return "Running";
  return report.finished ? `${count(report.finished.rows[report.name], "row")}, at ${instant(report.finished.at)}` : "Not run yet";
}

async function one(name, place, signal) {
  const report = await reportOf(name, signal);
  if (!report) {
    render(empty("There is no such report", html`The <a href=${link("reports")}>list of reports</a> has all that there are.`), place);
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
    const rows = await rowsOf(report.name, signal);
    const { finished: last } = report;
    const plot = rows.length ? await plotOf(report.name, rows) : null;
    render(
      html`<section class="card">
          <p class="soft">${count(rows.length, "row")} · at ${instant(last.at)} · rule pack <span class="mono">${last.pack}</span> · graph version ${last.graph_version} · computed by the engine <span class="mono">${last.engine}</span></p>
          <div class="pager">
            ${copies({ cypher: [`reports/${report.name}`, {}], command: command(["report", report.name], { out: "reports", at: last.at, pack: last.pack }) })}
            <span class="copies">
              <a class="button" href="/v1/reports/${report.name}?format=csv" download="${report.name}.csv" @click=${(event) => files(event, report.name, "csv")}>CSV</a>
              <a class="button" href="/v1/reports/${report.name}?format=parquet" download="${report.name}.parquet" @click=${(event) => files(event, report.name, "parquet")}>Parquet</a>
              ${runButton(report.name, again, "Run it again")}
            </span>
          </div>
        </section>
        ${plot?.rows ? html`<section class="card">${heat(plot)}</section>` : nothing}
        ${plot?.series ? html`<section class="card">${chartFrame("plot", plot)}</section>` : nothing}
        <section class="card"><h2>Every row</h2>
          <div id="every"></div>
          <details class="more"><summary>What the columns mean</summary>
            <dl>${report.columns.map((column) => html`<dt class="mono">${column.name}</dt><dd>${capital(column.meaning)} <span class="soft">(${column.unit})</span></dd>`)}</dl></details>
        </section>`,
      place,
    );
    if (plot?.series) await drawChart(place.querySelector("canvas"), plot);
    await pagedTable(place.querySelector("#every"), `${report.title}; a heading sorts`, columns(rows, report), rows, {
      prepare: (some) => Promise.all(Object.entries(NAMED).map(([column, kind]) => (some[0] && column in some[0] ? learn(kind, some.map((row) => row[column])) : null))),
    });
  } catch (problem) {
    if (problem.name !== "AbortError") render(failure(problem, again), place);
  }
}

/** With a key a link would be refused: the file goes through the page. */
function files(event, name, format) {
  event.preventDefault();
  save(`${name}.${format}`, format, `reports/${part(name)}`).then(() => tell("Downloaded"), (problem) => tell(problem.message));
}

const NAMED = { member: "members", group: "groups", page: "companies" };
const WORDS = { reason: (code) => html`${capital(reason(code))} <span class="code mono">${code}</span>`, tier: (name) => tier(name ?? ""), effective_tier: (name) => tier(name ?? "") };
const LEADS = {
  member: (id) => link("member", { id }),
  group: (id) => link("bridges", { group: id }),
  page: (id) => link("bridges", { page: id }),
};

function columns(rows, report) {
  const names = rows.length ? Object.keys(rows[0]) : report.columns.map((column) => column.name);
  return names.map((name) => ({
    name,
    label: capital(name.replaceAll("_", " ")),
    title: name,
    numeric: rows.some((row) => typeof row[name] === "number"),
    cell: (row) => {
      if (NAMED[name]) return html`<a href=${LEADS[name](row[name])}>${nameOf(NAMED[name], row[name])}</a> <span class="code mono">${row[name]}</span>`;
      return WORDS[name] ? WORDS[name](row[name]) : shown(row[name]);
    },
  }));
}
