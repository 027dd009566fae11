// title: Remove ties to companies: stints and follows
// :param {rows: [{member: '8796093022220', company: '296', tie: null, since: null}], every_stint: true}
// param rows: LIST<MAP>, each member: STRING, company: STRING, tie: STRING or null (any), and since: STRING (ISO 8601) or null (a stint without)
// param every_stint: BOOLEAN, whether since says nothing
// order: none
// scan: none
UNWIND $rows AS row
// include: named_ties
DELETE edge
