// The frame: which view the address asks for, the colours, the key, and what is said when something goes wrong.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { Problem, forgetKey, graphVersion, hasKey, keepKey, may, whenAKeyIsWanted } from "./client.js";
import { asked } from "./question.js";
import { busy, failure } from "./parts/state.js";
import { visible } from "./words.js";

// A Map, for the address may ask for a view of any name.
const VIEWS = new Map(
  Object.entries({
    pair: () => import("./views/pair.js"),
    member: () => import("./views/member.js"),
    match: () => import("./views/match.js"),
    bridges: () => import("./views/bridges.js"),
    reports: () => import("./views/reports.js"),
    plan: () => import("./views/plan.js"),
    compare: () => import("./views/compare.js"),
    load: () => import("./views/load.js"),
  }),
);
const LOOK_EVERY = 15_000;

const content = document.getElementById("content");
const banner = document.getElementById("banner");
let running = new AbortController();

async function show(moveFocus) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const { view, question } = asked();
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".top nav a"))) {
    link.toggleAttribute("aria-current", link.hash === `#/${view}`);
    if (link.hash === `#/${view}`) link.setAttribute("aria-current", "page");
  }
  const place = document.createElement("div");
  content.replaceChildren(place);
  render(busy("Asking…"), place);
  content.setAttribute("aria-busy", "true");
  try {
    if (!VIEWS.has(view)) throw new Problem(404, "No such view", "This page has no such view. Choose one above.");
    const module = await VIEWS.get(view)();
    const { title, show: fill } = module;
    document.title = `${visible(title(question))} · linkreach`;
    drawnOf("timeless" in module ? null : graphVersion());
    await fill(question, place, signal);
    // A view is there before its last list: whoever has begun to type in it stays where they are.
    if (!signal.aborted && moveFocus && !content.contains(document.activeElement)) place.querySelector("h1")?.focus();
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
    if (!(error instanceof Problem)) console.error(error);
    render(html`<h1 tabindex="-1">There is no answer to show</h1>${failure(error, () => show(true))}`, place);
  } finally {
    if (!signal.aborted) content.removeAttribute("aria-busy");
    offerToLoad();
  }
}

/** Shows the way to loads to those alone who may start some. */
async function offerToLoad() {
  document.getElementById("load").hidden = !(await may("loads"));
}

/** Keeps of which graph the view is, and says where it is no longer the one that the service has. */
let drawn = null;
async function drawnOf(asking) {
  render(nothing, banner);
  drawn = null;
  drawn = await asking;
}
async function look() {
  if (document.hidden || drawn === null) return;
  const now = await graphVersion();
  if (now === null || now === drawn) return;
  render(
    html`<p class="banner" role="status">The network has been loaded anew since this was asked: what you see is of its version ${drawn}, and it is now at ${now}.
      <button @click=${() => show(true)}>Ask again</button></p>`,
    banner,
  );
}

function colours() {
  const choice = /** @type {HTMLSelectElement} */ (document.getElementById("theme"));
  const apply = () => {
    if (choice.value) document.documentElement.dataset.theme = choice.value;
    else delete document.documentElement.dataset.theme;
    dispatchEvent(new Event("colours"));
  };
  choice.value = localStorage.getItem("linkreach-colours") ?? "";
  choice.addEventListener("change", () => {
    localStorage.setItem("linkreach-colours", choice.value);
    apply();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  apply();
}

function anotherKey() {
  const button = document.getElementById("another-key");
  button.hidden = !hasKey();
  button.addEventListener("click", () => {
    forgetKey();
    show(true);
  });
}

/** Asks for the key once, however many requests want it; resolves when there is one to try. */
function askForTheKey() {
  let asking = null;
  whenAKeyIsWanted((refused) => {
    asking ??= /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        if (refused) forgetKey();
        const place = document.getElementById("dialogs");
        const keep = (event) => {
          event.preventDefault();
          const field = event.target.elements.key;
          field.setCustomValidity(
            keepKey(field.value.trim()) ? "" : "A key has no spaces, and letters of ASCII alone.",
          );
          if (!field.reportValidity()) return;
          document.getElementById("another-key").hidden = false;
          asking = null;
          place.querySelector("dialog").close();
          render(nothing, place);
          resolve();
        };
        render(
          html`<dialog aria-labelledby="key-title" @cancel=${(event) => event.preventDefault()} @close=${(event) => asking && event.target.showModal()}>
          <form class="stack" @submit=${keep}>
            <h2 id="key-title">This server wants a key</h2>
            ${refused ? html`<p class="notice bad" role="alert">That key was refused. Try another.</p>` : nothing}
            <p>Whoever runs this server makes one with <code>linkreach key new NAME --scope read</code>.
              It is kept until you close this tab, and nowhere else.</p>
            <div class="field"><label for="key">Key</label>
              <input id="key" name="key" type="password" autocomplete="off" required spellcheck="false"
                @input=${(event) => event.target.setCustomValidity("")}></div>
            <button class="primary">Use this key</button>
          </form>
        </dialog>`,
          place,
        );
        place.querySelector("dialog").showModal();
      })
    );
    return asking;
  });
}

addEventListener("hashchange", () => show(true));
addEventListener("visibilitychange", look);
setInterval(look, LOOK_EVERY);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // behind the # stands the question
  content.focus();
});
colours();
anotherKey();
askForTheKey();
show(false);
