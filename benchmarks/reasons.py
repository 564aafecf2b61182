"""Why a target is missed, by its number and name; told only where it is."""

REASONS = {
    "T1 article, cold": "rendered once a minute in each process, with what stands beside; then it is warm.",
    "T1 questions, cold": "the whole list is rendered once a minute in each process; then it is warm.",
    "T1 search": "a search ranks and marks texts, which the floor's one lookup does not.",
}
