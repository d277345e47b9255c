using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Catalog;

/// <summary>The marks of an operation: their bytes, and what is no mark.</summary>
public class CellMarksTests
{
    private static readonly StoredColumn[] Directory =
    [
        new(new ColumnId(1), StorageCode.I32, 0), new(new ColumnId(2), StorageCode.Bytes, 0), new(new ColumnId(3), StorageCode.Dec8, 2),
    ];

    [Fact]
    public void Marks_have_their_golden_bytes()
    {
        var author = new PublicKey([.. Enumerable.Repeat((byte)0xAB, PublicKey.Length)]);
        List<CellMark> marks =
        [
            new() { Position = 0, Column = Directory[0], Lane = new Lane(1, MergePolicy.LastWriter), HasValue = true },
            new() { Position = 1, Column = Directory[1], Lane = new Lane(0, MergePolicy.Max), HasValue = true, Collation = 255 },
            new()
            {
                Position = 2,
                Column = Directory[2],
                Lane = new Lane(300, MergePolicy.Counter),
                HasValue = true,
                Digits = 8,
                Total = new ExactNumber(-1, 2),
                Seen = [new SeenTotal(author, new ExactNumber(128, 2))],
            },
        ];
        using ByteWriter written = new();

        CellMarks.Write(written, marks);

        Assert.Equal("03" + "000001" + "010200ff01" + "0234ac02" + "08" + "0201ff" + "01"
            + string.Concat(Enumerable.Repeat("ab", 32)) + "02028000", Convert.ToHexStringLower(written.Written));
        List<CellMark> read = [];
        Assert.True(CellMarks.TryRead(written.Written, Directory, default, read));
        using ByteWriter again = new();
        CellMarks.Write(again, read);
        Assert.Equal(written.Written.ToArray(), again.Written.ToArray());
    }

    [Theory]
    [InlineData("00")]                      // none
    [InlineData("01" + "000000")]           // a plain write needs no mark
    [InlineData("01" + "000500")]           // a policy of a later version, which has operations of its own
    [InlineData("01" + "034001")]           // an unknown flag
    [InlineData("01" + "030100")]           // a column that is not there
    [InlineData("01" + "001100" + "0001FF")] // a total of what is no counter
    [InlineData("01" + "010400" + "00")]    // a counter of strings
    [InlineData("01" + "000400" + "05")]    // digits of an integer
    [InlineData("01" + "010200" + "00")]    // no collation
    [InlineData("01" + "001400" + "00" + "000200FF" + "FF")] // a total longer than needed
    [InlineData("02" + "000100" + "000100")] // a column twice
    [InlineData("01" + "000100" + "00")]    // a byte too many
    public void What_does_not_fit_is_no_mark(string bytes) =>
        Assert.False(CellMarks.TryRead(Convert.FromHexString(bytes), Directory, default, []));

    [Fact]
    public void Only_a_counters_delta_comes_without_a_value()
    {
        List<CellMark> marks = [];

        Assert.False(CellMarks.TryRead([1, 0, 2, 0], Directory, [0b110], marks));
        Assert.False(CellMarks.TryRead([1, 0, 4, 0, 0], Directory, [0b110], marks));
        Assert.True(CellMarks.TryRead([1, 0, 20, 0, 0, 0, 1, 5], Directory, [0b110], marks));
        Assert.Equal(new ExactNumber(5, 0), marks[0].Total);
    }
}
