// A load of the server: how far it is, what its files were read as, and the rows that were set aside.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get, save } from "../client.js";
import { count, number, visible } from "../words.js";
import { busy, tell } from "./state.js";
import { pagedTable, table } from "./table.js";

const PAUSE = 400;
const SHOWN = 1000;

/** Waits until a load has ended, telling how far it is; whoever goes away does not stop it. */
export async function ended(id, tellProgress, signal) {
  for (;;) {
    const load = await get(`loads/${id}`, {}, signal);
    if (!load.running) return load;
    tellProgress(load.running);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

export const progress = ({ counting, done }) =>
  counting === "waiting"
    ? "Waits for the load before it"
    : `${counting.charAt(0).toUpperCase()}${counting.slice(1)}${done ? `: ${count(done, "row")}` : ""}…`;

const sum = (rows) => Object.values(rows).reduce((all, some) => all + some, 0);

/** What became of each file, and what is told of own exports. */
export function files({ explain, finished }) {
  const would = explain ? "would be read" : "was read";
  const columns = [
    { name: "file", label: "File", cell: ({ file }) => html`<span class="mono">${visible(file)}</span>` },
    {
      name: "table",
      label: "Read as",
      cell: ({ table }) => (table === null ? html`<span class="soft">nothing</span>` : table.replaceAll("_", " ")),
    },
    { name: "loaded", label: "Rows", numeric: true },
    { name: "rejected", label: "Set aside", numeric: true },
    {
      name: "notes",
      label: "What there is to know",
      wide: true,
      cell: ({ notes }) => notes.map((note) => html`<span class="note">${visible(note)}</span>`),
    },
  ];
  return html`${finished.own_exports ? ownExports(finished.own_exports) : nothing}
    ${table(`What ${would} as what`, columns, finished.files)}
    <p class="soft small">${count(sum(finished.loaded), "row")} ${explain ? "would be loaded" : "loaded"}, ${number(sum(finished.rejected))} set aside.</p>`;
}

const ownExports = ({ archives, people, has_settings: settings, missing }) => html`<div class="notice">
  <p>${count(people, "person is", "people are")} known from ${count(archives, "archive")} of LinkedIn.
    Connections among those who are no owners are not in an archive, and what is not known of people is assumed: each answer says what of it it rests on.</p>
  ${settings ? nothing : html`<p>Tier, credits and counts of the owners are assumed, too; a file <code>settings.csv</code> beside the archives can say them.</p>`}
  ${missing ? html`<p>${count(missing, "connection")} of an earlier archive ${missing === 1 ? "is" : "are"} not in the last one of its owner any more.</p>` : nothing}
</div>`;

/** The rows that were set aside, to look at and to download; drawn when they are asked for. */
export function setAside(id, many) {
  const fill = async (event) => {
    const place = event.target.querySelector("div");
    if (!event.target.open || place.dataset.asked) return;
    place.dataset.asked = "true";
    render(busy("Reading…"), place);
    try {
      const { rows } = await get(`loads/${id}/rejected`, { limit: SHOWN });
      await pagedTable(
        place,
        `Rows that were set aside${many > rows.length ? `, the first ${number(rows.length)}` : ""}`,
        REJECTED,
        rows,
      );
    } catch (problem) {
      delete place.dataset.asked;
      render(html`<p class="wrong" role="alert">${visible(problem.message)}</p>`, place);
    }
  };
  const download = () =>
    save("rejected.csv", "csv", `loads/${id}/rejected`, { limit: "all" }).then(
      () => tell("Downloaded"),
      (problem) => tell(problem.message),
    );
  if (!many) return nothing;
  return html`<details class="more" @toggle=${fill}><summary>${count(many, "row")} set aside, and why</summary><div></div></details>
    <p class="copies"><button type="button" @click=${download}>Download what was set aside</button></p>`;
}

export const rejected = ({ finished }) => sum(finished.rejected);

const REJECTED = [
  { name: "file", label: "File", cell: ({ file }) => html`<span class="mono">${visible(file)}</span>` },
  { name: "line", label: "Line", numeric: true },
  { name: "reason", label: "What is wrong", wide: true },
  { name: "column", label: "Column" },
  { name: "value", label: "Value", wide: true },
];
