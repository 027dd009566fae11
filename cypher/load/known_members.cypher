// title: Which of these ids are in the graph, as ids of members?
// :param {ids: ['4398046511192', 'nobody']}
// param ids: LIST<STRING>, the ids to look up
// column id: STRING, an id that is there
// order: id
// scan: none
UNWIND $ids AS id
MATCH (member:Member {id: id})
RETURN member.id AS id
ORDER BY id
