// title: Set the columns of members who are in the graph; declare nobody
// :param {rows: [{id: '4398046511192', values: {}, instants: []}], known: []}
// param rows: LIST<MAP>, each id: STRING, values: MAP (property to value, null takes it away) and instants: LIST, each a property and its ISO 8601 text or null; an id stands once
// param known: LIST<STRING>, the fields that these rows say, which are assumed no more (docs/rules.md, section 6)
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.id})
SET member += row.values
FOREACH (instant IN row.instants | SET member[instant[0]] = datetime(instant[1]))
FOREACH (_ IN CASE WHEN any(name IN $known WHERE name IN member.assumed) THEN [1] ELSE [] END |
  SET member.assumed = nullIf([name IN member.assumed WHERE NOT name IN $known], []))
