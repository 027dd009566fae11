// What lies between two members, drawn by cytoscape: the path and their mutuals in the middle, groups above, company
// pages below.

import { learn, nameOf } from "../names.js";
import { link } from "../question.js";
import { colour } from "./bars.js";

const SHOWN = 4;
const ASIDE = 120;
const APART = 62;

/** The path, groups and pages that the channels of a verdict have as evidence. */
export function evidence(verdict) {
  const of = (key) => verdict.channels.find((channel) => key in channel.evidence)?.evidence ?? {};
  const groups = of("groups");
  const pages = of("pages");
  return {
    path: of("path").path ?? [],
    groups: groups.groups ?? [],
    moreGroups: groups.more ?? 0,
    pages: pages.pages ?? [],
    morePages: pages.more ?? 0,
  };
}

export async function learnEvidence(verdict) {
  const { path, groups, pages } = evidence(verdict);
  await Promise.all([
    learn("members", [verdict.sender, verdict.recipient, ...path]),
    learn("groups", groups),
    learn("companies", pages),
  ]);
}

/** Draws it, with these mutuals; the words beside it say the same. */
export async function draw(place, verdict, mutuals = []) {
  const tall = (lying) =>
    320 + (lying ? Math.max(0, mutuals.length - 2) * 46 : 160 + Math.max(0, mutuals.length - 4) * 20);
  await sketch(place, tall, (lying) => elements(verdict, mutuals, lying));
}

/** Draws the ways of an introduction: first introducers in one column, last ones in the next. */
export async function drawWays(place, found) {
  const tall = (lying) => (lying ? 90 : 240) + (lying ? 50 : 20) * found.ways.length;
  await sketch(place, tall, (lying) => wayElements(found, lying));
}

/** Draws elements, as tall as is said, and again where room or colours change; each node leads to what it stands for. */
async function sketch(place, tall, elements) {
  const { default: cytoscape } = await import("../vendor/cytoscape/cytoscape.esm.min.mjs");
  let graph = null;
  const redraw = () => {
    graph?.destroy();
    const lying = place.clientWidth >= 560;
    if (place.clientHeight !== tall(lying)) place.style.height = `${tall(lying)}px`;
    graph = cytoscape({
      container: place,
      elements: elements(lying),
      layout: { name: "preset", fit: true, padding: 34 },
      style: styles(lying),
      userZoomingEnabled: false,
      userPanningEnabled: false,
      boxSelectionEnabled: false,
      autoungrabify: true,
      maxZoom: 1.25,
    });
    graph.on("tap", "node[to]", (event) => (location.hash = event.target.data("to")));
    graph.on("mouseover", "node[to]", () => (place.style.cursor = "pointer"));
    graph.on("mouseout", "node[to]", () => (place.style.cursor = ""));
  };
  const watch = new ResizeObserver(() => (place.isConnected ? redraw() : stop()));
  const stop = () => {
    watch.disconnect();
    removeEventListener("colours", again);
    graph?.destroy();
  };
  const again = () => (place.isConnected ? redraw() : stop());
  addEventListener("colours", again);
  watch.observe(place);
}

function elements(verdict, mutuals, lying) {
  const { path, groups, moreGroups, pages, morePages } = evidence(verdict);
  const line = path.length ? path : [verdict.sender, verdict.recipient];
  const at = (along, across) => (lying ? { x: along, y: across } : { x: across, y: along });
  const others = mutuals.filter((id) => !line.includes(id));
  const rows = Math.ceil(others.length / 2);
  const length = lying ? 900 : Math.max(560, (rows + 3) * APART);
  const aside = ASIDE + (lying ? rows * APART : others.length ? ASIDE : 0);
  const members = line.map((id, place) => ({
    data: { id: `m:${id}`, label: nameOf("members", id), kind: "member", to: link("member", { id }) },
    classes: place === 0 || place === line.length - 1 ? "end" : "",
    position: at((place * length) / (line.length - 1), 0),
  }));
  // By turns on either side of the path: where it lies one above the other at its middle, where it stands along it.
  const beside = (place) => {
    const [row, side] = [Math.floor(place / 2), place % 2 ? 1 : -1];
    return lying
      ? at(length / 2, (row + 1) * APART * side)
      : at(length / 2 + (row - (rows - 1) / 2) * APART, ASIDE * side);
  };
  const between = others.map((id, place) => ({
    data: { id: `m:${id}`, label: nameOf("members", id), kind: "member", to: link("member", { id }) },
    position: beside(place),
  }));
  const known = others.flatMap((id) =>
    [verdict.sender, verdict.recipient].map((end) => ({
      data: { source: `m:${end}`, target: `m:${id}`, kind: "known" },
    })),
  );
  const steps = path
    .slice(1)
    .map((id, place) => ({ data: { source: `m:${path[place]}`, target: `m:${id}`, kind: "step" } }));
  const bridges = [
    ...row("group", "groups", groups, moreGroups).map((data, place, { length: of }) => ({
      data,
      position: at((length * (place + 1)) / (of + 1), -aside),
    })),
    ...row("page", "companies", pages, morePages).map((data, place, { length: of }) => ({
      data,
      position: at((length * (place + 1)) / (of + 1), aside),
    })),
  ];
  const ties = bridges.flatMap(({ data }) =>
    [verdict.sender, verdict.recipient].map((id) => ({
      data: { source: `m:${id}`, target: data.id, kind: data.kind },
    })),
  );
  return [...members, ...between, ...steps, ...known, ...bridges, ...ties];
}

