from django.contrib.auth.models import User
from django.db import models


class Room(models.Model):
    name = models.CharField(max_length=80)


class Meeting(models.Model):
    """A row with two joins and three dates."""

    title = models.CharField(max_length=80)
    room = models.ForeignKey(Room, models.CASCADE)
    leader = models.ForeignKey(User, models.CASCADE)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Article(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=80)
    body = models.TextField()
