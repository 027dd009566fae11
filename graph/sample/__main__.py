"""Writes `settings.csv` and `blocks.csv` of the sample again: `python -m graph.sample`."""

from graph.sample import FOLDER, drawn_files

for name, text in drawn_files().items():
    (FOLDER / name).write_text(text, encoding="utf-8", newline="")
