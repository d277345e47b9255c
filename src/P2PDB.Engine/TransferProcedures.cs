using System.Diagnostics.CodeAnalysis;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Sync;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine;

/// <summary>
/// <c>CALL p2pdb.export</c> and <c>CALL p2pdb.import</c>: a database's entries piece by piece, for <c>p2pdb log export</c> and
/// <c>import</c>, which keep them in a file. Bytes are base64. docs/formats/log-file.md says what the pieces are.
/// </summary>
internal sealed class TransferProcedures(NodeContext node, SyncNode sync, CommitLoop commits)
{
    private const string ExportName = "p2pdb.export";
    private const string ImportName = "p2pdb.import";

    /// <summary>Adds the procedures to those of the node.</summary>
    public void Register()
    {
        node.Procedures.Add(new BuiltInProcedure("export", 1, 2, [Columns.LongText("entries"), Columns.LongText("vector")], Export));
        node.Procedures.Add(new BuiltInProcedure(
            "import", 1, 1, [Columns.Text("database_name"), Columns.Integer("imported"), Columns.Integer("known"), Columns.Integer("waiting")], Import));
    }

    private List<object?[]> Export(SessionState session, string?[] arguments)
    {
        string name = arguments[0] ?? throw SqlErrors.WrongArguments(ExportName).ToException();
        if (!node.Transactions.Databases.TryGetValue(name, out Hash256 hash) || !sync.TryFind(new DatabaseId(hash), out SharedDatabase? database))
            throw SqlErrors.UnknownDatabase(name).ToException();

        List<ChainHead>? held = [];
        if (arguments.Length > 1 && arguments[1] is { } text
            && (!TryDecode(text, out byte[] frames) || !LogExport.TryReadVector(frames, database.Id, out held)))
        {
            throw SqlErrors.UnknownError($"{ExportName}: the second argument is no vector of '{name}' as {ExportName} gives it").ToException();
        }

        using var entries = new ByteWriter();
        using var vector = new ByteWriter();
        bool any = LogExport.TryRead(database, held, SyncLimits.EntriesLengthTarget, entries, vector);
        return [[any ? Convert.ToBase64String(entries.Written) : null, Convert.ToBase64String(vector.Written)]];
    }

    private List<object?[]> Import(SessionState session, string?[] arguments)
    {
        if (arguments[0] is not { } text || !TryDecode(text, out byte[] frame) || !TryReadEntries(frame, out DatabaseId id, out RentedBuffer? entries))
            throw SqlErrors.UnknownError($"{ImportName}: this is no piece of entries as {ExportName} gives it").ToException();

        using (entries)
        using (var batch = new RemoteBatch { Database = id, Entries = entries.Memory })
        {
            string name = NameOf(id) ?? throw SqlErrors.UnknownError(
                $"{ImportName}: the entries are of the database {id}, which this node does not have; join it first, with a ticket: CALL p2pdb.join('...')")
                .ToException();
            CommitRefusal.ThrowIfAny(commits.TryAppendRemote(batch));
            return [Summarize(name, batch.Result)];
        }
    }

    private static object?[] Summarize(string name, AppendBatch result)
    {
        long known = 0, refused = 0;
        foreach (AppendStatus status in result.Statuses)
        {
            switch (status)
            {
                case AppendStatus.AlreadyKnown:
                    known++;
                    break;
                case AppendStatus.Malformed or AppendStatus.SignatureInvalid or AppendStatus.DatabaseWrong:
                    refused++;
                    break;
            }
        }

        if (refused > 0)
        {
            throw SqlErrors.UnknownError(
                $"{ImportName}: {refused} of {result.Statuses.Count} entries are damaged or forged and were left out").ToException();
        }

        // Entries that waited before may have come in with these.
        long waiting = Math.Max(0, result.Statuses.Count - known - result.Appended.Count);
        return [name, (long)result.Appended.Count, known, waiting];
    }

    private static bool TryReadEntries(ReadOnlySpan<byte> frame, out DatabaseId id, [NotNullWhen(true)] out RentedBuffer? entries)
    {
        entries = null;
        var reader = new FrameReader(frame);
        return reader.TryReadStart(out FrameKind kind, out id) && kind == FrameKind.Entries && reader.TryReadEntries(out entries);
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[(text.Length / 4 * 3) + 3];
        bool isBase64 = Convert.TryFromBase64String(text, bytes, out int length);
        bytes = bytes[..length];
        return isBase64;
    }

    private string? NameOf(DatabaseId id)
    {
        foreach ((string name, Hash256 hash) in node.Transactions.Databases)
        {
            if (hash == id.Hash)
                return name;
        }

        return null;
    }
}
