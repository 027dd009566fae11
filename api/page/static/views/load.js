// Load a network: files are dropped, told what they would be read as, and loaded.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get, upload } from "../client.js";
import { forget } from "../names.js";
import { link } from "../question.js";
import { count, instant, number, visible } from "../words.js";
import { filled, forgetPacks } from "../parts/conditions.js";
import { added, chosenIn, droppedIn, withOwners } from "../parts/dropped.js";
import { ended, files as filesOf, progress, rejected, setAside } from "../parts/loads.js";
import { busy, failure, tell } from "../parts/state.js";
import { table } from "../parts/table.js";

export const title = () => "Load a network";

/** It shows nothing of the network, so that none is out of date. */
export const timeless = true;

const LISTED = 8;
const MEGABYTE = 1_000_000;

export async function show(question, place, signal) {
  const limits = await get("loads", {}, signal);
  render(
    html`<div class="stack">
      <div><h1 tabindex="-1">Load a network</h1>
        <p class="lead">Drop the archives that LinkedIn gave you and your colleagues, a spreadsheet, or a folder of files. You see first what would be read as what; nothing is loaded before you say so.</p></div>
      <section class="card" aria-labelledby="files"><h2 id="files">Files</h2><div id="chosen" class="stack"></div></section>
      <div id="step" class="stack" aria-live="polite"></div>
      <div id="earlier"></div>
    </div>`,
    place,
  );
  const view = { limits, signal, files: new Map(), given: {}, owners: {}, step: place.querySelector("#step") };
  choose(view, place.querySelector("#chosen"));
  earlier(limits.loads, place.querySelector("#earlier"));
  if (question.id) await follow(view, question.id);
}

/** The files: dropped, or chosen one by one or as a folder. */
function choose(view, place) {
  const { limits } = view;
  const take = (files) => {
    view.files = added(view.files, files);
    view.given = {};
    render(nothing, view.step);
    draw();
  };
  const drop = async (event) => {
    event.preventDefault();
    event.currentTarget.classList.remove("over");
    try {
      take(await droppedIn(event.dataTransfer));
    } catch (error) {
      render(failure(error), view.step);
    }
  };
  const over = (is) => (event) => {
    event.preventDefault();
    event.currentTarget.classList.toggle("over", is);
  };
  const picked = (event) => {
    take(chosenIn(event.target));
    event.target.value = "";
  };
  const clear = () => {
    Object.assign(view, { files: new Map(), owners: {} });
    take([]);
  };
  const draw = () => {
    const names = [...view.files.keys()];
    const bytes = [...view.files.values()].reduce((all, file) => all + file.size, 0);
    const tooMuch = bytes > limits.bytes_at_most || names.length > limits.files_at_most;
    render(
      html`<div class="drop" id="drop" @dragover=${over(true)} @dragleave=${over(false)} @drop=${drop}>
          <p>Drop zips, spreadsheets or a folder here</p>
          <p class="row"><label class="button" for="pick">Choose files<input class="unseen" id="pick" type="file" multiple @change=${picked}></label>
            <label class="button" for="pick-folder">Choose a folder<input class="unseen" id="pick-folder" type="file" webkitdirectory @change=${picked}></label></p>
          <p class="soft small">At most ${size(limits.bytes_at_most)} in ${number(limits.files_at_most)} files. They go to this server alone, and are gone from it as soon as they were read.</p>
        </div>
        ${
          names.length
            ? html`<p>${count(names.length, "file")}, ${size(bytes)}:</p>
              <ul class="examples">${names.slice(0, LISTED).map((name) => html`<li class="mono">${visible(name)}</li>`)}${names.length > LISTED ? html`<li>and ${number(names.length - LISTED)} more</li>` : nothing}</ul>
              ${tooMuch ? html`<p class="wrong" role="alert">That is more than this server takes at once; the command line takes it: <code>linkreach load PATH</code>.</p>` : nothing}
              <p class="row asked"><button type="button" class="primary" ?disabled=${tooMuch} @click=${() => explain(view)}>See what would be read</button>
                <button type="button" @click=${clear}>Clear</button></p>`
            : nothing
        }`,
      place,
    );
  };
  draw();
}

