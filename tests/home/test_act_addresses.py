"""The address of an act, typed or loaded again, answers with words and does nothing."""

from django.urls import reverse


def test_loading_the_address_of_an_act_shows_a_page(client_of, sam):
    answer = client_of(sam).get(reverse("home:shared_device"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "There is nothing at this address" in answer.text
    assert "Sam" in answer.text  # with the ways on, as on every page
