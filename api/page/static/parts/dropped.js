// Files that somebody chose or dropped, folders included, each under the name that it is sent with.

const OWNERS = "owners.csv";

/**
 * The files of a drop, those of folders with their folders' names before theirs.
 * @param {DataTransfer} transfer
 * @returns {Promise<[string, File][]>}
 */
export async function droppedIn(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const found = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile()); // gone once one waits
  return (await Promise.all(found.map(within))).flat();
}

/** The files of an input, which of a folder know their way. */
export const chosenIn = (input) => [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);

/** Adds files to others. What was there already is there once; another one of the same name gets a number. */
export function added(files, more) {
  const all = new Map(files);
  for (const [path, file] of more) {
    let name = path;
    for (let number = 2; all.has(name) && !isSame(all.get(name), file); number++) name = numbered(path, number);
    all.set(name, file);
  }
  return all;
}

const isSame = (one, other) => one.size === other.size && one.lastModified === other.lastModified;

const numbered = (path, number) => path.replace(/(\.[^./]+)?$/, (ending) => ` (${number})${ending}`);

/**
 * How owners of archives are said: one archive alone takes a parameter, of others a file beside them says it.
 * @param {Map<string, File>} files
 * @param {Record<string, string>} owners by the name of the archive
 */
export async function withOwners(files, owners) {
  const paths = [...files.keys()];
  const [folder] = paths[0].split("/");
  const base = paths.every((path) => path.startsWith(`${folder}/`)) ? `${folder}/` : "";
  const isAlone =
    paths.length === 1 || paths.some((path) => path.toLowerCase() === `${base}connections.csv`.toLowerCase());
  if (isAlone) return { files, owner: Object.values(owners)[0] };
  const said = files.get(base + OWNERS);
  const lines = [said ? (await said.text()).trimEnd() : "archive,owner", ...Object.entries(owners).map(line), ""];
  return { files: new Map(files).set(base + OWNERS, new File([lines.join("\n")], OWNERS)) };
}

const line = (cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");

/** @returns {Promise<[string, File][]>} */
async function within(entry) {
  if (entry instanceof File) return [[entry.name, entry]];
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [[entry.fullPath.replace(/^\//, ""), file]];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (!some.length) return (await Promise.all(found.map(within))).flat();
    found.push(...some);
  }
}
