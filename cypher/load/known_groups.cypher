// title: Which of these ids are in the graph, as ids of groups?
// :param {ids: ['274877907039', 'nobody']}
// param ids: LIST<STRING>, the ids to look up
// column id: STRING, an id that is there
// order: id
// scan: none
UNWIND $ids AS id
MATCH (group:Group {id: id})
RETURN group.id AS id
ORDER BY id
