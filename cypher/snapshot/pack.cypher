// title: A rule pack as the graph has it
// :param {pack: 'article'}
// param pack: STRING, a rule pack by name
// column hash: STRING
// column page_ties: STRING, any or works_at
// column inmail_respects_opt_out: BOOLEAN
// column tiers: LIST<MAP>, by rank, each with its numbers and the channels that it grants
// column offered: LIST<MAP>, name and kind of each channel of the pack, in the order of the rules
// order: one row
// scan: none
// include: pack
RETURN pack.hash AS hash, pack.page_ties AS page_ties, pack.inmail_respects_opt_out AS inmail_respects_opt_out,
       [tier IN tiers | tier {.name, .direct_degree, .monthly_messages, .monthly_inmails, .grants}] AS tiers, offered
