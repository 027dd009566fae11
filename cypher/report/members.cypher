// title: Every member, with the tier they hold and the tier they have at this instant
// :param {at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column member: STRING
// column tier: STRING, as stored
// column effective_tier: STRING
// column expires_at: ZONED DATETIME, or null
// column gone: BOOLEAN
// order: member by code point
// scan: members
// include: asked
MATCH (s:Member)
// include: effective_tier
RETURN s.id AS member, s.tier AS tier, effective AS effective_tier, s.tier_expires_at AS expires_at, s.status IN gone AS gone
ORDER BY member
