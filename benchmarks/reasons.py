"""Why a target is missed, by its number and name, as far as somebody looked into it."""

TODAY = (
    "nine or ten questions, for the rules of care, calls, offers, lines and shares. Two thirds of the time "
    "Django puts these questions together, which it cannot keep; the database takes a fiftieth."
)
TWO_WORKERS = (
    "forty who never pause share two workers on two cores with their readers; the line below it, of forty "
    "who read for a second each, is nearer to a full house."
)
SEARCH = "it ranks, looks for slips and marks words in what it shows; the time is of the whole answer."
OPENING = "each page is opened and read, for no word of it stands in an index; the ratio to that is met."
ASKED_AGAIN = "each message is asked again whether it is still wanted, right before it goes."
ONCE_A_MINUTE = "rendered once a minute in each process; then it is warm."

REASONS = {
    "T1 article, known": "one query asks whether the library changed, as the floor makes one.",
    "T1 article, cold": ONCE_A_MINUTE,
    "T1 questions, cold": ONCE_A_MINUTE,
    "T1 search": "a search ranks and marks texts, which the floor's one lookup does not.",
    "T2 client's Today": TODAY,
    "T2 clinician's Today": TODAY,
    "T3 client's week": "each session is told with its places, its leaders and what its reader can do there.",
    "T3 journal": "titles are opened with their writer's key, and shares and answers are told.",
    "T3 attendance sheet": "a form for each person; one of its queries notes the look, one asks for changes.",
    "T5 who looked, far back": "among a thousand rows nothing lies so far back: that page is empty.",
    "T7 one sender, of healthchecks' sendalerts": ASKED_AGAIN,
    "T7 one sender, of the floor's batch": ASKED_AGAIN,
    "T9 search of 5,000, found on few pages": OPENING,
    "T9 search of 5,000, found on none": OPENING,
    "T9 search of 5,000, found on every page": OPENING,
    "T11 signing in, beside its hash": "a session begins, tries are counted, and the record is written.",
    **{
        f"§5 {page}, p95 of 40 without a pause": TWO_WORKERS
        for page in ("client's Today", "clinician's Today", "week board", "journal")
    },
    **{
        f" search, {words}": SEARCH
        for words in (
            *("a word of one title", "a word of every text", "a word of many titles"),
            *("two words of every text", "three letters", "one letter", "a slip", "two slips"),
        )
    },
}
