# needs: django MySQLdb
"""Django on mysqlclient: its own applications' migrations, then its ORM on models of every kind of field."""
import datetime
import decimal
import uuid

import django
from django.conf import settings

from db_api import DATABASE, FIXTURE, HOST, PASSWORD, PORT, TLS, USER, expect

# snippet
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.mysql", "HOST": HOST, "PORT": PORT, "USER": USER,
                           "PASSWORD": PASSWORD, "NAME": DATABASE,
                           "OPTIONS": {"charset": "utf8mb4", **({"ssl": {"cipher": "DEFAULT"}} if TLS else {})}}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "library"],
    USE_TZ=True, SECRET_KEY="only for a test", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
django.setup()

from django.contrib.auth.models import User  # noqa: E402 (needs the settings)
from django.core.management import call_command  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
User.objects.create_user("ada", "ada@example.org", "a password")
print(User.objects.get(username="ada").email)
# end

from django.db import DataError, IntegrityError, connection, models, transaction  # noqa: E402
from django.db.models import Avg, Count, F, Q  # noqa: E402
from library.models import Everything, Shelf  # noqa: E402

VALUES = {
    "big": -2**63, "binary": bytes(range(256)), "flag": True, "maybe": None, "words": "naïve 日本 🙂",
    "day": datetime.date(2024, 2, 29),
    "moment": datetime.datetime(1999, 12, 31, 23, 59, 59, 123456, tzinfo=datetime.timezone.utc),
    "exact": decimal.Decimal("12345678901234.567890"), "duration": datetime.timedelta(days=3, microseconds=5),
    "mail": "a@example.org", "wide": 0.1, "address": "2001:db8::1", "number": -2147483648,
    "document": {"a": [1, 2.5, None, "x"]}, "positive": 2147483647, "positive_small": 32767, "slug": "a-slug",
    "small": -32768, "text": "x" * 70000, "time": datetime.time(23, 59, 59, 999999), "url": "https://example.org/",
    "key": uuid.UUID(int=5)}


def everything():
    shelf = Shelf.objects.create(name="top")
    first = Everything.objects.create(shelf=shelf, **VALUES)
    read = Everything.objects.get(pk=first.pk)
    for name, value in VALUES.items():
        expect(name, getattr(read, name), value)
    second = Everything.objects.create(**{**VALUES, "number": 2, "wide": 0.3})
    first.friends.add(second)
    Everything.objects.bulk_create([Everything(shelf=shelf, **{**VALUES, "number": 10 + i}) for i in range(50)])

    expect("friends", [friend.pk for friend in second.friends.all()], [first.pk])
    expect("a count over a join", Shelf.objects.annotate(n=Count("things")).get().n, 51)
    expect("an average", round(Everything.objects.filter(number__lt=10).aggregate(a=Avg("wide"))["a"], 6), 0.2)
    expect("conditions", Everything.objects.filter(Q(words__icontains="日本") & ~Q(number__gte=10)).count(), 2)
    expect("a part of a document", Everything.objects.filter(document__a__0=1).count(), 52)
    expect("parts of a date", Everything.objects.filter(moment__year=1999, moment__month=12, day__week_day=5).count(), 52)
    expect("distinct days", list(Everything.objects.dates("day", "month")), [datetime.date(2024, 2, 1)])
    expect("rows changed", Everything.objects.filter(number__gte=10).update(positive=F("number") + 1), 50)
    expect("a page", [e.number for e in Everything.objects.order_by("-number")[5:8]], [54, 53, 52])
    expect("eager", Everything.objects.select_related("shelf").get(number=10).shelf.name, "top")
    expect("a subquery", Everything.objects.filter(shelf__in=Shelf.objects.filter(name__startswith="t")).count(), 51)
    expect("got or made", Shelf.objects.get_or_create(name="bottom")[1], True)
    expect("changed or made", Shelf.objects.update_or_create(name="bottom", defaults={"name": "floor"})[1], False)


def transactions():
    try:
        with transaction.atomic():
            Shelf.objects.create(name="lost")
            raise ValueError
    except ValueError:
        pass
    expect("after rollback", Shelf.objects.filter(name="lost").exists(), False)
    with transaction.atomic():
        expect("locked rows", Shelf.objects.select_for_update().filter(name="top").count(), 1)
        try:
            with transaction.atomic():
                Shelf.objects.create(name="top")
            raise SystemExit("a duplicate shelf should fail")
        except IntegrityError as error:
            expect("a duplicate", error.args[0], 1062)
        Shelf.objects.create(name="kept")
    expect("after commit", Shelf.objects.filter(name="kept").count(), 1)
    try:
        Everything.objects.create(**{**VALUES, "number": 7, "words": "x" * 101})
        raise SystemExit("too long a text should fail")
    except DataError as error:
        expect("too long a text", error.args[0], 1406)


def migrations():
    """What a migration does to a table that is in use."""
    field = models.CharField(max_length=20, default="none")
    field.set_attributes_from_name("note")
    with connection.schema_editor() as editor:
        editor.add_field(Shelf, field)
        wider = models.CharField(max_length=200, default="none")
        wider.set_attributes_from_name("note")
        editor.alter_field(Shelf, field, wider)
        editor.add_index(Everything, models.Index(fields=["small", "big"], name="small_big"))
        editor.remove_field(Shelf, wider)
    names = [column.name for column in connection.introspection.get_table_description(connection.cursor(), "library_shelf")]
    expect("columns", names, ["id", "name"])
    constraints = connection.introspection.get_constraints(connection.cursor(), "library_everything")
    expect("an index", constraints["small_big"]["columns"], ["small", "big"])
    expect("a unique constraint", constraints["slug_and_number"]["unique"], True)
    Shelf.objects.get(name="top").delete()
    expect("what a deleted row took along", Everything.objects.count(), 1)
    call_command("flush", interactive=False, verbosity=0)
    expect("users after flush", User.objects.count(), 0)


expect("a password", User.objects.get(username="ada").check_password("a password"), True)
everything()
transactions()
migrations()
with connection.cursor() as cursor:
    cursor.execute("SELECT name, email FROM mydb.mytable WHERE name <> %s ORDER BY name, email", [""])
    expect("the fixture", list(cursor.fetchall()), FIXTURE)
