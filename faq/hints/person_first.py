"""Words that hurt, what to say instead, and why: the person comes before the illness.

After "Words Matter: Terms to Use and Avoid When Talking About Addiction" of the National Institute on Drug
Abuse (NIDA), "Words Matter" of the Substance Abuse and Mental Health Services Administration (SAMHSA), and
the recommendations of reportingonsuicide.org. The sentences are ours.
"""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

PERSON = _("It makes the illness the whole of somebody.")
BLAME = _("It blames somebody for an illness.")
DIRT = _("It calls people clean or dirty. Say what happened.")
CRIME = _("It speaks as if somebody had done a crime or a wrong.")
FEAR = _("It makes people into somebody to be afraid of.")

# What is found, what to say instead, and why. Small letters; whole words.
TABLE: list[tuple[str, Any, Any]] = [
    (r"(?:recovering |former |drug |ex-){0,3}addicts?", _("“a person with addiction”"), PERSON),
    (
        r"alcoholics?(?! anonymous| drinks?| beverages?| content)",
        _("“a person who has trouble with alcohol”"),
        PERSON,
    ),
    (
        r"junkies?|druggies?|crackheads?|dope ?fiends?|stoners?|potheads?|tweakers?",
        _("“a person who uses drugs”"),
        FEAR,
    ),
    (r"(?:drug|substance|heroin|opioid|cocaine) users?", _("“a person who uses drugs”"), PERSON),
    (r"(?:a|the|town|old) drunks?|drunkards?|winos?", _("“a person who drinks”"), PERSON),
    (r"(?:(?:drug|substance|alcohol) )?abusers?", _("“a person who uses”, or name what was done"), CRIME),
    (
        r"(?:drug|substance|alcohol|opioid|prescription|opiate)[ -]abuse",
        _("“drug use”, “alcohol use”"),
        CRIME,
    ),
    (
        r"abus(?:e|es|ed|ing) (?:drugs?|alcohol|substances?|opioids?|medicines?|pills)",
        _("“used”, “uses”"),
        CRIME,
    ),
    (r"drug habits?|drug[- ]seeking", _("“addiction”, or say what the person needs"), BLAME),
    (
        r"(?:get|gets|got|getting|stay|stays|stayed|staying) clean(?! (?:up|towels?|sheets?|clothes|linen))"
        r"|(?:i|he|she|they|you|we|who|people|person|somebody|someone) (?:am|is|are|was|were) clean"
        r"|been clean (?:for|since)",
        _("“in recovery”, “not using”"),
        DIRT,
    ),
    (r"clean and sober|clean time|living clean", _("“in recovery”"), DIRT),
    (
        r"(?:clean|dirty) (?:urine|test|tests|screen|screens|sample|needle|needles)",
        _("“negative” or “positive”, “used” or “new”"),
        DIRT,
    ),
    (
        r"addicted (?:baby|babies|infants?|newborns?)|crack bab(?:y|ies)",
        _("“a baby exposed to drugs before birth”"),
        PERSON,
    ),
    (
        r"fell off the wagon|fall off the wagon|falling off the wagon|slipped up|slip-ups?",
        _("“used again”, “drank again”"),
        BLAME,
    ),
    (
        r"(?:treatment|recovery|rehab) failures?|failed (?:treatment|rehab|recovery|a drug test)|relapsers?",
        _("“used again”, “the treatment did not help enough”"),
        BLAME,
    ),
    (r"in denial|denial", _("“is not ready to talk about it yet”"), BLAME),
    (r"lack of willpower|weak[- ]willed|no willpower|moral failing", _("leave it out"), BLAME),
    (r"rock bottom", _("say what happened"), _("Nobody has to lose everything before they may get help.")),
    (
        r"non-?compliant|noncompliance|unmotivated|resistant to treatment|treatment[- ]resistant",
        _("say what stood in the way"),
        BLAME,
    ),
    (r"manipulative|attention[- ]seeking", _("say what the person did, and may have needed"), BLAME),
    (
        r"enablers?|enabling behaviou?rs?|codependent|co-dependent",
        _("say what the person did to help"),
        BLAME,
    ),
    (r"commit(?:s|ted|ting)? suicide", _("“died by suicide”"), CRIME),
    (
        r"(?:successful|completed|failed|unsuccessful) (?:suicide|suicide attempts?)",
        _("“died by suicide”, “survived a suicide attempt”"),
        _("To die is no success, and to live is no failure."),
    ),
    (r"suicide epidemic|skyrocketing suicides?", _("give the number and where it comes from"), FEAR),
    (
        r"(?:substitution|replacement) (?:therapy|treatment)|opioid substitution",
        _("“medicine for opioid addiction”"),
        _("It sounds like one drug for another. It is a medicine."),
    ),
    (
        r"suffer(?:s|ed|ing)? from|afflicted (?:with|by)|stricken with|victims? of addiction",
        _("“has”, “lives with”"),
        _("You cannot see from outside what somebody suffers."),
    ),
    (r"crazy|insane|lunatics?|psychos?|nutcases?|deranged|maniacs?", _("what you mean"), FEAR),
    (
        r"the mentally ill|mental patients?|schizophrenics?|psychotics|bipolars|anorexics?",
        _("“people with a mental illness”, “a person with schizophrenia”"),
        PERSON,
    ),
    (
        r"(?:is|are|was|were|am|s?he\u2019s|s?he's) (?:bipolar|borderline|schizophrenic|psychotic)",
        _("“has bipolar disorder”, “has …”"),
        PERSON,
    ),
    (
        r"the homeless|the disabled|bums?|vagrants?",
        _("“people without a home”, “people who …”"),
        PERSON,
    ),
    (
        r"ex-?cons?|convicts?|felons?|inmates?|ex-offenders?|offenders?",
        _("“a person who was in prison”"),
        PERSON,
    ),
    (r"frequent fl(?:yer|ier)s?", _("“a person who comes often”"), BLAME),
    (r"prostitutes?|hookers?", _("“a person in the sex trade”"), PERSON),
]

FINDERS = [
    (re.compile(rf"(?<![\w\u2019'-])(?:{pattern})(?![\w\u2019'-])", re.IGNORECASE), say, why)
    for pattern, say, why in TABLE
]
