// A team against its targets: which targets are covered, by whom, and what would open the rest.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get, keep, part, post, text } from "../client.js";
import { learn, nameOf } from "../names.js";
import { command, conditions, file, go, link, options } from "../question.js";
import { CHANNELS, channel, count, inmailsLeft, instant, number, reason, reached, tier, visible } from "../words.js";
import { conditionFields, filled, packOf, packs, tierOf } from "../parts/conditions.js";
import { copies } from "../parts/copies.js";
import { drawGrid } from "../parts/grid.js";
import { apart } from "../parts/member_field.js";
import { everybodyMeant, pastedList } from "../parts/member_list.js";
import { busy, empty, failure, tell } from "../parts/state.js";
import { pagedTable } from "../parts/table.js";

const AT_ONCE = 1000;
const UNLOCKS_AT_ONCE = 250;
const INTRODUCTIONS_AT_ONCE = 100;
const MANY = 50_000;

export const title = () => "Which targets can a team reach?";

export async function show(question, place, signal) {
  const known = await packs();
  const { senders = [], recipients = [] } = question;
  const asked = senders.length && recipients.length;
  if (asked) await learn("members", [...senders, ...recipients]);
  render(
    html`<div class="stack">
      <div>
        <h1 tabindex="-1">Which targets can a team reach?</h1>
        <p class="lead">Paste your team and your targets: ids or names, one a line, or rows of a spreadsheet with their heading.</p>
      </div>
      ${form(question, known, signal)}
      <div class="stack" id="answer"></div>
    </div>`,
    place,
  );
  if (asked) await answer(question, known, place.querySelector("#answer"), signal);
}

const LISTS = [
  ["senders", "Team: the senders"],
  ["recipients", "Targets: the recipients"],
];

function form(question, known, signal) {
  const submit = (event) => {
    event.preventDefault();
    read(event.target, false, signal);
  };
  const list = ([name, label]) => html`<div class="field"><label for=${name}>${label}</label>
    <textarea id=${name} name=${name} class="mono" rows="7" required spellcheck="false" placeholder="An id or a name a line"
      .value=${(question[name] ?? []).join("\n")}></textarea><div class="said" id="${name}-said" aria-live="polite"></div></div>`;
  return html`<form class="card" @submit=${submit}>
    <div class="columns">${LISTS.map(list)}</div>
    ${conditionFields(known, question, "every sender")}
    <p class="row asked"><button class="primary">Check every pair</button></p>
  </form>`;
}

/** Reads both lists and goes on, unless a line is nobody's or means several, and `anyhow` is not said. */
async function read(form, anyhow, signal) {
  const question = filled(form);
  let whole = true;
  for (const [name] of LISTS) {
    const said = form.querySelector(`#${name}-said`);
    const { texts, told } = pastedList(form.elements[name].value);
    try {
      const found = await everybodyMeant(
        texts,
        (done) => render(busy(`Looking up names: ${number(done)} of ${number(texts.length)}`), said),
        signal,
      );
      question[name] = found.ids;
      const open = found.several.length + found.nobody.length;
      whole &&= open === 0;
      render(
        html`${told ? html`<p class="soft small">${count(texts.length, "line")}, ${told}.</p>` : nothing}${open ? unread(form, name, found, signal) : nothing}`,
        said,
      );
    } catch (problem) {
      if (problem.name !== "AbortError")
        render(html`<p class="wrong" role="alert">${visible(problem.message)}</p>`, said);
      return;
    }
    if (!question[name].length && (whole || anyhow)) {
      render(html`<p class="wrong" role="alert">Nobody is left in this list.</p>`, said);
      return;
    }
  }
  if (whole || anyhow) go("match", question);
}

