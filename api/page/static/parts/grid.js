// A grid of any size: of its rows and columns only those are in the document that can be seen.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";

const ROW = 40;
const COLUMN = 112;
const BEYOND = 4;

/**
 * Draws a grid into `place`: `rows` and `columns` are ids, `nameOf` their headings, `cell` what stands between two.
 * @param {HTMLElement} place
 * @param {{caption: string, corner: string, rows: string[], columns: string[], nameOf: (id: string) => string,
 *   cell: (row: string, column: string) => unknown}} grid
 */
export function drawGrid(place, { caption, corner, rows, columns, nameOf, cell }) {
  const frame = document.createElement("div");
  frame.className = "scroll high window";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", caption);
  place.replaceChildren(frame);
  let last = "";
  const draw = () => {
    const [top, bottom] = seen(frame.scrollTop, frame.clientHeight || 520, ROW, rows.length);
    const [left, right] = seen(frame.scrollLeft, frame.clientWidth || 900, COLUMN, columns.length);
    const now = [top, bottom, left, right].join();
    if (now === last) return;
    last = now;
    const some = columns.slice(left, right);
    // A style may not stand in the page (its policy refuses that), but a picture may have a size.
    const wide = (count) =>
      count > 0 ? html`<td aria-hidden="true"><svg width=${count * COLUMN} height="1"></svg></td>` : nothing;
    const high = (count) =>
      count > 0 ? html`<tr aria-hidden="true"><td><svg width="1" height=${count * ROW}></svg></td></tr>` : nothing;
    render(
      html`<table class="grid" aria-rowcount=${rows.length + 1} aria-colcount=${columns.length + 1}>
        <caption>${caption}</caption>
        <thead><tr aria-rowindex="1"><th scope="col" class="corner">${corner}</th>${wide(left)}
          ${some.map((column, at) => html`<th scope="col" aria-colindex=${left + at + 2} title=${nameOf(column)}><span>${nameOf(column)}</span></th>`)}${wide(columns.length - right)}</tr></thead>
        <tbody>${high(top)}
          ${rows.slice(top, bottom).map(
            (
              row,
              at,
            ) => html`<tr aria-rowindex=${top + at + 2}><th scope="row" title=${nameOf(row)}><span>${nameOf(row)}</span></th>${wide(left)}
              ${some.map((column, place) => html`<td aria-colindex=${left + place + 2}>${cell(row, column)}</td>`)}${wide(columns.length - right)}</tr>`,
          )}${high(rows.length - bottom)}</tbody>
      </table>`,
      frame,
    );
  };
  frame.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  new ResizeObserver(draw).observe(frame);
  draw();
}

/** The first and the last of so many, each this large, that can be seen, and a few beyond. */
function seen(offset, length, size, count) {
  const first = Math.max(0, Math.floor(offset / size) - BEYOND);
  return [first, Math.min(count, Math.ceil((offset + length) / size) + BEYOND)];
}
