"""What the rules are made of: the vocabulary, rule packs, and what is withheld from whom."""
