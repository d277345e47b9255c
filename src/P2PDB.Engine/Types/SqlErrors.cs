namespace P2PDB.Engine.Types;

/// <summary>
/// MySQL's errors, one factory each, with MySQL 8.4's numbers, SQLSTATEs and texts (its Error Message Reference).
/// Nothing else in the product spells out an error text that MySQL has.
/// </summary>
public static class SqlErrors
{
    /// <summary>Error 1007: database exists.</summary>
    public static SqlError DatabaseExists(string database) =>
        new(1007, "HY000", $"Can't create database '{database}'; database exists");

    /// <summary>Error 1008: database drop exists.</summary>
    public static SqlError DatabaseDropExists(string database) =>
        new(1008, "HY000", $"Can't drop database '{database}'; database doesn't exist");

    /// <summary>Error 1021: disk full.</summary>
    public static SqlError DiskFull(string file, int errno, string reason) =>
        new(1021, "HY000",
            $"Disk full ({file}); waiting for someone to free some space... (errno: {errno} - {reason})");

    /// <summary>Error 1026: error on write.</summary>
    public static SqlError ErrorOnWrite(string file, int errno, string reason) =>
        new(1026, "HY000", $"Error writing file '{file}' (errno: {errno} - {reason})");

    /// <summary>Error 1030: got errno, for a store that cannot read or write its files any more.</summary>
    public static SqlError StorageFailed(string reason) => new(1030, "HY000", $"Got error 5 - '{reason}' from storage engine");

    /// <summary>Error 1040: too many connections.</summary>
    public static SqlError TooManyConnections() =>
        new(1040, "08004", "Too many connections");

    /// <summary>Error 1043: handshake error.</summary>
    public static SqlError HandshakeError() =>
        new(1043, "08S01", "Bad handshake");

    /// <summary>Error 1044: database access denied.</summary>
    public static SqlError DatabaseAccessDenied(string user, string host, string database) =>
        new(1044, "42000", $"Access denied for user '{user}'@'{host}' to database '{database}'");

    /// <summary>Error 1045: access denied.</summary>
    public static SqlError AccessDenied(string user, string host, string usingPassword) =>
        new(1045, "28000", $"Access denied for user '{user}'@'{host}' (using password: {usingPassword})");

    /// <summary>Error 1046: no database selected.</summary>
    public static SqlError NoDatabaseSelected() =>
        new(1046, "3D000", "No database selected");

    /// <summary>Error 1047: unknown command.</summary>
    public static SqlError UnknownCommand() =>
        new(1047, "08S01", "Unknown command");

    /// <summary>Error 1048: column cannot be null.</summary>
    public static SqlError ColumnCannotBeNull(string column) =>
        new(1048, "23000", $"Column '{column}' cannot be null");

    /// <summary>Error 1049: unknown database.</summary>
    public static SqlError UnknownDatabase(string database) =>
        new(1049, "42000", $"Unknown database '{database}'");

    /// <summary>Error 1050: table exists.</summary>
    public static SqlError TableExists(string table) =>
        new(1050, "42S01", $"Table '{table}' already exists");

    /// <summary>Error 1051: unknown table.</summary>
    public static SqlError UnknownTable(string table) =>
        new(1051, "42S02", $"Unknown table '{table}'");

    /// <summary>Error 1052: ambiguous column.</summary>
    public static SqlError AmbiguousColumn(string column, string clause) =>
        new(1052, "23000", $"Column '{column}' in {clause} is ambiguous");

    /// <summary>Error 1053: server shutdown.</summary>
    public static SqlError ServerShutdown() =>
        new(1053, "08S01", "Server shutdown in progress");

    /// <summary>Error 1054: unknown column.</summary>
    public static SqlError UnknownColumn(string column, string clause) =>
        new(1054, "42S22", $"Unknown column '{column}' in '{clause}'");

    /// <summary>Error 1055: not in group by.</summary>
    public static SqlError NotInGroupBy(int position, string clause, string column) =>
        new(1055, "42000",
            $"Expression #{position} of {clause} is not in GROUP BY clause and contains nonaggregated column "
            + $"'{column}' which is not functionally dependent on columns in GROUP BY clause; this is "
            + "incompatible with sql_mode=only_full_group_by");

    /// <summary>Error 1056: cannot group on.</summary>
    public static SqlError CannotGroupOn(string column) =>
        new(1056, "42000", $"Can't group on '{column}'");

