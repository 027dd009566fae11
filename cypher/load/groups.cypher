// title: Write groups: a new one with every default, then the columns of its row
// :param {rows: [{id: '274877907039', values: {}, instants: []}], defaults: {}}
// param rows: LIST<MAP>, each id: STRING, values: MAP (property to value, null takes it away) and instants: LIST, each a property and its ISO 8601 text or null; an id stands once
// param defaults: MAP, the properties of a new node whose columns are not in the input
// order: none
// scan: none
UNWIND $rows AS row
MERGE (group:Group {id: row.id})
ON CREATE SET group += $defaults
SET group += row.values
FOREACH (instant IN row.instants | SET group[instant[0]] = datetime(instant[1]))
