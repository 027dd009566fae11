// title: Write companies: a new one with every default, then the columns of its row
// :param {rows: [{id: '296', values: {}, instants: []}], defaults: {}}
// param rows: LIST<MAP>, each id: STRING, values: MAP (property to value, null takes it away) and instants: LIST, each a property and its ISO 8601 text or null; an id stands once
// param defaults: MAP, the properties of a new node whose columns are not in the input
// order: none
// scan: none
UNWIND $rows AS row
MERGE (company:Company {id: row.id})
ON CREATE SET company += $defaults
SET company += row.values
FOREACH (instant IN row.instants | SET company[instant[0]] = datetime(instant[1]))
