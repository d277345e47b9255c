# needs: sqlalchemy pymysql MySQLdb
import datetime
import decimal
import ssl

import sqlalchemy
from sqlalchemy import Column, ForeignKey, func, inspect, select, text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Session, declarative_base, relationship

from db_api import DATABASE, FIXTURE, HOST, PASSWORD, PORT, TLS, USER, expect

Base = declarative_base()


class Author(Base):
    __tablename__ = "author"
    id = Column(sqlalchemy.Integer, primary_key=True)
    name = Column(sqlalchemy.String(80), nullable=False, unique=True)
    books = relationship("Book", back_populates="author", cascade="all, delete-orphan")


class Book(Base):
    __tablename__ = "book"
    id = Column(sqlalchemy.BigInteger, primary_key=True)
    author_id = Column(ForeignKey("author.id"), index=True)
    title = Column(sqlalchemy.Unicode(200))
    price = Column(sqlalchemy.Numeric(10, 2))
    weight = Column(sqlalchemy.Float)
    in_print = Column(sqlalchemy.Boolean, default=True)
    published = Column(sqlalchemy.Date)
    changed = Column(mysql.DATETIME(fsp=6))
    reading_time = Column(sqlalchemy.Time)
    text = Column(sqlalchemy.Text)
    cover = Column(sqlalchemy.LargeBinary)
    binding = Column(sqlalchemy.Enum("hard", "soft"))
    year = Column(mysql.YEAR)
    topics = Column(mysql.SET("a", "b", "c"))
    details = Column(sqlalchemy.JSON)
    author = relationship("Author", back_populates="books")


def address(driver):
    return sqlalchemy.engine.URL.create(f"mysql+{driver}", USER, PASSWORD, HOST, PORT, DATABASE, {"charset": "utf8mb4"})


def options(driver):
    if not TLS:
        return {}
    if driver == "mysqldb":
        return {"ssl": {"cipher": "DEFAULT"}}
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return {"ssl": context}


def snippet():
    # snippet
    engine = sqlalchemy.create_engine(address("pymysql"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))"))
        connection.execute(text("INSERT INTO greeting (text) VALUES (:text)"), {"text": "hello"})
        print(connection.execute(text("SELECT id, text FROM greeting WHERE text = :text"), {"text": "hello"}).all())
    # end


def converse(driver):
    engine = sqlalchemy.create_engine(address(driver), connect_args=options(driver))
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    written = {
        "title": "naïve 日本 🙂", "price": decimal.Decimal("12.50"), "weight": 0.25, "in_print": False,
        "published": datetime.date(2024, 2, 29), "changed": datetime.datetime(2024, 1, 2, 3, 4, 5, 678901),
        "reading_time": datetime.time(1, 2, 3), "text": "x" * 60000, "cover": bytes(range(256)), "binding": "soft",
        "year": 2024, "topics": {"a", "c"}, "details": {"a": [1, 2.5, None]}}
    with Session(engine) as session:
        session.add(Author(name="Ada", books=[Book(**written), Book(title="second")]))
        session.add(Author(name="Bob"))
        session.commit()
        book = session.execute(select(Book).where(Book.title.like("naïve%"))).scalar_one()
        for name, value in written.items():
            expect(name, getattr(book, name), value)
        expect("an author", book.author.name, "Ada")
        counts = session.execute(select(Author.name, func.count(Book.id)).outerjoin(Book).group_by(Author.name).order_by(Author.name))
        expect("counts", [tuple(row) for row in counts], [("Ada", 2), ("Bob", 0)])
        book.price += 1
        session.rollback()
        expect("after rollback", book.price, decimal.Decimal("12.50"))
        with session.begin_nested() as nested:
            book.price = 1
            session.flush()
            nested.rollback()
        expect("after a savepoint", book.price, decimal.Decimal("12.50"))
        session.add(Author(name="Ada"))
        try:
            session.commit()
        except sqlalchemy.exc.IntegrityError as error:
            expect("a duplicate", error.orig.args[0], 1062)
            session.rollback()
        else:
            raise SystemExit("a duplicate author should fail")
        session.delete(session.execute(select(Author).where(Author.name == "Ada")).scalar_one())
        session.commit()
        expect("books after their author", session.execute(select(func.count()).select_from(Book)).scalar(), 0)
    inspector = inspect(engine)
    expect("tables", {"author", "book"} <= set(inspector.get_table_names()), True)
    expect("columns", [column["name"] for column in inspector.get_columns("author")], ["id", "name"])
    expect("a foreign key", inspector.get_foreign_keys("book")[0]["referred_table"], "author")
    expect("a unique key", inspector.get_unique_constraints("author")[0]["column_names"], ["name"])
    reflected = sqlalchemy.MetaData()
    reflected.reflect(engine)
    expect("a reflected column", str(reflected.tables["book"].c.price.type), "DECIMAL(10, 2)")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, email FROM mydb.mytable ORDER BY name, email"))
        expect("the fixture", [tuple(row) for row in rows], FIXTURE)
    engine.dispose()


snippet()
converse("pymysql")
converse("mysqldb")
