from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import User
from recovery_site.home.people_forms import RoleForm


@permitted("accounts.manage_staff")
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Another role for a colleague. One's own change ends the session that made it."""
    colleague = get_object_or_404(User.objects.visible_to(request.user).staff().active(), pk=person_id)
    form = RoleForm(request.POST if request.method == "POST" else None, person=colleague)
    if form.is_bound and form.kept(colleague, by=request.user, now=timezone.now()):
        if colleague.pk == request.user.pk:
            return see_other("home:today")
        messages.success(request, _("Kept. They sign in again from now on."))
        return see_other("home:person", colleague.pk)
    context = {"colleague": colleague, "form": form}
    return render(request, "home/role.html", context, status=422 if form.errors else 200)
