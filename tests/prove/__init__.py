"""Proofs with large counts: `python -m tests.prove` runs them all, `--share 0.01` a hundredth of each."""
