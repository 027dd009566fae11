// title: The facts of a pair with the values that they may have, where all is taken as it is stored (docs/rules.md, section 6)
// requires: s, r, tier, tiers, at, degree, shared_groups, shared_pages, shared_workplaces, pack, blocked_by_recipient, blocked_by_sender, limited_by_recipient
// provides: shared_counted_pages, recipient_above_base, values
WITH *,
     CASE pack.page_ties WHEN 'works_at' THEN shared_workplaces ELSE shared_pages END AS shared_counted_pages,
     r.tier <> '' AND r.tier <> tiers[0].name AND coalesce(r.tier_expires_at > at, true) AS recipient_above_base
WITH *, {
       degree: [degree], groups: [shared_groups > 0], pages: [shared_counted_pages > 0],
       sender_tier: [tier], messages_sent: [s.messages_sent], inmails_sent: [s.inmails_sent], inmail_credits: [s.inmail_credits],
       recipient_above_base: [recipient_above_base], visibility: [r.visibility], accepts_from: [r.accepts_from],
       accepts_inmail: [r.accepts_inmail], open_profile: [r.open_profile], contact_info: [r.contact_info],
       contact_form: [r.contact_form], comments_open: [r.comments_open], blocked_by_recipient: [blocked_by_recipient],
       limited_by_recipient: [limited_by_recipient], blocked_by_sender: [blocked_by_sender]
     } AS values
