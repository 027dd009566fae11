// title: Members by tier, so that a tier which no pack defines is found without reading everybody
// :param {}
// order: none
// scan: none
CREATE INDEX member_tier IF NOT EXISTS FOR (member:Member) ON (member.tier)
