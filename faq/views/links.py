from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from faq import links
from faq.models import Link


@permitted("faq.write")
@require_safe
def link_list(request: HttpRequest) -> HttpResponse:
    context = {
        "held": links.to_mend(),
        "known": Link.objects.count(),
        "last": Link.objects.order_by("-checked_at").filter(checked_at__isnull=False).first(),
    }
    return render(request, "faq/link_list.html", context)
