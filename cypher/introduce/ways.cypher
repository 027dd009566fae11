// title: Over whom could one member be introduced to another, the strongest way first?
// :param {sender: '8796093022357', recipient: '4398046511333', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: '', through: [], without: [], every_way: false, most: 10}
// param sender: STRING
// param recipient: STRING, another member
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the sender as, '' for their own
// param through: LIST<STRING>, members that a way has to run over, all of them
// param without: LIST<STRING>, members that no way may run over
// param every_way: BOOLEAN, whether all ways count, and not only the best one of each first introducer
// param most: INTEGER, at most so many ways
// column degree: INTEGER, 1 to 3, or null where there is none
// column ways: LIST<MAP>, of the keys members (ids, both ends with them), strength (in millionths) and ties (maps of the keys a, b, strength, mutuals and given), in the order of the rules
// order: one row, none where something is unknown
// scan: none
// include: introductions
RETURN degree, ways
