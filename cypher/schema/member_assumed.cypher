// title: Members of whom something is not known
// :param {}
// order: none
// scan: none
CREATE INDEX member_assumed IF NOT EXISTS FOR (member:Member) ON (member.assumed)
