// Groups and company pages as bridges: which bring together members whom nothing else does.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get, part } from "../client.js";
import { learn, nameOf } from "../names.js";
import { link } from "../question.js";
import { count, number, visible } from "../words.js";
import { chartFrame, drawChart } from "../parts/chart.js";
import { copies } from "../parts/copies.js";
import { failure } from "../parts/state.js";
import {
  askedOf,
  finding,
  madeFrom,
  neverRun,
  reportCommand,
  reportOf,
  rowsOf,
  runButton,
  staleness,
} from "../parts/reports.js";
import { pagedTable } from "../parts/table.js";

const TOP = 12;
const KINDS = {
  group: { report: "group_bridges", resource: "groups", one: "Group", many: "Groups" },
  page: { report: "page_bridges", resource: "companies", one: "Company page", many: "Company pages" },
};

export const title = ({ group, page }) =>
  group || page ? `${group ?? page} as a bridge` : "Groups and pages as bridges";

export async function show(question, place, signal) {
  const name = question.page || question.kind === "page" ? "page" : "group";
  const kind = { name, ...KINDS[name] };
  if (question[name]) await one(question[name], kind, place, signal);
  else await all(question, kind, place, signal);
}

async function one(id, kind, place, signal) {
  const resource = `${kind.resource}/${part(id)}/bridges`;
  await learn(kind.resource, [id]);
  const called = nameOf(kind.resource, id);
  let bridge = null;
  try {
    bridge = await get(resource, {}, signal);
  } catch (problem) {
    if (problem.status !== 404 || (await reportOf(kind.report)).finished) throw problem;
  }
  const row = bridge;
  render(
    html`<div class="stack">
      <div><p class="small"><a href=${link("bridges", { kind: kind.name })}>← ${kind.many} as bridges</a></p>
        <h1 tabindex="-1">${called}</h1><p class="soft">${kind.one} <span class="mono">${visible(id)}</span></p></div>
      ${
        row
          ? html`${staleness({ name: kind.report, finished: row.finished, stale: row.stale }, () => one(id, kind, place, signal))}<section class="card"><h2>${count(row.pairs_only_here, "pair")} ${row.pairs_only_here === 1 ? "has" : "have"} nothing else in common</h2>
            <dl class="facts">
              <div><dt>Members who are not gone</dt><dd>${number(row.members)}</dd></div>
              <div><dt>Pairs of them</dt><dd>${number(row.pairs)}</dd></div>
              <div><dt>Pairs without a degree</dt><dd>${number(row.pairs_no_degree)}</dd></div>
              <div><dt>Pairs that only this joins</dt><dd>${number(row.pairs_only_here)}</dd></div>
            </dl>
            <p class="soft small">From the report ${madeFrom(bridge.finished, kind.report)}.</p>
            ${copies({ cypher: [`reports/${kind.report}`, {}], command: reportCommand(kind.report, bridge.finished) })}
          </section>`
          : neverRun(kind.report, () => one(id, kind, place, signal))
      }
    </div>`,
    place,
  );
}

async function all(question, kind, place, signal) {
  const report = await reportOf(kind.report);
  render(
    html`<div class="stack">
      <div><h1 tabindex="-1">Groups and pages as bridges</h1>
        <p class="lead">A group or a company page that two members share lets one write to the other. These join pairs whom nothing else joins.</p></div>
      <nav class="tabs" aria-label="Kind of bridge">
        ${Object.entries(KINDS).map(([name, { many }]) => html`<a href=${link("bridges", { kind: name })} aria-current=${name === kind.name ? "page" : nothing}>${many}</a>`)}
      </nav>
      ${report.finished ? html`<div class="stack" id="bridges"></div>` : neverRun(kind.report, () => show(question, place, signal))}
    </div>`,
    place,
  );
  if (!report.finished) return;
  const inside = place.querySelector("#bridges");
  try {
    const rows = (await rowsOf(kind.report, signal)).toSorted((a, b) => b.pairs_only_here - a.pairs_only_here);
    const top = rows.filter((row) => row.pairs > 0).slice(0, TOP);
    await learn(
      kind.resource,
      top.map((row) => row[kind.name]),
    );
    const labels = top.map((row) => shortened(nameOf(kind.resource, row[kind.name])));
    const series = [
      { label: "Only here", values: top.map((row) => row.pairs_only_here) },
      { label: "Joined otherwise too", values: top.map((row) => row.pairs - row.pairs_only_here) },
    ];
    const caption = `The ${top.length} ${kind.many.toLowerCase()} with the most pairs whom nothing else joins`;
    render(
      html`${staleness(report, () => show(question, place, signal))}<section class="card">
          ${top.length ? chartFrame("bridges-chart", { caption, labels, series, unit: "unordered pairs", heading: kind.one }) : html`<p>No ${kind.one.toLowerCase()} brings two members together.</p>`}
          <div class="pager"><span class="soft small">From the report ${madeFrom(report.finished, kind.report)}</span>${runButton(kind.report, () => show(question, place, signal), "Run again", askedOf(report.finished))}</div>
          ${copies({ cypher: [`reports/${kind.report}`, {}], command: reportCommand(kind.report, report.finished) })}
        </section>
        <section class="card"><h2>Every ${kind.one.toLowerCase()}</h2><div id="every"></div></section>`,
      inside,
    );
    if (top.length)
      await drawChart(inside.querySelector("canvas"), {
        labels,
        series,
        heading: kind.one,
        unit: "unordered pairs",
        lying: true,
        stacked: true,
      });
    const columns = [
      {
        name: kind.name,
        label: kind.one,
        cell: (row) =>
          html`<a href=${link("bridges", { [kind.name]: row[kind.name] })}>${nameOf(kind.resource, row[kind.name])}</a> <span class="code mono">${visible(row[kind.name])}</span>`,
      },
      { name: "members", label: "Members", numeric: true },
      { name: "pairs", label: "Pairs", numeric: true },
      { name: "pairs_no_degree", label: "Without a degree", numeric: true },
      { name: "pairs_only_here", label: "Only here", numeric: true },
    ];
    await pagedTable(inside.querySelector("#every"), `${kind.many}; a heading sorts`, columns, rows, {
      prepare: (some) =>
        learn(
          kind.resource,
          some.map((row) => row[kind.name]),
        ),
      order: { name: "pairs_only_here", down: true },
      found: finding(rows),
    });
  } catch (problem) {
    if (problem.name !== "AbortError") render(failure(problem), inside);
  }
}

const shortened = (text) => (text.length > 28 ? `${text.slice(0, 27)}…` : text);
