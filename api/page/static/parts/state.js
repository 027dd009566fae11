// What is shown while an answer is awaited, where there is none, and where something went wrong.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { visible } from "../words.js";

export const busy = (text) => html`<p class="busy" role="status">${text}</p>`;

/**
 * @param {string} title
 * @param {unknown} text
 * @param {unknown} [more]
 */
export const empty = (title, text, more = nothing) =>
  html`<div class="notice"><h2>${title}</h2><p>${text}</p>${more}</div>`;

const ADVICE = {
  0: "Once it runs again, try again.",
  429: "Many are asking at the moment. Wait a few seconds, then try again.",
  503: "Neo4j is away, starting, loading or busy. Nothing is wrong with your question: wait a little, then try again.",
  504: "This took longer than the server allows a question.",
};

const LOAD = "nothing-loaded";

const AGAIN = [0, 409, 429, 503, 504];

/** An error for people: what happened, what to do about it, and what to tell whoever runs the server. */
export function failure(problem, again) {
  const status = problem.status ?? -1;
  const isEmpty = problem.kind === LOAD;
  const mayHelp = again && !isEmpty && (AGAIN.includes(status) || status < 0 || status === 500);
  return html`<div class="notice bad" role="alert">
    <h2>${problem.title ?? "Something went wrong on this page"}</h2>
    <p>${visible(problem.message)}</p>
    ${ADVICE[status] && !isEmpty ? html`<p>${ADVICE[status]}</p>` : nothing}
    ${problem.request ? html`<p class="small soft">Request <code>${problem.request}</code></p>` : nothing}
    <p class="row">${mayHelp ? html`<button class="primary" @click=${again}>Try again</button>` : html`<a class="button" href=${isEmpty ? "#/load" : "#/pair"}>${isEmpty ? "Load a network" : "Ask something else"}</a>`}</p>
  </div>`;
}

let timer = 0;

/** A short line that screen readers read out and everybody sees for a moment. */
export function tell(text) {
  const status = document.getElementById("status");
  status.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (status.textContent = ""), 4000);
}
