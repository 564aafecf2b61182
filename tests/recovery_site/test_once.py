from django.template import engines
from django.utils import translation


def written(source: str):
    return engines["django"].from_string("{% load i18n once %}" + source)


def test_what_is_kept_sees_nothing_of_the_page_but_what_it_names():
    page = written(
        "{% once site_name %}{{ site_name }}|{{ person }}|{{ csrf_token }}|{{ request.path }}{% endonce %}"
    )
    assert page.render({"site_name": "Stillwater", "person": "Sam", "csrf_token": "x"}) == "Stillwater|||"
    assert page.render({"site_name": "Elsewhere", "person": "Ana"}) == "Elsewhere|||"


def test_what_is_kept_is_rendered_once():
    asked = []
    page = written("{% once label %}{{ label.text }}{% endonce %}{{ person }}")

    class Label:
        @property
        def text(self):
            asked.append(self)
            return "Groups"

    label = Label()
    assert [page.render({"label": label, "person": name}) for name in "ab"] == ["Groupsa", "Groupsb"]
    assert asked == [label]


def test_what_is_kept_is_kept_for_each_language():
    page = written("{% once %}{% get_current_language as language %}{{ language }}{% endonce %}")
    for language in ("en-us", "de", "en-us"):
        with translation.override(language):
            assert page.render({}) == language
