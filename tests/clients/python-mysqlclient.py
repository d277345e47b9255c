# needs: MySQLdb
import datetime

import MySQLdb

import db_api
from db_api import DATABASE, HOST, PASSWORD, PORT, TLS, USER


def connect():
    tls = {"ssl": {"cipher": "DEFAULT"}} if TLS else {}
    return MySQLdb.connect(host=HOST, port=PORT, user=USER, passwd=PASSWORD, db=DATABASE, charset="utf8mb4", **tls)


def snippet():
    # snippet
    connection = MySQLdb.connect(host=HOST, port=PORT, user=USER, passwd=PASSWORD, db=DATABASE, charset="utf8mb4")
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))")
    cursor.execute("INSERT INTO greeting (text) VALUES (%s)", ("hello",))
    connection.commit()
    cursor.execute("SELECT id, text FROM greeting WHERE text = %s", ("hello",))
    print(cursor.fetchall())
    # end


snippet()
db_api.converse(connect, MySQLdb.Error,
                read={15: datetime.timedelta(hours=100)})   # the driver drops fractions of times that have days
