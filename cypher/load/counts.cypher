// title: How many nodes has the network, and how many are there that linkreach does not know?
// :param {}
// column network: INTEGER, members, groups and companies
// column others: INTEGER
// order: one row
// scan: none
WITH COUNT { (:Member) } + COUNT { (:Group) } + COUNT { (:Company) } AS network,
  COUNT { (:GraphState) } + COUNT { (:Loader) } + COUNT { (:Forgotten) } + COUNT { (:RulePack) } + COUNT { (:Tier) } + COUNT { (:Channel) } AS kept,
  COUNT { () } AS nodes
RETURN network, nodes - network - kept AS others
