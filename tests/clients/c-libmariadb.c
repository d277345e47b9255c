/* MariaDB's C library, on which many other drivers stand. */
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, MYSQL *connection)
{
    fprintf(stderr, "%s: %u %s\n", what, mysql_errno(connection), mysql_error(connection));
    exit(1);
}

static void check(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "not so: %s\n", what);
        exit(1);
    }
}

static MYSQL *open_connection(void)
{
    /* snippet */
    MYSQL *connection = mysql_init(NULL);
    mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(connection, getenv("P2PDB_HOST"), getenv("P2PDB_USER"), getenv("P2PDB_PASSWORD"),
                            getenv("P2PDB_DATABASE"), atoi(getenv("P2PDB_PORT")), NULL, CLIENT_MULTI_STATEMENTS))
        fail("connect", connection);
    /* end */
    return connection;
}

static MYSQL *open_with_tls(void)
{
    my_bool no = 0, yes = 1;
    MYSQL *connection = mysql_init(NULL);
    mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
    if (!mysql_real_connect(connection, getenv("P2PDB_HOST"), getenv("P2PDB_USER"), getenv("P2PDB_PASSWORD"),
                            getenv("P2PDB_DATABASE"), atoi(getenv("P2PDB_PORT")), NULL, CLIENT_MULTI_STATEMENTS))
        fail("connect with TLS", connection);
    check(mysql_get_ssl_cipher(connection) != NULL, "there is a cipher");
    return connection;
}

static void run(MYSQL *connection, const char *statement)
{
    if (mysql_query(connection, statement))
        fail(statement, connection);
}

static void run_expecting(MYSQL *connection, unsigned number, const char *statement)
{
    if (!mysql_query(connection, statement) || mysql_errno(connection) != number) {
        fprintf(stderr, "%s should fail with %u: ", statement, number);
        fail("got", connection);
    }
}

static void expect_value(MYSQL *connection, const char *statement, const char *expected)
{
    run(connection, statement);
    MYSQL_RES *result = mysql_store_result(connection);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;
    if (!row || strcmp(row[0] ? row[0] : "NULL", expected)) {
        fprintf(stderr, "%s: got %s, expected %s\n", statement, row ? row[0] : "no row", expected);
        exit(1);
    }
    mysql_free_result(result);
}

static void bind_value(MYSQL_BIND *bind, enum enum_field_types type, void *buffer, unsigned long length)
{
    memset(bind, 0, sizeof *bind);
    bind->buffer_type = type;
    bind->buffer = buffer;
    bind->buffer_length = length;
}

static void every_type(MYSQL *connection)
{
    char ddl[4096] = "";
    FILE *file = fopen(getenv("P2PDB_EVERY_TYPE"), "r");
    check(file && fread(ddl, 1, sizeof ddl - 1, file) > 0, "the table's definition can be read");
    fclose(file);
    run(connection, ddl);

    MYSQL_STMT *statement = mysql_stmt_init(connection);
    const char *insert = "INSERT INTO every_type (id, tiny, big, exact, single_precision, double_precision, day, moment, span, words,"
        " large, choice, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    check(!mysql_stmt_prepare(statement, insert, strlen(insert)), mysql_stmt_error(statement));
    check(mysql_stmt_param_count(statement) == 13, "thirteen parameters");
    unsigned long long id = ~0ULL;
    signed char tiny = -128;
    long long big = -9223372036854775807LL - 1;
    float single = 1.5f;
    double wide = 0.1;
    MYSQL_TIME day = { .year = 2024, .month = 2, .day = 29 };
    MYSQL_TIME moment = { .year = 1999, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 59, .second_part = 123456 };
    MYSQL_TIME span = { .hour = 100, .neg = 1, .second_part = 5000, .time_type = MYSQL_TIMESTAMP_TIME };
    MYSQL_BIND binds[13];
    bind_value(&binds[0], MYSQL_TYPE_LONGLONG, &id, 0);
    binds[0].is_unsigned = 1;
    bind_value(&binds[1], MYSQL_TYPE_TINY, &tiny, 0);
    bind_value(&binds[2], MYSQL_TYPE_LONGLONG, &big, 0);
    bind_value(&binds[3], MYSQL_TYPE_NEWDECIMAL, "12345678901234.567890", 21);
    bind_value(&binds[4], MYSQL_TYPE_FLOAT, &single, 0);
    bind_value(&binds[5], MYSQL_TYPE_DOUBLE, &wide, 0);
    bind_value(&binds[6], MYSQL_TYPE_DATE, &day, 0);
    bind_value(&binds[7], MYSQL_TYPE_DATETIME, &moment, 0);
    bind_value(&binds[8], MYSQL_TYPE_TIME, &span, 0);
    bind_value(&binds[9], MYSQL_TYPE_STRING, "日本", strlen("日本"));
    bind_value(&binds[10], MYSQL_TYPE_BLOB, NULL, 0);
    bind_value(&binds[11], MYSQL_TYPE_STRING, "large", 5);
    bind_value(&binds[12], MYSQL_TYPE_STRING, "[1, 2]", 6);
    check(!mysql_stmt_bind_param(statement, binds), mysql_stmt_error(statement));
    for (int i = 0; i < 3; i++)
        check(!mysql_stmt_send_long_data(statement, 10, "abc", 3), "long data is sent");
    check(!mysql_stmt_execute(statement), mysql_stmt_error(statement));
    check(mysql_stmt_affected_rows(statement) == 1, "one row is written");
    mysql_stmt_close(statement);

    statement = mysql_stmt_init(connection);
    const char *select = "SELECT id, tiny, exact, double_precision, moment, span, words, large, day IS NULL, normal FROM every_type";
    check(!mysql_stmt_prepare(statement, select, strlen(select)), mysql_stmt_error(statement));
    check(!mysql_stmt_execute(statement), mysql_stmt_error(statement));
    char exact[64], words[64], large[64];
    unsigned long large_length = 0;
    int is_null = -1, normal = 0;
    my_bool normal_is_null = 0;
    MYSQL_BIND results[10];
    id = 0, tiny = 0, wide = 0;
    bind_value(&results[0], MYSQL_TYPE_LONGLONG, &id, 0);
    results[0].is_unsigned = 1;
    bind_value(&results[1], MYSQL_TYPE_TINY, &tiny, 0);
    bind_value(&results[2], MYSQL_TYPE_STRING, exact, sizeof exact);
    bind_value(&results[3], MYSQL_TYPE_DOUBLE, &wide, 0);
    bind_value(&results[4], MYSQL_TYPE_DATETIME, &moment, 0);
    bind_value(&results[5], MYSQL_TYPE_TIME, &span, 0);
    bind_value(&results[6], MYSQL_TYPE_STRING, words, sizeof words);
    bind_value(&results[7], MYSQL_TYPE_BLOB, large, sizeof large);
    results[7].length = &large_length;
    bind_value(&results[8], MYSQL_TYPE_LONG, &is_null, 0);
    bind_value(&results[9], MYSQL_TYPE_LONG, &normal, 0);
    results[9].is_null = &normal_is_null;
    check(!mysql_stmt_bind_result(statement, results), mysql_stmt_error(statement));
    check(!mysql_stmt_fetch(statement), "a row comes");
    check(id == ~0ULL && tiny == -128 && wide == 0.1 && is_null == 0 && normal_is_null, "numbers come back");
    check(!strcmp(exact, "12345678901234.567890") && !strcmp(words, "日本"), "texts come back");
    check(large_length == 9 && !memcmp(large, "abcabcabc", 9), "long data comes back");
    check(moment.year == 1999 && moment.second_part == 123456, "a moment comes back");
    check(span.neg && span.hour + 24 * span.day == 100 && span.second_part == 5000, "a span comes back");
    check(mysql_stmt_fetch(statement) == MYSQL_NO_DATA, "no second row");
    mysql_stmt_close(statement);
}