    /// <summary>Error 1059: identifier too long.</summary>
    public static SqlError IdentifierTooLong(string name) =>
        new(1059, "42000", $"Identifier name '{name}' is too long");

    /// <summary>Error 1060: duplicate column.</summary>
    public static SqlError DuplicateColumn(string column) =>
        new(1060, "42S21", $"Duplicate column name '{column}'");

    /// <summary>Error 1061: duplicate key name.</summary>
    public static SqlError DuplicateKeyName(string key) =>
        new(1061, "42000", $"Duplicate key name '{key}'");

    /// <summary>Error 1062: duplicate entry.</summary>
    public static SqlError DuplicateEntry(string value, string key) =>
        new(1062, "23000", $"Duplicate entry '{value}' for key '{key}'");

    /// <summary>Error 1063: wrong field specification.</summary>
    public static SqlError WrongFieldSpecification(string column) =>
        new(1063, "42000", $"Incorrect column specifier for column '{column}'");

    /// <summary>Error 1064: parse error.</summary>
    public static SqlError ParseError(string near, int line) =>
        new(1064, "42000",
            "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server "
            + $"version for the right syntax to use near '{near}' at line {line}");

    /// <summary>Error 1065: empty query.</summary>
    public static SqlError EmptyQuery() =>
        new(1065, "42000", "Query was empty");

    /// <summary>Error 1066: non unique table.</summary>
    public static SqlError NonUniqueTable(string table) =>
        new(1066, "42000", $"Not unique table/alias: '{table}'");

    /// <summary>Error 1067: invalid default.</summary>
    public static SqlError InvalidDefault(string column) =>
        new(1067, "42000", $"Invalid default value for '{column}'");

    /// <summary>Error 1068: multiple primary key.</summary>
    public static SqlError MultiplePrimaryKey() =>
        new(1068, "42000", "Multiple primary key defined");

    /// <summary>Error 1069: too many keys.</summary>
    public static SqlError TooManyKeys(int maximum) =>
        new(1069, "42000", $"Too many keys specified; max {maximum} keys allowed");

    /// <summary>Error 1070: too many key parts.</summary>
    public static SqlError TooManyKeyParts(int maximum) =>
        new(1070, "42000", $"Too many key parts specified; max {maximum} parts allowed");

    /// <summary>Error 1071: too long key.</summary>
    public static SqlError TooLongKey(int maximum) =>
        new(1071, "42000", $"Specified key was too long; max key length is {maximum} bytes");

    /// <summary>Error 1072: key column does not exist.</summary>
    public static SqlError KeyColumnDoesNotExist(string column) =>
        new(1072, "42000", $"Key column '{column}' doesn't exist in table");

    /// <summary>Error 1074: column too long.</summary>
    public static SqlError ColumnTooLong(string column, long maximum) =>
        new(1074, "42000",
            $"Column length too big for column '{column}' (max = {maximum}); use BLOB or TEXT instead");

    /// <summary>Error 1075: wrong auto key.</summary>
    public static SqlError WrongAutoKey() =>
        new(1075, "42000",
            "Incorrect table definition; there can be only one auto column and it must be defined as a key");

    /// <summary>Error 1089: wrong subkey.</summary>
    public static SqlError WrongSubkey() =>
        new(1089, "HY000",
            "Incorrect prefix key; the used key part isn't a string, the used length is longer than the key "
            + "part, or the storage engine doesn't support unique prefix keys");

    /// <summary>Error 1090: cannot remove all columns.</summary>
    public static SqlError CannotRemoveAllColumns() =>
        new(1090, "42000", "You can't delete all columns with ALTER TABLE; use DROP TABLE instead");

    /// <summary>Error 1091: cannot drop field or key.</summary>
    public static SqlError CannotDropFieldOrKey(string name) =>
        new(1091, "42000", $"Can't DROP '{name}'; check that column/key exists");

    /// <summary>Error 1094: no such thread.</summary>
    public static SqlError NoSuchThread(ulong id) =>
        new(1094, "HY000", $"Unknown thread id: {id}");

    /// <summary>Error 1096: no tables used.</summary>
    public static SqlError NoTablesUsed() =>
        new(1096, "HY000", "No tables used");

    /// <summary>Error 1101: blob cannot have default.</summary>
    public static SqlError BlobCannotHaveDefault(string column) =>
        new(1101, "42000", $"BLOB, TEXT, GEOMETRY or JSON column '{column}' can't have a default value");

