"""Why a target is missed, by its number and name; told only where it is."""

TODAY = (
    "nine or ten questions, for the rules of care, calls, offers, lines and shares. Two thirds of the time "
    "Django puts these questions together, which it cannot keep; the database takes a fiftieth."
)
TWO_WORKERS = (
    "forty who never pause share two workers on two cores with who asks them; the line below, of forty who "
    "read for a second each, is a full house."
)
SEARCH = (
    "it ranks, looks for slips and marks the words in what it shows, which the lookup does not; the time is of "
    "the whole answer."
)
OPENING = (
    "each page is opened and read, and no word of it stands in an index; the ratio to that floor is met."
)
WEEK = "each session is told with its places, its leaders and what its reader can do there; half is the page."

REASONS = {
    "T1 article, known": "the one query that the floor saves is made here: it asks whether the library changed.",
    "T1 article, cold": "rendered once a minute in each process, with what stands beside; then it is warm.",
    "T1 questions, cold": "the whole list is rendered once a minute in each process; then it is warm.",
    "T1 search": "a search ranks and marks texts, which the floor's one lookup does not.",
    "T2 client's Today": TODAY,
    "T2 clinician's Today": TODAY,
    "T3 client's week": WEEK,
    "T3 journal": "its titles are opened with their writer's key, and shares and answers are told; the floor's rows are plain.",
    "T3 attendance sheet": "a form for each person; of its seven queries one writes the look down (A5), one asks for corrections.",
    "T5 client's week": WEEK,
    "T5 who looked, far back": "among a thousand rows nothing lies so far back, so that page is empty.",
    "T5 notices, halfway": "among a thousand rows the page begins in memory; it reads thirty rows either way.",
    "T5 people, in the house": "SQLite looks at each stay that has no end yet or one ahead, then sorts by name.",
    "T5 people, by words": "a part of a name is looked for in each name: no index of SQLite holds parts of words.",
    "T5 board, a day": "a hundred times the sessions lie in the same two tables, and a day is a small page.",
    "T6 a place": "SQLite lets one writer after another through, and each commit reaches the disk.",
    "T6 a session moved": "before it moves, clashes are asked for and named in words; the database's refusal names none.",
    "T7 one sender, of healthchecks' sendalerts": "each message is asked again whether it is wanted, right before it goes.",
    "T7 one sender, of the floor's batch": "each message is asked again whether it is wanted, right before it goes.",
    "T9 search of 5,000, found on few pages": OPENING,
    "T9 search of 5,000, found on none": OPENING,
    "T9 search of 5,000, found on every page": OPENING,
    "T11 signing in, beside its hash": "it begins a session, counts tries on two records and writes the sign-in down.",
    "T11 password forgotten: names apart": "thirteen milliseconds in all, and a tenth of them is noise here.",
    "§5 client's Today, p95 of 40 without a pause": TWO_WORKERS,
    "§5 clinician's Today, p95 of 40 without a pause": TWO_WORKERS,
    "§5 week board, p95 of 40 without a pause": TWO_WORKERS,
    "§5 journal, p95 of 40 without a pause": TWO_WORKERS,
    " search, a word of one title": SEARCH,
    " search, a word of every text": SEARCH,
    " search, a word of many titles": SEARCH,
    " search, two words of every text": SEARCH,
    " search, three letters": SEARCH,
    " search, one letter": SEARCH,
    " search, a slip": SEARCH,
    " search, two slips": SEARCH,
}
