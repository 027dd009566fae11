// title: The next members by id, as columns: what the rules read of them, and all that they are tied to
// :param {after: '', most: 100, by: 'location', always: 9223372036854775807, never: -9223372036854775807}
// param after: STRING, the last id of the page before; no id is ''
// param most: INTEGER, how many members make a page
// param by: STRING, the column of members that makes segments
// param always: INTEGER, stands for an instant that does not come
// param never: INTEGER, stands for an instant that has always been
// column node: LIST<INTEGER>, by which the lists below name members, groups and pages; of this transaction only
// column id: LIST<STRING>
// column tier: LIST<STRING>
// column tier_expires_at: LIST<INTEGER>, microseconds since 1970, or always
// column status: LIST<STRING>
// column restricted_until: LIST<INTEGER>, microseconds since 1970, or never
// column visibility: LIST<STRING>
// column accepts_from: LIST<STRING>
// column accepts_inmail: LIST<BOOLEAN>
// column open_profile: LIST<BOOLEAN>
// column contact_info: LIST<STRING>
// column contact_form: LIST<BOOLEAN>
// column comments_open: LIST<BOOLEAN>
// column inmail_credits: LIST<INTEGER>
// column messages_sent: LIST<INTEGER>
// column inmails_sent: LIST<INTEGER>
// column assumed: LIST<LIST<STRING>>
// column segment: LIST<STRING>, no value is ''
// column connected_to: LIST<LIST<INTEGER>>, each connection once, at one of the two
// column strength: LIST<LIST<LIST<INTEGER>>>, of the connections that were given one, each the other end and 1 to 100
// column groups: LIST<LIST<INTEGER>>
// column works_at: LIST<LIST<LIST<INTEGER>>>, each a page, and microseconds since 1970 since when, or never, and until when, or always
// column follows: LIST<LIST<INTEGER>>
// column blocked: LIST<LIST<INTEGER>>
// column limited: LIST<LIST<INTEGER>>
// order: one row, its lists by id
// scan: none
MATCH (m:Member)
WHERE m.id > $after
WITH m
ORDER BY m.id
LIMIT $most
WITH m, properties(m) AS of
RETURN collect(id(m)) AS node,
       collect(of.id) AS id,
       collect(of.tier) AS tier,
       collect(coalesce(of.tier_expires_at.epochSeconds * 1000000 + of.tier_expires_at.microsecond, $always)) AS tier_expires_at,
       collect(of.status) AS status,
       collect(coalesce(of.restricted_until.epochSeconds * 1000000 + of.restricted_until.microsecond, $never)) AS restricted_until,
       collect(of.visibility) AS visibility,
       collect(of.accepts_from) AS accepts_from,
       collect(of.accepts_inmail) AS accepts_inmail,
       collect(of.open_profile) AS open_profile,
       collect(of.contact_info) AS contact_info,
       collect(of.contact_form) AS contact_form,
       collect(of.comments_open) AS comments_open,
       collect(of.inmail_credits) AS inmail_credits,
       collect(of.messages_sent) AS messages_sent,
       collect(of.inmails_sent) AS inmails_sent,
       collect(coalesce(of.assumed, [])) AS assumed,
       collect(coalesce(toString(of[$by]), '')) AS segment,
       collect([(m)-[:CONNECTED_TO]->(other) | id(other)]) AS connected_to,
       collect([(m)-[tie:CONNECTED_TO]->(other) WHERE tie.strength IS NOT NULL | [id(other), tie.strength]]) AS strength,
       collect([(m)-[:MEMBER_OF]->(group) | id(group)]) AS groups,
       collect([(m)-[tie:WORKS_AT]->(page) | [
         id(page),
         coalesce(tie.since.epochSeconds * 1000000 + tie.since.microsecond, $never),
         coalesce(tie.until.epochSeconds * 1000000 + tie.until.microsecond, $always)
       ]]) AS works_at,
       collect([(m)-[:FOLLOWS]->(page) | id(page)]) AS follows,
       collect([(m)-[:BLOCKED]->(other) | id(other)]) AS blocked,
       collect([(m)-[:LIMITED]->(other) | id(other)]) AS limited
