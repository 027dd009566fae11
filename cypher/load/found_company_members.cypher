// title: Which of these ties to companies are in the graph?
// :param {rows: [{place: 0, member: '8796093022220', company: '296', tie: null, since: null}], every_stint: true}
// param rows: LIST<MAP>, each place: INTEGER, member: STRING, company: STRING, tie: STRING or null (any), and since: STRING (ISO 8601) or null (a stint without)
// param every_stint: BOOLEAN, whether since says nothing
// column place: INTEGER, that of a row which names a tie that is there
// order: place
// scan: none
UNWIND $rows AS row
// include: named_ties
RETURN DISTINCT row.place AS place
ORDER BY place
