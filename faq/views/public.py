"""The open pages: the same bytes for everybody, no session, no cookie, and 304 while nothing has changed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_headers

from faq.feeds import LatestArticles, address_list
from faq.forms import SearchForm
from faq.models import Article, Question
from faq.search import MOST, find
from faq.views.printed import View, printed

SHARED_SECONDS = 60  # a cache before us may answer from memory for so long; a browser asks each time
ARTICLES_SHOWN = 24


def open_page(view: View) -> View:
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS)
        return response

    opened.__name__ = view.__name__
    return login_not_required(require_safe(conditional_page(opened)))


@open_page
@printed
def article_list(request: HttpRequest) -> HttpResponse:
    public = Article.objects.public(timezone.now())
    articles = public.newest().for_readers().defer("body", "sources")
    if after := request.GET.get("after"):
        articles = articles.older_than(get_object_or_404(public.only("published_at"), slug=after))
    page = list(articles[: ARTICLES_SHOWN + 1])
    more = page[ARTICLES_SHOWN - 1].slug if len(page) > ARTICLES_SHOWN else ""
    return render(request, "faq/article_list.html", {"articles": page[:ARTICLES_SHOWN], "more": more})


@open_page
@printed
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    article = get_object_or_404(Article.objects.public(now).for_readers(), slug=slug)
    return render(request, "faq/article_detail.html", {"article": article, "asked": article.asked(now)})


@open_page
@printed
def question_list(request: HttpRequest) -> HttpResponse:
    questions = Question.objects.public(timezone.now()).for_readers().by_topic()
    return render(request, "faq/question_list.html", {"questions": questions})


@open_page
@printed
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    question = get_object_or_404(Question.objects.public(now).for_readers(), slug=slug)
    context = {"question": question, "read_more": question.read_more(now)}
    return render(request, "faq/question_detail.html", context)


@open_page
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "text": text, "found": find(text, timezone.now()), "most": MOST}
    part = "#results" if request.htmx else ""  # type: ignore[attr-defined]  # HtmxMiddleware sets it
    return render(request, f"faq/search.html{part}", context, status=422 if form.errors else 200)


@open_page
def article_feed(request: HttpRequest) -> HttpResponse:
    return LatestArticles()(request)


@open_page
def sitemap(request: HttpRequest) -> HttpResponse:
    return address_list(request)
