"""The synthetic sample scene: a procedurally generated landscape with landslides and its ground truth.

It is a tutorial and testing aid, drawn from random numbers and a few rules of how land looks from above. No pixel of
it was ever measured, and every file written from here says so.
"""
