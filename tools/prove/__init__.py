"""The proof: break the book on purpose, one thing at a time, and see that the checks notice.

make prove                  every part, with seeded samples
make prove PART=gates       one part, or several: PART="prose gates"
make prove ALL=1            no samples: everything (hours)
make prove SEED=7           another sample
"""
