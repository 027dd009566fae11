// title: What does each sender have left this month, and whom do they lose to what is spent?
// :param {senders: ['4398046511325'], at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param senders: LIST<STRING>, ids
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column member: STRING, one whose tier has a monthly limit or grants inmail
// column inmail_credits: INTEGER
// column inmails_left: INTEGER, the smaller of the credits and what the monthly limit leaves
// column messages_left: INTEGER, or null without a limit
// column lost_to_quota: INTEGER, recipients who would be reachable if limits and credits were no matter, and are not
// order: member by code point
// scan: pairs
// include: asked
UNWIND $senders AS sender
MATCH (s:Member {id: sender})
// include: effective_tier
WITH *, s AS m, head([tier IN tiers WHERE tier.name = effective]) AS tier
WHERE tier.monthly_messages IS NOT NULL OR tier.monthly_inmails IS NOT NULL OR 'inmail' IN tier.grants
CALL (s, m, tier, at, gone, pack, tiers, offered, direct_reach) {
  // include: everybody
  WITH *, other AS r
  // include: blocks
  // include: stored
  // include: rules
  WITH *
  WHERE NOT reachable AND any(channel IN channels
    WHERE channel.kind IN messaging AND all(reason IN channel.reasons WHERE reason IN quotas))
  RETURN count(r) AS lost_to_quota
}
WITH s, lost_to_quota, s.status IN gone AS zero,
     CASE WHEN 'inmail' IN tier.grants THEN s.inmail_credits ELSE 0 END AS usable,
     tier.monthly_inmails - s.inmails_sent AS inmails_allowed, tier.monthly_messages - s.messages_sent AS allowed
RETURN s.id AS member,
       CASE WHEN zero THEN 0 ELSE s.inmail_credits END AS inmail_credits,
       CASE WHEN zero OR inmails_allowed <= 0 THEN 0 WHEN inmails_allowed < usable THEN inmails_allowed ELSE usable END
         AS inmails_left,
       CASE WHEN allowed IS NULL THEN null WHEN zero OR allowed <= 0 THEN 0 ELSE allowed END AS messages_left,
       lost_to_quota
ORDER BY member
