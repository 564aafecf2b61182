"""The writer's side of a share, on its pages (J2, J3)."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import CareTeamMember
from accounts.roles import Role
from journal.models import Entry, Page, Reply, Share, SharedCopy
from tests.cast import person
from tests.journal.conftest import shared

DAY = date(2026, 11, 24)
TITLE, WORDS, QUESTION = "By the pond", "The heron <b>stood</b> there.", "What did you see?"


@pytest.fixture
def entry(write, sam, ana):
    return write(sam, WORDS, title=TITLE, prompt=QUESTION)


@pytest.fixture
def share(entry, sam, ana):
    return entry.share(with_=ana, by=sam, revision=1, now=timezone.now())


@pytest.fixture
def writer(sam, client_of):
    return client_of(sam)


def url(entry):
    return reverse("journal:share", args=[entry.pk])


def main(response) -> str:
    text = " ".join(response.text.split())
    return text[text.index("<main") : text.index("</main")]


def edited(entry, sam, text="The heron flew."):
    assert entry.edit(by=sam, revision=1, page=Page(TITLE, text, QUESTION), on=DAY, now=timezone.now())


def article(response) -> str:
    text = main(response)
    return text[text.index("<article") : text.index("</article")]


def test_j2_the_preview_is_what_the_reader_sees_word_for_word(entry, ana, writer, client_of):
    preview = article(writer.get(url(entry)))
    for part in ("Sam", TITLE, "The heron &lt;b&gt;stood&lt;/b&gt; there.", QUESTION, "24 November 2026"):
        assert part in preview
    done = writer.post(url(entry), {"clinician": ana.pk, "revision": 1, "ends_on": ""})
    assert (done.status_code, done["Location"]) == (303, entry.get_absolute_url())
    seen = client_of(ana).get(reverse("journal:shared_page", args=[Share.objects.get().pk]))
    assert article(seen) == preview


def test_j2_the_care_team_is_offered_with_roles_and_nobody_else(entry, sam, dev, mara, writer):
    ben = person("ben", Role.CLINICIAN, "Ben Okafor", "he, him")
    CareTeamMember.objects.create(client=sam, clinician=ben)
    text = main(writer.get(url(entry)))
    assert "Ana Ruiz, your main clinician" in text
    assert "Ben Okafor, on your care team" in text
    assert ("Dev Patel" in text, "Mara Lind" in text) == (False, False)


def test_j2_only_a_person_of_the_care_team_is_taken(entry, sam, dev, writer):
    refused = writer.post(url(entry), {"clinician": dev.pk, "revision": 1})
    assert refused.status_code == 422
    assert "This person is not on your care team any more. Choose again." in main(refused)
    nobody = writer.post(url(entry), {"revision": 1})
    assert (nobody.status_code, "Choose one person." in main(nobody)) == (422, True)
    assert not Share.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-11-24", "Choose a day after today, at most 90 days from now."),
        ("2027-02-23", "Choose a day after today, at most 90 days from now."),
        ("soon", "This day could not be read. Write it like 2026-11-24."),
    ],
)
def test_j2_a_day_that_cannot_be_is_said_beside_the_field(entry, ana, writer, typed, words):
    refused = writer.post(url(entry), {"clinician": ana.pk, "revision": 1, "ends_on": typed})
    assert (refused.status_code, words in main(refused)) == (422, True)
    assert f'value="{typed}"' in main(refused)
    assert not Share.objects.exists()


def test_j2_a_share_until_a_day(entry, ana, writer):
    writer.post(url(entry), {"clinician": ana.pk, "revision": 1, "ends_on": "2026-11-27"})
    text = main(writer.get(entry.get_absolute_url()))
    assert "Until the end of Friday, 27 November" in text


def test_j2_a_page_that_changed_is_shown_again_before_it_is_shared(entry, sam, ana, writer):
    edited(entry, sam)
    again = writer.post(url(entry), {"clinician": ana.pk, "revision": 1})
    assert again.status_code == 409
    assert "This page changed since you opened this." in main(again)
    assert "The heron flew." in article(again)
    assert '<input type="hidden" name="revision" value="2"' in main(again)
    assert not Share.objects.exists()
    assert writer.post(url(entry), {"clinician": ana.pk, "revision": 2}).status_code == 303


def test_without_a_care_team_the_page_says_so_kindly(entry, writer):
    CareTeamMember.objects.update(ended_at=timezone.now())
    text = main(writer.get(url(entry)))
    assert "You have no care team here yet, so there is nobody to share a page with." in text
    assert "<form" not in text


def test_j3_the_page_says_with_whom_since_when_and_whether_it_was_read(share, entry, ana, writer, frozen):
    text = main(writer.get(entry.get_absolute_url()))
    assert "Since Tuesday, 24 November, 10:00 a.m. </p>" in text
    assert ("Not read yet" in text, "read this on" in text) == (True, False)
    frozen.shift(timedelta(minutes=5))
    share.opened(by=ana, now=timezone.now())
    text = main(writer.get(entry.get_absolute_url()))
    assert "<bdi>Ana Ruiz</bdi> read this on Tuesday, 24 November, 10:05 a.m." in text


def test_j2_the_page_says_when_its_reader_sees_an_earlier_one(share, entry, sam, writer):
    words = "<bdi>Ana Ruiz</bdi> still sees the earlier one."
    assert words not in main(writer.get(entry.get_absolute_url()))
    edited(entry, sam)
    assert words in main(writer.get(entry.get_absolute_url()))


def test_j2_taking_it_back_works_at_once(share, entry, ana, writer, client_of):
    page = main(writer.get(entry.get_absolute_url()))
    assert "What was read cannot be unread." in page
    reader, seen = client_of(ana), reverse("journal:shared_page", args=[share.pk])
    assert reader.get(seen).status_code == 200
    address = reverse("journal:share_withdrawal", args=[share.pk])
    assert address in page
    assert writer.post(address)["Location"] == entry.get_absolute_url()
    assert reader.get(seen).status_code == 404
    assert not SharedCopy.objects.exists()
    assert writer.post(address).status_code == 303
    assert address not in main(writer.get(entry.get_absolute_url()))


def test_j3_an_answer_is_shown_with_its_page_and_stays_when_that_is_taken_back(
    share, entry, sam, ana, writer
):
    share.answer("It was <i>good</i> to read.", by=ana, client_token=uuid.uuid4(), now=timezone.now())
    text = main(writer.get(entry.get_absolute_url()))
    assert "It was &lt;i&gt;good&lt;/i&gt; to read." in text
    assert "<bdi>Ana Ruiz</bdi> answered" in text
    assert Reply.objects.get().seen_at == timezone.now()
    share.take_back(by=sam, now=timezone.now())
    text = main(writer.get(entry.get_absolute_url()))
    assert "It was &lt;i&gt;good&lt;/i&gt; to read." in text
    assert "Cannot read it any more. What was answered stays yours." in text


def test_j1_the_line_under_a_page_names_who_reads_its_copy(share, entry, sam, writer):
    text = main(writer.get(entry.get_absolute_url()))
    assert "You and Ana Ruiz can see this. What others see is the copy that you shared." in text
    assert "no staff screen shows it" not in text
    assert "its reader can see the copy" in main(writer.get(reverse("journal:entry_list")))
    share.take_back(by=sam, now=timezone.now())
    text = main(writer.get(entry.get_absolute_url()))
    assert "no staff screen shows it" in text
    assert "Ana Ruiz" not in text


def test_j3_a_list_marks_what_is_shared_read_and_answered(share, entry, ana, writer):
    address = reverse("journal:entry_list")
    assert "Shared with Ana Ruiz" in main(writer.get(address))
    share.opened(by=ana, now=timezone.now())
    assert "Ana Ruiz read this" in main(writer.get(address))
    share.answer("Thank you.", by=ana, client_token=uuid.uuid4(), now=timezone.now())
    text = main(writer.get(address))
    assert ("Ana Ruiz read this and answered" in text, "New answer" in text) == (True, True)
    assert "Ana Ruiz read this and answered" in main(writer.get(reverse("journal:entry_create")))
    writer.get(entry.get_absolute_url())
    assert "New answer" not in main(writer.get(address))


@pytest.mark.parametrize("number", [1, 15])
def test_the_marks_of_a_list_cost_one_query(write, sam, ana, writer, django_assert_num_queries, number):
    for _one in range(number):
        write(sam).share(with_=ana, by=sam, revision=1, now=timezone.now())
    with django_assert_num_queries(5):  # session, person, glance, entries, and the shares
        assert main(writer.get(reverse("journal:entry_list"))).count("Shared with Ana Ruiz") == number


@pytest.mark.parametrize("number", [1, 10])
def test_a_page_with_answers_takes_the_same_queries(
    share, entry, ana, writer, django_assert_num_queries, number
):
    for _one in range(number):
        share.answer("Thank you.", by=ana, client_token=uuid.uuid4(), now=timezone.now())
    writer.get(entry.get_absolute_url())
    with django_assert_num_queries(7):  # session, person, page, key, shares, answers, key
        assert main(writer.get(entry.get_absolute_url())).count("Thank you.") == number


def test_a6_whoever_left_may_still_take_back_and_shares_no_more(luz, ana, client_of):
    entry, at_home = Entry.objects.get(owner=luz), client_of(luz)
    share = shared(entry, ana)
    assert url(entry) not in main(at_home.get(entry.get_absolute_url()))
    assert at_home.get(url(entry)).status_code == 404
    assert at_home.post(reverse("journal:share_withdrawal", args=[share.pk])).status_code == 303
    assert not SharedCopy.objects.exists()


def test_j2_shared_again_it_goes_to_the_same_person_until_the_same_day(entry, sam, ana, writer):
    chosen = {"clinician": str(ana.pk), "ends_on": "2026-12-01", "revision": "1"}
    writer.post(url(entry), chosen)
    edited(entry, sam)
    page = writer.get(url(entry)).text
    assert 'value="2026-12-01"' in page
    assert re.search(rf'value="{ana.pk}"[^>]* checked', page)
