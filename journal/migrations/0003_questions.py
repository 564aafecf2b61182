"""The questions that come with the product (J6). The program's clinicians change them from here on."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import migrations

BEGUN = datetime(2026, 11, 22, tzinfo=UTC)
# Safety and kindness first. They follow ideas of the articles that the program reads with its clients.
QUESTIONS = {
    "grounding": {
        "safe": "What do you need right now to feel safe?",
        "steady": "Name three things in the room that are steady.",
        "feet": "Where do your feet touch the floor, and how does it feel?",
        "sounds": "Which sounds can you hear, from near to far?",
        "ease": "Which part of your body feels at ease, even a little?",
        "place": "Which corner of the house do you like best, and why?",
        "warm": "What is warm, soft or smells good today?",
        "next": "What is the next small thing, and can it wait?",
    },
    "kindness": {
        "friend": "What would you tell a friend who felt this way?",
        "enough": "What was enough today, even if it was not perfect?",
        "gentle": "Where could you be gentler with yourself this week?",
        "strain": "What is hard today? Say it the way a kind person would.",
        "rest": "What would rest look like for you tonight?",
        "tried": "What did you try, whether or not it worked?",
    },
    "small_acts": {
        "kind": "Who was kind today, and how?",
        "thanks": "Which small thing are you glad of right now?",
        "gave": "What did you do for somebody, however small?",
        "made": "What did your hands make, fix or tidy today?",
        "laugh": "What made you smile?",
    },
    "connection": {
        "beside": "Who is easy to sit beside, and what makes it easy?",
        "listen": "Who listened to you, and how could you tell?",
        "say": "What would you like somebody here to know about you?",
        "ask": "What could you ask for help with this week?",
        "someone": "Who would you like to say hello to tomorrow?",
    },
    # Gentle, and each with a way out: nobody is asked for the worst of it.
    "narrative": {
        "taught": "What good thing did somebody once teach you? You can stop at any word.",
        "harbor": "Which place from earlier in your life felt safe? Stay there as long as you like.",
        "through": "What helped you through a hard time? Tell only what you want to tell.",
        "good": "Who was good to you when you were young? Begin anywhere, and stop when you like.",
        "turned": "When did something begin to get better? A few words are enough.",
        "ago": "What would you tell the person you were a year ago? It can wait for another day.",
    },
}


def write(apps, schema_editor):
    """One after the other, since questions are asked in the order in which they were written."""
    Prompt = apps.get_model("journal", "Prompt")
    named = [(kind, *named) for kind, texts in QUESTIONS.items() for named in texts.items()]
    prompts = []
    for number, (kind, name, text) in enumerate(named):
        at = BEGUN + timedelta(seconds=number)
        pk = uuid5(NAMESPACE_URL, f"journal/questions/{name}")
        prompts.append(Prompt(pk=pk, kind=kind, text=text, created_at=at, changed_at=at))
    Prompt.objects.bulk_create(prompts)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_drafts_shares_and_prompts")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
