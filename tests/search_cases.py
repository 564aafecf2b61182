"""What people type, slips and all, and the text of the demo program that they should find first."""

LONELINESS = "Loneliness, the body, and the way back"
GROUP = "What a group is like"
VISIT = "May I visit, and when?"
CLOSENESS = "When closeness feels like danger"
FIRST_DAYS = "Your first days here"

CASES = {
    "lonelyness": LONELINESS,
    "lonliness": LONELINESS,
    "grup": "Do I have to speak in a group?",
    "gruop rules": GROUP,
    "speek in a grup": "Do I have to speak in a group?",
    "familly visit": VISIT,
    "can my family vist": VISIT,
    "visiting": VISIT,
    "lonley": "Is it normal to feel lonely among people?",
    "trust peeple": "What if I find it hard to trust people?",
    "what shoud i bring": "What should I bring?",
    "my fone": "Can I keep my phone?",
    "closness": CLOSENESS,
    "use agian": "What if I use again?",
    "adiction": "Did we cause this?",
    "schedual": "Do I have to do everything on the schedule?",
    "recoverry": "Why recovery happens between people",
    "firt days": FIRST_DAYS,
    "what hapened to me": "Will I have to talk about what happened to me?",
    "familys": "For families: how to stay near",
    "e-mail": "What do your e-mails say?",
    "emergancy": "Who can I turn to after I leave?",
}
