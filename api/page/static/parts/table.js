// Tables: columns are `{name, label, title, numeric, wide, cell, hidden}`. The first column stays while the others are
// scrolled; on a narrow screen a row is a card. Long tables are shown a page at a time, searched, sorted by a column,
// and with the columns that one chooses.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { count, number, visible } from "../words.js";
import { tell } from "./state.js";

const ROWS = 25;
const PAUSE = 200;
const FEW = 6;
let tables = 0;

/**
 * @typedef {object} Column
 * @property {string | number} name
 * @property {string} label
 * @property {string} [title]
 * @property {boolean} [numeric]
 * @property {boolean} [wide]
 * @property {boolean} [fixed] whether it is nothing to sort by
 * @property {boolean} [hidden] whether it is left out until somebody chooses it
 * @property {(row: any) => unknown} [cell]
 */

/**
 * A table of all these rows.
 * @param {string} caption
 * @param {Column[]} columns
 * @param {any[]} rows
 * @param {{head?: number, sort?: any}} [options]
 */
export function table(caption, columns, rows, { head = 0, sort } = {}) {
  return html`<div class="scroll" role="region" aria-label=${caption} tabindex="0">
    <table class="cards">
      <caption>${caption}</caption>
      <thead><tr>${columns.map(
        (column) => html`<th scope="col" class=${kind(column)} title=${column.title ?? nothing}
        aria-sort=${sort?.name === column.name ? (sort.down ? "descending" : "ascending") : nothing}>
        ${sort && !column.fixed ? html`<button type="button" @click=${() => sort.by(column)}>${column.label}${sort.name === column.name ? (sort.down ? " ↓" : " ↑") : ""}</button>` : column.label}</th>`,
      )}</tr></thead>
      <tbody>${rows.map(
        (row) =>
          html`<tr>${columns.map((column, place) => {
            const cell = column.cell ? column.cell(row) : shown(row[column.name]);
            return place === head
              ? html`<th scope="row" class=${kind(column)} data-label=${column.label}><span class="cell">${cell}</span></th>`
              : html`<td class=${kind(column)} data-label=${column.label}><span class="cell">${cell}</span></td>`;
          })}</tr>`,
      )}</tbody>
    </table>
  </div>`;
}

/** @param {{numeric?: boolean, wide?: boolean}} column */
const kind = ({ numeric, wide }) => (numeric ? "number" : wide ? "wide" : "");

/** A value as a cell shows it. */
export function shown(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? number(value) : value.toFixed(4);
  return visible(value);
}

/**
 * Draws a table of many rows into `place`.
 *
 * `prepare` may look things up for the rows that are shown; `found` says of a text which rows it means, where the rows'
 * own values do not; `tools` stand beside the search.
 * @param {HTMLElement} place
 * @param {string} caption
 * @param {Column[]} columns
 * @param {any[]} rows
 * @param {{prepare?: (rows: any[]) => Promise<unknown>, order?: any, found?: (text: string) => Promise<(row: any) => boolean>, tools?: unknown}} [options]
 */
export function pagedTable(place, caption, columns, rows, options = {}) {
  const { prepare = async () => {}, order = null, found = holding, tools = nothing } = options;
  const id = `table-${++tables}`;
  const left = new Set(columns.filter((column) => column.hidden).map((column) => column.name));
  let start = 0;
  let sort = order;
  let last = 0;
  let wanted = rows;
  let words = "";
  let timer = 0;

  const draw = async () => {
    const turn = ++last;
    const from = start;
    const sorted = sort ? wanted.toSorted((a, b) => compared(a[sort.name], b[sort.name], sort.down)) : wanted;
    const some = sorted.slice(from, from + ROWS);
    await prepare(some).catch((problem) => tell(problem.message));
    if (turn !== last) return; // somebody has turned on meanwhile
    const chosen = columns.filter((column) => !left.has(column.name));
    render(
      html`${rows.length > FEW || columns.length > FEW ? bar(chosen) : nothing}
        ${wanted.length ? table(caption, chosen, some, { sort: { ...sort, by } }) : html`<p class="soft">No row has “${visible(words)}”.</p>`}
        ${
          wanted.length > ROWS
            ? html`<div class="pager">
              <span aria-live="polite">Rows ${number(from + 1)} to ${number(from + some.length)} of ${number(wanted.length)}</span>
              <span class="row"><button type="button" ?disabled=${from === 0} @click=${() => turnBy(-ROWS)}>Previous</button>
              <button type="button" ?disabled=${from + ROWS >= wanted.length} @click=${() => turnBy(ROWS)}>Next</button></span>
            </div>`
            : nothing
        }`,
      place,
    );
  };

  const by = (column) => {
    sort = { name: column.name, down: sort?.name === column.name ? !sort.down : Boolean(column.numeric) };
    start = 0;
    draw();
  };
  const turnBy = (step) => {
    start += step;
    draw();
  };
  const search = (event) => {
    const text = event.target.value.trim();
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const test = text ? await found(text).catch((problem) => (tell(problem.message), () => true)) : () => true;
      words = text;
      wanted = rows.filter(test);
      start = 0;
      await draw();
    }, PAUSE);
  };
  const sorted = (event) => {
    const column = columns.find(({ name }) => String(name) === event.target.value);
    if (column) by(column);
  };
  const toggle = (column) => (event) => {
    if (event.target.checked) left.delete(column.name);
    else left.add(column.name);
    draw();
  };
  const bar = (chosen) => html`<div class="tools">
    ${rows.length > FEW ? html`<span class="field-in-line"><label for="${id}-search">Search</label><input id="${id}-search" type="search" autocomplete="off" spellcheck="false" @input=${search}></span>` : nothing}
    <span class="field-in-line when-narrow"><label for="${id}-sort">Sort by</label><select id="${id}-sort" @change=${sorted}>
      <option value="">As it is</option>
      ${chosen.filter((column) => !column.fixed).map((column) => html`<option value=${column.name} ?selected=${sort?.name === column.name}>${column.label}</option>`)}</select></span>
    ${
      columns.length > 3
        ? html`<details class="choose"><summary>Columns (${chosen.length} of ${columns.length})</summary><div class="choices">
          ${columns.slice(1).map((column) => html`<label><input type="checkbox" ?checked=${!left.has(column.name)} @change=${toggle(column)}> ${column.label}</label>`)}</div></details>`
        : nothing
    }
    ${tools}
    <span class="soft small" aria-live="polite">${wanted.length === rows.length ? count(rows.length, "row") : `${number(wanted.length)} of ${count(rows.length, "row")}`}</span>
  </div>`;

  return draw();
}

/** Rows that hold a text in one of their values. */
async function holding(text) {
  const lower = text.toLowerCase();
  return (row) => Object.values(row).some((value) => String(value).toLowerCase().includes(lower));
}

/** What is not there comes last, whichever way one sorts. */
function compared(a, b, down) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return (a < b ? -1 : 1) * (down ? -1 : 1);
}
