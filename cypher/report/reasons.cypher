// title: Which codes can stand on the channels of kind message and request of a pack, and what stands in place of withheld ones?
// :param {at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column position: INTEGER, in the order of the rules
// column reason: STRING
// order: position
// scan: none
// include: asked
WITH *, {} AS s, {} AS r, {grants: []} AS tier, null AS degree, 0 AS shared_groups, 0 AS shared_pages,
     0 AS shared_workplaces, false AS blocked_by_recipient, false AS blocked_by_sender, false AS limited_by_recipient
// include: stored
// include: rules
WITH reduce(all = [], code IN codes | all + CASE code WHEN withheld[0] THEN [code, in_place] ELSE [code] END) AS codes,
     in_place,
     reduce(found = [codes[0]], channel IN [each IN offered WHERE each.kind IN free] |
       found + reduce(listed = [], requirement IN requirements[channel.name] | listed + coalesce(requirement.codes, [requirement.code])))
     + [gate IN every_gate | gate.code] AS possible
UNWIND range(0, size(codes) - 1) AS position
WITH position, codes[position] AS reason, possible + [in_place] AS possible
WHERE reason IN possible
RETURN position, reason
ORDER BY position
