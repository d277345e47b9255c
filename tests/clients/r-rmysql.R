suppressPackageStartupMessages({
  library(DBI)
  library(RMySQL)
})

expect <- function(what, actual, expected) {
  if (!isTRUE(all.equal(actual, expected, check.attributes = FALSE))) {
    stop(what, ": got ", toString(format(actual)), ", expected ", toString(format(expected)))
  }
}

# snippet
connection <- dbConnect(MySQL(),
  host = Sys.getenv("P2PDB_HOST"), port = as.integer(Sys.getenv("P2PDB_PORT")), user = Sys.getenv("P2PDB_USER"),
  password = Sys.getenv("P2PDB_PASSWORD"), dbname = Sys.getenv("P2PDB_DATABASE"))
invisible(dbExecute(connection, "CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))"))
invisible(dbExecute(connection, paste0("INSERT INTO greeting (text) VALUES (", dbQuoteString(connection, "hello"), ")")))
print(dbGetQuery(connection, "SELECT id, text FROM greeting WHERE text = 'hello'"))
# end

invisible(dbExecute(connection, "SET NAMES utf8mb4"))
invisible(dbExecute(connection, paste(readLines(Sys.getenv("P2PDB_EVERY_TYPE"), encoding = "UTF-8"), collapse = "\n")))
columns <- "tiny, normal, exact, single_precision, double_precision, year_only, day, moment, span, words, choice, document"
written <- dbExecute(connection, paste0("INSERT INTO every_type (id, ", columns, ") VALUES (1, -128, 2147483647, 12345.567890, 1.5, 0.1,",
  " 2024, '2024-02-29', '1999-12-31 23:59:59.123456', '100:00:00.005', 'na\u00efve', 'large', '[1, 2]'), (2, ",
  paste(rep("NULL", 12), collapse = ", "), ")"))
expect("rows written", written, 2)
read <- dbGetQuery(connection, paste("SELECT", columns, "FROM every_type ORDER BY id"))
expect("numbers", unlist(read[1, 1:5]), c(-128, 2147483647, 12345.56789, 1.5, 0.1))
expect("texts", as.character(unlist(read[1, 6:9])), c("2024", "2024-02-29", "1999-12-31 23:59:59.123456", "100:00:00.005"))
expect("a word's length", dbGetQuery(connection, "SELECT CHAR_LENGTH(words) FROM every_type WHERE id = 1")[1, 1], 5)
expect("nulls", all(is.na(read[2, ])), TRUE)

# Whole data frames.
frame <- data.frame(id = 1:1000, value = (1:1000) / 8, name = paste("row", 1:1000), stringsAsFactors = FALSE)
invisible(dbExecute(connection, "CREATE TABLE frame (id BIGINT, value DOUBLE, name TEXT)"))
values <- paste0("(", frame$id, ", ", frame$value, ", '", frame$name, "')", collapse = ", ")
expect("a frame's rows", dbExecute(connection, paste("INSERT INTO frame VALUES", values)), 1000)
back <- dbReadTable(connection, "frame")
expect("a frame", back[order(back$id), "value"], frame$value)
result <- dbSendQuery(connection, "SELECT id FROM frame ORDER BY id")
expect("ten rows", dbFetch(result, 10)$id, 1:10)
invisible(dbClearResult(result))

invisible(dbExecute(connection, "CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)"))
invisible(dbBegin(connection))
invisible(dbExecute(connection, "INSERT INTO account VALUES (1, 100)"))
invisible(dbRollback(connection))
invisible(dbBegin(connection))
invisible(dbExecute(connection, "INSERT INTO account VALUES (2, 100)"))
invisible(dbCommit(connection))
expect("after commit", dbGetQuery(connection, "SELECT id FROM account")$id, 2)

for (each in list(list(1062, "INSERT INTO account VALUES (2, 1)"), list(1048, "INSERT INTO account VALUES (3, NULL)"),
  list(1146, "SELECT 1 FROM nowhere_to_be_found"), list(1064, "SELEC 1"))) {
  tryCatch({
    dbExecute(connection, each[[2]])
    stop("should fail")
  }, error = function(error) NULL)
  expect(each[[2]], dbGetException(connection)$errorNum, each[[1]])
}
expect("tables", all(c("account", "frame") %in% dbListTables(connection)), TRUE)
expect("fields", dbListFields(connection, "account"), c("id", "balance"))
fixture <- dbGetQuery(connection, "SELECT name, email FROM mydb.mytable ORDER BY name, email")
expect("the fixture", paste(fixture$name, fixture$email, sep = ",", collapse = ";"),
  "Evil Bob,evilbob@gmail.com;Jane Deo,janedeo@gmail.com;Jane Doe,jane@doe.com;John Doe,john@doe.com")
invisible(dbDisconnect(connection))
