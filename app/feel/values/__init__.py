"""The values of FEEL that Python has no exact counterpart for, and what holds for all of them."""
