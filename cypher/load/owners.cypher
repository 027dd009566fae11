// title: Write members as their own exports have them: what is known of them now, and no job that others say they have
// :param {rows: [{id: '4398046511192', values: {name: 'An example', known: ['companies', 'connections'], positions: true}, instants: []}], defaults: {}}
// param rows: LIST<MAP>, each id: STRING, values: MAP of the keys name, company, position (those that are there), known (a list of the names that are assumed no more, or null) and positions (whether their stints are loaded), and instants: LIST; an id stands once
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
    owner.assumed = nullIf([name IN owner.assumed WHERE NOT name IN coalesce(row.values.known, [])], [])
WITH owner, row
WHERE row.values.positions
MATCH (owner)-[job:WORKS_AT {source: 'contact'}]->()
DELETE job
