// Bar charts on the page; the same numbers always stand in a table beside them for those who cannot see a canvas.

import { html } from "../vendor/lit-html/lit-html.js";
import { drawBars } from "./bars.js";
import { table } from "./table.js";
import { capital } from "../words.js";

/**
 * Where a chart goes, with its caption and its numbers as a table. `heading` is what the labels are, `unit` what is
 * counted; both stand on the axes.
 */
export function chartFrame(id, { caption, labels, series, unit, heading }) {
  const columns = [
    { name: "label", label: heading },
    ...series.map((one, place) => ({ name: place, label: one.label, numeric: true })),
  ];
  const rows = labels.map((label, row) => ({ label, ...series.map((one) => one.values[row]) }));
  return html`<figure>
    <div class="chart"><canvas id=${id} role="img" aria-label="${caption}. The table below has the numbers."></canvas></div>
    <figcaption>${caption}${unit ? ` (${unit})` : ""}</figcaption>
    <details class="more"><summary>The numbers as a table</summary>${table(caption, columns, rows)}</details>
  </figure>`;
}

/** Draws what `drawBars` takes into the canvas of a frame, and again whenever the colours change. */
export async function drawChart(canvas, plot) {
  await import("../vendor/chart.js/chart.umd.min.js");
  const draw = () => drawBars(canvas, { ...plot, unit: capital(plot.unit) });
  draw();
  const again = () => {
    if (canvas.isConnected) return draw();
    globalThis.Chart.getChart(canvas)?.destroy();
    return removeEventListener("colours", again);
  };
  addEventListener("colours", again);
}
