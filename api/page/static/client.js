// Asks the API, under /v1, the way that any other program does; the only file that knows of the key.

const KEY = "linkreach-key";

/** What went wrong, in words for people; `status` is 0 where no answer came, and `kind` is that of docs/api.md. */
export class Problem extends Error {
  constructor(status, title, detail, request, kind) {
    super(detail || title);
    Object.assign(this, { status, title, detail, request, kind });
  }
}

let keyAsked = null;

/** Called with a promise's `resolve` where the API wants a key; whoever is given the key calls it. */
export function whenAKeyIsWanted(ask) {
  keyAsked = ask;
}

/** Whether this can be a key: a header has no other letters. */
export function keepKey(key) {
  const possible = /^[\x21-\x7e]+$/.test(key);
  if (possible) sessionStorage.setItem(KEY, key);
  return possible;
}

export function forgetKey() {
  sessionStorage.removeItem(KEY);
}

export function hasKey() {
  return sessionStorage.getItem(KEY) !== null;
}

/** The address of a resource; a list is a parameter that repeats, and what is empty is left out. */
export function address(resource, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") query.append(name, each);
    }
  }
  const text = query.toString();
  return `/v1/${resource}${text ? `?${text}` : ""}`;
}

/** One part of a path: an id may hold anything; a browser would take `.` and `..` for a way up (docs/api.md). */
export const part = (id) => encodeURIComponent(/^\\*\.{1,2}$/.test(id) ? `\\${id}` : id);

/** The JSON of a resource. Throws Problem. */
export async function get(resource, parameters, signal) {
  return (await send(address(resource, parameters), { signal })).json();
}

/** The JSON that a resource answers to a body. Throws Problem. */
export async function post(resource, body, parameters, signal) {
  return (await send(address(resource, parameters), { ...written(body), signal })).json();
}

/** The JSON that a resource answers to a form of files; `tellPart` hears how much of it has gone. Throws Problem. */
export async function upload(resource, parameters, form, tellPart, signal) {
  const asking = new XMLHttpRequest(); // fetch tells nothing of what has gone
  const ended = new Promise((resolve) => asking.addEventListener("loadend", resolve));
  const stop = () => asking.abort();
  asking.open("POST", address(resource, parameters));
  for (const [name, value] of Object.entries(withKey({}))) asking.setRequestHeader(name, value);
  asking.upload.addEventListener("progress", ({ loaded, total }) => tellPart(loaded / total));
  signal.addEventListener("abort", stop);
  asking.send(form);
  await ended;
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (asking.status === 0) throw new Problem(0, "No answer", "The upload was cut off, or linkreach does not answer.");
  const answer = new Response(asking.response, { status: asking.status, statusText: asking.statusText });
  if (!answer.ok) throw await problemOf(answer);
  return answer.json();
}

const permitted = new Map();

/** Whether whoever asks may read this; without a key where one is needed, nobody is asked for it. */
export async function may(resource) {
  const what = `${sessionStorage.getItem(KEY)} ${resource}`;
  if (!permitted.has(what)) {
    const answer = await fetch(address(resource), { headers: withKey({}) }).catch(() => null);
    if (answer) permitted.set(what, answer.ok);
  }
  return permitted.get(what) ?? false;
}

/** The text of a resource in another form: a question, or with a body one that is posted. Throws Problem. */
export async function text(form, resource, parameters, body) {
  return (await another(form, resource, parameters, body)).text();
}

/** Saves a resource as a file. A link would do where no key is needed; with one, the answer goes through memory. */
export async function save(name, form, resource, parameters, body) {
  keep(name, await (await another(form, resource, parameters, body)).blob());
}

/** Hands a file to whoever looks at the page. */
export function keep(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The version of the graph that the service has, or null where it has none. */
export async function graphVersion() {
  const answer = await fetch("/readyz").catch(() => null);
  return answer?.ok ? (await answer.json()).graph_version : null;
}

function another(format, resource, parameters, body) {
  return send(address(resource, { ...parameters, format }), body === undefined ? {} : written(body));
}

function written(body) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

async function send(url, options) {
  const key = sessionStorage.getItem(KEY);
  let answer;
  try {
    answer = await fetch(url, { ...options, headers: withKey(options.headers) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "No answer", "linkreach does not answer: is `linkreach serve` still running?");
  }
  if (answer.ok) return answer;
  if (answer.status === 401 && keyAsked) {
    await keyAsked(key !== null);
    return send(url, options);
  }
  throw await problemOf(answer);
}

function withKey(headers) {
  const key = sessionStorage.getItem(KEY);
  return { ...headers, ...(key ? { "X-Api-Key": key } : {}) };
}

async function problemOf(answer) {
  const problem = await answer.json().catch(() => ({}));
  return new Problem(
    answer.status,
    problem.title || answer.statusText,
    problem.detail,
    problem.request_id,
    problem.type?.split(":").pop(),
  );
}
