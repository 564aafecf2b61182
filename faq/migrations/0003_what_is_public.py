from django.db import migrations

LIST = ("title", "slug", "topic_id", "summary", "body", "byline", "reviewed_on", "sources", "words")


def put_out(apps, schema_editor):
    """What was public stays so, as a release; what has no second reader yet is a draft behind it.

    The text of each piece as it stands begins its history.
    """
    Release, Address = apps.get_model("faq", "Release"), apps.get_model("faq", "Address")
    for kind, shelf in (("article", "articles"), ("question", "questions")):
        model = apps.get_model("faq", kind)
        for piece in model.objects.iterator(chunk_size=200):
            remember(apps.get_model("faq", f"historical{kind}"), piece)
            if piece.state != "published":
                continue
            release = Release.objects.create(
                **{kind: piece},
                **{name: getattr(piece, name) for name in (*LIST, "search_title", "search_text")},
                revision=piece.revision,
                published_at=piece.published_at,
                public_from=piece.published_at,
                published_by_id=piece.published_by_id,
            )
            if kind == "article":
                release.asked.set(piece.questions.all())
            Address.objects.create(**{kind: piece}, shelf=shelf, slug=piece.slug, since=piece.published_at)
            if piece.published_by_id == piece.updated_by_id:
                piece.state = "draft"
            else:
                piece.approved_by_id = piece.published_by_id
            model.objects.filter(pk=piece.pk).update(state=piece.state, approved_by_id=piece.approved_by_id)


def remember(history, piece):
    names = {field.attname for field in history._meta.concrete_fields}
    text = {name: value for name, value in vars(piece).items() if name in names}
    history.objects.create(
        **text, history_date=piece.updated_at, history_type="+", history_user_id=piece.updated_by_id
    )


def take_in(apps, schema_editor):
    """Who published a piece stands in its release alone."""
    for kind in ("article", "question"):
        model = apps.get_model("faq", kind)
        for release in apps.get_model("faq", "Release").objects.filter(**{f"{kind}__isnull": False}):
            rows = model.objects.filter(pk=getattr(release, f"{kind}_id"))
            rows.update(state="published", published_by=release.published_by)


class Migration(migrations.Migration):
    dependencies = [("faq", "0002_releases")]

    operations = [migrations.RunPython(put_out, take_in)]
