// The reports of the server: which there are, their last finished run, and starting one.

import { html, render } from "../vendor/lit-html/lit-html.js";
import { Problem, get, post } from "../client.js";
import { number } from "../words.js";
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

/** A button that runs a report and calls `done` when it has finished. */
export function runButton(name, done, label = "Run it") {
  const run = async (event) => {
    const button = event.target;
    const place = document.createElement("span");
    button.disabled = true;
    button.after(place);
    render(busy("Running…"), place);
    try {
      await runReport(name, (running) => render(busy(progress(running)), place));
      tell("The report has finished");
      await done();
    } catch (problem) {
      tell(problem.message);
    } finally {
      button.disabled = false;
      place.remove();
    }
  };
  return html`<button @click=${run}>${label}</button>`;
}

async function runReport(name, tellProgress) {
  try {
    await post(`reports/${name}`, {});
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

const progress = ({ counting, done, of }) =>
  counting === "waiting" ? "Waits for the run before it" : of ? `Running: ${number(done)} of ${number(of)}` : "Running…";

export function neverRun(name, done) {
  return empty(
    "This report has not been run yet",
    "It looks at every pair of the network, which takes a while; this page shows the last run that has finished.",
    runButton(name, done),
  );
}
