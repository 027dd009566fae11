// A field that finds a member by name or id while one types: the combobox of the ARIA Authoring Practices.

import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { get } from "../client.js";
import { learn, nameOf, remember } from "../names.js";

const PAUSE = 180;
let fields = 0;

class MemberField extends HTMLElement {
  #id = `member-${++fields}`;
  #found = null;
  #active = -1;
  #timer = 0;
  #asking = new AbortController();

  connectedCallback() {
    this.#draw();
    if (this.value) this.#tellName();
  }

  /** The id that stands in the field. */
  get value() {
    return this.querySelector("input")?.value.trim() ?? this.getAttribute("value") ?? "";
  }

  set value(id) {
    this.querySelector("input").value = id;
    this.#tellName();
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
            value=${this.getAttribute("value") ?? ""}
            @input=${this.#typed} @keydown=${this.#key} @blur=${this.#close}>
        </div>
        <ul class="found" id="${this.#id}-list" role="listbox" aria-label="Members found" ?hidden=${!open}
          @pointerdown=${(event) => event.preventDefault()}>
          ${(this.#found ?? []).map(
            (member, place) => html`<li role="option" id="${this.#id}-${place}" aria-selected=${place === this.#active}
              @click=${() => this.#choose(member)}><span>${member.name ?? member.id}</span><small class="mono">${member.id}</small></li>`,
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
    this.querySelector(".chosen").textContent = "";
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  };

  async #search() {
    this.#asking.abort();
    this.#asking = new AbortController();
    const words = this.value;
    if (!words) return this.#close();
    try {
      const { members } = await get("members", { q: words, limit: 8 }, this.#asking.signal);
      remember("members", members);
      if (document.activeElement !== this.querySelector("input")) return undefined;
      this.#found = members;
      this.#active = -1;
      this.#draw();
    } catch (problem) {
      if (problem.name !== "AbortError") this.querySelector(".chosen").textContent = problem.message;
    }
    return undefined;
  }

  #key = (event) => {
    const length = this.#found?.length ?? 0;
    if (event.key === "ArrowDown" && this.#found === null) this.#search();
    else if (event.key === "ArrowDown" && length) this.#active = (this.#active + 1) % length;
    else if (event.key === "ArrowUp" && length) this.#active = (this.#active + length - (this.#active < 0 ? 0 : 1)) % length;
    else if (event.key === "Enter" && this.#active >= 0) return event.preventDefault(), this.#choose(this.#found[this.#active]);
    else if (event.key === "Escape" && this.#found !== null) return event.preventDefault(), this.#close();
    else return undefined;
    event.preventDefault();
    return this.#draw();
  };

  #choose(member) {
    this.value = member.id;
    this.#close();
    this.dispatchEvent(new Event("chosen", { bubbles: true }));
  }

  #close = () => {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#found = null;
    this.#active = -1;
    this.#draw();
  };

  async #tellName() {
    const id = this.value;
    try {
      await learn("members", [id]);
    } catch {
      return;
    }
    const name = nameOf("members", id);
    if (id === this.value) this.querySelector(".chosen").textContent = name === id ? "" : name;
  }
}

customElements.define("member-field", MemberField);
