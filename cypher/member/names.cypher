// title: What are these members, groups and company pages called?
// :param {members: ['4398046511325'], groups: ['137438953274'], companies: ['296']}
// param members: LIST<STRING>, ids
// param groups: LIST<STRING>, ids
// param companies: LIST<STRING>, ids
// column kind: STRING, member, group or company
// column id: STRING, one of these ids that is there
// column name: STRING, or null
// order: kind, then id by code point
// scan: none
CALL () {
  UNWIND $members AS id
  MATCH (n:Member {id: id})
  RETURN 'member' AS kind, n.id AS known, n.name AS name
  UNION
  UNWIND $groups AS id
  MATCH (n:Group {id: id})
  RETURN 'group' AS kind, n.id AS known, n.name AS name
  UNION
  UNWIND $companies AS id
  MATCH (n:Company {id: id})
  RETURN 'company' AS kind, n.id AS known, n.name AS name
}
RETURN kind, known AS id, name
ORDER BY kind, id
