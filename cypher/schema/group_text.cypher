// title: Groups by the words of their names and ids
// :param {}
// order: none
// scan: none
CREATE FULLTEXT INDEX group_text IF NOT EXISTS FOR (group:Group) ON EACH [group.name, group.id]
