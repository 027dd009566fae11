// A team against its targets: every sender with every recipient, from two pasted lists.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { post, save } from "../client.js";
import { learn, nameOf } from "../names.js";
import { command, conditions, file, go, link, options } from "../question.js";
import { MESSAGING, channel, count, number, reason } from "../words.js";
import { conditionFields, filled, packs } from "../parts/conditions.js";
import { copies } from "../parts/copies.js";
import { empty, failure, tell } from "../parts/state.js";
import { pagedTable } from "../parts/table.js";

const AT_ONCE = 1000;
const PAIRS_AT_MOST = 10_000;
const CELLS_AT_MOST = 600;

export const title = () => "Which targets can a team reach?";

export async function show(question, place, signal) {
  const known = await packs();
  const { senders = [], recipients = [] } = question;
  const asked = senders.length && recipients.length;
  render(
    html`<div class="stack">
      <div>
        <h1 tabindex="-1">Which targets can a team reach?</h1>
        <p class="lead">Paste the ids of your team and of your targets, one a line. Every sender is judged with every recipient.</p>
      </div>
      ${form(question, known)}
      <div class="stack" id="answer"></div>
    </div>`,
    place,
  );
  if (asked) await answer(question, place.querySelector("#answer"), signal);
}

/** The ids of a pasted list: one a line; what a spreadsheet puts around them is dropped. */
export function ids(pasted) {
  return [...new Set(pasted.split(/[\n\r\t;]+/).map((line) => line.trim().replace(/^"(.*)"$/, "$1")).filter(Boolean))];
}

function form(question, known) {
  const submit = (event) => {
    event.preventDefault();
    const { senders = "", recipients = "", ...rest } = filled(event.target);
    go("match", { ...rest, senders: ids(senders), recipients: ids(recipients) });
  };
  const list = (name, label) => html`<div class="field"><label for=${name}>${label}</label>
    <textarea id=${name} name=${name} class="mono" rows="7" required spellcheck="false" placeholder="An id a line">${(question[name] ?? []).join("\n")}</textarea></div>`;
  return html`<form class="card" @submit=${submit}>
    <div class="columns">${list("senders", "Team: the senders")}${list("recipients", "Targets: the recipients")}</div>
    ${conditionFields(known, question, "every sender")}
    <p class="row asked"><button class="primary">Judge every pair</button></p>
  </form>`;
}

async function answer(question, place, signal) {
  const { senders, recipients } = question;
  const everyone = senders.flatMap((sender) => recipients.map((recipient) => ({ sender, recipient })));
  const pairs = everyone.filter((pair) => pair.sender !== pair.recipient);
  if (pairs.length === 0) {
    render(empty("No pair", "Sender and recipient are the same in every pair: there is nothing to judge."), place);
    return;
  }
  if (pairs.length > PAIRS_AT_MOST) {
    render(empty("Too many pairs for a page", `These lists make ${number(pairs.length)} pairs; the page judges ${number(PAIRS_AT_MOST)} at most. The command line takes any number: linkreach match.`), place);
    return;
  }
  const body = (some) => ({ pairs: some, ...conditions(question) });
  const verdicts = [];
  try {
    for (let start = 0; start < pairs.length; start += AT_ONCE) {
      render(html`<label for="judged">Judged ${number(start)} of ${count(pairs.length, "pair")}</label><progress id="judged" max=${pairs.length} value=${start}></progress>`, place);
      verdicts.push(...(await post("check", body(pairs.slice(start, start + AT_ONCE)), {}, signal)).verdicts);
    }
    const judged = pairs.map((pair, at) => ({ ...pair, ...short(verdicts[at]) }));
    await learn("members", [...senders, ...recipients]);
    draw(question, judged, everyone.length - pairs.length, body, place);
  } catch (problem) {
    if (problem.name !== "AbortError") render(failure(problem), place);
  }
}

/** A verdict in short, as the command `match` gives it; a pair that cannot be judged has a problem in its place. */
function short(verdict) {
  if (!verdict.channels) return { mood: "none", result: "not judged", by: [], reasons: [], why: verdict.detail ?? verdict.title };
  const asked = verdict.channels.filter((each) => MESSAGING.includes(each.kind));
  const by = asked.filter((each) => each.open).map((each) => each.channel);
  const mood = verdict.reachable_free ? "good" : verdict.reachable ? "paid" : "bad";
  const reasons = verdict.reachable ? [] : [...new Set(asked.flatMap((each) => each.reasons))];
  return { mood, result: { good: "free", paid: "paid", bad: "no" }[mood], degree: verdict.degree, by, reasons, why: "" };
}

