"""Pages of the demo program's journals. Opened, like all others, by their writers alone."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.models import User
from journal.models import Entry, Page, Prompt
from journal.prompts import ANYTHING
from recovery_site.demo import shared_pages

# Writer, days ago, the question that was answered, title, text.
PAGES: list[tuple[str, int, str, str, str]] = [
    (
        "sam",
        16,
        "steady",
        "First morning",
        "The heater that ticks. The blue mug somebody left for me. The tree outside.\n\n"
        "I read the list on the door twice so I would know when breakfast is.",
    ),
    (
        "sam",
        15,
        "place",
        "",
        "The bench by the side door. You can see who is coming, and nobody minds if you do not talk.",
    ),
    (
        "sam",
        13,
        "kind",
        "Soup",
        "Luis put a bowl in front of me before I had said anything. We did not talk much. It was good soup.",
    ),
    (
        "sam",
        12,
        "strain",
        "",
        "Sleep is hard. I wake at four and the house is so quiet that I can hear the clock in the hall.\n\n"
        "The way a kind person would say it: it is early days, and four in the morning is a lonely hour for "
        "anybody.",
    ),
    (
        "sam",
        10,
        "listen",
        "What Ana did",
        "She waited. I said half a thing and she did not finish it for me. Then I found the other half.",
    ),
    (
        "sam",
        9,
        "feet",
        "",
        "Wooden floor, cold at first, then not. Left heel more than the right. That was all I had today, and "
        "it was enough.",
    ),
    (
        "sam",
        7,
        "gave",
        "Chairs",
        "I put the chairs out for the morning circle without being asked. Twelve of them. "
        "It is easier to come into a room that you have set up yourself.",
    ),
    (
        "sam",
        5,
        "friend",
        "",
        "I would tell them that nobody learns to swim on the first day, and that the water is not angry with "
        "them.",
    ),
    (
        "sam",
        4,
        "sounds",
        "Walk round the pond",
        "Gravel. A dog somewhere. Teo humming. Then geese, so loud that we both laughed.",
    ),
    (
        "sam",
        3,
        "say",
        "",
        "That I used to fix bicycles. That I go quiet when there are many people, and it is not about them.",
    ),
    (
        "sam",
        1,
        "enough",
        "A slow day",
        "I made my bed, I called my sister, I ate twice. I did not do the reading. The day was still whole.",
    ),
    (
        "sam",
        0,
        "safe",
        "After the morning circle",
        "I noticed that I sat near the door again. Nobody minded. Noor said that she does the same, and that "
        "she moved one chair closer each week.\n\n"
        "What I need: to know where the door is. And maybe, next week, one chair.",
    ),
    (
        "noor",
        7,
        "steady",
        "",
        "My grandmother's ring. The lamp with the green shade. My own two hands, most of the time.",
    ),
    (
        "noor",
        4,
        "warm",
        "Bread day",
        "The whole ground floor smelled of bread. Pearl let me have the end piece, which is the best one.",
    ),
    (
        "noor",
        1,
        "beside",
        "",
        "Sam. They do not fill the silence, so it never gets heavy.",
    ),
    (
        "luis",
        20,
        "next",
        "",
        "The next small thing is the form for my phone. It can wait until tomorrow. "
        "Writing it here is a start.",
    ),
    (
        "luis",
        6,
        "made",
        "The garden gate",
        "Two hinges, one afternoon. It closes now. I opened and closed it more often than I needed to.",
    ),
    (
        "luis",
        2,
        "anything",
        "Sunday call",
        "Mateo told me about his science project for ten minutes without stopping. "
        "I know a lot about volcanoes now. I would like to be there when it goes off.",
    ),
    (
        "june",
        24,
        "rest",
        "",
        "Rest would be the grey blanket, no shoes, and somebody else reading aloud.",
    ),
    (
        "june",
        8,
        "tried",
        "Spoke in group",
        "One sentence. My voice shook and then it did not. Nobody stared.",
    ),
    (
        "hana",
        11,
        "thanks",
        "",
        "The persimmons in the kitchen. That somebody labelled the tea.",
    ),
    (
        "beth",
        5,
        "gentle",
        "Mornings",
        "I could stop scolding myself for being slow before nine. I am slow before nine. It is fine.",
    ),
    (
        "walter",
        30,
        "ease",
        "",
        "Shoulders, after the stretching group. Not all the way, but I noticed them, which is new.",
    ),
    (
        "walter",
        0,
        "someone",
        "The empty seat",
        "Nell came yesterday and ate alone. Tomorrow I will ask whether the seat across from her is free.",
    ),
    (
        "imani",
        9,
        "laugh",
        "",
        "Rosa tried to teach four of us a dance with eleven steps. We managed seven, all different.",
    ),
    (
        "pearl",
        2,
        "ask",
        "Bus times",
        "I could ask Tomás to look at the bus times with me, so that the first trip out is not a puzzle too.",
    ),
]


def seed(people: dict[str, User], now: datetime) -> None:
    """Adds what is not there yet; a second run adds nothing."""
    for username in {page[0] for page in PAGES} & people.keys():
        add_pages(people[username], now)
    shared_pages.seed(people, now)


def add_pages(writer: User, now: datetime) -> None:
    texts = {**dict(Prompt.objects.values_list("pk", "text")), question(ANYTHING.name): str(ANYTHING.text)}
    known = set(Entry.objects.visible_to(writer).values_list("client_token", flat=True))
    for username, days_ago, prompt, title, text in PAGES:
        token = uuid5(NAMESPACE_URL, f"journal/{username}/{days_ago}")
        if username == writer.username and token not in known:
            page = Page(title, text, texts.get(question(prompt), ""))
            add_page(writer, page, now - timedelta(days=days_ago), token)


def question(name: str) -> UUID:
    """The number of one that came with the product."""
    return uuid5(NAMESPACE_URL, f"journal/questions/{name}")


def add_page(writer: User, page: Page, at: datetime, token: UUID) -> None:
    day = writer.local_day(at)
    Entry.objects.visible_to(writer).write(by=writer, client_token=token, page=page, on=day, now=at)
