// Tables: columns are `{name, label, title, numeric, wide, cell}`; long ones are shown a page at a time, sorted by a column.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { number } from "../words.js";
import { tell } from "./state.js";

const ROWS = 25;

/** A table of all these rows. */
export function table(caption, columns, rows, { head = 0, sort } = {}) {
  return html`<div class="scroll" role="region" aria-label=${caption} tabindex="0">
    <table>
      <caption>${caption}</caption>
      <thead><tr>${columns.map((column) => html`<th scope="col" class=${kind(column)} title=${column.title ?? nothing}
        aria-sort=${sort?.name === column.name ? (sort.down ? "descending" : "ascending") : nothing}>
        ${sort ? html`<button @click=${() => sort.by(column)}>${column.label}${sort.name === column.name ? (sort.down ? " ↓" : " ↑") : ""}</button>` : column.label}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${columns.map((column, place) => {
        const cell = column.cell ? column.cell(row) : shown(row[column.name]);
        return place === head
          ? html`<th scope="row" class=${kind(column)}>${cell}</th>`
          : html`<td class=${kind(column)}>${cell}</td>`;
      })}</tr>`)}</tbody>
    </table>
  </div>`;
}

const kind = ({ numeric, wide }) => (numeric ? "number" : wide ? "wide" : "");

/** A value as a cell shows it. */
export function shown(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? number(value) : value.toFixed(4);
  return String(value);
}

/** Draws a table of many rows into `place`; a heading sorts, buttons turn pages, and `prepare` may look things up first. */
export function pagedTable(place, caption, columns, rows, { prepare = async () => {}, order = null } = {}) {
  let start = 0;
  let sort = order;
  let last = 0;
  const draw = async () => {
    const turn = ++last;
    const from = start;
    const sorted = sort ? rows.toSorted((a, b) => compared(a[sort.name], b[sort.name]) * (sort.down ? -1 : 1)) : rows;
    const some = sorted.slice(from, from + ROWS);
    await prepare(some).catch((problem) => tell(problem.message));
    if (turn !== last) return; // somebody has turned on meanwhile
    const by = (column) => {
      sort = { name: column.name, down: sort?.name === column.name ? !sort.down : Boolean(column.numeric) };
      start = 0;
      draw();
    };
    const turnBy = (by) => {
      start = from + by;
      draw();
    };
    render(
      html`${table(caption, columns, some, { sort: { ...sort, by } })}
        ${rows.length > ROWS
          ? html`<div class="pager">
              <span aria-live="polite">Rows ${number(from + 1)} to ${number(from + some.length)} of ${number(rows.length)}</span>
              <span class="row"><button ?disabled=${from === 0} @click=${() => turnBy(-ROWS)}>Previous</button>
              <button ?disabled=${from + ROWS >= rows.length} @click=${() => turnBy(ROWS)}>Next</button></span>
            </div>`
          : nothing}`,
      place,
    );
  };
  return draw();
}

function compared(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return a < b ? -1 : 1;
}
