using System.Text;
using P2PDB.Host.Client;
using P2PDB.Server.Packets;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 kind, then what a server sends to <c>p2pdb sql</c>: from its greeting on, or after a login, the answer to a statement. It is a result or ends with
/// one of the exceptions that a broken connection has; a result that was read, sent again, is read as the same.
/// </summary>
internal sealed class SqlClientTarget : IFuzzTarget
{
    private static readonly byte[] Greeting = Packet(0,
        [10, .. "8.4.0"u8, 0, 1, 0, 0, 0, .. "12345678"u8, 0, 0xFF, 0xF7, 45, 2, 0, 0xFF, 0xDF, 21, .. new byte[10], .. "123456789012"u8, 0, .. "caching_sha2_password"u8, 0]);

    private static readonly byte[] Ok = [0, 0, 0, 2, 0, 0, 0];

    // A key of 1,024 bits; nothing is encrypted with it but a password of this file.
    private static readonly byte[] PublicKey = Encoding.ASCII.GetBytes("""
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC/nRmiT/H68O2QN/0MeBKhHmoW
        vHVRfYsa4e6y2iTlv20uE0cZ88SUG0txI5I1K1RxWoUv6lAdPNmoL0rQn3h5ZuSf
        7XtrayesvpXjUR9/7zV+Q5gAUmiEQofR5qb1xMiQ5YEDACvpAVRfIZEw1hdo+N4X
        tS7wkZXx+Vrle+NFZwIDAQAB
        -----END PUBLIC KEY-----
        """);

    public string Name => "sql-client";

    public IReadOnlyList<string> Decoder => ["P2PDB.Host/Client/"];

    // The command line holds results as text: a row of one letter, six bytes, is its packet of 32, an array of 32, a text of 24 and up to 32
    // for its place in a list that grows by doubling.
    public int AllocationFactor => 20;

    // A login with its hashes and keys, the state of the methods that could wait, and what throwing through them costs.
    public int AllocationSlack => 24 * 1024;

