// Bar charts, by Chart.js on a canvas; the same numbers always stand in a table beside them for those who cannot see it.

import { html } from "../vendor/lit-html/lit-html.js";
import { table } from "./table.js";
import { capital, number } from "../words.js";

const SERIES = ["--rank-3", "--second", "--rank-1", "--rank-2"];
const drawn = new Map();

/** A custom property as a colour that a canvas understands, in the colours of the moment. */
export function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

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

/** A long label in lines of about this length, as Chart.js takes them. */
function lines(label, length) {
  const found = [""];
  for (const word of label.split(" ")) {
    if (found.at(-1) && `${found.at(-1)} ${word}`.length > length) found.push(word);
    else found[found.length - 1] = `${found.at(-1)} ${word}`.trim();
  }
  return found;
}

/** Draws bars into the canvas of a frame: a group of bars for each label, in it one for each series. */
export async function drawChart(
  canvas,
  { labels, series, heading, unit, lying = false, stacked = false, ranks = null },
) {
  await import("../vendor/chart.js/chart.umd.min.js");
  const { Chart } = globalThis;
  const names = ranks ?? SERIES;
  const frame = canvas.parentElement;
  const draw = () => {
    const narrow = frame.clientWidth < 520;
    const flat = lying || narrow; // names of bars are read level where there is no room to tilt them
    const named = flat ? labels.map((label) => lines(label, narrow ? 22 : 46)) : labels;
    const thick = stacked ? 1 : series.length;
    const rows = Math.max(1.1 + 0.5 * thick, 0.5 + 0.85 * Math.max(...named.map((label) => (flat ? label.length : 1))));
    frame.style.height = flat ? `${5.5 + labels.length * rows}rem` : "";
    drawn.get(canvas)?.destroy();
    const ink = colour("--soft");
    const axis = (values) => ({
      title: { display: true, text: values ? capital(unit) : heading, color: ink, font: { size: narrow ? 11 : 12 } },
      stacked,
      beginAtZero: true,
      border: { display: false },
      grid: { color: values ? colour("--line") : "transparent" },
      ticks: {
        color: ink,
        precision: 0,
        font: { size: narrow ? 11 : 12 },
        ...(values ? { callback: (value) => number(value) } : { autoSkip: !flat }),
      },
    });
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    drawn.set(
      canvas,
      new Chart(canvas, {
        type: "bar",
        data: {
          labels: named,
          datasets: series.map((one, place) => ({
            label: one.label,
            data: one.values,
            backgroundColor: colour(names[place % names.length]),
            borderRadius: 3,
            maxBarThickness: 34,
          })),
        },
        options: {
          indexAxis: flat ? "y" : "x",
          animation: false,
          maintainAspectRatio: false,
          scales: flat ? { x: axis(true), y: axis(false) } : { x: axis(false), y: axis(true) },
          plugins: {
            legend: {
              display: series.length > 1,
              position: "bottom",
              labels: { color: ink, boxWidth: 12, boxHeight: 12 },
            },
          },
        },
      }),
    );
  };
  draw();
  const again = () => {
    if (canvas.isConnected) return draw();
    drawn.get(canvas)?.destroy();
    drawn.delete(canvas);
    return removeEventListener("colours", again);
  };
  addEventListener("colours", again);
}