function draw(question, judged, skipped, body, place) {
  const of = (mood) => judged.filter((pair) => pair.mood === mood).length;
  const { senders, recipients } = question;
  const cells = senders.length * recipients.length;
  render(
    html`
      <section class="card" aria-labelledby="found">
        <h2 id="found">${number(of("good") + of("paid"))} of ${count(judged.length, "pair")} can be reached</h2>
        <p><span class="tag good">✓ ${number(of("good"))} free</span> <span class="tag paid">✓ ${number(of("paid"))} for a credit only</span> <span class="tag bad">✕ ${number(of("bad"))} not reachable</span>
          ${of("none") ? html`<span class="tag">${number(of("none"))} not judged</span>` : nothing}
          ${skipped ? html`<span class="tag">${number(skipped)} skipped, of somebody with themselves</span>` : nothing}</p>
        <p class="pager">${copies({
          cypher: ["check", {}, body(judged.slice(0, AT_ONCE).map(({ sender, recipient }) => ({ sender, recipient })))],
          command: command(["match"], { senders: file(senders), recipients: file(recipients), ...options(question) }),
        })}
        ${judged.length <= AT_ONCE ? html`<button @click=${() => download(body(judged.map(({ sender, recipient }) => ({ sender, recipient }))))}>Download CSV</button>` : nothing}</p>
      </section>
      ${cells <= CELLS_AT_MOST ? grid(question, judged) : nothing}
      <section class="card" aria-labelledby="pairs"><h2 id="pairs">Every pair</h2><div id="every"></div></section>`,
    place,
  );
  return pagedTable(place.querySelector("#every"), "Pairs, in the order of the lists", columns(question), judged);
}

function download(body) {
  save("match.csv", "csv", "check", {}, body).then(() => tell("Downloaded"), (problem) => tell(problem.message));
}

function grid(question, judged) {
  const { senders, recipients } = question;
  const at = new Map(judged.map((pair) => [JSON.stringify([pair.sender, pair.recipient]), pair]));
  const cell = (sender, recipient) => {
    const pair = at.get(JSON.stringify([sender, recipient]));
    if (!pair) return html`<td><span>same</span></td>`;
    const words = { good: "✓ free", paid: "✓ paid", bad: "✕ no", none: "not judged" }[pair.mood];
    return html`<td><a class=${pair.mood} href=${verdictOf(pair, question)} title=${pair.by.map(channel).join(", ") || pair.reasons.map(reason).join("; ") || pair.why}>${words}</a></td>`;
  };
  return html`<div class="scroll high" role="region" aria-label="Team by targets" tabindex="0"><table class="grid">
    <caption>Rows are the team, columns the targets; a cell leads to its verdict.</caption>
    <thead><tr><td><span class="unseen">Sender</span></td>${recipients.map((id) => html`<th scope="col">${nameOf("members", id)}</th>`)}</tr></thead>
    <tbody>${senders.map((sender) => html`<tr><th scope="row">${nameOf("members", sender)}</th>${recipients.map((recipient) => cell(sender, recipient))}</tr>`)}</tbody>
  </table></div>`;
}

const verdictOf = ({ sender, recipient }, question) => link("pair", { sender, recipient, ...conditions(question) });

function columns(question) {
  const name = (id) => html`${nameOf("members", id)} <span class="code mono">${id}</span>`;
  return [
    { name: "sender", label: "Sender", cell: ({ sender }) => name(sender) },
    { name: "recipient", label: "Recipient", cell: ({ recipient }) => name(recipient) },
    { name: "degree", label: "Degree", numeric: true, cell: ({ degree }) => degree ?? "none" },
    { name: "result", label: "Reached", cell: (pair) => html`<span class="tag ${pair.mood}">${pair.result}</span>` },
    { name: "by", label: "By, or why not", wide: true, cell: (pair) => (pair.by.length ? pair.by.map(channel).join(", ") : pair.reasons.map(reason).join("; ") || pair.why) },
    { name: "verdict", label: "More", cell: (pair) => html`<a href=${verdictOf(pair, question)}>Verdict<span class="unseen"> on ${nameOf("members", pair.sender)} and ${nameOf("members", pair.recipient)}</span></a>` },
  ];
}
