"""The models of python-django.py: every kind of field."""
from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=80, unique=True)


class Everything(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="things", null=True)
    friends = models.ManyToManyField("self")
    big = models.BigIntegerField()
    binary = models.BinaryField()
    flag = models.BooleanField()
    maybe = models.BooleanField(null=True)
    words = models.CharField(max_length=100, db_index=True)
    day = models.DateField()
    moment = models.DateTimeField()
    exact = models.DecimalField(max_digits=20, decimal_places=6)
    duration = models.DurationField()
    mail = models.EmailField()
    wide = models.FloatField()
    address = models.GenericIPAddressField()
    number = models.IntegerField()
    document = models.JSONField()
    positive = models.PositiveIntegerField()
    positive_small = models.PositiveSmallIntegerField()
    slug = models.SlugField()
    small = models.SmallIntegerField()
    text = models.TextField()
    time = models.TimeField()
    url = models.URLField()
    key = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "number"], name="slug_and_number")]
