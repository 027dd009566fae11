// Plan: whom a team should contact by which channel, and what to buy or do before; each plan is a run that is kept.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { Problem, get, save } from "../client.js";
import { learn, nameOf } from "../names.js";
import { command, go, link } from "../question.js";
import { capital, channel, count, duration, instant, number, reason, tier, visible } from "../words.js";
import { packs } from "../parts/conditions.js";
import { chartFrame, drawChart } from "../parts/chart.js";
import { copies } from "../parts/copies.js";
import { everybodyMeant, pastedList } from "../parts/member_list.js";
import { progress } from "../parts/reports.js";
import { lookAgain, runToItsEnd } from "../parts/runs.js";
import { busy, failure, tell } from "../parts/state.js";
import { pagedTable } from "../parts/table.js";

const POINTS = 12;
const LISTS = [
  ["senders", "Team: the senders"],
  ["recipients", "Targets: the recipients"],
];
const ACTIONS = {
  upgrade: "Upgrade",
  join: "Join a group",
  follow: "Follow a page",
  credit: "Buy an InMail credit",
  connect: "Connect with a target",
};
const USUAL = ["upgrade", "join", "follow", "credit"];
const WHY = {
  BUDGET: "more of the budget would do",
  CAPACITY: "nobody who could has messages, InMails or credits left",
};

export const title = ({ id }) => (id ? `Plan ${id}` : "Plan");

export async function show(question, place, signal) {
  if (question.id) await one(question.id, place, signal);
  else await all(place, signal);
}

async function all(place, signal) {
  const [{ plans }, known] = await Promise.all([get("plans", {}, signal), packs()]);
  render(
    html`<div class="stack">
      <div><h1 tabindex="-1">Plan</h1>
        <p class="lead">Whom each of a team should contact, by which channel, and what to buy or do before: most targets within the budget, at least cost.</p></div>
      ${asking(known, signal)}
      ${plans.length ? html`<ul class="list columns">${plans.map(listed)}</ul>` : html`<p class="soft">Nothing has been planned yet.</p>`}
    </div>`,
    place,
  );
}

function listed({ id, running, finished, failed, stale }) {
  const said = running
    ? progress(running)
    : failed
      ? html`<span class="wrong">${visible(failed.detail)}</span>`
      : inShort(finished);
  return html`<li class="card">
    <h2><a href=${link("plan", { id })}>Plan ${id}</a></h2>
    <p>${said}</p>
    ${finished ? html`<p class="soft small">${count(finished.senders, "sender")} · ${instant(finished.at)} · pack <span class="mono">${visible(finished.pack)}</span></p>` : nothing}
    ${stale ? html`<p><span class="tag paid">of an earlier network</span></p>` : nothing}
  </li>`;
}

const inShort = ({ contacted, recipients, cost }) =>
  `${number(contacted)} of ${count(recipients, "target")} contacted, for ${number(cost)}`;

function asking(known, signal) {
  const submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const place = form.querySelector("#running");
    const button = form.querySelector("button.primary");
    button.disabled = true;
    render(busy("Looking up names…"), place);
    try {
      const question = await asked(form, signal);
      go("plan", { id: await runToItsEnd("plans", question, (running) => render(busy(progress(running)), place)) });
    } catch (problem) {
      render(html`<p class="wrong" role="alert">${visible(problem.message)}</p>`, place);
      button.disabled = false;
    }
  };
  const list = ([name, label]) => html`<div class="field"><label for=${name}>${label}</label>
    <textarea id=${name} name=${name} class="mono" rows="7" required spellcheck="false" placeholder="An id or a name a line"></textarea></div>`;
  const action = ([name, label]) => html`<div class="row">
    <label><input type="checkbox" name="actions" value=${name} ?checked=${USUAL.includes(name)}> ${label}</label>
    <label class="soft">for <input name="cost-${name}" type="number" min="0" step="any" placeholder="as the pack says"></label></div>`;
  return html`<form class="card" @submit=${submit}>
    <div class="columns">${LISTS.map(list)}</div>
    <div class="asked-fields">
      <fieldset class="stack"><legend>What may be done, and what it costs each time</legend>${Object.entries(ACTIONS).map(action)}</fieldset>
      <div class="field"><label for="budget">Budget</label><input id="budget" name="budget" type="number" min="0" step="any" placeholder="Whatever it costs"></div>
      <div class="field"><label for="at">At</label><input id="at" name="at" placeholder="Now, or 2026-11-23" spellcheck="false" autocomplete="off"></div>
      <div class="field"><label for="pack">Rule pack</label><select id="pack" name="pack">
        ${known.map((each) => html`<option value=${each.name} ?selected=${each.default}>${visible(each.title)}</option>`)}</select></div>
    </div>
    <p class="row asked"><label><input type="checkbox" name="free"> Without InMail</label> <button class="primary">Plan</button></p>
    <div id="running"></div>
  </form>`;
}

