"""Files as they lie on a disk: whose they are, what kind they are, and what a spreadsheet would make of them."""
