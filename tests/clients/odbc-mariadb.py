# needs: pyodbc
# The ODBC driver prepares every statement that has parameters.
import datetime
import glob
import re

import pyodbc

import db_api
from db_api import DATABASE, HOST, PASSWORD, PORT, TLS, USER

DRIVER = glob.glob("/usr/lib/*/odbc/libmaodbc.so")[0]
# snippet
text = f"DRIVER={DRIVER};SERVER={HOST};PORT={PORT};UID={USER};PWD={PASSWORD};DATABASE={DATABASE};CHARSET=utf8mb4"
connection = pyodbc.connect(text)
cursor = connection.cursor()
cursor.execute("CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))")
cursor.execute("INSERT INTO greeting (text) VALUES (?)", "hello")
connection.commit()
print(cursor.execute("SELECT id, text FROM greeting WHERE text = ?", "hello").fetchall())
# end

number = re.compile(r"\((\d+)\)")
db_api.converse(lambda: pyodbc.connect(text + (";FORCETLS=1;SSLVERIFY=0" if TLS else "")), pyodbc.Error, mark="?",
                number_of=lambda error: int(number.search(error.args[1]).group(1)),
                written={0: 2**63 - 1, 13: "1999-12-31 23:59:59", 15: "10:11:12", 18: "xy" * 50},
                read={13: datetime.datetime(1999, 12, 31, 23, 59, 59), 15: datetime.time(10, 11, 12)},
                select={24: "CAST(document AS CHAR)"})   # this driver has no name for the type JSON
