// title: The segment of every member who is not gone
// :param {by: 'tier', at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param by: STRING, a column of members; tier means the effective one
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column segment: STRING, no value is ''
// column members: INTEGER
// order: segment by code point
// scan: members
// include: asked
MATCH (s:Member)
WHERE NOT s.status IN gone
// include: effective_tier
RETURN CASE $by WHEN 'tier' THEN effective ELSE coalesce(toString(s[$by]), '') END AS segment, count(*) AS members
ORDER BY segment
