// title: The tier that a sender has at this instant (docs/rules.md, section 2)
// requires: s, tiers, at
// provides: effective
WITH *,
     CASE WHEN s.tier = '' OR coalesce(s.tier_expires_at <= at, false) THEN tiers[0].name ELSE s.tier END AS effective