    public int InputLengthMax => 16 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            QueryResult rows = new(["a", "b"], [["1", null], ["", "x\u00e9"], [new string('y', 300), "z"]], 0);
            yield return [1, .. Encode([new QueryResult([], [], 3)])];
            yield return [1, .. Encode([rows])];
            yield return [1, .. Encode([new QueryResult([], [], 300), rows, new QueryResult(["c"], [], 0), new QueryResult([], [], 70_000)])];
            yield return [1, .. Packet(1, [0xFF, 0x28, 4, .. "#42000no"u8]), .. Packet(1, [0xFF, 1, 0])];
            yield return [1, .. Packet(1, [1]), .. Packet(2, [1, 0, 0, 0, 1, (byte)'a', 1]), .. Packet(3, [0xFE, 0, 0, 2, 0]), .. Packet(4, [0xFF, 0x28, 4, (byte)'x'])];
            yield return [0, .. Greeting, .. Packet(2, [1, 3]), .. Packet(3, Ok), .. Encode([rows])];
            yield return [0, .. Greeting, .. Packet(2, [1, 4]), .. Packet(4, [1, .. PublicKey]), .. Packet(6, Ok), .. Encode([rows])];
            yield return [0, .. Greeting, .. Packet(2, [0xFE, .. "mysql_native_password"u8, 0, .. "12345678901234567890"u8, 0]), .. Packet(4, Ok), .. Encode([rows])];
            yield return [0, .. Greeting, .. Packet(2, [0xFF, 0x15, 4, .. "#28000denied"u8])];
            yield return [0, .. Packet(0, [0xFF, 0x10, 4, .. "many"u8])];
            string?[] none = [null], letter = ["b"];
            // As many short elements as there can be: rows of NULL, rows of one letter, columns, counts, and a wide row.
            yield return [1, .. Encode([new QueryResult(["a"], [.. Enumerable.Repeat(none, 2049)], 0)])];
            yield return [1, .. Encode([new QueryResult(["a"], [.. Enumerable.Repeat(letter, 2049)], 0)])];
            yield return [1, .. Encode([new QueryResult([.. Enumerable.Repeat("a", 513)], [[.. Enumerable.Repeat("b", 513)]], 0)])];
            yield return [1, .. Encode([.. Enumerable.Repeat(new QueryResult([], [], 1), 1025)])];
        }
    }

    // Every packet ends within the input.
    public int Repair(Span<byte> buffer, int length)
    {
        for (int offset = 1; length - offset >= PacketLimits.HeaderLength;)
        {
            int left = length - offset - PacketLimits.HeaderLength;
            int stated = buffer[offset] | (buffer[offset + 1] << 8) | (buffer[offset + 2] << 16);
            if (stated > left)
                Packet(buffer[offset + 3], new byte[left]).AsSpan(0, PacketLimits.HeaderLength).CopyTo(buffer[offset..]);
            offset += PacketLimits.HeaderLength + Math.Min(stated, left);
        }

        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        byte[] stream = (input[0] & 1) == 0 ? input[1..].ToArray() : [.. Greeting, .. Packet(2, Ok), .. input[1..]];
        probe.BeginDecoding();
        IReadOnlyList<QueryResult> results = Query(stream, out Exception? end);
        probe.EndDecoding();
        if (end is not null)
        {
            FuzzLaw.Require(end is ServerErrorException or InvalidDataException or EndOfStreamException, $"it ends as the client says: {end}");
            probe.Reached(end.Message.Length);
            return false;
        }

        probe.Reached(1000 + Math.Min(results.Count, 20));
        probe.Reached(1100 + Math.Min(results[^1].Columns.Count, 20));
        probe.Reached(1200 + Math.Min(results[^1].Rows.Count, 50));
        RequireSame(results, Query([.. Greeting, .. Packet(2, Ok), .. Encode(results)], out _));
        return true;
    }

    private static IReadOnlyList<QueryResult> Query(byte[] stream, out Exception? end)
    {
        IReadOnlyList<QueryResult> results = [];
        Task query = QueryAsync();
        FuzzLaw.Require(query.IsCompleted, "the client waits for nothing but the server");
        end = query.Exception?.InnerException;
        return results;

        async Task QueryAsync()
        {
            using MySqlConnection connection = await MySqlConnection.LogInAsync(new ServerStream(stream), "root", "secret", CancellationToken.None).ConfigureAwait(false);
            results = await connection.QueryAsync("SELECT 1", CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static void RequireSame(IReadOnlyList<QueryResult> results, IReadOnlyList<QueryResult> again)
    {
        FuzzLaw.Require(results.Count == again.Count, "as many results");
        for (int i = 0; i < results.Count; i++)
        {
            FuzzLaw.Require(results[i].AffectedRows == again[i].AffectedRows, "the same count");
            FuzzLaw.Require(results[i].Columns.SequenceEqual(again[i].Columns), "the same columns");
            FuzzLaw.Require(results[i].Rows.Count == again[i].Rows.Count, "as many rows");
            for (int row = 0; row < results[i].Rows.Count; row++)
                FuzzLaw.Require(results[i].Rows[row].SequenceEqual(again[i].Rows[row]), "the same values");
        }
    }

    // As a server of MySQL's text protocol sends them.
    private static byte[] Encode(IReadOnlyList<QueryResult> results)
    {
        const byte MoreResults = 8;
        List<byte> stream = [];
        byte sequence = 1;
        for (int i = 0; i < results.Count; i++)
        {
            QueryResult result = results[i];
            byte status = i < results.Count - 1 ? MoreResults : (byte)0;
            if (result.Columns.Count == 0)
            {
                stream.AddRange(Packet(sequence++, [0, .. Number(result.AffectedRows), 0, status, 0, 0, 0]));
                continue;
            }

            stream.AddRange(Packet(sequence++, Number((ulong)result.Columns.Count)));
            foreach (string column in result.Columns)
                stream.AddRange(Packet(sequence++, [.. Text("def"), 0, 0, 0, .. Text(column), .. Text(column)]));
            stream.AddRange(Packet(sequence++, [0xFE, 0, 0, status, 0]));
            foreach (string?[] row in result.Rows)
                stream.AddRange(Packet(sequence++, [.. row.SelectMany(Text)]));
            stream.AddRange(Packet(sequence++, [0xFE, 0, 0, status, 0]));
        }

        return [.. stream];
    }

    private static byte[] Text(string? value)
    {
        if (value is null)
            return [0xFB];
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        return [.. Number((ulong)utf8.Length), .. utf8];
    }

    private static byte[] Number(ulong value) => value switch
    {
        < 0xFB => [(byte)value],
        <= ushort.MaxValue => [0xFC, (byte)value, (byte)(value >> 8)],
        _ => [0xFE, .. BitConverter.GetBytes(value)],
    };

    private static byte[] Packet(byte sequence, byte[] payload) =>
        [(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), sequence, .. payload];

    /// <summary>Gives what the server sends; what the client sends goes nowhere.</summary>
    private sealed class ServerStream(byte[] sent) : MemoryStream(sent, writable: false)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