    /// <summary>Error 1102: wrong database name.</summary>
    public static SqlError WrongDatabaseName(string name) =>
        new(1102, "42000", $"Incorrect database name '{name}'");

    /// <summary>Error 1103: wrong table name.</summary>
    public static SqlError WrongTableName(string name) =>
        new(1103, "42000", $"Incorrect table name '{name}'");

    /// <summary>Error 1105: unknown error.</summary>
    public static SqlError UnknownError(string text) =>
        new(1105, "HY000", $"{text}");

    /// <summary>Error 1109: unknown table in clause.</summary>
    public static SqlError UnknownTableInClause(string table, string clause) =>
        new(1109, "42S02", $"Unknown table '{table}' in {clause}");

    /// <summary>Error 1110: field specified twice.</summary>
    public static SqlError FieldSpecifiedTwice(string column) =>
        new(1110, "42000", $"Column '{column}' specified twice");

    /// <summary>Error 1111: invalid group function use.</summary>
    public static SqlError InvalidGroupFunctionUse() =>
        new(1111, "HY000", "Invalid use of group function");

    /// <summary>Error 1113: table must have columns.</summary>
    public static SqlError TableMustHaveColumns() =>
        new(1113, "42000", "A table must have at least 1 column");

    /// <summary>Error 1115: unknown character set.</summary>
    public static SqlError UnknownCharacterSet(string name) =>
        new(1115, "42000", $"Unknown character set: '{name}'");

    /// <summary>Error 1117: too many columns.</summary>
    public static SqlError TooManyColumns() =>
        new(1117, "HY000", "Too many columns");

    /// <summary>Error 1166: wrong column name.</summary>
    public static SqlError WrongColumnName(string column) =>
        new(1166, "42000", $"Incorrect column name '{column}'");

    /// <summary>Error 1136: wrong value count on row.</summary>
    public static SqlError WrongValueCountOnRow(long row) =>
        new(1136, "21S01", $"Column count doesn't match value count at row {row}");

    /// <summary>Error 1140: mix of group and columns.</summary>
    public static SqlError MixOfGroupAndColumns(int position, string clause, string column) =>
        new(1140, "42000",
            $"In aggregated query without GROUP BY, expression #{position} of {clause} contains nonaggregated "
            + $"column '{column}'; this is incompatible with sql_mode=only_full_group_by");

    /// <summary>Error 1146: no such table.</summary>
    public static SqlError NoSuchTable(string database, string table) =>
        new(1146, "42S02", $"Table '{database}.{table}' doesn't exist");

