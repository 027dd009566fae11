// A field that finds a member by name or id while one types: the combobox of the ARIA Authoring Practices.
// Once somebody is chosen the field shows their name, and below it what tells them apart; its value stays the id.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get } from "../client.js";
import { learn, meant, nameOf, remember } from "../names.js";
import { visible } from "../words.js";

const PAUSE = 180;
let fields = 0;

/** What tells people of one name apart. */
export const apart = ({ id, company, location }) => [company, location, id].filter(Boolean).map(visible).join(" · ");

class MemberField extends HTMLElement {
  #id = `member-${++fields}`;
  /** @type {any[] | null} */
  #found = null;
  #active = -1;
  #timer = 0;
  #asking = new AbortController();
  /** @type {string | null} */
  #chosen = null;
  #problem = "";

  connectedCallback() {
    this.#draw();
    if (this.getAttribute("value")) this.value = this.getAttribute("value");
  }

  /** The id of the member who was chosen, or what was typed. */
  get value() {
    return this.#chosen ?? this.#input.value.trim();
  }

  set value(id) {
    this.#chosen = id || null;
    this.#input.value = id;
    this.#tell("");
    if (id) this.#showName(id);
  }

  /** The id that the field means: a sole match is taken, several are offered; null where it takes a choice. */
  async resolve() {
    if (this.#chosen) return this.#chosen;
    const text = this.#input.value.trim();
    if (!text) return null;
    let found;
    try {
      found = await meant(text);
    } catch (problem) {
      return this.#refuse(problem.message);
    }
    if (found.length === 1) {
      this.#take(found[0]);
      return found[0].id;
    }
    if (!found.length) return this.#refuse(`No member has the name or id “${visible(text)}”`);
    this.#input.focus();
    this.#found = found;
    this.#active = 0;
    this.#draw();
    return this.#refuse(`${found.length} members fit “${visible(text)}”: choose one`);
  }

  /** @returns {HTMLInputElement} */
  get #input() {
    return this.querySelector("input");
  }

  #refuse(problem) {
    this.#tell(problem, true);
    return null;
  }

  #tell(text, wrong = false) {
    this.#problem = wrong ? text : "";
    const place = this.querySelector(".chosen");
    place.textContent = text;
    place.classList.toggle("wrong", wrong);
    this.#input.toggleAttribute("aria-invalid", wrong);
  }

  #draw() {
    const open = this.#found !== null;
    render(
      html`<div class="field">
          <label for=${this.#id}>${this.getAttribute("label")}</label>
          <input id=${this.#id} role="combobox" autocomplete="off" spellcheck="false" required
            placeholder="Name or id" aria-autocomplete="list" aria-expanded=${open} aria-controls="${this.#id}-list"
            aria-describedby="${this.#id}-chosen"
            aria-activedescendant=${this.#active >= 0 ? `${this.#id}-${this.#active}` : nothing}
            @input=${this.#typed} @keydown=${this.#key} @blur=${this.#close}>
        </div>
        <ul class="found" id="${this.#id}-list" role="listbox" aria-label="Members found" ?hidden=${!open}
          @pointerdown=${(event) => event.preventDefault()}>
          ${(this.#found ?? []).map(
            (member, place) => html`<li role="option" id="${this.#id}-${place}" aria-selected=${place === this.#active}
              @click=${() => this.#choose(member)}><span>${visible(member.name ?? member.id)}</span><small>${apart(member)}</small></li>`,
          )}
          ${this.#found?.length === 0 ? html`<li class="none" role="option" aria-disabled="true" aria-selected="false">No member of this name or id</li>` : nothing}
        </ul>
        <p class="chosen" id="${this.#id}-chosen" aria-live="polite"></p>`,
      this,
    );
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #typed = () => {
    clearTimeout(this.#timer);
    this.#chosen = null;
    this.#tell("");
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  };

  async #search() {
    this.#asking.abort();
    this.#asking = new AbortController();
    const words = this.#input.value.trim();
    if (!words) return this.#close();
    try {
      const { members } = await get("members", { q: words, limit: 8 }, this.#asking.signal);
      remember("members", members);
      if (document.activeElement !== this.#input) return undefined;
      this.#found = members;
      this.#active = -1;
      this.#draw();
    } catch (problem) {
      if (problem.name !== "AbortError") this.#tell(problem.message, true);
    }
    return undefined;
  }

  #key = (event) => {
    const length = this.#found?.length ?? 0;
    if (event.key === "ArrowDown" && this.#found === null) this.#search();
    else if (event.key === "ArrowDown" && length) this.#active = (this.#active + 1) % length;
    else if (event.key === "ArrowUp" && length)
      this.#active = (this.#active + length - (this.#active < 0 ? 0 : 1)) % length;
    else if (event.key === "Enter" && this.#active >= 0) {
      event.preventDefault();
      this.#choose(this.#found[this.#active]);
      return;
    } else if (event.key === "Escape" && this.#found !== null) {
      event.preventDefault();
      this.#close();
      return;
    } else return;
    event.preventDefault();
    this.#draw();
  };

  #choose(member) {
    this.#take(member);
    this.dispatchEvent(new Event("chosen", { bubbles: true }));
  }

  #take(member) {
    this.#chosen = member.id;
    this.#close();
    this.#input.value = visible(member.name ?? member.id);
    this.#tell(apart(member));
  }

  #close = () => {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#found = null;
    this.#active = -1;
    this.#draw();
  };

  async #showName(id) {
    try {
      await learn("members", [id]);
    } catch {
      return;
    }
    if (id !== this.#chosen || this.#problem) return;
    const name = nameOf("members", id);
    this.#input.value = name;
    this.#tell(name === visible(id) ? "" : visible(id));
  }
}

customElements.define("member-field", MemberField);

/** The ids that the fields of a form mean, or null where one of them still takes a choice. */
export async function resolved(form) {
  const ids = [];
  for (const field of form.querySelectorAll("member-field")) {
    const id = await field.resolve();
    if (id === null) return null;
    ids.push(id);
  }
  return ids;
}
