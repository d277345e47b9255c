using System.Buffers.Binary;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>Entries that go from node to node as pieces, without a connection: p2pdb.export and p2pdb.import.</summary>
public sealed class LogExportTests : IDisposable
{
    private const string Rows = "SELECT COUNT(*), SUM(CRC32(v)) FROM app.t";

    private readonly SqlPair _pair = new("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(300))");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Pieces_carry_all_entries_and_give_the_same_rows()
    {
        for (int i = 0; i < 20; i++)
            _pair.RunAtOwner($"INSERT INTO app.t SELECT seq + {i * 1000}, REPEAT(SHA2(seq + {i * 1000}, 512), 2) FROM ({Numbers}) AS n");

        List<string> pieces = Export("NULL", out _);

        Assert.True(pieces.Count > 2, "the entries should not fit into one piece");
        foreach (string piece in pieces)
            Assert.EndsWith("|0", Import(piece), StringComparison.Ordinal);
        _pair.AssertBoth(_pair.RunAtOwner(Rows), Rows);
        _pair.AssertSameState();
    }

    [Fact]
    public void What_a_vector_has_is_left_out()
    {
        _pair.RunAtOwner("INSERT INTO app.t VALUES (1, 'a'), (2, 'b')");
        List<string> first = Export("NULL", out string vector);
        _pair.RunAtOwner("UPDATE app.t SET v = 'c' WHERE id = 2");
        List<string> second = Export($"'{vector}'", out string end);

        Assert.Empty(Export($"'{end}'", out _));
        Assert.Equal("app|1|0|0", Import(Assert.Single(first), skipKnown: true));
        Assert.Equal("app|1|0|0", Import(Assert.Single(second)));
        Assert.Equal("app|0|1|0", Import(second[0]));
        _pair.AssertSameState();
    }

    [Fact]
    public void Pieces_in_the_wrong_order_wait_for_each_other()
    {
        _pair.RunAtOwner("INSERT INTO app.t VALUES (1, 'a')");
        List<string> first = Export("NULL", out string vector);
        _pair.RunAtOwner("INSERT INTO app.t VALUES (2, 'b')");
        List<string> second = Export($"'{vector}'", out _);

        Assert.Equal("app|0|0|1", Import(Assert.Single(second)));
        Assert.Equal("app|2|0|0", Import(Assert.Single(first), skipKnown: true));
        _pair.AssertSameState();
    }

    [Fact]
    public void Both_sides_exchange_what_they_wrote_apart()
    {
        _pair.RunAtOwner("INSERT INTO app.t VALUES (1, 'owner')");
        _pair.RunAtGuest("INSERT INTO app.t VALUES (2, 'guest')");

        Import(Assert.Single(Export("NULL", out _)));
        string back = Piece(_pair.RunAtGuest("CALL p2pdb.export('app', NULL)"))!;

        Assert.EndsWith("|0", _pair.RunAtOwner($"CALL p2pdb.import('{back}')"), StringComparison.Ordinal);
        _pair.AssertBoth("1|owner\n2|guest", "SELECT * FROM app.t ORDER BY id");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_changed_piece_is_refused_and_has_no_effect()
    {
        _pair.RunAtOwner("INSERT INTO app.t VALUES (1, 'a')");
        byte[] frame = Convert.FromBase64String(Assert.Single(Export("NULL", out _)));
        frame[^20] ^= 1; // In the body of the last entry, or in its signature: either proves it wrong.

        Assert.Equal("error 1105", Import(Convert.ToBase64String(frame)));

        Assert.Equal("0", _pair.RunAtGuest("SELECT COUNT(*) FROM app.t"));
    }

    [Theory]
    [InlineData("CALL p2pdb.export('nothing', NULL)", "error 1049")]
    [InlineData("CALL p2pdb.export(NULL, NULL)", "error 1210")]
    [InlineData("CALL p2pdb.export('app', 'AAAA')", "error 1105")]
    [InlineData("CALL p2pdb.export('app', '?')", "error 1105")]
    [InlineData("CALL p2pdb.import(NULL)", "error 1105")]
    [InlineData("CALL p2pdb.import('AAAA')", "error 1105")]
    public void What_is_no_piece_is_an_error(string statement, string error) => Assert.Equal(error, _pair.RunAtOwner(statement));

    [Fact]
    public void Entries_of_a_database_that_is_not_here_are_refused()
    {
        _pair.RunAtOwner("CREATE DATABASE other");
        string piece = Piece(_pair.RunAtOwner("CALL p2pdb.export('other', NULL)"))!;

        Assert.Equal("error 1105", _pair.RunAtGuest($"CALL p2pdb.import('{piece}')"));
    }

    private static string Numbers =>
        "SELECT a.d + 10 * b.d + 100 * c.d AS seq FROM (VALUES ROW(0),ROW(1),ROW(2),ROW(3),ROW(4),ROW(5),ROW(6),ROW(7),ROW(8),ROW(9)) AS a(d), "
        + "(VALUES ROW(0),ROW(1),ROW(2),ROW(3),ROW(4),ROW(5),ROW(6),ROW(7),ROW(8),ROW(9)) AS b(d), "
        + "(VALUES ROW(0),ROW(1),ROW(2),ROW(3),ROW(4),ROW(5),ROW(6),ROW(7),ROW(8),ROW(9)) AS c(d)";

    // The frame of a row of p2pdb.export, without its length, or null at the end.
    private static string? Piece(string row)
    {
        string entries = row[..row.IndexOf('|', StringComparison.Ordinal)];
        if (entries == "NULL")
            return null;
        byte[] bytes = Convert.FromBase64String(entries);
        Assert.Equal(bytes.Length - 4, BinaryPrimitives.ReadInt32LittleEndian(bytes));
        return Convert.ToBase64String(bytes.AsSpan(4));
    }

    // All pieces of the owner's since a vector, and the vector with them.
    private List<string> Export(string since, out string vector)
    {
        List<string> pieces = [];
        while (true)
        {
            string row = _pair.RunAtOwner($"CALL p2pdb.export('app', {since})");
            vector = row[(row.IndexOf('|', StringComparison.Ordinal) + 1)..];
            since = $"'{vector}'";
            if (Piece(row) is not { } piece)
                return pieces;
            pieces.Add(piece);
        }
    }

    private string Import(string piece, bool skipKnown = false)
    {
        string answer = _pair.RunAtGuest($"CALL p2pdb.import('{piece}')");
        // The guest has what both had when it joined.
        return skipKnown ? string.Join('|', answer.Split('|') is [var name, var imported, _, var waiting] ? [name, imported, "0", waiting] : []) : answer;
    }
}