function size(bytes) {
  if (bytes < MEGABYTE) return `${number(Math.ceil(bytes / 1000))} kB`;
  return bytes < 1000 * MEGABYTE
    ? `${number(Math.round(bytes / MEGABYTE))} MB`
    : `${(bytes / MEGABYTE / 1000).toFixed(1)} GB`;
}

/** Sends the files, and waits for what becomes of them; null where somebody has gone on meanwhile. */
async function sent(view, asked) {
  const { step, signal } = view;
  const { files, owner } = Object.keys(view.owners).length ? await withOwners(view.files, view.owners) : view;
  const form = new FormData();
  for (const [name, file] of files) form.append("files", file, name);
  render(
    html`<label for="sending">Sending the files</label><progress id="sending" max="1" value="0"></progress>`,
    step,
  );
  const bar = step.querySelector("progress");
  const begun = await upload("loads", { ...view.given, owner, ...asked }, form, (part) => (bar.value = part), signal);
  render(busy(progress(begun.running)), step);
  return begun.id;
}

const waited = (view, id) => ended(id, (running) => render(busy(progress(running)), view.step), view.signal);

/** Says what would be read as what, or asks for what the files do not tell. */
async function explain(view) {
  const again = () => explain(view);
  await attempt(view, again, async () => {
    const id = await sent(view, { explain: true });
    const load = await waited(view, id);
    if (load.failed) render(unread(load.failed, view), view.step);
    else render(explained(load, view), view.step);
  });
}

async function attempt(view, again, act) {
  try {
    await act();
  } catch (problem) {
    if (problem.name !== "AbortError" && !view.signal.aborted) render(failure(problem, again), view.step);
  }
}

function explained(load, view) {
  const { finished } = load;
  const submit = (event) => {
    event.preventDefault();
    start(view, filled(event.target));
  };
  return html`<section class="card stack" aria-labelledby="would"><h2 id="would">What would be read</h2>
      ${filesOf(load)}${setAside(load.id, rejected(load))}</section>
    <form class="card" @submit=${submit}><h2>Load it</h2>
      <div class="choices">
        <label><input type="checkbox" name="replace" value="true"> Start from an empty network: what is there goes first</label>
        ${
          finished.own_exports
            ? html`<label><input type="checkbox" name="messages" value="true"> Tell the strength of ties from who wrote to whom; no text is read</label>
              <label><input type="checkbox" name="drop_missing" value="true"> Take away connections that a newer archive no longer lists</label>`
            : nothing
        }
      </div>
      <p class="row asked"><button class="primary">Load</button></p></form>`;
}

/** What keeps the files from being read, and a field for what would help. */
function unread(failed, view) {
  const { wants } = failed;
  const submit = (event) => {
    event.preventDefault();
    const given = filled(event.target);
    if (wants.parameter === "owner")
      wants.archives.forEach((name, place) => (view.owners[name] = given[`owner-${place}`]));
    else if (wants.parameter === "columns")
      view.given.columns = wants.sides.map((side) => `${side}=${given[side]}`).join();
    else Object.assign(view.given, given);
    explain(view);
  };
  return html`<div class="notice ${wants ? "paid" : "bad"}" role="alert"><h2>${wants ? "One thing is still to be said" : failed.title}</h2>
      <p>${visible(failed.detail)}</p></div>
    ${wants ? html`<form class="card" @submit=${submit}>${ASKING[wants.parameter](wants)}<p class="row asked"><button class="primary">Go on</button></p></form>` : nothing}`;
}

const ENCODINGS = {
  "utf-8": "UTF-8",
  cp1252: "Western European (Windows)",
  "utf-16": "UTF-16",
  cp1250: "Central European (Windows)",
  cp1251: "Cyrillic (Windows)",
  shift_jis: "Japanese",
  gb18030: "Chinese",
};
const FORMATS = {
  edges: "An edge list: a connection a line",
  native: "Tables of linkreach",
  ldbc: "LDBC",
  "snap-ego": "Ego networks of SNAP",
  linkedin: "Archives of LinkedIn",
};

