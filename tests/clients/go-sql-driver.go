// database/sql with go-sql-driver: its pool, prepared statements, transactions.
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func expect(what string, actual, expected interface{}) {
	if !reflect.DeepEqual(actual, expected) {
		panic(fmt.Sprintf("%s: got %.300v, expected %.300v", what, actual, expected))
	}
}

func snippet() {
	// snippet
	config := mysql.NewConfig()
	config.Net, config.Addr = "tcp", os.Getenv("P2PDB_HOST")+":"+os.Getenv("P2PDB_PORT")
	config.User, config.Passwd, config.DBName = os.Getenv("P2PDB_USER"), os.Getenv("P2PDB_PASSWORD"), os.Getenv("P2PDB_DATABASE")
	db, err := sql.Open("mysql", config.FormatDSN())
	check(err)
	defer db.Close()
	_, err = db.Exec("CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))")
	check(err)
	_, err = db.Exec("INSERT INTO greeting (text) VALUES (?)", "hello")
	check(err)
	var id int
	var text string
	check(db.QueryRow("SELECT id, text FROM greeting WHERE text = ?", "hello").Scan(&id, &text))
	fmt.Println(id, text)
	// end
}

func everyType(db *sql.DB) {
	definition, err := os.ReadFile(os.Getenv("P2PDB_EVERY_TYPE"))
	check(err)
	_, err = db.Exec("DROP TABLE IF EXISTS every_type")
	check(err)
	_, err = db.Exec(string(definition))
	check(err)
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	moment := time.Date(1999, 12, 31, 23, 59, 59, 123456000, time.UTC)
	stamp := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	result, err := db.Exec(`INSERT INTO every_type (id, tiny, small, medium, normal, big, flag, exact, single_precision, double_precision,
		bits, year_only, day, moment, stamp, span, fixed, words, long_words, some_bytes, large, choice, choices, document)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		uint64(1<<63-1), -128, 65535, -8388608, 2147483647, int64(-1<<63), true, "12345678901234.567890", 1.5, 0.1,
		[]byte{2, 0xaa}, 2024, day, moment, stamp, "100:00:00.005", "abc", "naïve 日本 🙂", strings.Repeat("x", 70000),
		[]byte{0, 255, 1}, bytes.Repeat([]byte{7}, 1000), "large", "a,c", `{"a": [1, 2.5, null, "x"]}`)
	check(err)
	count, _ := result.RowsAffected()
	expect("rows written", count, int64(1))

	for _, query := range []string{"SELECT %s FROM every_type WHERE id = ?", "SELECT %s FROM every_type"} {
		var arguments []interface{}
		if strings.Contains(query, "?") {
			arguments = append(arguments, int64(1<<63-1))
		}
		var id uint64
		var tiny, small, medium, normal, big, year int64
		var flag bool
		var exact, span, fixed, words, long, choice, choices, document string
		var single float32
		var wide float64
		var bits, some, large, missing []byte
		var readDay, readMoment, readStamp time.Time
		query = fmt.Sprintf(query, `id, tiny, small, medium, normal, big, flag, exact, single_precision, double_precision, bits, year_only,
			day, moment, stamp, span, fixed, words, long_words, some_bytes, large, choice, choices, document, fixed_bytes`)
		check(db.QueryRow(query, arguments...).Scan(&id, &tiny, &small, &medium, &normal, &big, &flag, &exact, &single, &wide, &bits, &year,
			&readDay, &readMoment, &readStamp, &span, &fixed, &words, &long, &some, &large, &choice, &choices, &document, &missing))
		expect("integers", []int64{tiny, small, medium, normal, big, year}, []int64{-128, 65535, -8388608, 2147483647, -1 << 63, 2024})
		expect("other numbers", []interface{}{id, flag, exact, single, wide}, []interface{}{uint64(1<<63 - 1), true, "12345678901234.567890", float32(1.5), 0.1})
		expect("times", []time.Time{readDay, readMoment, readStamp}, []time.Time{day, moment, stamp})
		expect("texts", []string{span, fixed, words, long, choice, choices, document},
			[]string{"100:00:00.005", "abc", "naïve 日本 🙂", strings.Repeat("x", 70000), "large", "a,c", `{"a": [1, 2.5, null, "x"]}`})
		expect("bytes", [][]byte{bits, some, large, missing}, [][]byte{{2, 0xaa}, {0, 255, 1}, bytes.Repeat([]byte{7}, 1000), nil})
	}
}

func transactions(db *sql.DB) {
	_, err := db.Exec("CREATE TABLE IF NOT EXISTS account (id INT PRIMARY KEY AUTO_INCREMENT, balance INT NOT NULL)")
	check(err)
	_, err = db.Exec("DELETE FROM account")
	check(err)
	for _, commits := range []bool{false, true} {
		transaction, err := db.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
		check(err)
		statement, err := transaction.Prepare("INSERT INTO account VALUES (?, ?)")
		check(err)
		for id := 1; id <= 3; id++ {
			_, err = statement.Exec(id, 100)
			check(err)
		}
		if commits {
			check(transaction.Commit())
		} else {
			check(transaction.Rollback())
		}
	}
	var sum int
	check(db.QueryRow("SELECT SUM(balance) FROM account").Scan(&sum))
	expect("after commit", sum, 300)
	reading, err := db.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	check(err)
	_, err = reading.Exec("DELETE FROM account")
	expectNumber(1792, "DELETE in a transaction that reads", err)
	check(reading.Rollback())
}

func expectNumber(number uint16, statement string, err error) {
	failure, is := err.(*mysql.MySQLError)
	if !is || failure.Number != number {
		panic(fmt.Sprintf("%s should fail with %d: %v", statement, number, err))
	}
}

func converse() {
	config := mysql.NewConfig()
	config.Net, config.Addr = "tcp", os.Getenv("P2PDB_HOST")+":"+os.Getenv("P2PDB_PORT")
	config.User, config.Passwd, config.DBName = os.Getenv("P2PDB_USER"), os.Getenv("P2PDB_PASSWORD"), os.Getenv("P2PDB_DATABASE")
	config.ParseTime, config.MultiStatements = true, true
	if os.Getenv("P2PDB_TLS") != "" {
		check(mysql.RegisterTLSConfig("anybody", &tls.Config{InsecureSkipVerify: true}))
		config.TLSConfig = "anybody"
	}
	db, err := sql.Open("mysql", config.FormatDSN())
	check(err)
	defer db.Close()
	check(db.Ping())
	if os.Getenv("P2PDB_TLS") != "" {
		var name, cipher string
		check(db.QueryRow("SHOW STATUS LIKE 'Ssl_cipher'").Scan(&name, &cipher))
		expect("no cipher", cipher == "", false)
	}
	everyType(db)
	transactions(db)
	for statement, number := range map[string]uint16{
		"INSERT INTO account VALUES (1, 1)": 1062, "INSERT INTO account VALUES (9, NULL)": 1048, "SELEC 1": 1064,
		"SELECT 1 FROM nowhere_to_be_found": 1146, "SELECT nothing FROM account": 1054} {
		_, err := db.Exec(statement)
		expectNumber(number, statement, err)
	}
	several, err := db.Query("SELECT 1; SELECT 2")
	check(err)
	isSecond := several.Next() && !several.Next() && several.NextResultSet() && several.Next()
	expect("two results", isSecond, true)
	check(several.Close())

	rows, err := db.Query("SELECT name, email FROM mydb.mytable WHERE name <> ? ORDER BY name, email", "")
	check(err)
	var found []string
	for rows.Next() {
		var name, email string
		check(rows.Scan(&name, &email))
		found = append(found, name+","+email)
	}
	check(rows.Err())
	expect("the fixture", found, []string{"Evil Bob,evilbob@gmail.com", "Jane Deo,janedeo@gmail.com", "Jane Doe,jane@doe.com", "John Doe,john@doe.com"})
	if os.Getenv("P2PDB_CONTROL") == "" {
		var count int
		check(db.QueryRow("SELECT COUNT(*) FROM mydb.mytable WHERE created_at BETWEEN '2000-01-01T00:00:00Z' AND ?", "2018-04-18T10:42:58Z").Scan(&count))
		expect("literals that end in Z", count, 4)
	}
	done := make(chan error, 20)
	for i := 0; i < 20; i++ {
		go func(i int) {
			var n int
			err := db.QueryRow("SELECT ? + 1", i).Scan(&n)
			if err == nil && n != i+1 {
				err = fmt.Errorf("%d + 1 is not %d", i, n)
			}
			done <- err
		}(i)
	}
	for i := 0; i < 20; i++ {
		check(<-done)
	}
}

func main() {
	snippet()
	converse()
}