/** What stands for lines that are nobody's, and for names that mean several: each can be chosen, or all left out. */
function unread(form, name, { several, nobody }, signal) {
  const area = form.elements[name];
  const put = (text, id) => {
    area.value = area.value
      .split("\n")
      .map((line) => (line.includes(text) ? id : line))
      .join("\n");
    read(form, false, signal);
  };
  return html`<div class="notice bad" role="alert">
    ${nobody.length ? html`<p>${nobody.length === 1 ? "1 line is" : `${number(nobody.length)} lines are`} nobody's id or name: ${nobody.slice(0, 20).map((each, place) => html`${place ? ", " : ""}<span class="mono">${visible(each)}</span>`)}${nobody.length > 20 ? ` and ${number(nobody.length - 20)} more` : ""}.</p>` : nothing}
    ${several.map(({ text, found }) => html`<p>“${visible(text)}” means several:</p><ul class="plain">${found.map((member) => html`<li><button type="button" class="quiet" @click=${() => put(text, member.id)}>${visible(member.name ?? member.id)} · ${apart(member)}</button></li>`)}</ul>`)}
    <p><button type="button" @click=${() => read(form, true, signal)}>Leave ${nobody.length + several.length === 1 ? "it" : "them"} out</button></p>
  </div>`;
}

async function answer(question, known, place, signal) {
  const { senders, recipients } = question;
  const everyone = senders.flatMap((sender) => recipients.map((recipient) => ({ sender, recipient })));
  const pairs = everyone.filter((pair) => pair.sender !== pair.recipient);
  if (pairs.length === 0) {
    render(empty("No pair", "Sender and recipient are the same in every pair: there is nothing to check."), place);
    return;
  }
  if (pairs.length > MANY) {
    const agreed = await new Promise((resolve) =>
      render(
        large(question, pairs, () => resolve(true)),
        place,
      ),
    );
    if (!agreed || signal.aborted) return;
  }
  // One instant for every part of the answer, and for its file.
  const asked = { ...conditions(question), at: question.at ?? `${new Date().toISOString().slice(0, 19)}Z` };
  const matched = {
    question,
    asked,
    pairs,
    skipped: everyone.length - pairs.length,
    pack: packOf(known, question.pack),
    unlocked: false,
    introduced: false,
  };
  try {
    matched.rows = await inParts(
      "Checked",
      pairs,
      AT_ONCE,
      place,
      async (some) => (await post("match", { pairs: some, ...asked }, {}, signal)).pairs,
    );
    await learnInmails(matched, signal);
    await draw(matched, place, signal);
  } catch (problem) {
    if (problem.name !== "AbortError")
      render(
        failure(problem, () => answer(question, known, place, signal)),
        place,
      );
  }
}

const large = (question, pairs, goOn) => html`<div class="notice"><h2>${count(pairs.length, "pair")}</h2>
  <p>That takes a while. The command line does the same: <code>linkreach match</code>.</p>
  <p class="row"><button class="primary" @click=${goOn}>Check them all</button>
  ${copies({ command: matchCommand(question) })}</p></div>`;

const matchCommand = (question, extra = {}) =>
  command(["match"], {
    senders: file(question.senders),
    recipients: file(question.recipients),
    ...options(question),
    ...extra,
  });

async function inParts(what, all, atOnce, place, ask) {
  const found = [];
  for (let start = 0; start < all.length; start += atOnce) {
    render(
      html`<label for="done">${what} ${number(start)} of ${count(all.length, "pair")}</label><progress id="done" max=${all.length} value=${start}></progress>`,
      place,
    );
    found.push(...(await ask(all.slice(start, start + atOnce))));
  }
  return found;
}

/** How many InMails each sender who needs some can send: nobody is reached by a credit that is not there. */
async function learnInmails(matched, signal) {
  const paying = [
    ...new Set(matched.rows.filter((row) => row.reachable && !row.reachable_free).map((row) => row.sender)),
  ];
  const { at, pack, as_tier } = matched.asked;
  matched.inmails = new Map();
  for (const id of paying) {
    const member = await get(`members/${part(id)}`, { at, pack }, signal);
    matched.inmails.set(id, inmailsLeft(member.properties, tierOf(matched.pack, as_tier ?? member.effective_tier)));
  }
}

const ORDER = Object.keys(CHANNELS);
const moodOf = (row) => (row.reachable_free ? "good" : row.reachable ? "paid" : "bad");
const WORDS = { good: "free", paid: "paid", bad: "not" };
const lookOf = (row) => (row.certain ? moodOf(row) : `${moodOf(row)} unsure`);
const first = (row) => row.channels[0] ?? "";
const strengthOf = (row) => row.introduction_strength ?? 0;

/** A line a target: whoever reaches them best, by which channel, and how many others do. */
function targetsOf({ question, rows }) {
  const by = new Map(question.recipients.map((id) => [id, []]));
  for (const row of rows) by.get(row.recipient).push(row);
  const better = (a, b) =>
    Number(b.reachable_free) - Number(a.reachable_free) ||
    Number(b.reachable) - Number(a.reachable) ||
    Number(b.certain && b.reachable) - Number(a.certain && a.reachable) ||
    (a.degree ?? 9) - (b.degree ?? 9) ||
    ORDER.indexOf(first(a)) - ORDER.indexOf(first(b));
  return [...by]
    .filter(([, found]) => found.length)
    .map(([target, found]) => {
      const best = found.toSorted(better)[0];
      const open = found.filter((row) => row.reachable);
      return {
        target,
        name: nameOf("members", target),
        mood: moodOf(best),
        covered: ["good", "paid", "bad"].indexOf(moodOf(best)),
        sender: best.reachable ? best.sender : null,
        by: best.reachable ? nameOf("members", best.sender) : null,
        channel: best.reachable ? channel(first(best)) : null,
        degree: best.degree,
        senders: open.length,
        certain: best.reachable ? best.certain : found.every((row) => row.certain),
        best,
        rows: found,
        unlock: best.reachable ? null : (found.find((row) => row.unlock) ?? null),
        introduced: found.reduce((a, b) => (strengthOf(b) > strengthOf(a) ? b : a)),
      };
    });
}

/** How many targets whom only InMail reaches can be sent one: each credit is spent once (Kuhn's matching). */
function sendable(targets, inmails) {
  const taken = new Map([...inmails].map(([id]) => [id, []]));
  const place = (target, tried) => {
    for (const { sender, reachable } of target.rows) {
      if (!reachable || tried.has(sender)) continue;
      tried.add(sender);
      const mine = taken.get(sender) ?? [];
      if (mine.length < (inmails.get(sender) ?? 0)) return (taken.set(sender, [...mine, target]), true);
      for (const other of mine) {
        if (place(other, tried))
          return (taken.set(sender, [...taken.get(sender).filter((each) => each !== other), target]), true);
      }
    }
    return false;
  };
  return targets.filter((target) => target.mood === "paid" && place(target, new Set())).length;
}

async function draw(matched, place, signal) {
  const { question, asked, rows, skipped, unlocked, introduced } = matched;
  const targets = targetsOf(matched);
  const of = (mood) => targets.filter((target) => target.mood === mood).length;
  const covered = of("good") + of("paid");
  const unsure = targets.filter((target) => !target.certain).length;
  const closed = rows.filter((row) => !row.reachable);
  const free = rows.filter((row) => row.reachable_free).length;
  let wanted = "";
  const shown = () => targets.filter((target) => !wanted || target.mood === wanted);
  render(
    html`
      <section class="card" aria-labelledby="found">
        <h2 id="found">${number(covered)} of ${count(targets.length, "target")} covered</h2>
        <p>${reached(of("good"), covered, sendable(targets, matched.inmails))}; ${number(of("bad"))} not reached.${unsure ? html` <span class="rests">Of ${count(unsure, "target")} that rests on something that is not known.</span>` : nothing}</p>
        <p class="soft small">${count(rows.length, "pair")}: ${number(free)} free, ${number(rows.length - closed.length - free)} by InMail alone, ${number(closed.length)} not reachable${skipped ? `; ${number(skipped)} skipped, of somebody with themselves` : ""}. At ${instant(asked.at)}.</p>
        <div class="pager">${copies({
          cypher: ["match", {}, { pairs: matched.pairs.slice(0, AT_ONCE), ...asked }],
          command: matchCommand(
            { ...question, ...asked },
            { unlock: unlocked || undefined, introductions: introduced || undefined },
          ),
        })}
        <span class="copies"><button @click=${() => download(matched, place.querySelector("#going"))}>Download CSV</button>
          ${closed.length && !unlocked ? html`<button @click=${() => unlockAll(matched, place, signal)}>What would open the rest?</button>` : nothing}
          ${introduced ? nothing : html`<button @click=${() => introduceAll(matched, place, signal)}>Who could introduce?</button>`}</span></div>
        <div id="going"></div>
      </section>
      <section class="card" aria-labelledby="targets"><h2 id="targets">By whom</h2>
        <fieldset class="choices narrowing"><legend class="unseen">Which targets</legend>
          ${[
            ["", `All (${number(targets.length)})`],
            ["good", `Free (${number(of("good"))})`],
            ["paid", `Paid (${number(of("paid"))})`],
            ["bad", `Not reached (${number(of("bad"))})`],
          ].map(
            ([mood, label]) =>
              html`<label><input type="radio" name="mood" value=${mood} ?checked=${mood === ""} @change=${() => ((wanted = mood), lists())}> ${label}</label>`,
          )}</fieldset>
        <div id="each"></div></section>
      <section class="card" aria-labelledby="cells"><h2 id="cells">Every pair at a glance</h2><div id="grid"></div></section>
      <details class="card"><summary><h2>Every pair as a row</h2></summary><div id="every"></div></details>`,
    place,
  );
  const at = new Map(rows.map((row) => [JSON.stringify([row.sender, row.recipient]), row]));
  const lists = () => {
    const some = shown();
    pagedTable(
      place.querySelector("#each"),
      "A line a target, with whoever reaches them best",
      targetColumns(question, matched),
      some,
    );
    drawGrid(place.querySelector("#grid"), {
      caption: "Rows are the targets, columns the team; a cell leads to its verdict",
      corner: "Target",
      rows: some.map(({ target }) => target),
      columns: question.senders,
      nameOf: (id) => nameOf("members", id),
      cell: (recipient, sender) => cell(at.get(JSON.stringify([sender, recipient])), question),
    });
    const kept = new Set(some.map(({ target }) => target));
    const pairs = rows
      .filter((row) => kept.has(row.recipient))
      .map((row) => ({
        ...row,
        result: ["good", "paid", "bad"].indexOf(moodOf(row)),
        names: `${nameOf("members", row.sender)} ${nameOf("members", row.recipient)}`,
      }));
    pagedTable(
      place.querySelector("#every"),
      "Pairs, in the order of the lists",
      pairColumns(question, matched),
      pairs,
    );
  };
  lists();
}

/** A mark on what is not certain. */
const unsurely = ({ certain }) =>
  certain ? nothing : html`<span aria-hidden="true"> ?</span><span class="unseen">, not certain</span>`;

const verdictOf = ({ sender, recipient }, question) => link("pair", { sender, recipient, ...conditions(question) });

function cell(row, question) {
  if (!row) return html`<span>same</span>`;
  const words = { good: "✓ free", paid: "✓ paid", bad: "✕ not" }[moodOf(row)];
  return html`<a class=${lookOf(row)} href=${verdictOf(row, question)} title=${row.channels.map(channel).join(", ") || row.reasons.map(reason).join("; ")}>${words}${unsurely(row)}</a>`;
}

async function unlockAll(matched, place, signal) {
  const closed = matched.rows.filter((row) => !row.reachable);
  const done = () => (matched.unlocked = true);
  await further(matched, closed, UNLOCKS_AT_ONCE, { unlock: true }, ["unlock"], done, place, signal);
}

async function introduceAll(matched, place, signal) {
  const keys = ["introduction", "introduction_strength"];
  const done = () => (matched.introduced = true);
  await further(matched, matched.rows, INTRODUCTIONS_AT_ONCE, { introductions: true }, keys, done, place, signal);
}

/** Asks more about some rows, takes these keys of the answers over, and draws it all again. */
async function further(matched, rows, atOnce, wanted, keys, done, place, signal) {
  const pairs = rows.map(({ sender, recipient }) => ({ sender, recipient }));
  const going = place.querySelector("#going");
  try {
    const found = await inParts(
      "Looked at",
      pairs,
      atOnce,
      going,
      async (some) => (await post("match", { pairs: some, ...wanted, ...matched.asked }, {}, signal)).pairs,
    );
    rows.forEach((row, number) => keys.forEach((key) => (row[key] = found[number][key])));
    const over = found.flatMap((row) => (row.introduction ? row.introduction.split(";") : []));
    await learn("members", [...new Set(over)]);
    done();
    render(nothing, going);
    await draw(matched, place, signal);
  } catch (problem) {
    if (problem.name !== "AbortError")
      render(html`<p class="wrong" role="alert">${visible(problem.message)}</p>`, going);
  }
}

/** One file with a row a pair, as the command writes it: in parts, each with the heading, which the file has once. */
async function download(matched, going) {
  try {
    const parts = [];
    const { unlocked, introduced } = matched;
    const size = introduced ? INTRODUCTIONS_AT_ONCE : unlocked ? UNLOCKS_AT_ONCE : AT_ONCE;
    await inParts("Written", matched.pairs, size, going, async (some) => {
      const csv = await text(
        "csv",
        "match",
        {},
        { pairs: some, unlock: unlocked, introductions: introduced, ...matched.asked },
      );
      parts.push(parts.length ? csv.slice(csv.indexOf("\n") + 1) : csv);
      return [];
    });
    render(nothing, going);
    keep("match.csv", new Blob(parts, { type: "text/csv" }));
    tell("Downloaded");
  } catch (problem) {
    render(html`<p class="wrong" role="alert">${visible(problem.message)}</p>`, going);
  }
}

/** Over whom the best way of a row runs. */
const introductionWords = (row) =>
  row.introduction
    ? html`${row.introduction.split(";").map((id, place) => html`${place ? " – " : ""}<a href=${link("member", { id })}>${nameOf("members", id)}</a>`)} <span class="soft small">${(100 * row.introduction_strength).toFixed(1)} %</span>`
    : "nobody";

/** What an unlock of a row means: `upgrade:career`, `credit`, `wait:…`. */
function unlockWords(written) {
  if (!written) return "nothing that they do alone";
  const place = written.indexOf(":");
  const [action, what] = place < 0 ? [written, ""] : [written.slice(0, place), written.slice(place + 1)];
  const said = {
    upgrade: () => `upgrade to ${tier(what)}`,
    credit: () => "get one InMail credit",
    join: () => `join the group ${visible(what)}`,
    follow: () => `follow the page ${visible(what)}`,
    connect: () => `connect with ${nameOf("members", what)}`,
    unblock: () => "unblock them",
    wait: () => `wait until ${instant(what)}`,
  };
  return Object.hasOwn(said, action) ? said[action]() : visible(written);
}

function targetColumns(question, { unlocked, introduced }) {
  const name = (id) =>
    html`<a href=${link("member", { id })}>${nameOf("members", id)}</a> <span class="code mono">${visible(id)}</span>`;
  return [
    { name: "name", label: "Target", cell: ({ target }) => name(target) },
    {
      name: "covered",
      label: "Covered",
      cell: (target) =>
        html`<span class="tag ${target.mood} ${target.certain ? "" : "unsure"}">${target.mood === "bad" ? "✕" : "✓"} ${WORDS[target.mood]}${unsurely(target)}</span>`,
    },
    { name: "by", label: "Best sender", cell: ({ sender }) => (sender === null ? "nobody" : name(sender)) },
    {
      name: "channel",
      label: "Channel",
      cell: ({ channel: by, best }) => by ?? [...new Set(best.reasons.slice(0, 2))].map(reason).join("; "),
    },
    { name: "degree", label: "Degree", numeric: true, cell: ({ degree }) => degree ?? "none" },
    { name: "senders", label: "Senders", numeric: true, title: "How many of the team reach them" },
    ...(unlocked
      ? [
          {
            name: "unlock",
            label: "What would open it",
            fixed: true,
            cell: ({ unlock, mood }) =>
              mood === "bad"
                ? unlock
                  ? html`${nameOf("members", unlock.sender)}: ${unlockWords(unlock.unlock)}`
                  : "nothing that one of them does alone"
                : "",
          },
        ]
      : []),
    ...(introduced
      ? [
          {
            name: "introduction",
            label: "Best introduction",
            fixed: true,
            cell: ({ introduced: row }) =>
              strengthOf(row) ? html`${nameOf("members", row.sender)}: ${introductionWords(row)}` : "nobody",
          },
        ]
      : []),
    {
      name: "verdict",
      label: "More",
      fixed: true,
      cell: ({ best }) =>
        html`<a href=${verdictOf(best, question)}>Verdict<span class="unseen"> on ${nameOf("members", best.sender)} and ${nameOf("members", best.recipient)}</span></a>`,
    },
  ];
}

function pairColumns(question, { unlocked, introduced }) {
  const name = (id) => html`${nameOf("members", id)} <span class="code mono">${visible(id)}</span>`;
  return [
    { name: "sender", label: "Sender", cell: ({ sender }) => name(sender) },
    { name: "recipient", label: "Recipient", cell: ({ recipient }) => name(recipient) },
    { name: "degree", label: "Degree", numeric: true, cell: ({ degree }) => degree ?? "none" },
    {
      name: "result",
      label: "Reached",
      cell: (row) => html`<span class="tag ${lookOf(row)}">${WORDS[moodOf(row)]}${unsurely(row)}</span>`,
    },
    {
      name: "by",
      label: "By, or why not",
      wide: true,
      fixed: true,
      cell: (row) => (row.channels.length ? row.channels.map(channel).join(", ") : row.reasons.map(reason).join("; ")),
    },
    ...(unlocked
      ? [{ name: "unlock", label: "What would open it", cell: (row) => (row.reachable ? "" : unlockWords(row.unlock)) }]
      : []),
    ...(introduced ? [{ name: "introduction", label: "Best introduction", fixed: true, cell: introductionWords }] : []),
    {
      name: "verdict",
      label: "More",
      fixed: true,
      cell: (row) =>
        html`<a href=${verdictOf(row, question)}>Verdict<span class="unseen"> on ${nameOf("members", row.sender)} and ${nameOf("members", row.recipient)}</span></a>`,
    },
  ];
}