/** What a form asks, as the API takes it. Throws Problem where a line is nobody's or means several. */
async function asked(form, signal) {
  const given = new FormData(form);
  const question = { free: given.has("free"), actions: given.getAll("actions"), costs: {}, points: POINTS };
  for (const name of ["at", "pack"]) {
    const value = String(given.get(name)).trim();
    if (value) question[name] = value;
  }
  for (const [name] of LISTS) {
    const found = await everybodyMeant(pastedList(String(given.get(name))).texts, () => {}, signal);
    const open = [...found.nobody, ...found.several.map(({ text }) => text)];
    if (open.length) {
      throw new Problem(422, "Who is that?", `Nobody, or several, are meant by ${open.slice(0, 20).join(", ")}`);
    }
    question[name] = found.ids;
  }
  for (const name of question.actions) {
    const cost = String(given.get(`cost-${name}`));
    if (cost) question.costs[name] = Number(cost);
  }
  if (given.get("budget")) question.budget = Number(given.get("budget"));
  return question;
}

async function one(id, place, signal) {
  const { running, finished, failed, stale } = await get(`plans/${encodeURIComponent(id)}`, {}, signal);
  const again = () => one(id, place, signal);
  render(
    html`<div class="stack">
      <div><p class="small"><a href=${link("plan")}>← Plan</a></p>
        <h1 tabindex="-1">Plan ${visible(id)}</h1>
        ${finished ? html`<p class="lead">${inShort(finished)}</p>` : nothing}</div>
      ${running ? busy(progress(running)) : nothing}
      ${failed ? failure(new Problem(failed.status, failed.title, failed.detail), again) : nothing}
      ${finished ? html`<div class="stack" id="found"></div>` : nothing}
    </div>`,
    place,
  );
  if (running) await lookAgain(again, signal);
  if (finished) await found(id, finished, stale, place.querySelector("#found"), signal);
}

async function found(id, plan, stale, place, signal) {
  const rows = async (table) => (await get(`plans/${id}/${table}`, {}, signal)).rows;
  const [contacts, actions, uncovered, coverage] = await Promise.all(
    ["contacts", "actions", "uncovered", "coverage"].map(rows),
  );
  const senders = [...new Set([...contacts, ...actions].map((row) => row.sender))];
  await learn("members", senders);
  const plot = coverage.length > 1 ? plotOf(coverage) : null;
  render(
    html`${stale ? html`<div class="notice paid" role="status"><p><strong>This is of an earlier network.</strong> It has been loaded anew since: plan again.</p></div>` : nothing}
      <section class="card">
        <dl class="facts">
          <div><dt>Contacted</dt><dd>${number(plan.contacted)} of ${count(plan.recipients, "target")}, ${number(plan.inmails)} by InMail; ${number(plan.contacted_before)} without any action</dd></div>
          ${plan.uncertain ? html`<div><dt>Not certain</dt><dd>${number(plan.uncertain)} of them, which rest on what is not known</dd></div>` : nothing}
          <div><dt>Cost</dt><dd>${number(plan.cost)}${plan.budget === null ? "" : ` of a budget of ${number(plan.budget)}`}</dd></div>
          <div><dt>Proof</dt><dd>${proof(plan)}</dd></div>
          ${plan.one_more.map((price) => html`<div><dt>${oneMore(price)}</dt><dd>${brings(price)}</dd></div>`)}
        </dl>
        <p class="soft small">Finished ${instant(plan.finished_at)}, took ${duration(plan.started_at, plan.finished_at)} · version ${plan.graph_version} of the network</p>
        <p class="row">${["contacts", "actions", "uncovered"].map((table) => html`<button type="button" @click=${() => save(`${table}.csv`, "csv", `plans/${id}/${table}`, {}).catch((problem) => tell(problem.message))}>Download ${table}.csv</button>`)}</p>
        ${copies({ command: asTyped(plan) })}
      </section>
      ${plot ? html`<section class="card"><h2>Coverage by budget</h2>${chartFrame("coverage", plot)}</section>` : nothing}
      ${senders.map(
        (sender, place) => html`<section class="card"><h2>${nameOf("members", sender)}’s list</h2>
        ${todo(actions.filter((row) => row.sender === sender))}<div id="list-${place}"></div></section>`,
      )}
      ${uncovered.length ? html`<section class="card"><h2>Left</h2><div id="left"></div></section>` : nothing}`,
    place,
  );
  if (plot) await drawChart(place.querySelector("#coverage"), plot);
  const prepare = (some) =>
    learn(
      "members",
      some.map((row) => row.recipient),
    );
  for (const [number_, sender] of senders.entries()) {
    const own = contacts.filter((row) => row.sender === sender);
    const list = place.querySelector(`#list-${number_}`);
    if (own.length)
      await pagedTable(list, `Whom ${nameOf("members", sender)} contacts`, contactColumns(plan), own, { prepare });
  }
  if (uncovered.length) {
    await pagedTable(place.querySelector("#left"), "Targets who are not contacted", leftColumns, uncovered, {
      prepare,
    });
  }
}

