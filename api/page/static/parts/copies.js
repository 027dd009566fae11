// "Copy as Cypher", "Copy as command" and "Copy link": every answer can be asked again somewhere else.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { text } from "../client.js";
import { tell } from "./state.js";

/**
 * The buttons below an answer.
 *
 * `cypher` is the resource that gave the answer, as `[resource, parameters, body]`: the same resource in the form
 * `cypher` is the very statement with its parameters. `command` is the command line that asks the same.
 * @param {{cypher?: any[], command?: string}} where
 */
export function copies({ cypher = null, command = null }) {
  const [resource, parameters, body] = cypher ?? [];
  return html`<div class="copies" role="group" aria-label="Ask this somewhere else">
    ${cypher ? html`<button type="button" @click=${() => copy("Cypher", text("cypher", resource, parameters, body))}>Copy as Cypher</button>` : nothing}
    ${command ? html`<button type="button" @click=${() => copy("Command", command)}>Copy as command</button>` : nothing}
    <button type="button" @click=${() => copy("Link", location.href)}>Copy link</button>
  </div>`;
}

async function copy(what, promised) {
  let words;
  try {
    words = await promised;
  } catch (problem) {
    tell(problem.message);
    return;
  }
  try {
    await navigator.clipboard.writeText(words);
    tell(`${what} copied`);
  } catch {
    byHand(what, words);
  }
}

/** A browser gives no clipboard to a page that came without TLS from another machine: there it is copied by hand. */
function byHand(what, words) {
  const place = document.getElementById("dialogs");
  const close = () => {
    place.querySelector("dialog").close();
    render(nothing, place);
  };
  render(
    html`<dialog aria-labelledby="by-hand">
      <div class="stack">
        <h2 id="by-hand">${what}, to copy by hand</h2>
        <textarea aria-label=${what} readonly rows="12" class="mono" .value=${words}></textarea>
        <button @click=${close}>Close</button>
      </div>
    </dialog>`,
    place,
  );
  place.querySelector("dialog").showModal();
  place.querySelector("textarea").select();
}
