// What members, groups and company pages are called: answers name them by id.

import { get } from "./client.js";
import { visible } from "./words.js";

const AT_ONCE = 100;
const PARAMETERS = { members: "member", groups: "group", companies: "company" };
const known = { members: new Map(), groups: new Map(), companies: new Map() };

/** Looks up those of these ids that are not known yet. */
export async function learn(kind, ids) {
  const wanted = [...new Set(ids)].filter((id) => !known[kind].has(id));
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    const some = wanted.slice(start, start + AT_ONCE);
    const { names } = await get("names", { [PARAMETERS[kind]]: some });
    remember(kind, names);
    for (const id of some) if (!known[kind].has(id)) known[kind].set(id, null);
  }
}

/** Forgets all of it: another network may be there. */
export function forget() {
  for (const names of Object.values(known)) names.clear();
}

/** Remembers what another answer told. */
export function remember(kind, found) {
  for (const one of found) known[kind].set(one.id, one.name);
}

/** The name, or the id where there is none. */
export const nameOf = (kind, id) => visible(known[kind].get(id) || id);

/** Who a typed text means: those whose id it is, or whose name, else those whom a search finds, the best first. */
export async function meant(text, signal) {
  const { members } = await get("members", { q: text, limit: 8 }, signal);
  remember("members", members);
  const by = (of) => members.filter((member) => of(member)?.toLowerCase() === text.toLowerCase());
  const [exact, named] = [members.filter(({ id }) => id === text), by(({ name }) => name)];
  if (exact.length) return exact;
  return named.length ? named : members;
}
