namespace P2PDB.Engine.Execution.Status;

/// <summary>What sessions count for SHOW STATUS, in the order of MySQL's names; <see cref="StatusVariables"/> makes these of the members'.</summary>
internal enum StatusCounter : byte
{
    /// <summary>Bytes that the client has sent.</summary>
    BytesReceived,

    /// <summary>Bytes that were sent to the client.</summary>
    BytesSent,

    /// <summary>Statements that clients have sent, bad ones too.</summary>
    Questions,

    /// <summary>ALTER TABLE, and CREATE INDEX and DROP INDEX under their own names.</summary>
    ComAlterTable,

    /// <summary>ALTER DATABASE.</summary>
    ComAlterDb,

    /// <summary>BEGIN and START TRANSACTION.</summary>
    ComBegin,

    /// <summary>CALL.</summary>
    ComCallProcedure,

    /// <summary>USE.</summary>
    ComChangeDb,

    /// <summary>COMMIT.</summary>
    ComCommit,

    /// <summary>CREATE DATABASE.</summary>
    ComCreateDb,

    /// <summary>CREATE INDEX.</summary>
    ComCreateIndex,

    /// <summary>CREATE TABLE.</summary>
    ComCreateTable,

    /// <summary>DEALLOCATE PREPARE.</summary>
    ComDeallocSql,

    /// <summary>DELETE from one table.</summary>
    ComDelete,

    /// <summary>DELETE from several tables.</summary>
    ComDeleteMulti,

    /// <summary>DO.</summary>
    ComDo,

    /// <summary>DROP DATABASE.</summary>
    ComDropDb,

    /// <summary>DROP INDEX.</summary>
    ComDropIndex,

    /// <summary>DROP TABLE.</summary>
    ComDropTable,

    /// <summary>EXECUTE.</summary>
    ComExecuteSql,

    /// <summary>EXPLAIN.</summary>
    ComExplainOther,

    /// <summary>FLUSH.</summary>
    ComFlush,

    /// <summary>INSERT of values.</summary>
    ComInsert,

    /// <summary>INSERT of a query's rows.</summary>
    ComInsertSelect,

    /// <summary>KILL.</summary>
    ComKill,

    /// <summary>LOAD DATA.</summary>
    ComLoad,

    /// <summary>LOCK TABLES.</summary>
    ComLockTables,

    /// <summary>PREPARE.</summary>
    ComPrepareSql,

    /// <summary>RELEASE SAVEPOINT.</summary>
    ComReleaseSavepoint,

    /// <summary>RENAME TABLE.</summary>
    ComRenameTable,

    /// <summary>REPLACE of values.</summary>
    ComReplace,

    /// <summary>REPLACE by a query's rows.</summary>
    ComReplaceSelect,

    /// <summary>ROLLBACK.</summary>
    ComRollback,

    /// <summary>ROLLBACK TO SAVEPOINT.</summary>
    ComRollbackToSavepoint,

    /// <summary>SAVEPOINT.</summary>
    ComSavepoint,

    /// <summary>SELECT.</summary>
    ComSelect,

    /// <summary>SET, of whatever.</summary>
    ComSetOption,

    /// <summary>Statements prepared by the protocol's command.</summary>
    ComStmtPrepare,

    /// <summary>Executions by the protocol's command.</summary>
    ComStmtExecute,

    /// <summary>TRUNCATE TABLE.</summary>
    ComTruncate,

    /// <summary>UNLOCK TABLES.</summary>
    ComUnlockTables,

    /// <summary>UPDATE of one table.</summary>
    ComUpdate,

    /// <summary>UPDATE of several tables.</summary>
    ComUpdateMulti,

    /// <summary>Groupings, DISTINCTs, joins and set operations that put rows on the disk for want of memory.</summary>
    CreatedTmpDiskTables,

    /// <summary>Passes over sorted runs on the disk.</summary>
    SortMergePasses,

    /// <summary>Rows deleted, in transactions that were rolled back too.</summary>
    InnodbRowsDeleted,

    /// <summary>Rows inserted.</summary>
    InnodbRowsInserted,

    /// <summary>Rows that scans and lookups read.</summary>
    InnodbRowsRead,

    /// <summary>Rows updated.</summary>
    InnodbRowsUpdated,

    /// <summary>Scratch files of statements.</summary>
    CreatedTmpFiles,
}
