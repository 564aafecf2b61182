"""What the demo program offers: its rooms, its groups, and when they meet."""

from dataclasses import dataclass
from datetime import time

from groups.models import Admission, Kind, Pace

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WORKDAYS = (0, 1, 2, 3, 4)
ROOMS = [
    ("Garden room", "ground floor, by the terrace", 12, 10),
    ("Oak room", "ground floor", 8, 10),
    ("Studio", "the old barn", 12, 15),
    ("Dining room", "ground floor", 30, 15),
    ("Library", "first floor", 14, 10),
    ("Greenhouse", "behind the house", 12, 0),
]
CIRCLE_AGREEMENT = (
    "What is said here stays here. I speak for myself. I give no advice unless somebody asks. "
    "I may pass, and so may everybody else."
)


@dataclass(frozen=True)
class Plan:
    """One group and when it meets. `today` adds the weekday on which the demo begins."""

    name: str
    purpose: str
    expect: str
    kind: Kind
    pace: Pace
    capacity: int
    room: str
    leads: tuple[str, ...]
    at: time
    minutes: int
    weekdays: tuple[int, ...]
    interval: int = 1
    position: int | None = None  # of its weekday in the month
    today: bool = False
    admission: Admission = Admission.OPEN
    agreement: str = ""
    who: str = ""
    after: str = ""  # the group that comes first
    fill: float = 0.7  # how full its sessions are, of 1
    members: tuple[str, ...] = ()  # of a closed group


PLANS = [
    Plan(
        "Morning circle",
        "To arrive in the day together.",
        "We sit down, say in one word how we woke up, and hear what the day holds. Tea is on the table.",
        Kind.CIRCLE,
        Pace.GENTLE,
        10,
        "Garden room",
        ("ana",),
        time(9, 30),
        60,
        EVERY_DAY,
        fill=0.8,
    ),
    Plan(
        "Seeking safety",
        "Small, practical ways to feel steady before any hard story is told.",
        "We begin with two minutes of breathing. Dev reads one page, and whoever wants to says what it "
        "brought up. No one is asked to tell their history.",
        Kind.THERAPY,
        Pace.GENTLE,
        8,
        "Oak room",
        ("dev", "grace"),
        time(13),
        75,
        (0, 2, 4),
        today=True,
        agreement=CIRCLE_AGREEMENT,
        fill=0.95,
    ),
    Plan(
        "Clay and color",
        "Making something with your hands, without having to find words.",
        "Clay, brushes and aprons are ready. You can start something, go on with it, or only watch. "
        "Nobody judges what comes out.",
        Kind.ART,
        Pace.STEADY,
        12,
        "Studio",
        ("mo",),
        time(16, 15),
        90,
        (1, 3),
        today=True,
    ),
    Plan(
        "Shared supper",
        "Cooking and eating at one long table.",
        "Half of us cook from four, half of us clear up. Tell us what you cannot eat.",
        Kind.MEAL,
        Pace.GENTLE,
        30,
        "Dining room",
        ("ruth",),
        time(17, 45),
        90,
        (2, 5, 6),
        fill=0.6,
    ),
    Plan(
        "Family session",
        "Talking with the people at home, with somebody beside you.",
        "Your family sits with you, here or by telephone. Grace sees that everybody is heard.",
        Kind.FAMILY,
        Pace.STEADY,
        6,
        "Library",
        ("grace",),
        time(15),
        90,
        (5,),
        position=1,
        admission=Admission.CLOSED,
        who="You, whoever you asked to come, and Grace.",
        members=("walter", "imani", "luis", "june"),
    ),
    Plan(
        "Recovery circle",
        "How it is to stop, told by those who are stopping.",
        "One of us says how the day went. The others listen, then answer from their own days. "
        "It ends on the hour, always.",
        Kind.CIRCLE,
        Pace.STEADY,
        10,
        "Garden room",
        ("tomas",),
        time(20),
        60,
        EVERY_DAY,
        agreement=CIRCLE_AGREEMENT,
        fill=0.6,
    ),
    Plan(
        "Gentle movement",
        "Waking the body up without pushing it.",
        "Slow stretches on a mat or a chair, all of them optional. Wear what you slept in if you like.",
        Kind.MOVEMENT,
        Pace.GENTLE,
        12,
        "Garden room",
        ("kenji",),
        time(7, 45),
        45,
        WORKDAYS,
        fill=0.5,
    ),
    Plan(
        "Grief circle",
        "Room for who and what is gone.",
        "We light a candle. Each of us may say a name, or nothing. Ruth closes with a poem.",
        Kind.CIRCLE,
        Pace.DEMANDING,
        8,
        "Oak room",
        ("ruth",),
        time(10, 45),
        75,
        (3,),
        interval=2,
        agreement=CIRCLE_AGREEMENT,
        after="Recovery circle",
        who="Eight people of this house at most, and Ruth. The door is closed while a candle burns.",
    ),
    Plan(
        "Garden crew",
        "Doing something that others are glad of.",
        "Beds, compost and whatever the season asks for. Boots and gloves are in the shed. "
        "What we grow goes to the supper and to the food bank in town. We meet in the garden room.",
        Kind.VOLUNTEERING,
        Pace.STEADY,
        10,
        "Garden room",
        ("kenji",),
        time(14, 30),
        100,
        (2, 5),
    ),
    Plan(
        "Staying on course",
        "Knowing your own early signs, and what helps you then.",
        "We look at one sign each week: sleep, company, money, a certain street. You write a card to keep.",
        Kind.THERAPY,
        Pace.STEADY,
        24,
        "Dining room",
        ("dev",),
        time(10, 45),
        75,
        (0, 2),
        admission=Admission.MANDATORY,
    ),
]
