// title: The facts of a pair with all values that they may have, the stored one first (docs/rules.md, section 6)
// requires: s, r, m, other, tier, tiers, at, gone, own_tier, some_assumed, steps_from_m, steps_from_other, other_in_groups, other_at_pages, degree, shared_groups, shared_pages, shared_workplaces, pack, blocked_by_recipient, blocked_by_sender, limited_by_recipient
// provides: shared_counted_pages, recipient_above_base, values
WITH *,
     CASE pack.page_ties WHEN 'works_at' THEN shared_workplaces ELSE shared_pages END AS shared_counted_pages,
     r.tier <> '' AND r.tier <> tiers[0].name AND coalesce(r.tier_expires_at > at, true) AS recipient_above_base
WITH *,
     coalesce(s.assumed, []) AS of_sender,
     coalesce(r.assumed, []) AS of_recipient,
     coalesce(m.assumed, []) AS of_m,
     coalesce(other.assumed, []) AS of_other,
     NOT s.status IN gone AND NOT r.status IN gone AS here,
     steps_from_m + 1 + steps_from_other AS nearest
WITH *, CASE WHEN NOT some_assumed THEN {
       degree: [degree], groups: [shared_groups > 0], pages: [shared_counted_pages > 0],
       sender_tier: [tier], messages_sent: [s.messages_sent], inmails_sent: [s.inmails_sent], inmail_credits: [s.inmail_credits],
       recipient_above_base: [recipient_above_base], visibility: [r.visibility], accepts_from: [r.accepts_from],
       accepts_inmail: [r.accepts_inmail], open_profile: [r.open_profile], contact_info: [r.contact_info],
       contact_form: [r.contact_form], comments_open: [r.comments_open], blocked_by_recipient: [blocked_by_recipient],
       limited_by_recipient: [limited_by_recipient], blocked_by_sender: [blocked_by_sender]
     } ELSE {
       degree: [degree] + CASE WHEN here THEN [d IN [1, 2, 3] WHERE nearest <= d AND d < coalesce(degree, 4)] ELSE [] END,
       groups: [shared_groups > 0] + CASE WHEN here AND shared_groups = 0 AND ('groups' IN of_m OR 'groups' IN of_other)
           AND ('groups' IN of_m OR EXISTS { (m)-[:MEMBER_OF]->(:Group {messaging: true}) })
           AND ('groups' IN of_other OR other_in_groups)
         THEN [true] ELSE [] END,
       pages: [shared_counted_pages > 0] + CASE WHEN here AND shared_counted_pages = 0
           AND ('companies' IN of_m OR 'companies' IN of_other)
           AND ('companies' IN of_m OR EXISTS {
             (m)-[tie:WORKS_AT|FOLLOWS]->(:Company)
             WHERE coalesce(tie.until > at, true) AND (tie:WORKS_AT OR pack.page_ties <> 'works_at')
           })
           AND ('companies' IN of_other OR other_at_pages)
         THEN [true] ELSE [] END,
       sender_tier: [tier] + CASE WHEN own_tier AND 'tier' IN of_sender AND coalesce(s.tier_expires_at > at, true) THEN tiers ELSE [] END,
       messages_sent: [s.messages_sent] + CASE WHEN 'messages_sent' IN of_sender
         THEN [0] + [t IN tiers WHERE t.monthly_messages IS NOT NULL | t.monthly_messages] ELSE [] END,
       inmails_sent: [s.inmails_sent] + CASE WHEN 'inmails_sent' IN of_sender
         THEN [0] + [t IN tiers WHERE t.monthly_inmails IS NOT NULL | t.monthly_inmails] ELSE [] END,
       inmail_credits: [s.inmail_credits] + CASE WHEN 'inmail_credits' IN of_sender THEN [0, 1] ELSE [] END,
       recipient_above_base: [recipient_above_base] + CASE
         WHEN 'tier' IN of_recipient AND coalesce(r.tier_expires_at > at, true) THEN [t IN tiers | t.name <> tiers[0].name] ELSE [] END,
       visibility: [r.visibility] + CASE WHEN 'visibility' IN of_recipient THEN ['public', 'network', 'connections', 'private'] ELSE [] END,
       accepts_from: [r.accepts_from] + CASE
         WHEN 'accepts_from' IN of_recipient THEN ['anyone', 'shared_connections', 'connections', 'nobody'] ELSE [] END,
       accepts_inmail: [r.accepts_inmail] + CASE WHEN 'accepts_inmail' IN of_recipient THEN [true, false] ELSE [] END,
       open_profile: [r.open_profile] + CASE WHEN 'open_profile' IN of_recipient THEN [true, false] ELSE [] END,
       contact_info: [r.contact_info] + CASE
         WHEN 'contact_info' IN of_recipient THEN ['nobody', 'connections', 'network', 'anyone'] ELSE [] END,
       contact_form: [r.contact_form] + CASE WHEN 'contact_form' IN of_recipient THEN [true, false] ELSE [] END,
       comments_open: [r.comments_open] + CASE WHEN 'comments_open' IN of_recipient THEN [true, false] ELSE [] END,
       blocked_by_recipient: [blocked_by_recipient] + CASE WHEN 'blocks' IN of_recipient AND coalesce(degree <> 1, true)
         AND NOT blocked_by_recipient AND NOT limited_by_recipient THEN [true] ELSE [] END,
       limited_by_recipient: [limited_by_recipient] + CASE WHEN 'blocks' IN of_recipient AND coalesce(degree <> 1, true)
         AND NOT blocked_by_recipient AND NOT limited_by_recipient THEN [true] ELSE [] END,
       blocked_by_sender: [blocked_by_sender] + CASE
         WHEN 'blocks' IN of_sender AND coalesce(degree <> 1, true) AND NOT blocked_by_sender THEN [true] ELSE [] END
     } END AS values
