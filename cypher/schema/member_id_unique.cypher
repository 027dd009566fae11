// title: One member per id
// :param {}
// order: none
// scan: none
CREATE CONSTRAINT member_id_unique IF NOT EXISTS FOR (member:Member) REQUIRE member.id IS UNIQUE
