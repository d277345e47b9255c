using System.Globalization;
using P2PDB.Host.Client;

namespace P2PDB.Host.Commands.Log;

/// <summary><c>p2pdb log export</c>: asks a node for its entries piece by piece and writes them to a file.</summary>
/// <param name="database">The database's name on the node.</param>
/// <param name="path">The file to write.</param>
/// <param name="since">A file whose entries are left out, or null for all entries.</param>
internal sealed class LogExport(string database, string path, string? since)
{
    public async Task<int> RunAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(path))
                throw new IOException($"{path} is there already; name another file");
            string? vector = since is null ? null : await ReadVectorAsync(since, cancellationToken).ConfigureAwait(false);
            // Under another name until it is whole.
            string partial = path + ".partial";
            try
            {
                long length = await WriteAsync(partial, vector, connection, cancellationToken).ConfigureAwait(false);
                File.Move(partial, path);
                await Console.Out.WriteLineAsync(length == 0
                    ? $"{path}: no entries, all are in {since} or before it"
                    : string.Create(CultureInfo.InvariantCulture, $"{path}: {length:N0} bytes of entries")).ConfigureAwait(false);
                return ExitCode.Done;
            }
            finally
            {
                File.Delete(partial);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("p2pdb log export: " + e.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static async Task<string> ReadVectorAsync(string path, CancellationToken cancellationToken)
    {
        using var frames = new MemoryStream();
        await foreach (byte[] frame in LogFile.ReadAsync(path).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (frame[0] == LogFile.VectorKind)
                await frames.WriteAsync(LogFile.WithLength(frame), cancellationToken).ConfigureAwait(false);
        }

        return Convert.ToBase64String(frames.ToArray());
    }

    private async Task<long> WriteAsync(string target, string? vector, MySqlConnection connection, CancellationToken cancellationToken)
    {
        FileStream file = File.Create(target);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(LogFile.Magic.ToArray(), cancellationToken).ConfigureAwait(false);
            long length = 0;
            string? entries;
            do
            {
                (entries, vector) = await ReadPieceAsync(vector, connection, cancellationToken).ConfigureAwait(false);
                byte[] bytes = Convert.FromBase64String(entries ?? vector);
                await file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                length += entries is null ? 0 : bytes.Length;
                Progress.Show($"exported {length / 1e6:0.0} MB");
            }
            while (entries is not null);

            RandomAccess.FlushToDisk(file.SafeFileHandle);
            return length;
        }
    }

    private async Task<(string? Entries, string Vector)> ReadPieceAsync(string? vector, MySqlConnection connection, CancellationToken cancellationToken)
    {
        string name = database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        string argument = vector is null ? "NULL" : $"'{vector}'";
        IReadOnlyList<QueryResult> results = await connection.QueryAsync($"CALL p2pdb.export('{name}', {argument})", cancellationToken).ConfigureAwait(false);
        return results[0].Rows is [[var entries, { } next]]
            ? (entries, next)
            : throw new InvalidDataException("the node does not answer as this version of p2pdb expects");
    }
}
