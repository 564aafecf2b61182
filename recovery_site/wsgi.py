import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")

application = get_wsgi_application()

# What follows needs the apps.
from faq import reads  # noqa: E402
from recovery_site.start import begin  # noqa: E402

begin()
reads.start()
