"""The published language on paper: schemas, golden samples, AsyncAPI and the readable catalogue.

Everything here is made from `Event.registry`; `python -m baoke_events.contracts` writes and checks it.
"""
