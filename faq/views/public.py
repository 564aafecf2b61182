"""The open pages: the same bytes for everybody, no session, no cookie, and 304 while nothing has changed."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_headers

from faq.distress import is_heard
from faq.feeds import LatestArticles, address_list
from faq.forms import SearchForm
from faq.models import Address, Miss, Release
from faq.reads import counted
from faq.search import MOST, find
from faq.views.printed import View, printed, seconds_left

ARTICLES_SHOWN = 24


def open_page(view: View) -> View:
    """A cache before us may answer from memory until the minute is over, which is when texts come and go
    (F1); a browser asks each time."""

    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.is_open = True  # type: ignore[attr-defined]  # read by the templates
        begun = timezone.now()
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=0, s_maxage=seconds_left(begun))
        return response

    opened.__name__ = view.__name__
    return login_not_required(require_safe(conditional_page(opened)))


@open_page
@printed
def article_list(request: HttpRequest) -> HttpResponse:
    public = Release.objects.public(timezone.now()).articles()
    articles = public.newest().for_lists()
    if after := request.GET.get("after"):
        articles = articles.older_than(get_object_or_404(public.only("published_at"), slug=after))
    page = list(articles[: ARTICLES_SHOWN + 1])
    more = page[ARTICLES_SHOWN - 1].slug if len(page) > ARTICLES_SHOWN else ""
    return render(request, "faq/article_list.html", {"articles": page[:ARTICLES_SHOWN], "more": more})


@counted("articles")
@open_page
@printed
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return detail(request, "articles", slug)


@open_page
@printed
def question_list(request: HttpRequest) -> HttpResponse:
    questions = Release.objects.public(timezone.now()).questions().for_readers().by_topic()
    return render(request, "faq/question_list.html", {"questions": questions})


@counted("questions")
@open_page
@printed
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return detail(request, "questions", slug)


def detail(request: HttpRequest, shelf: str, slug: str) -> HttpResponse:
    """Who comes by an address of before is sent to the one of now, in one step (F2)."""
    now = timezone.now()
    release = Release.objects.public(now).on(shelf).for_readers().filter(slug=slug).first()
    if release is None:
        address = Address.objects.leading(shelf, slug, now)
        moved = address and Release.objects.of(address.piece).public(now).first()
        if not moved:
            raise Http404
        return redirect(moved, permanent=True)
    asked, read_more = release.beside(now)
    context = {"text": release, "asked": asked, "read_more": read_more}
    template = "faq/article_detail.html" if shelf == "articles" else "faq/question_detail.html"
    return render(request, template, context)


@open_page
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    heard = is_heard(text)
    found = find(text, timezone.now(), corrects=not heard)
    if found.missed and not heard and is_sent(request):
        Miss.objects.count_one(text, timezone.localdate())
    context = {"form": form, "text": text, "found": found, "most": MOST, "heard": heard}
    part = "#results" if request.htmx else ""  # type: ignore[attr-defined]  # HtmxMiddleware sets it
    return render(request, f"faq/search.html{part}", context, status=422 if form.errors else 200)


def is_sent(request: HttpRequest) -> bool:
    """Whether somebody sent these words: not letter by letter, and no browser ahead of them."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    return request.method == "GET" and not (request.htmx or ahead)  # type: ignore[attr-defined]


@open_page
def article_feed(request: HttpRequest) -> HttpResponse:
    return by_its_bytes(LatestArticles()(request))


@open_page
def sitemap(request: HttpRequest) -> HttpResponse:
    return by_its_bytes(address_list(request))


def by_its_bytes(response: HttpResponse) -> HttpResponse:
    """The newest date in it says nothing of a text that has gone (F1): only the whole of it does."""
    del response.headers["Last-Modified"]
    return response
