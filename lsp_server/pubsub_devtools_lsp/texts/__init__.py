"""The texts that editors hold: lines, edits, positions in the editor's own units, and how positions move with edits."""
