// Draws the charts of a page that was sent, and searches its tables; the page asks nothing of anybody.

import { drawBars } from "../page/static/parts/bars.js";

const print = matchMedia("print");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {any[]} */
const all = (selector) => [...document.querySelectorAll(selector)];
const number = (value) => Number(value).toLocaleString("en");

function drawAll() {
  for (const drawing of all("script[data-chart]")) {
    drawBars(document.getElementById(drawing.dataset.chart), JSON.parse(drawing.textContent));
  }
}

/** Hides the rows of a table that do not hold the text. */
function search({ target }) {
  const rows = all(`#${target.dataset.table} tbody tr`);
  const text = target.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(text);
  const left = rows.filter((row) => !row.hidden).length;
  const told = document.getElementById(`${target.dataset.table}-count`);
  told.textContent = text ? `${number(left)} of ${number(rows.length)} rows` : "";
}

drawAll();
for (const change of [print, dark]) change.addEventListener("change", drawAll);
for (const field of all("input[data-table]")) field.addEventListener("input", search);
