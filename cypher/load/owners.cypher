// title: Write members as their own exports have them: what is known of them now, and no job that others say they have
// :param {rows: [{id: '4398046511192', values: {name: 'An example', known: 'connections;companies', positions: true}, instants: []}], defaults: {}}
// param rows: LIST<MAP>, each id: STRING, values: MAP of the keys name, company, position (those that are there), known (names that are assumed no more, joined by ;) and positions (whether their stints are loaded), and instants: LIST; an id stands once
// param defaults: MAP, the properties of a new node whose columns are not in the input
// order: none
// scan: none
UNWIND $rows AS row
MERGE (owner:Member {id: row.id})
ON CREATE SET owner += $defaults
SET owner.own_export = true,
    owner.name = coalesce(row.values.name, owner.name),
    owner.company = coalesce(row.values.company, owner.company),
    owner.position = coalesce(row.values.position, owner.position),
    owner.assumed = [name IN owner.assumed WHERE NOT name IN split(coalesce(row.values.known, ''), ';')]
WITH owner, row
WHERE row.values.positions
MATCH (owner)-[job:WORKS_AT {source: 'contact'}]->()
DELETE job