/** Fields for what is to be said, by the parameter that says it. */
const ASKING = {
  owner: ({ archives }) => html`<h2>Whose ${archives.length === 1 ? "archive is it" : "archives are they"}?</h2>
    <p class="soft">LinkedIn does not write that down. Say the address of the owner's profile, or the last part of it.</p>
    <div class="asked-fields">${archives.map(
      (
        name,
        place,
      ) => html`<div class="field"><label for="owner-${place}">Owner of <span class="mono">${visible(name)}</span></label>
      <input id="owner-${place}" name="owner-${place}" required spellcheck="false" autocomplete="off" placeholder="https://www.linkedin.com/in/…"></div>`,
    )}</div>`,
  encoding: () => html`<div class="field"><label for="encoding">Encoding of the text</label>
    <select id="encoding" name="encoding" class="narrow">${Object.entries(ENCODINGS).map(([name, label]) => html`<option value=${name} ?selected=${name === "cp1252"}>${label}</option>`)}</select></div>`,
  columns: (wants) => {
    wants.sides = ["a", "b"];
    const called = (number) =>
      wants.names[number - 1] ? `${number}: ${visible(wants.names[number - 1])}` : `${number}`;
    return html`<h2>Which two columns are connected?</h2><div class="asked-fields">${wants.sides.map(
      (side, place) => html`<div class="field"><label for=${side}>${place ? "And the other" : "One member"}</label>
        <select id=${side} name=${side}>${Array.from({ length: wants.columns }, (_, column) => column + 1).map((number) => html`<option value=${number} ?selected=${number === wants.likely[place]}>Column ${called(number)}</option>`)}</select></div>`,
    )}</div>`;
  },
  from: ({ one_of: some }) => html`<fieldset class="choices"><legend>What are these files?</legend>
    ${some.map((name, place) => html`<label><input type="radio" name="from" value=${name} required ?checked=${some.length === 1 && place === 0}> ${FORMATS[name] ?? visible(name)}</label>`)}</fieldset>`,
};

async function start(view, choices) {
  await attempt(
    view,
    () => start(view, choices),
    async () => {
      const id = await sent(view, choices);
      history.replaceState(null, "", link("load", { id }));
      await follow(view, id);
    },
  );
}

/** Shows how far a load is and, once it has ended, what came of it. */
async function follow(view, id) {
  await attempt(
    view,
    () => follow(view, id),
    async () => {
      const load = await waited(view, id);
      forget();
      forgetPacks();
      render(load.failed ? failed(load.failed) : done(load), view.step);
      if (load.finished) tell("The network is loaded");
    },
  );
}

const failed = ({ title, detail }) =>
  html`<div class="notice bad" role="alert"><h2>${title}</h2><p>${visible(detail)}</p></div>`;

function done(load) {
  const { kept_packs: packs, graph_version: version } = load.finished;
  return html`<section class="card stack" aria-labelledby="done"><h2 id="done">${load.explain ? "What would be read" : `Loaded; the network is at version ${version}`}</h2>
    ${filesOf(load)}
    ${packs.length ? html`<p class="soft">The rule ${packs.length === 1 ? "pack" : "packs"} ${packs.map(visible).join(", ")} in the network ${packs.length === 1 ? "is" : "are"} of one's own, and ${packs.length === 1 ? "stays" : "stay"}.</p>` : nothing}
    ${setAside(load.id, rejected(load))}
    <p class="row asked"><a class="button" href="#/pair">Ask who can reach whom</a><a class="button" href="#/match">Match a team with its targets</a></p></section>`;
}

/** The last loads of this service, which stay to be looked at. */
function earlier(loads, place) {
  if (!loads.length) return;
  const state = ({ running, failed: wrong }) => (running ? "under way" : wrong ? "failed" : "finished");
  const columns = [
    { name: "id", label: "Load", cell: ({ id }) => html`<a href=${link("load", { id })}>${number(id)}</a>` },
    { name: "since", label: "Since", cell: ({ since }) => instant(since) },
    { name: "explain", label: "What", cell: ({ explain: only }) => (only ? "a look at files" : "a load") },
    { name: "state", label: "State", cell: state },
  ];
  render(
    html`<details class="card"><summary><h2>Earlier loads (${loads.length})</h2></summary>${table("The last loads since this service was started", columns, loads)}</details>`,
    place,
  );
}
