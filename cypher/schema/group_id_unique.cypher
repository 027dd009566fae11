// title: One group per id
// :param {}
// order: none
// scan: none
CREATE CONSTRAINT group_id_unique IF NOT EXISTS FOR (group:Group) REQUIRE group.id IS UNIQUE
