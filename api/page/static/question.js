// The question that the page shows stands in its address, behind the #: it can be kept, sent and gone back to,
// and no server log sees whom it is about.

const LISTS = ["senders", "recipients", "channel", "if_lifted"];

/** The view and its question, as the address has them. */
export function asked() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const question = Object.create(null); // a parameter may have any name
  for (const [name, value] of new URLSearchParams(query)) {
    if (LISTS.includes(name)) (question[name] ??= []).push(value);
    else question[name] = value;
  }
  return { view: path || "pair", question };
}

/** The address of a question; what is empty is left out. */
export function link(view, question = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(question)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") query.append(name, each);
    }
  }
  const text = query.toString();
  return `#/${view}${text ? `?${text}` : ""}`;
}

export function go(view, question) {
  const target = link(view, question);
  if (target === location.hash) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = target;
}

/** What every question may be asked with, under the names of the API. */
export const conditions = ({ as_tier, at, pack }) => ({ as_tier, at, pack });

const quoted = (text) =>
  /^[\w./:@-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A command line that asks the same: words, then options by name; a list repeats, and true is an option alone. */
export function command(words, options = {}) {
  const parts = ["linkreach", ...words.slice(0, 1)];
  for (const [name, value] of Object.entries(options)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each === true) parts.push(`--${name}`);
      else if (each !== undefined && each !== null && each !== "")
        parts.push(`--${name}`, each.raw ?? quoted(String(each)));
    }
  }
  const rest = words.slice(1);
  if (rest.some((word) => word.startsWith("-"))) parts.push("--");
  return [...parts, ...rest.map(quoted)].join(" ");
}

/** The options of `conditions` on the command line. */
export const options = ({ as_tier, at, pack }) => ({ "as-tier": as_tier, at, pack });

/** A list of ids as a file that the shell makes, for options that want one. */
export const file = (ids) => ({ raw: `<(printf '%s\\n' ${ids.map(quoted).join(" ")})` });

/** A change as a folder that the shell makes, and its name; null where rows of one table differ in their columns. */
export function folder({ remove = {}, ...tables }) {
  const files = [
    ...Object.entries(tables).map(([name, rows]) => [`${name}.csv`, rows]),
    ...Object.entries(remove).map(([name, rows]) => [`remove/${name}.csv`, rows]),
  ];
  const made = ["change=$(mktemp -d)", ...(Object.keys(remove).length ? [`mkdir "$change/remove"`] : [])];
  for (const [name, rows] of files) {
    const columns = Object.keys(rows[0]);
    if (rows.some((row) => Object.keys(row).join() !== columns.join())) return null;
    const lines = [columns, ...rows.map(Object.values)].map((cells) => cells.map(cell).join(","));
    made.push(`printf '%s\\n' ${lines.map(quoted).join(" ")} > "$change/${name}"`);
  }
  return { name: { raw: '"$change"' }, command: made.join(" && ") };
}

const cell = (value) =>
  /[",\r\n]/.test(String(value ?? "")) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? "");
