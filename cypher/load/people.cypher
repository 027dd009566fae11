// title: Write members as others list them: a new one with every default; who has given an own export is left alone
// :param {rows: [{id: '4398046511192', values: {name: 'An example'}, instants: []}], defaults: {}}
// param rows: LIST<MAP>, each id: STRING, values: MAP (property to value) and instants: LIST; an id stands once
// param defaults: MAP, the properties of a new node whose columns are not in the input
// order: none
// scan: none
UNWIND $rows AS row
MERGE (member:Member {id: row.id})
ON CREATE SET member += $defaults
WITH member, row
WHERE member.own_export IS NULL
SET member += row.values
