// title: Which rule packs can be asked by, and what does each of their tiers grant?
// :param {}
// column described: MAP, a pack with its tiers by rank and its channels in the order of the rules
// order: name of the pack
// scan: none
MATCH (pack:RulePack)
// include: described
RETURN described
ORDER BY described.name