    /// <summary>Error 1153: packet too large.</summary>
    public static SqlError PacketTooLarge() =>
        new(1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes");

    /// <summary>Error 1197: a transaction too large.</summary>
    public static SqlError TransactionTooLarge() =>
        new(1197, "HY000", "The transaction changes more than the log takes at once; commit in smaller pieces");

    /// <summary>Error 1170: blob key without length.</summary>
    public static SqlError BlobKeyWithoutLength(string column) =>
        new(1170, "42000", $"BLOB/TEXT column '{column}' used in key specification without a key length");

    /// <summary>Error 1171: primary key cannot be null.</summary>
    public static SqlError PrimaryKeyCannotBeNull() =>
        new(1171, "42000",
            "All parts of a PRIMARY KEY must be NOT NULL; if you need NULL in a key, use UNIQUE instead");

    /// <summary>Error 1172: too many rows.</summary>
    public static SqlError TooManyRows() =>
        new(1172, "42000", "Result consisted of more than one row");

    /// <summary>Error 1176: key does not exist.</summary>
    public static SqlError KeyDoesNotExist(string key, string table) =>
        new(1176, "42000", $"Key '{key}' doesn't exist in table '{table}'");

    /// <summary>Error 1193: unknown system variable.</summary>
    public static SqlError UnknownSystemVariable(string name) =>
        new(1193, "HY000", $"Unknown system variable '{name}'");

    /// <summary>Error 1205: lock wait timeout.</summary>
    public static SqlError LockWaitTimeout() =>
        new(1205, "HY000", "Lock wait timeout exceeded; try restarting transaction");

    /// <summary>Error 3572: a lock is held and NOWAIT was said.</summary>
    public static SqlError LockNoWait() =>
        new(3572, "HY000", "Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.");

    /// <summary>Error 1210: wrong arguments.</summary>
    public static SqlError WrongArguments(string function) =>
        new(1210, "HY000", $"Incorrect arguments to {function}");

    /// <summary>Error 1213: lock deadlock.</summary>
    public static SqlError LockDeadlock() =>
        new(1213, "40001", "Deadlock found when trying to get lock; try restarting transaction");

    /// <summary>Error 1222: different column counts.</summary>
    public static SqlError DifferentColumnCounts() =>
        new(1222, "21000", "The used SELECT statements have a different number of columns");

    /// <summary>Error 1228: local variable.</summary>
    public static SqlError LocalVariable(string name) =>
        new(1228, "HY000", $"Variable '{name}' is a SESSION variable and can't be used with SET GLOBAL");

    /// <summary>Error 1229: global variable.</summary>
    public static SqlError GlobalVariable(string name) =>
        new(1229, "HY000", $"Variable '{name}' is a GLOBAL variable and should be set with SET GLOBAL");

    /// <summary>Error 1138: a column with NULLs in it cannot become NOT NULL.</summary>
    public static SqlError InvalidUseOfNull() => new(1138, "22004", "Invalid use of NULL value");

    /// <summary>Error 1231: wrong value for variable.</summary>
    public static SqlError WrongValueForVariable(string name, string value) =>
        new(1231, "42000", $"Variable '{name}' can't be set to the value of '{value}'");

    /// <summary>Error 1232: wrong type for variable.</summary>
    public static SqlError WrongTypeForVariable(string name) =>
        new(1232, "42000", $"Incorrect argument type to variable '{name}'");

    /// <summary>Error 1471: a view that no row can be inserted through.</summary>
    public static SqlError NonInsertableTable(string table, string statement) =>
        new(1471, "HY000", $"The target table {table} of the {statement} is not insertable-into");

    /// <summary>Error 1348: a column that a view computes.</summary>
    public static SqlError ColumnNotUpdatable(string column) => new(1348, "HY000", $"Column '{column}' is not updatable");

    /// <summary>Error 1369: a row that WITH CHECK OPTION forbids.</summary>
    public static SqlError ViewCheckFailed(string database, string view) => new(1369, "HY000", $"CHECK OPTION failed '{database}.{view}'");

    /// <summary>Error 1395: a view over several tables has no rows of its own to delete.</summary>
    public static SqlError DeleteFromJoinView(string database, string view) =>
        new(1395, "HY000", $"Can not delete from join view '{database}.{view}'");

    /// <summary>Error 1423: an INSERT through a view that does not show a column which must be given.</summary>
    public static SqlError ViewFieldWithoutDefault(string database, string view) =>
        new(1423, "HY000", $"Field of view '{database}.{view}' underlying table doesn't have a default value");

    /// <summary>Error 1351: a view's query may not depend on the session that reads it.</summary>
    public static SqlError ViewHasVariable() => new(1351, "HY000", "View's SELECT contains a variable or parameter");

    /// <summary>Error 1350: a clause that no view can have.</summary>
    public static SqlError ViewClause(string clause) => new(1350, "HY000", $"View's SELECT contains a '{clause}' clause");

    /// <summary>Warning 1354: ALGORITHM=MERGE of a view that cannot be merged.</summary>
    public static SqlError ViewMergeImpossible() => new(
        1354, "HY000", "View merge algorithm can't be used here for now (assumed undefined algorithm)");

    /// <summary>Error 1368: WITH CHECK OPTION of a view that nothing can be written through.</summary>
    public static SqlError ViewCheckImpossible(string database, string view) =>
        new(1368, "HY000", $"CHECK OPTION on non-updatable view '{database}.{view}'");

    /// <summary>Error 1356: a view that reads what is no longer there.</summary>
    public static SqlError ViewInvalid(string database, string view) => new(
        1356, "HY000", $"View '{database}.{view}' references invalid table(s) or column(s) or function(s) or definer/invoker of view lack rights to use them");

    /// <summary>Error 1462: a view that reads itself.</summary>
    public static SqlError ViewRecursive(string database, string view) =>
        new(1462, "HY000", $"`{database}`.`{view}` contains view recursion");

    /// <summary>Error 1473: queries too deep in one another.</summary>
    public static SqlError TooDeepNesting() => new(1473, "HY000", "Too high level of nesting for select");

    /// <summary>Error 1353: another number of names than of columns.</summary>
    public static SqlError ViewColumnCount() => new(
        1353, "HY000", "In definition of view, derived table or common table expression, SELECT list and column names list have different column counts");

    /// <summary>Error 1347: an object of another kind, <c>VIEW</c> or <c>BASE TABLE</c>, is wanted.</summary>
    public static SqlError WrongObject(string database, string name, string wanted) =>
        new(1347, "HY000", $"'{database}.{name}' is not {wanted}");

    /// <summary>Error 1235: not supported yet.</summary>
    public static SqlError NotSupportedYet(string feature) =>
        new(1235, "42000", $"This version of MySQL doesn't yet support '{feature}'");

    /// <summary>Error 1238: incorrect global local variable.</summary>
    public static SqlError IncorrectGlobalLocalVariable(string name, string kind) =>
        new(1238, "HY000", $"Variable '{name}' is a {kind} variable");

    /// <summary>Error 1241: operand columns.</summary>
    public static SqlError OperandColumns(int count) =>
        new(1241, "21000", $"Operand should contain {count} column(s)");

    /// <summary>Error 1038, as MySQL's ER_OUT_OF_SORTMEMORY: more rows to keep than a statement may have in memory.</summary>
    public static SqlError OutOfStatementMemory(long limit) =>
        new(1038, "HY001", $"Out of memory: the statement keeps more than p2pdb_statement_memory = {limit} bytes of rows for sorting, joining or "
            + "grouping. Let it keep fewer (a narrower select list, a condition or an index for its join or order), or raise the variable");

    /// <summary>Error 1242: subquery more than one row.</summary>
    public static SqlError SubqueryMoreThanOneRow() =>
        new(1242, "21000", "Subquery returns more than 1 row");

    /// <summary>Error 1243: unknown statement handler.</summary>
    public static SqlError UnknownStatementHandler(string name, string command) =>
        new(1243, "HY000", $"Unknown prepared statement handler ({name}) given to {command}");

    /// <summary>Error 1251: client authentication not supported.</summary>
    public static SqlError ClientAuthenticationNotSupported() =>
        new(1251, "08004",
            "Client does not support authentication protocol requested by server; consider upgrading MySQL "
            + "client");

    /// <summary>Error 1264: out of range column.</summary>
    public static SqlError OutOfRangeColumn(string column, long row) =>
        new(1264, "22003", $"Out of range value for column '{column}' at row {row}");

    /// <summary>Error 1265: data truncated.</summary>
    public static SqlError DataTruncated(string column, long row) =>
        new(1265, "01000", $"Data truncated for column '{column}' at row {row}");

    /// <summary>Error 1273: unknown collation.</summary>
    public static SqlError UnknownCollation(string name) =>
        new(1273, "HY000", $"Unknown collation: '{name}'");

    /// <summary>Error 1280: wrong index name.</summary>
    public static SqlError WrongIndexName(string name) =>
        new(1280, "42000", $"Incorrect index name '{name}'");

    /// <summary>Error 1288: non updatable table.</summary>
    public static SqlError NonUpdatableTable(string table, string command) =>
        new(1288, "HY000", $"The target table {table} of the {command} is not updatable");

    /// <summary>Error 1290: option prevents statement.</summary>
    public static SqlError OptionPreventsStatement(string option) =>
        new(1290, "HY000",
            $"The MySQL server is running with the {option} option so it cannot execute this statement");

    /// <summary>Error 1291: duplicated value in type.</summary>
    public static SqlError DuplicatedValueInType(string column, string value, string type) =>
        new(1291, "HY000", $"Column '{column}' has duplicated value '{value}' in {type}");

    /// <summary>Error 1292: truncated wrong value.</summary>
    public static SqlError TruncatedWrongValue(string type, string value) =>
        new(1292, "22007", $"Truncated incorrect {type} value: '{value}'");

    /// <summary>Error 1292: incorrect temporal value.</summary>
    public static SqlError IncorrectTemporalValue(string type, string value) =>
        new(1292, "22007", $"Incorrect {type} value: '{value}'");

    /// <summary>Error 1292: incorrect temporal value for column.</summary>
    public static SqlError IncorrectTemporalValueForColumn(string type, string value, string column, long row) =>
        new(1292, "22007", $"Incorrect {type} value: '{value}' for column '{column}' at row {row}");

    /// <summary>Error 1298: unknown time zone.</summary>
    public static SqlError UnknownTimeZone(string name) =>
        new(1298, "HY000", $"Unknown or incorrect time zone: '{name}'");

    /// <summary>Error 1301: packet overflow.</summary>
    public static SqlError PacketOverflow(string function, long maximum) =>
        new(1301, "HY000", $"Result of {function}() was larger than max_allowed_packet ({maximum}) - truncated");

    /// <summary>Error 1305: routine does not exist.</summary>
    public static SqlError RoutineDoesNotExist(string kind, string name) =>
        new(1305, "42000", $"{kind} {name} does not exist");

    /// <summary>Error 1305: savepoint does not exist.</summary>
    public static SqlError SavepointDoesNotExist(string name) =>
        new(1305, "42000", $"SAVEPOINT {name} does not exist");

    /// <summary>Error 1317: query interrupted.</summary>
    public static SqlError QueryInterrupted() =>
        new(1317, "70100", "Query execution was interrupted");

    /// <summary>Error 1318: wrong argument count.</summary>
    public static SqlError WrongArgumentCount(string kind, string name, int expected, int given) =>
        new(1318, "42000", $"Incorrect number of arguments for {kind} {name}; expected {expected}, got {given}");

    /// <summary>Error 1364: no default for field.</summary>
    public static SqlError NoDefaultForField(string column) =>
        new(1364, "HY000", $"Field '{column}' doesn't have a default value");

    /// <summary>Error 1365: division by zero.</summary>
    public static SqlError DivisionByZero() =>
        new(1365, "22012", "Division by 0");

    /// <summary>Error 1366: incorrect value for column.</summary>
    public static SqlError IncorrectValueForColumn(string type, string value, string column, long row) =>
        new(1366, "HY000", $"Incorrect {type} value: '{value}' for column '{column}' at row {row}");

    /// <summary>Error 1406: data too long.</summary>
    public static SqlError DataTooLong(string column, long row) =>
        new(1406, "22001", $"Data too long for column '{column}' at row {row}");

    /// <summary>Error 1411: wrong string for function.</summary>
    public static SqlError WrongStringForFunction(string type, string value, string function) =>
        new(1411, "HY000", $"Incorrect {type} value: '{value}' for function {function}");

    /// <summary>Error 1425: too big scale.</summary>
    public static SqlError TooBigScale(int scale, string column, int maximum) =>
        new(1425, "42000", $"Too big scale {scale} specified for column '{column}'. Maximum is {maximum}.");

    /// <summary>Error 1426: too big precision.</summary>
    public static SqlError TooBigPrecision(int precision, string column, int maximum) =>
        new(1426, "42000", $"Too-big precision {precision} specified for '{column}'. Maximum is {maximum}.");

    /// <summary>Error 1427: scale above precision.</summary>
    public static SqlError ScaleAbovePrecision(string column) =>
        new(1427, "42000", $"For float(M,D), double(M,D) or decimal(M,D), M must be >= D (column '{column}').");

    /// <summary>Error 1439: too big display width.</summary>
    public static SqlError TooBigDisplayWidth(string column, long maximum) =>
        new(1439, "42000", $"Display width out of range for column '{column}' (max = {maximum})");

    /// <summary>Error 1441: datetime overflow.</summary>
    public static SqlError DatetimeOverflow(string function) =>
        new(1441, "22008", $"Datetime function: {function} field overflow");

    /// <summary>Error 1525: wrong value.</summary>
    public static SqlError WrongValue(string type, string value) =>
        new(1525, "HY000", $"Incorrect {type} value: '{value}'");

    /// <summary>Error 1582: wrong parameter count to function.</summary>
    public static SqlError WrongParameterCountToFunction(string name) =>
        new(1582, "42000", $"Incorrect parameter count in the call to native function '{name}'");

    /// <summary>Error 1628: table comment too long.</summary>
    public static SqlError TableCommentTooLong(string table, int maximum) =>
        new(1628, "HY000", $"Comment for table '{table}' is too long (max = {maximum})");

    /// <summary>Error 1629: column comment too long.</summary>
    public static SqlError ColumnCommentTooLong(string column, int maximum) =>
        new(1629, "HY000", $"Comment for field '{column}' is too long (max = {maximum})");

    /// <summary>Error 1688: index comment too long.</summary>
    public static SqlError IndexCommentTooLong(string index, int maximum) =>
        new(1688, "HY000", $"Comment for index '{index}' is too long (max = {maximum})");

    /// <summary>Error 1690: value out of range.</summary>
    public static SqlError ValueOutOfRange(string type, string expression) =>
        new(1690, "22003", $"{type} value is out of range in '{expression}'");

    /// <summary>Error 1568: cannot change in transaction.</summary>
    public static SqlError CannotChangeInTransaction() =>
        new(1568, "25001", "Transaction characteristics can't be changed while a transaction is in progress");

    /// <summary>Error 1792: read only transaction.</summary>
    public static SqlError ReadOnlyTransaction() =>
        new(1792, "25006", "Cannot execute statement in a READ ONLY transaction.");

    /// <summary>Error 3140: invalid json text.</summary>
    public static SqlError InvalidJsonText(string reason, long position, string column) =>
        new(3140, "22032", $"Invalid JSON text: \"{reason}\" at position {position} in value for column '{column}'.");

    /// <summary>Error 3141: invalid json text in argument.</summary>
    public static SqlError InvalidJsonTextInArgument(int argument, string function, string reason, long position) =>
        new(3141, "22032",
            $"Invalid JSON text in argument {argument} to function {function}: \"{reason}\" at position "
            + $"{position}.");

    /// <summary>Error 3143: invalid json path.</summary>
    public static SqlError InvalidJsonPath(long position) =>
        new(3143, "42000", $"Invalid JSON path expression. The error is around character position {position}.");

    /// <summary>Error 3144: invalid json charset.</summary>
    public static SqlError InvalidJsonCharset(string charset) =>
        new(3144, "22032", $"Cannot create a JSON value from a string with CHARACTER SET '{charset}'.");

    /// <summary>Error 3146: invalid type for json.</summary>
    public static SqlError InvalidTypeForJson(int argument, string function) =>
        new(3146, "22032",
            $"Invalid data type for JSON data in argument {argument} to function {function}; a JSON string or "
            + "JSON type is required.");

    /// <summary>Error 3148: invalid json path charset.</summary>
    public static SqlError InvalidJsonPathCharset() =>
        new(3148, "42000", "A path expression is not a path to a cell in an array.");

    /// <summary>Error 3149: invalid json path wildcard.</summary>
    public static SqlError InvalidJsonPathWildcard() =>
        new(3149, "42000",
            "In this situation, path expressions may not contain the * and ** tokens or an array range.");

    /// <summary>Error 3158: json null key.</summary>
    public static SqlError JsonNullKey() =>
        new(3158, "22032", "JSON documents may not contain NULL member names.");

    /// <summary>Error 3154: invalid json one or all.</summary>
    public static SqlError InvalidJsonOneOrAll(string function) =>
        new(3154, "42000", $"The oneOrAll argument to {function} may take these values: 'one' or 'all'.");

    /// <summary>Error 3152: json used as key.</summary>
    public static SqlError JsonUsedAsKey(string column) =>
        new(3152, "42000",
            $"JSON column '{column}' supports indexing only via generated columns on a specified JSON path.");

    /// <summary>Error 3153: json vacuous path.</summary>
    public static SqlError JsonVacuousPath() =>
        new(3153, "42000", "The path expression '$' is not allowed in this context.");

    /// <summary>Error 3699: regexp timeout.</summary>
    public static SqlError RegexpTimeout() =>
        new(3699, "HY000", "Timeout exceeded in regular expression match.");

    /// <summary>Error 3685: regexp error.</summary>
    public static SqlError RegexpError() =>
        new(3685, "HY000", "Illegal argument to a regular expression.");

    /// <summary>Error 3691: regexp mismatched parenthesis.</summary>
    public static SqlError RegexpMismatchedParenthesis() =>
        new(3691, "HY000", "Mismatched parenthesis in regular expression.");

    /// <summary>Error 3696: regexp missing closing bracket.</summary>
    public static SqlError RegexpMissingClosingBracket() =>
        new(3696, "HY000", "The regular expression contains an unclosed bracket expression.");

    /// <summary>Error 1411: uuid invalid.</summary>
    public static SqlError UuidInvalid(string value, string function) =>
        new(1411, "HY000", $"Incorrect string value: '{value}' for function {function}");

    /// <summary>Error 3057: user lock wrong name.</summary>
    public static SqlError UserLockWrongName(string name) =>
        new(3057, "42000", $"Incorrect user-level lock name '{name}'.");
}
