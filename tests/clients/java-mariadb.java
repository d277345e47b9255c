import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Objects;

/** MariaDB's Connector/J, with statements that it writes out itself and with real ones, and with a cursor. */
class Client {
    static final String ADDRESS = "jdbc:mariadb://" + System.getenv("P2PDB_HOST") + ":" + System.getenv("P2PDB_PORT") + "/"
        + System.getenv("P2PDB_DATABASE") + "?allowMultiQueries=true&allowPublicKeyRetrieval=true"
        + (System.getenv("P2PDB_TLS").isEmpty() ? "" : "&useSsl=true&trustServerCertificate=true");

    static void expect(String what, Object actual, Object expected) {
        boolean same = expected instanceof byte[] ? Arrays.equals((byte[]) actual, (byte[]) expected) : Objects.equals(actual, expected);
        if (!same) {
            throw new IllegalStateException(what + ": got " + actual + ", expected " + expected);
        }
    }

    static void snippet() throws SQLException {
        // snippet
        String address = "jdbc:mariadb://" + System.getenv("P2PDB_HOST") + ":" + System.getenv("P2PDB_PORT") + "/"
            + System.getenv("P2PDB_DATABASE") + "?allowPublicKeyRetrieval=true";
        try (Connection connection = DriverManager.getConnection(address, System.getenv("P2PDB_USER"), System.getenv("P2PDB_PASSWORD"))) {
            connection.createStatement().execute("CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))");
            PreparedStatement insert = connection.prepareStatement("INSERT INTO greeting (text) VALUES (?)");
            insert.setString(1, "hello");
            insert.executeUpdate();
            ResultSet rows = connection.createStatement().executeQuery("SELECT id, text FROM greeting");
            while (rows.next()) {
                System.out.println(rows.getInt("id") + " " + rows.getString("text"));
            }
        }
        // end
    }

    static void everyType(Connection connection) throws Exception {
        Statement statement = connection.createStatement();
        statement.execute("DROP TABLE IF EXISTS every_type");
        statement.execute(Files.readString(Path.of(System.getenv("P2PDB_EVERY_TYPE"))));
        Object[] values = {9223372036854775807L, -128, 65535, -8388608, 2147483647, -9223372036854775808L, true,
            new BigDecimal("12345678901234.567890"), 1.5f, 0.1, LocalDate.of(2024, 2, 29),
            LocalDateTime.of(1999, 12, 31, 23, 59, 59, 123456000), LocalDateTime.of(2024, 6, 1, 12, 0), "abc", "naïve 日本 🙂",
            "x".repeat(70000), new byte[] {0, -1, 1}, "large", "a,c", "{\"a\": [1, 2.5, null, \"x\"]}"};
        String columns = "id, tiny, small, medium, normal, big, flag, exact, single_precision, double_precision, day, moment, stamp, fixed, words,"
            + " long_words, some_bytes, choice, choices, document";
        PreparedStatement insert = connection.prepareStatement(
            "INSERT INTO every_type (" + columns + ") VALUES (" + "?, ".repeat(values.length - 1) + "?)");
        for (int i = 0; i < values.length; i++) {
            insert.setObject(i + 1, values[i]);
        }
        expect("rows written", insert.executeUpdate(), 1);
        PreparedStatement select = connection.prepareStatement("SELECT " + columns + ", normal IS NULL, large FROM every_type WHERE id = ?");
        select.setLong(1, 9223372036854775807L);
        ResultSet row = select.executeQuery();
        expect("a row", row.next(), true);
        for (int i = 0; i < values.length; i++) {
            Object actual = values[i] instanceof LocalDateTime ? row.getTimestamp(i + 1).toLocalDateTime()
                : values[i] instanceof LocalDate ? row.getDate(i + 1).toLocalDate()
                : values[i] instanceof String ? row.getString(i + 1)
                : values[i] instanceof Integer ? (Object) row.getInt(i + 1)
                : values[i] instanceof Long ? (Object) row.getLong(i + 1)
                : row.getObject(i + 1);
            expect("column " + i + " of every type", actual, values[i]);
        }
        expect("a null", row.getObject(values.length + 2), null);
        expect("a column's name", row.getMetaData().getColumnName(8), "exact");
        expect("a column's scale", row.getMetaData().getScale(8), 6);
    }

