using System.Globalization;
using P2PDB.Host.Client;

namespace P2PDB.Host.Commands.Log;

/// <summary><c>p2pdb log import</c>: gives the entries of a file to a node, piece by piece.</summary>
/// <param name="path">The file to read.</param>
internal sealed class LogImport(string path)
{
    private string? _database;
    private long _imported;
    private long _known;
    private long _waiting;

    public async Task<int> RunAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (byte[] frame in LogFile.ReadAsync(path).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (frame[0] != LogFile.EntriesKind)
                    continue;
                await ImportAsync(frame, connection, cancellationToken).ConfigureAwait(false);
                Progress.Show($"imported {_imported} entries");
            }

            await Console.Out.WriteLineAsync(_database is null ? $"{path} has no entries" : Summary()).ConfigureAwait(false);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("p2pdb log import: " + e.Message).ConfigureAwait(false);
            if (_database is not null)
                await Console.Error.WriteLineAsync($"p2pdb log import: taken before that: {Summary()}").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private async Task ImportAsync(byte[] frame, MySqlConnection connection, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueryResult> results = await connection.QueryAsync(
            $"CALL p2pdb.import('{Convert.ToBase64String(frame)}')", cancellationToken).ConfigureAwait(false);
        if (results[0].Rows is not [[{ } database, { } imported, { } known, { } waiting]])
            throw new InvalidDataException("the node does not answer as this version of p2pdb expects");
        _database = database;
        _imported += long.Parse(imported, CultureInfo.InvariantCulture);
        _known += long.Parse(known, CultureInfo.InvariantCulture);
        _waiting += long.Parse(waiting, CultureInfo.InvariantCulture);
    }

    private string Summary()
    {
        string summary = $"{_imported} new entries of '{_database}', {_known} were there";
        return _waiting == 0
            ? summary
            : $"{summary}; {_waiting} wait for entries that this node does not have: import an earlier export first, or one without --since";
    }
}