static void cursor(MYSQL *connection)
{
    run(connection, "CREATE TABLE many (id INT PRIMARY KEY)");
    run(connection, "INSERT INTO many VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)");
    MYSQL_STMT *statement = mysql_stmt_init(connection);
    unsigned long type = CURSOR_TYPE_READ_ONLY, at_once = 3;
    mysql_stmt_attr_set(statement, STMT_ATTR_CURSOR_TYPE, &type);
    mysql_stmt_attr_set(statement, STMT_ATTR_PREFETCH_ROWS, &at_once);
    const char *select = "SELECT id FROM many ORDER BY id";
    check(!mysql_stmt_prepare(statement, select, strlen(select)), mysql_stmt_error(statement));
    check(!mysql_stmt_execute(statement), mysql_stmt_error(statement));
    int id = 0, sum = 0, status;
    MYSQL_BIND result;
    bind_value(&result, MYSQL_TYPE_LONG, &id, 0);
    mysql_stmt_bind_result(statement, &result);
    while (!(status = mysql_stmt_fetch(statement)))
        sum += id;
    check(status == MYSQL_NO_DATA && sum == 55, "a cursor gives ten rows");
    mysql_stmt_close(statement);
}

static void transactions(MYSQL *connection)
{
    run(connection, "CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)");
    run(connection, "INSERT INTO account VALUES (1, 100)");
    mysql_autocommit(connection, 0);
    run(connection, "UPDATE account SET balance = 0");
    check(!mysql_rollback(connection), "rollback");
    expect_value(connection, "SELECT balance FROM account", "100");
    run(connection, "UPDATE account SET balance = 70");
    check(!mysql_commit(connection), "commit");
    mysql_autocommit(connection, 1);
    expect_value(connection, "SELECT balance FROM account", "70");
    check(!mysql_reset_connection(connection), "reset");
    check(!mysql_change_user(connection, getenv("P2PDB_USER"), getenv("P2PDB_PASSWORD"), getenv("P2PDB_DATABASE")), "change of user");
    expect_value(connection, "SELECT balance FROM account", "70");
}

int main(void)
{
    MYSQL *connection = getenv("P2PDB_TLS")[0] ? open_with_tls() : open_connection();
    every_type(connection);
    cursor(connection);
    transactions(connection);
    run_expecting(connection, 1062, "INSERT INTO account VALUES (1, 1)");
    run_expecting(connection, 1048, "INSERT INTO account VALUES (2, NULL)");
    run_expecting(connection, 1146, "SELECT 1 FROM nowhere_to_be_found");
    run_expecting(connection, 1064, "SELEC 1");
    run(connection, "SELECT 1; SELECT 2; SELECT 3");
    int results = 0;
    do {
        mysql_free_result(mysql_store_result(connection));
        results++;
    } while (!mysql_next_result(connection));
    check(results == 3, "three results");
    expect_value(connection, "SELECT GROUP_CONCAT(name ORDER BY name) FROM mydb.mytable", "Evil Bob,Jane Deo,Jane Doe,John Doe");
    mysql_close(connection);
    return 0;
}
