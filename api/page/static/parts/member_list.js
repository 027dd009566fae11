// Lists of members that people paste: ids or names, a line each, or rows of a spreadsheet with a heading.

import { get } from "../client.js";
import { learn, meant, remember } from "../names.js";

const IDS = ["id", "member", "member_id", "memberid", "sender", "recipient", "linkreach_id"];
const NAMES = ["name", "full_name", "fullname", "member_name"];
const PARTS = [
  ["first_name", "last_name"],
  ["firstname", "lastname"],
];
const AT_ONCE = 100;

/**
 * The texts of a pasted list, each once and in order: one a line, or of several columns the one of ids, else of names.
 * `told` says what was read of it, where that is not every line.
 * @param {string} pasted
 * @returns {{texts: string[], told: string}}
 */
export function pastedList(pasted) {
  const lines = pasted.split(/\r\n|[\n\r]/).filter((line) => line.trim());
  const separator = ["\t", ";", ","].find((each) => lines.some((line) => cells(line, each).length > 1)) ?? "\t";
  const rows = lines.map((line) => cells(line, separator));
  const heading = (rows[0] ?? []).map((cell) => cell.toLowerCase().replace(/[\s-]+/g, "_"));
  const place = (names) => heading.findIndex((cell) => names.includes(cell.replace(/s$/, "")) || names.includes(cell));
  const [id, name] = [place(IDS), place(NAMES)];
  const parts = PARTS.map((each) => each.map((part) => heading.indexOf(part))).find((each) => !each.includes(-1));
  const known = id >= 0 || name >= 0 || parts || heading.some((cell) => ["target", "targets", "team"].includes(cell));
  const text = (row) => {
    if (id >= 0) return row[id];
    if (name >= 0) return row[name];
    return parts ? parts.map((part) => row[part] ?? "").join(" ") : row[0];
  };
  const texts = rows.slice(known ? 1 : 0).map((row) => (text(row) ?? "").trim());
  const what =
    id >= 0 ? rows[0][id] : name >= 0 ? rows[0][name] : parts ? "first and last names" : (rows[0]?.[0] ?? "");
  const wide = (rows[0]?.length ?? 0) > 1;
  const told = known ? `read by the heading “${what}”` : wide ? "the first column is read" : "";
  return { texts: [...new Set(texts.filter(Boolean))], told };
}

/** The cells of a line as spreadsheets write them; a separator within quotes is text. */
function cells(line, separator) {
  const found = [];
  let cell = "";
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) (found.push(cell), (cell = ""));
    else cell += letter;
  }
  return [...found, cell].map((each) => each.trim());
}

/**
 * Whom these texts mean: `ids` of those who are somebody's id or whose name means exactly one member; `several` with
 * all whom a name means; `nobody`.
 * @param {string[]} texts
 * @param {(done: number) => void} progress
 * @param {AbortSignal} [signal]
 */
export async function everybodyMeant(texts, progress, signal) {
  const known = new Set();
  for (let start = 0; start < texts.length; start += AT_ONCE) {
    const some = texts.slice(start, start + AT_ONCE);
    const { names } = await get("names", { member: some }, signal);
    remember("members", names);
    for (const { id } of names) known.add(id);
  }
  const ids = [];
  const several = [];
  const nobody = [];
  for (const [place, text] of texts.entries()) {
    if (known.has(text)) {
      ids.push(text);
      continue;
    }
    progress(place);
    const found = text.length <= 200 ? await meant(text, signal) : [];
    if (found.length === 1) ids.push(found[0].id);
    else if (found.length) several.push({ text, found });
    else nobody.push(text);
  }
  await learn("members", ids);
  return { ids: [...new Set(ids)], several, nobody };
}