function wayElements({ sender, recipient, ways }, lying) {
  const columns = [[sender], [], [], [recipient]];
  for (const { members } of ways) {
    const [, first, last] = members;
    if (!columns[1].includes(first)) columns[1].push(first);
    if (members.length > 3 && !columns[1].includes(last) && !columns[2].includes(last)) columns[2].push(last);
  }
  const middle = columns[2].filter((id) => !columns[1].includes(id));
  const shown = [columns[0], columns[1], middle, columns[3]].filter((ids) => ids.length);
  const nodes = shown.flatMap((ids, column) =>
    ids.map((id, row) => {
      const along = column * (lying ? 300 : 190);
      const across = (row - (ids.length - 1) / 2) * (lying ? APART : 2 * APART);
      return {
        data: { id: `m:${id}`, label: nameOf("members", id), kind: "member", to: link("member", { id }) },
        classes: id === sender || id === recipient ? "end" : "",
        position: lying ? { x: along, y: across } : { x: across, y: along },
      };
    }),
  );
  const pairs = new Map(ways.flatMap(({ ties }) => ties.map((tie) => [`${tie.a}\n${tie.b}`, tie])));
  const best = new Set(ways[0].ties.map(({ a, b }) => `${a}\n${b}`));
  const ties = [...pairs].map(([key, { a, b }]) => ({
    data: { source: `m:${a}`, target: `m:${b}`, kind: best.has(key) ? "step" : "known" },
  }));
  return [...nodes, ...ties];
}

/** The first few of a kind, and one for all the others. */
function row(kind, names, ids, more) {
  const shown = ids.slice(0, SHOWN);
  const rest = ids.length - shown.length + more;
  const nodes = shown.map((id) => ({
    id: `${kind}:${id}`,
    label: nameOf(names, id),
    kind,
    to: link("bridges", { [kind]: id }),
  }));
  return rest ? [...nodes, { id: `${kind} more`, label: `${rest} more`, kind }] : nodes;
}

/** @returns {any[]} */
function styles(lying) {
  const ink = colour("--ink");
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        color: ink,
        "font-size": 14,
        "text-valign": "bottom",
        "text-margin-y": 6,
        "text-wrap": "wrap",
        "text-overflow-wrap": "anywhere",
        "text-max-width": lying ? 150 : 100,
        "background-color": colour("--rank-2"),
        width: 26,
        height: 26,
        "text-background-color": colour("--ground"),
        "text-background-opacity": 0.9,
        "text-background-padding": 2,
        "font-family": getComputedStyle(document.body).fontFamily,
      },
    },
    {
      selector: "node.end",
      style: { "background-color": colour("--accent"), width: 36, height: 36, "font-weight": 600 },
    },
    { selector: 'node[kind = "group"]', style: { shape: "round-hexagon", "background-color": colour("--second") } },
    { selector: 'node[kind = "page"]', style: { shape: "round-rectangle", "background-color": colour("--soft") } },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "line-color": colour("--field-line"),
        "curve-style": "straight",
        opacity: 0.7,
        "line-style": "dashed",
      },
    },
    {
      selector: 'edge[kind = "known"]',
      style: { width: 2, "line-color": colour("--rank-2"), "line-style": "solid", opacity: 0.8 },
    },
    {
      selector: 'edge[kind = "step"]',
      style: { width: 4, "line-color": colour("--accent"), "line-style": "solid", opacity: 1 },
    },
  ];
}
