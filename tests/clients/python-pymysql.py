# needs: pymysql cryptography
import ssl

import pymysql

import db_api
from db_api import DATABASE, HOST, PASSWORD, PORT, TLS, USER


def trust_anybody():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def snippet():
    # snippet
    connection = pymysql.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, database=DATABASE)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))")
        cursor.execute("INSERT INTO greeting (text) VALUES (%s)", ("hello",))
        connection.commit()
        cursor.execute("SELECT id, text FROM greeting WHERE text = %s", ("hello",))
        print(cursor.fetchall())
    # end


snippet()
options = {"ssl": trust_anybody()} if TLS else {}
db_api.converse(lambda: pymysql.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, database=DATABASE, **options),
                pymysql.MySQLError)