    static void transactions(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.execute("DROP TABLE IF EXISTS account");
        statement.execute("CREATE TABLE account (id INT PRIMARY KEY AUTO_INCREMENT, balance INT NOT NULL)");
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        statement.executeUpdate("INSERT INTO account VALUES (1, 100)");
        connection.rollback();
        PreparedStatement batch = connection.prepareStatement("INSERT INTO account VALUES (?, ?)");
        for (int id = 1; id <= 100; id++) {
            batch.setInt(1, id);
            batch.setInt(2, 1);
            batch.addBatch();
        }
        expect("a batch", batch.executeBatch().length, 100);
        Savepoint savepoint = connection.setSavepoint("one");
        statement.executeUpdate("UPDATE account SET balance = 0");
        connection.rollback(savepoint);
        connection.commit();
        connection.setAutoCommit(true);
        ResultSet sum = statement.executeQuery("SELECT SUM(balance) FROM account");
        sum.next();
        expect("after commit", sum.getInt(1), 100);
        statement.executeUpdate("INSERT INTO account (balance) VALUES (5)", Statement.RETURN_GENERATED_KEYS);
        ResultSet keys = statement.getGeneratedKeys();
        keys.next();
        expect("a generated key", keys.getInt(1), 101);

        PreparedStatement many = connection.prepareStatement("SELECT id FROM account ORDER BY id");
        many.setFetchSize(7);
        ResultSet rows = many.executeQuery();
        int count = 0;
        while (rows.next()) {
            count++;
        }
        expect("rows by sevens", count, 101);
    }

    static void errors(Connection connection) throws SQLException {
        Object[][] errors = {{1062, "INSERT INTO account VALUES (1, 1)"}, {1048, "INSERT INTO account VALUES (900, NULL)"}, {1064, "SELEC 1"},
            {1146, "SELECT 1 FROM nowhere_to_be_found"}, {1054, "SELECT nothing FROM account"}};
        for (Object[] error : errors) {
            int number = 0;
            try {
                connection.prepareStatement((String) error[1]).execute();
            } catch (SQLException failure) {
                number = failure.getErrorCode();
            }
            expect("error of " + error[1], number, error[0]);
        }
    }

    static void metadata(Connection connection) throws SQLException {
        ResultSet columns = connection.getMetaData().getColumns(System.getenv("P2PDB_DATABASE"), null, "account", "%");
        columns.next();
        expect("a column", columns.getString("COLUMN_NAME") + columns.getString("IS_AUTOINCREMENT"), "idYES");
        ResultSet key = connection.getMetaData().getPrimaryKeys(System.getenv("P2PDB_DATABASE"), null, "account");
        key.next();
        expect("a key", key.getString("COLUMN_NAME"), "id");
        ResultSet tables = connection.getMetaData().getTables("mydb", null, "%", new String[] {"TABLE"});
        tables.next();
        expect("a table", tables.getString("TABLE_NAME"), "mytable");
        Statement several = connection.createStatement();
        several.execute("SELECT 1; SELECT 2");
        expect("a second result", several.getMoreResults(), true);
        expect("valid", connection.isValid(5), true);
        ResultSet rows = connection.createStatement().executeQuery("SELECT name, email FROM mydb.mytable ORDER BY name, email");
        StringBuilder found = new StringBuilder();
        while (rows.next()) {
            found.append(rows.getString(1)).append(',').append(rows.getString(2)).append(';');
        }
        expect("the fixture", found.toString(),
            "Evil Bob,evilbob@gmail.com;Jane Deo,janedeo@gmail.com;Jane Doe,jane@doe.com;John Doe,john@doe.com;");
    }

    public static void main(String[] arguments) throws Exception {
        snippet();
        for (String prepares : new String[] {"false", "true"}) {
            String address = ADDRESS + "&useServerPrepStmts=" + prepares;
            try (Connection connection = DriverManager.getConnection(address, System.getenv("P2PDB_USER"), System.getenv("P2PDB_PASSWORD"))) {
                everyType(connection);
                transactions(connection);
                errors(connection);
                metadata(connection);
            }
        }
    }
}
