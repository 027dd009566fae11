// title: One node per hash of somebody who was forgotten
// :param {}
// order: none
// scan: none
CREATE CONSTRAINT forgotten_hash_unique IF NOT EXISTS FOR (forgotten:Forgotten) REQUIRE forgotten.hash IS UNIQUE
