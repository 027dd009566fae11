// Bars on a canvas, by Chart.js, which has to be there. It imports nothing: the page to send has it as a text.

const SERIES = ["--rank-3", "--second", "--rank-1", "--rank-2"];

/** A custom property as a colour that a canvas understands, in the colours of the moment. */
export function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
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

/**
 * Draws into a canvas a group of bars for each label, in it one for each series, in place of what it has; `heading` is
 * what the labels are, `unit` what is counted. `lying`: from left to right, for labels that are long; `stacked`: the
 * series of a label one on the other; `ranks`: the colours of the series.
 */
export function drawBars(
  canvas,
  { labels, series, heading, unit, lying = false, stacked = false, ranks: names = SERIES },
) {
  const { Chart } = globalThis;
  const frame = canvas.parentElement;
  const narrow = frame.clientWidth < 520;
  const flat = lying || narrow; // names of bars are read level where there is no room to tilt them
  const named = flat ? labels.map((label) => lines(label, narrow ? 22 : 46)) : labels;
  const thick = stacked ? 1 : series.length;
  const rows = Math.max(1.1 + 0.5 * thick, 0.5 + 0.85 * Math.max(...named.map((label) => (flat ? label.length : 1))));
  frame.style.height = flat ? `${5.5 + labels.length * rows}rem` : "";
  Chart.getChart(canvas)?.destroy();
  const ink = colour("--soft");
  const font = { size: narrow ? 11 : 12 };
  const axis = (values) => ({
    title: { display: true, text: values ? unit : heading, color: ink, font },
    stacked,
    beginAtZero: true,
    border: { display: false },
    grid: { color: values ? colour("--line") : "transparent" },
    ticks: { color: ink, precision: 0, font, autoSkip: values || !flat },
  });
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  return new Chart(canvas, {
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
      locale: "en",
      indexAxis: flat ? "y" : "x",
      animation: false,
      maintainAspectRatio: false,
      scales: flat ? { x: axis(true), y: axis(false) } : { x: axis(false), y: axis(true) },
      plugins: {
        legend: { display: series.length > 1, position: "bottom", labels: { color: ink, boxWidth: 12, boxHeight: 12 } },
      },
    },
  });
}
