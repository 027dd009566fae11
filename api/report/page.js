// Draws the charts of a page that was sent, and searches its tables; the page asks nothing of anybody.

const SERIES = ["--rank-3", "--second", "--rank-1", "--rank-2"];
const print = matchMedia("print");
const dark = matchMedia("(prefers-color-scheme: dark)");

const number = (value) => Number(value).toLocaleString("en");

/** A custom property as a colour that a canvas understands, in the colours of the moment. */
function colour(name) {
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

/** Bars in a canvas: a group of them for each label, in it one for each series. */
function draw(canvas, { labels, series, heading, unit, lying, stacked }) {
  const { Chart } = globalThis;
  const frame = canvas.parentElement;
  const narrow = frame.clientWidth < 520;
  const flat = lying || narrow;
  const named = flat ? labels.map((label) => lines(label, narrow ? 22 : 46)) : labels;
  const thick = stacked ? 1 : series.length;
  const tallest = Math.max(...named.map((label) => (flat ? label.length : 1)));
  const rows = Math.max(1.1 + 0.5 * thick, 0.5 + 0.85 * tallest);
  frame.style.height = flat ? `${5.5 + labels.length * rows}rem` : "";
  Chart.getChart(canvas)?.destroy();
  const ink = colour("--soft");
  const axis = (values) => ({
    title: { display: true, text: values ? unit : heading, color: ink },
    stacked,
    beginAtZero: true,
    border: { display: false },
    grid: { color: values ? colour("--line") : "transparent" },
    ticks: { color: ink, precision: 0, ...(values ? { callback: number } : { autoSkip: !flat }) },
  });
  return new Chart(canvas, {
    type: "bar",
    data: {
      labels: named,
      datasets: series.map((one, place) => ({
        label: one.label,
        data: one.values,
        backgroundColor: colour(SERIES[place % SERIES.length]),
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
        legend: { display: series.length > 1, position: "bottom", labels: { color: ink, boxWidth: 12, boxHeight: 12 } },
      },
    },
  });
}

function drawAll() {
  globalThis.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const drawing of document.querySelectorAll("script[data-chart]")) {
    draw(document.getElementById(drawing.dataset.chart), JSON.parse(drawing.textContent));
  }
}

/** Hides the rows of a table that do not hold the text. */
function search({ target }) {
  const rows = [...document.querySelectorAll(`#${target.dataset.table} tbody tr`)];
  const text = target.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(text);
  const left = rows.filter((row) => !row.hidden).length;
  const told = document.getElementById(`${target.dataset.table}-count`);
  told.textContent = text ? `${number(left)} of ${number(rows.length)} rows` : "";
}

drawAll();
for (const change of [print, dark]) change.addEventListener("change", drawAll);
for (const field of document.querySelectorAll("input[data-table]")) field.addEventListener("input", search);
