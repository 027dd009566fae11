// title: One rule pack per name
// :param {}
// order: none
// scan: none
CREATE CONSTRAINT rule_pack_name_unique IF NOT EXISTS FOR (rule_pack:RulePack) REQUIRE rule_pack.name IS UNIQUE
