// title: Write members: a new one with every default, then the columns of its row
// :param {rows: [{id: '4398046511192', values: {}, instants: []}], known: [], defaults: {}}
// param rows: LIST<MAP>, each id: STRING, values: MAP (property to value, null takes it away) and instants: LIST, each a property and its ISO 8601 text or null; an id stands once
// param defaults: MAP, the properties of a new node whose columns are not in the input
// param known: LIST<STRING>, the fields that these rows say, which are assumed no more (docs/rules.md, section 6)
// order: none
// scan: none
UNWIND $rows AS row
MERGE (member:Member {id: row.id})
ON CREATE SET member += $defaults
SET member += row.values
FOREACH (instant IN row.instants | SET member[instant[0]] = datetime(instant[1]))
FOREACH (_ IN CASE WHEN any(name IN $known WHERE name IN member.assumed) THEN [1] ELSE [] END |
  SET member.assumed = nullIf([name IN member.assumed WHERE NOT name IN $known], []))
