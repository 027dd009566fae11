// The first view: pick a sender and a recipient, and read the verdict.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get } from "../client.js";
import { nameOf, remember } from "../names.js";
import { go, link } from "../question.js";
import { count, number } from "../words.js";
import { conditionFields, filled, packOf, packs } from "../parts/conditions.js";
import { resolved } from "../parts/member_field.js";
import { failure } from "../parts/state.js";

export const title = ({ sender, recipient }) =>
  sender && recipient ? `${sender} to ${recipient}` : "Who can reach whom?";

export async function show(question, place, signal) {
  const known = await packs();
  const asked = question.sender && question.recipient;
  render(
    html`<div class="stack">
      <div>
        <h1 tabindex="-1">Who can reach whom?</h1>
        <p class="lead">Pick two members: who wants to write, and to whom. You see every channel, what denies it, and what would open it.</p>
      </div>
      ${form(question, known)}
      <div class="stack" id="answer" aria-live="polite"></div>
      ${asked ? nothing : html`<div id="loaded"></div>${others}`}
    </div>`,
    place,
  );
  if (!asked) return loaded(place.querySelector("#loaded"), signal);
  const { answer } = await import("../parts/pair_answer.js");
  return answer(question, packOf(known, question.pack), place.querySelector("#answer"), signal);
}

/** What there is to ask about, and three questions to begin with. */
async function loaded(place, signal) {
  try {
    const found = await get("graph", {}, signal);
    const [one, two, three, ...more] = found.examples;
    remember("members", found.examples);
    const rest = more.slice(0, 5).map(({ id }) => id);
    const name = ({ id }) => nameOf("members", id);
    render(
      html`<section class="card" aria-labelledby="there"><h2 id="there">What is loaded</h2>
        <p>${count(found.members, "member")}, ${count(found.connections, "connection")}, ${count(found.groups, "group")} and ${count(found.companies, "company page")}.</p>
        ${found.members === 0 ? html`<p>There is nobody to ask about yet: <a href="#/load">load a network</a>, or let <code>linkreach demo</code> load a sample.</p>` : nothing}
        ${
          rest.length
            ? html`<h3>For example</h3><ul class="examples">
              <li><a href=${link("pair", { sender: one.id, recipient: two.id })}>Can ${name(one)} reach ${name(two)}?</a></li>
              <li><a href=${link("member", { id: three.id })}>Whom does ${name(three)} reach?</a></li>
              <li><a href=${link("match", { senders: [one.id, two.id, three.id], recipients: rest })}>Which of ${number(rest.length)} targets can a team of three reach?</a></li>
            </ul>`
            : nothing
        }
      </section>`,
      place,
    );
  } catch (problem) {
    if (problem.name !== "AbortError")
      render(
        failure(problem, () => loaded(place, signal)),
        place,
      );
  }
}

const others = html`<section aria-labelledby="others">
  <h2 id="others">Other questions</h2>
  <ul class="list columns">
    <li class="card"><h3><a href="#/member">Member</a></h3><p>How many does one member reach on each tier, by each channel, and whom? Who reaches them?</p></li>
    <li class="card"><h3><a href="#/match">Match</a></h3><p>Which of these targets can my team reach? Paste two lists.</p></li>
    <li class="card"><h3><a href="#/bridges">Bridges</a></h3><p>Which groups and company pages join members whom nothing else joins?</p></li>
    <li class="card"><h3><a href="#/reports">Reports</a></h3><p>What does a tier add? What keeps pairs apart? Who alone joins others?</p></li>
  </ul>
</section>`;

function form(question, known) {
  const submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const ids = await resolved(form);
    if (ids) go("pair", { sender: ids[0], recipient: ids[1], ...filled(form) });
  };
  const swap = (event) => {
    const [sender, recipient] = event.target.closest("form").querySelectorAll("member-field");
    [sender.value, recipient.value] = [recipient.value, sender.value];
  };
  return html`<form class="card" @submit=${submit}>
    <div class="pair">
      <member-field label="Sender" value=${question.sender ?? ""}></member-field>
      <button type="button" class="swap" @click=${swap} aria-label="Swap sender and recipient">⇄</button>
      <member-field label="Recipient" value=${question.recipient ?? ""}></member-field>
      <button class="primary">Check</button>
    </div>
    ${conditionFields(known, question)}
  </form>`;
}
