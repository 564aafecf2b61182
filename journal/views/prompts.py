from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from journal.models import Kind, Prompt
from journal.prompt_forms import PromptForm

FORM_METHODS = ["GET", "HEAD", "POST"]


@permitted("journal.write_prompts")
@require_safe
def prompt_list(request: PersonRequest) -> HttpResponse:
    return listed(request)


def listed(request: PersonRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    """Set by set, those that are offered and those that were."""
    offered = list(Prompt.objects.offered().select_related("changed_by"))
    context = {
        "sets": [(kind, [prompt for prompt in offered if prompt.kind == kind]) for kind in Kind],
        "earlier": Prompt.objects.earlier(),
        "refusal": refusal,
    }
    return render(request, "journal/prompt_list.html", context, status=status)


@permitted("journal.write_prompts")
@require_http_methods(FORM_METHODS)
def prompt_create(request: PersonRequest) -> HttpResponse:
    first = {"kind": request.GET["kind"]} if request.GET.get("kind") in Kind.values else None
    form = PromptForm(request.POST) if request.method == "POST" else PromptForm(initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            Prompt.objects.write(by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("text", refusal.messages)
        else:
            messages.success(request, _("Kept. People are asked this question from now on."))
            return see_other("journal:prompt_list")
    return writing(request, form)


@permitted("journal.write_prompts")
@require_http_methods(FORM_METHODS)
def prompt_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    prompt = get_object_or_404(Prompt, pk=pk)
    form = PromptForm(request.POST if request.method == "POST" else None, prompt=prompt)
    if request.method == "POST" and form.is_valid():
        try:
            prompt.reword(form.cleaned_data["text"], by=request.user, now=timezone.now())
        except ValidationError as refusal:
            form.add_error("text", refusal.messages)
        else:
            messages.success(request, _("Kept. Pages that answered the earlier words keep them."))
            return see_other("journal:prompt_list")
    return writing(request, form, prompt)


@permitted("journal.write_prompts")
@require_POST
def prompt_retire(request: PersonRequest, pk: UUID) -> HttpResponse:
    prompt = get_object_or_404(Prompt, pk=pk)
    try:
        prompt.retire(by=request.user, now=timezone.now())
    except ValidationError as refusal:
        return listed(request, refusal.messages[0], status=422)
    messages.success(request, _("Nobody is asked this question any more. You can bring it back."))
    return see_other("journal:prompt_list")


@permitted("journal.write_prompts")
@require_POST
def prompt_return(request: PersonRequest, pk: UUID) -> HttpResponse:
    prompt = get_object_or_404(Prompt, pk=pk)
    try:
        prompt.bring_back(by=request.user, now=timezone.now())
    except ValidationError as refusal:
        return listed(request, refusal.messages[0], status=422)
    messages.success(request, _("People are asked this question again."))
    return see_other("journal:prompt_list")


def writing(request: PersonRequest, form: PromptForm, prompt: Prompt | None = None) -> HttpResponse:
    context = {"form": form, "prompt_shown": prompt, "kind": prompt and Kind(prompt.kind).label}
    return render(request, "journal/prompt_form.html", context, status=422 if form.errors else 200)