const todo = (actions) =>
  actions.length
    ? html`<p>Before: ${actions.map((row, place) => html`${place ? ", " : ""}${doing(row)}`)}.</p>`
    : nothing;

function doing({ action, id, count: times }) {
  if (action === "upgrade") return `upgrade to ${tier(id)}`;
  if (action === "credit") return `buy ${count(times, "InMail credit")}`;
  return html`${action} <span class="mono">${visible(id)}</span>`;
}

const contactColumns = (plan) => [
  {
    name: "recipient",
    label: "Target",
    cell: ({ recipient, sender }) =>
      html`<a href=${link("pair", { sender, recipient, at: plan.at, pack: plan.pack })}>${nameOf("members", recipient)}</a> <span class="code mono">${visible(recipient)}</span>`,
  },
  { name: "channel", label: "Channel", cell: (row) => capital(channel(row.channel)) },
  { name: "needs", label: "Rests on", cell: (row) => visible(row.needs.split(";").join(", ")) },
];

const leftColumns = [
  {
    name: "recipient",
    label: "Target",
    cell: ({ recipient }) =>
      html`<a href=${link("member", { id: recipient })}>${nameOf("members", recipient)}</a> <span class="code mono">${visible(recipient)}</span>`,
  },
  {
    name: "reasons",
    label: "Why",
    wide: true,
    cell: (row) =>
      row.reasons
        .split(";")
        .map((code) => capital(WHY[code] ?? reason(code)))
        .join("; "),
  },
];

function proof(plan) {
  if (plan.optimal) return "No plan contacts more, and none that contacts as many costs less";
  if (plan.bound === plan.contacted)
    return `No plan contacts more; none that does costs less than ${number(plan.least_cost)}`;
  return `Not proven in time: no plan contacts more than ${number(plan.bound)}`;
}

const oneMore = ({ what, tier: seat }) =>
  what === "credit"
    ? "One more credit"
    : what === "seat"
      ? `One more seat of ${tier(seat)}`
      : "One more unit of budget";

function brings({ contacted, saved, proven }) {
  if (contacted === null) return "There was no time to find out";
  const least = proven ? "" : "at least ";
  if (contacted > 0) return `${least}${count(contacted, "target")} more`;
  return contacted === 0 && saved > 0 ? `The same targets for ${least}${number(saved)} less` : "Nothing";
}

/** What `chartFrame` and `drawChart` want of the coverage. */
const plotOf = (coverage) => ({
  caption: "Targets that the best plan within a budget contacts",
  heading: "Budget",
  unit: "targets",
  labels: coverage.map((row) => number(row.budget)),
  series: [{ label: "Contacted", values: coverage.map((row) => row.contacted) }],
});

/** The command that makes the same plan; who is in the lists is in no address. */
const asTyped = (plan) =>
  command(["plan"], {
    senders: "team.txt",
    recipients: "targets.txt",
    out: "plan",
    at: plan.at,
    pack: plan.pack,
    budget: plan.budget,
    cost: Object.entries(plan.costs).map(([name, cost]) => `${name}=${cost}`),
    actions: plan.actions.join(",") || "none",
    free: plan.free || undefined,
  });
