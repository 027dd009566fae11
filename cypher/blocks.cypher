// title: Who of a pair has blocked or limited the other
// requires: s, r
// provides: blocked_by_recipient, blocked_by_sender, limited_by_recipient
WITH *,
     EXISTS { (r)-[:BLOCKED]->(s) } AS blocked_by_recipient,
     EXISTS { (s)-[:BLOCKED]->(r) } AS blocked_by_sender,
     EXISTS { (r)-[:LIMITED]->(s) } AS limited_by_recipient
