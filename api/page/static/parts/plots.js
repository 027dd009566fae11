// How each report is plotted: bars of its most telling numbers, or, of segment by segment, a table with shades.

import { html } from "../vendor/lit-html/lit-html.js";
import { learn, nameOf } from "../names.js";
import { capital, number, reason, tier } from "../words.js";

const TOP = 15;
const BINS = 12;

/** What `chartFrame` and `drawChart` want of a report's rows; for a matrix what `heat` wants. */
export async function plotOf(name, rows) {
  return Object.hasOwn(PLOTS, name) ? PLOTS[name](rows) : null;
}

// Each has one unit, which stands on the axis.
const PLOTS = {
  member_reach: (rows) =>
    histogram(
      rows,
      { reach_now_free: "Reach so many, free", reached_by_now_free: "Are reached by so many, free" },
      "How many members reach, and are reached by, how many others without paying",
    ),
  tier_reach: (rows) => ({
    caption: "Members whom a member writes to directly, as if everybody were on the tier",
    heading: "Tier",
    unit: "members",
    labels: rows.map((row) => tier(row.tier)),
    series: [
      { label: "Mean", values: rows.map((row) => row.mean) },
      { label: "Median", values: rows.map((row) => row.median) },
      { label: "90th percentile", values: rows.map((row) => row.p90) },
    ],
  }),
  group_bridges: (rows) =>
    most(
      rows,
      "group",
      "groups",
      "pairs_only_here",
      ["pairs_only_here", "pairs_no_degree"],
      ["Only here", "Without a degree"],
      "Groups that join the most pairs whom nothing else joins",
      "unordered pairs",
    ),
  page_bridges: (rows) =>
    most(
      rows,
      "page",
      "companies",
      "pairs_only_here",
      ["pairs_only_here", "pairs_no_degree"],
      ["Only here", "Without a degree"],
      "Company pages that join the most pairs whom nothing else joins",
      "unordered pairs",
    ),
  segment_matrix: (rows) => ({ rows }),
  denials: (all, rows = all.filter((row) => row.pairs > 0).toSorted((a, b) => b.pairs - a.pairs)) => ({
    caption: "Pairs that no free channel joins, by what denies them",
    heading: "Reason",
    unit: "ordered pairs",
    labels: rows.map((row) => capital(reason(row.reason))),
    series: [
      { label: "All such pairs", values: rows.map((row) => row.pairs) },
      { label: "Only this stands in the way", values: rows.map((row) => row.pairs_alone) },
    ],
    lying: true,
  }),
  lapse: (rows) =>
    most(
      rows.map((row) => ({ ...row, lost: row.direct_now - row.direct_after })),
      "member",
      "members",
      "lost",
      ["direct_after", "lost"],
      ["Kept", "Lost"],
      "Members who would lose the most recipients",
      "recipients",
      true,
    ),
  gatekeepers: (rows) =>
    most(
      rows,
      "member",
      "members",
      "pairs_only_they_join",
      ["pairs_only_they_join"],
      ["Pairs only they join"],
      "Members who alone join the most pairs",
      "unordered pairs",
    ),
  quotas: (rows) =>
    most(
      rows,
      "member",
      "members",
      "lost_to_quota",
      ["lost_to_quota"],
      ["Lost to what is spent"],
      "Members who lose the most recipients to what is spent",
      "recipients",
    ),
};

async function most(rows, key, kind, by, names, labels, caption, unit, stacked = false) {
  const top = rows
    .filter((row) => row[by] > 0)
    .toSorted((a, b) => b[by] - a[by])
    .slice(0, TOP);
  if (!top.length) return null;
  await learn(
    kind,
    top.map((row) => row[key]),
  );
  return {
    caption,
    unit,
    heading: capital(key),
    labels: top.map((row) => nameOf(kind, row[key])),
    series: names.map((name, place) => ({ label: labels[place], values: top.map((row) => row[name]) })),
    lying: true,
    stacked,
  };
}

function histogram(rows, names, caption) {
  const largest = Math.max(
    1,
    ...Object.keys(names).flatMap((name) => rows.reduce((most, row) => Math.max(most, row[name]), 0)),
  );
  const width = Math.max(1, Math.ceil((largest + 1) / BINS));
  const bins = Array.from({ length: Math.ceil((largest + 1) / width) }, (_, place) => place * width);
  const series = Object.entries(names).map(([name, label]) => {
    const values = bins.map(() => 0);
    for (const row of rows) values[Math.floor(row[name] / width)] += 1;
    return { label, values };
  });
  const labels = bins.map((from) => (width === 1 ? number(from) : `${number(from)}–${number(from + width - 1)}`));
  return { caption, heading: "Others who are reached, or reach them", unit: "members", labels, series };
}

/** Segment by segment: the share of pairs that are reachable, written and shaded. */
export function heat({ rows }) {
  const segments = [...new Set(rows.flatMap((row) => [row.sender_segment, row.recipient_segment]))];
  const at = new Map(rows.map((row) => [JSON.stringify([row.sender_segment, row.recipient_segment]), row]));
  const label = (segment) => (segment ? tier(segment) : "No value");
  const caption = "Share of the pairs that are reachable; rows are senders, columns recipients";
  const cell = (row) => {
    if (!row) return html`<td></td>`;
    const step = Math.round((row.share ?? 0) * 10);
    return html`<td class="shade-${step}" title="${number(row.reachable)} of ${number(row.pairs)} pairs">${Math.round((row.share ?? 0) * 1000) / 10} %</td>`;
  };
  return html`<div class="scroll high" role="region" aria-label=${caption} tabindex="0"><table class="heat">
    <caption>${caption}</caption>
    <thead><tr><th scope="col">Sender</th>${segments.map((segment) => html`<th scope="col" class="number">${label(segment)}</th>`)}</tr></thead>
    <tbody>${segments.map((sender) => html`<tr><th scope="row">${label(sender)}</th>${segments.map((recipient) => cell(at.get(JSON.stringify([sender, recipient]))))}</tr>`)}</tbody>
  </table></div>`;
}
