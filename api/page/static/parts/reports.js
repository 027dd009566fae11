// The reports of the server: which there are, their last finished run and of which graph it is, and starting one.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { Problem, get, post } from "../client.js";
import { learn, nameOf } from "../names.js";
import { command } from "../question.js";
import { instant, number, reason, visible } from "../words.js";
import { busy, empty, tell } from "./state.js";

const PAUSE = 700;

export const reports = async (signal) => (await get("reports", {}, signal)).reports;

/** One report of the list: `finished` is the manifest of its last finished run, or null. */
export async function reportOf(name, signal) {
  return (await reports(signal)).find((report) => report.name === name);
}

/** The rows of the last finished run. */
export async function rowsOf(name, signal) {
  return (await get(`reports/${name}`, {}, signal)).rows;
}

/** What a run was asked with, as the API takes it. */
export const askedOf = ({ at, pack, by }) => ({ at, pack, ...(by ? { by } : {}) });

/** What a run was made from, in words. */
export function madeFrom(run, name) {
  const segments = name === "segment_matrix" && run.by ? ` · segments by ${visible(run.by)}` : "";
  return html`asked at ${instant(run.at)} · rule pack <span class="mono">${visible(run.pack)}</span>${segments} · version ${run.graph_version} of the network`;
}

/** The command that makes the same report. */
export function reportCommand(name, run) {
  const by = name === "segment_matrix" && run?.by !== "tier" ? run?.by : undefined;
  return command(["report", name], { out: "reports", at: run?.at, pack: run?.pack, by });
}

/** A banner where a run is of a network that is no longer the one loaded. */
export function staleness(report, done) {
  if (!report.stale) return nothing;
  return html`<div class="notice paid" role="status"><p><strong>This is of an earlier network.</strong>
    It was made from version ${report.finished.graph_version}, and the network has been loaded anew since.</p>
    <p class="row">${runButton(report.name, done, "Run again", askedOf(report.finished))}</p></div>`;
}

/**
 * A button that runs a report and calls `done` when it has finished.
 * @param {string} name
 * @param {() => unknown} done
 * @param {string} [label]
 * @param {{at?: string, pack?: string, by?: string}} [asked]
 */
export function runButton(name, done, label = "Run it", asked = {}) {
  const run = async (event) => {
    const button = event.target;
    const place = document.createElement("span");
    button.disabled = true;
    button.after(place);
    render(busy("Running…"), place);
    try {
      await runReport(name, asked, (running) => render(busy(progress(running)), place));
      tell("The report has finished");
      await done();
      place.remove();
    } catch (problem) {
      render(html`<span class="wrong" role="alert">${visible(problem.message)}</span>`, place);
    } finally {
      button.disabled = false;
    }
  };
  return html`<button type="button" @click=${run}>${label}</button>`;
}

/** Runs a report and waits until it has finished; raises Problem where it fails. */
export async function runReport(name, asked, tellProgress) {
  try {
    await post(`reports/${name}`, asked);
  } catch (problem) {
    if (problem.status !== 409) throw problem; // somebody else has started it: wait for theirs
  }
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const { running, failed } = await reportOf(name);
    if (!running) {
      if (failed) throw new Problem(failed.status, failed.title, failed.detail);
      return;
    }
    tellProgress(running);
  }
}

export const progress = ({ counting, done, of }) =>
  counting === "waiting"
    ? "Waits for the run before it"
    : of
      ? `Running: ${number(done)} of ${number(of)}`
      : "Running…";

export function neverRun(name, done) {
  return empty(
    "This report has not been run yet",
    "It looks at every pair of the network, which takes a while; this page shows the last run that has finished.",
    runButton(name, done),
  );
}

/** What the columns with ids are of. */
export const NAMED = { member: "members", group: "groups", page: "companies" };

/** Which rows a text means: by what stands in them, and by the names of whom they are about. */
export function finding(rows) {
  return async (text) => {
    const lower = text.toLowerCase();
    const named = new Set();
    if (rows[0] && "member" in rows[0]) {
      for (const { id } of (await get("members", { q: text.slice(0, 200), limit: 100 })).members) named.add(id);
    }
    for (const key of ["group", "page"]) {
      if (rows[0] && key in rows[0]) {
        await learn(
          NAMED[key],
          rows.map((row) => row[key]),
        );
        for (const row of rows) if (nameOf(NAMED[key], row[key]).toLowerCase().includes(lower)) named.add(row[key]);
      }
    }
    return (row) =>
      named.has(row.member ?? row.group ?? row.page) ||
      Object.values(row).some((value) => String(value).toLowerCase().includes(lower)) ||
      (row.reason ? reason(row.reason).toLowerCase().includes(lower) : false);
  };
}
