using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
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
        new(new ColumnId(4), StorageCode.Json, 0),
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
        Assert.True(CellMarks.TryRead(written.Written, 1, Directory, default, read));
        using ByteWriter again = new();
        CellMarks.Write(again, read);
        Assert.Equal(written.Written.ToArray(), again.Written.ToArray());
    }

    [Theory]
    [InlineData("00")]                      // none
    [InlineData("01" + "000000")]           // a plain write needs no mark
    [InlineData("01" + "000500")]           // a policy of a later version, which has operations of its own
    [InlineData("01" + "000900" + "00" + "000100" + "00")] // one of the second
    [InlineData("01" + "034001")]           // an unknown flag
    [InlineData("01" + "040100")]           // a column that is not there
    [InlineData("01" + "001100" + "0001FF")] // a total of what is no counter
    [InlineData("01" + "010400" + "00")]    // a counter of strings
    [InlineData("01" + "000400" + "05")]    // digits of an integer
    [InlineData("01" + "010200" + "00")]    // no collation
    [InlineData("01" + "001400" + "00" + "000200FF" + "FF")] // a total longer than needed
    [InlineData("02" + "000100" + "000100")] // a column twice
    [InlineData("01" + "000100" + "00")]    // a byte too many
    public void What_does_not_fit_is_no_mark(string bytes) =>
        Assert.False(CellMarks.TryRead(Convert.FromHexString(bytes), 1, Directory, default, []));

    [Fact]
    public void Only_a_counters_delta_comes_without_a_value()
    {
        List<CellMark> marks = [];

        Assert.False(CellMarks.TryRead([1, 0, 2, 0], 1, Directory, [0b110], marks));
        Assert.False(CellMarks.TryRead([1, 0, 4, 0, 0], 1, Directory, [0b110], marks));
        Assert.True(CellMarks.TryRead([1, 0, 20, 0, 0, 0, 1, 5], 1, Directory, [0b110], marks));
        Assert.Equal(new ExactNumber(5, 0), marks[0].Total);
    }

    [Fact]
    public void Marks_of_rights_have_their_golden_bytes()
    {
        var author = new PublicKey([.. Enumerable.Repeat((byte)0xAB, PublicKey.Length)]);
        CounterRights granted = CounterRights.None.With(GrantForm.Passed, author, new ExactNumber(300, 2));
        CounterRights rights = granted.With(GrantForm.Made, default, new ExactNumber(5, 0)) with { Used = new ExactNumber(1, 2) };
        List<CellMark> marks =
        [
            new()
            {
                Position = 0,
                Column = Directory[0],
                Lane = new Lane(0, MergePolicy.GrowingCounter),
                HasValue = false,
                Rights = CounterRights.None.With(GrantForm.Made, default, new ExactNumber(7, 0)),
            },
            new()
            {
                Position = 2,
                Column = Directory[2],
                Lane = new Lane(1, MergePolicy.BoundedCounter),
                HasValue = true,
                Digits = 8,
                Rights = rights,
            },
        ];
        using ByteWriter written = new();

        CellMarks.Write(written, marks);

        Assert.Equal("02" + "000900" + "00" + "000100" + "01" + "00000107" + "020a01" + "08" + "020101" + "02" + "00000105"
            + "02" + string.Concat(Enumerable.Repeat("ab", 32)) + "02022c01", Convert.ToHexStringLower(written.Written));
        List<CellMark> read = [];
        Assert.True(CellMarks.TryRead(written.Written, 2, Directory, [0b110], read));
        using ByteWriter again = new();
        CellMarks.Write(again, read);
        Assert.Equal(written.Written.ToArray(), again.Written.ToArray());
    }

    [Fact]
    public void Marks_of_several_values_have_their_golden_bytes()
    {
        var author = new PublicKey([.. Enumerable.Repeat((byte)0xAB, PublicKey.Length)]);
        List<CellMark> marks =
        [
            new()
            {
                Position = 1,
                Column = Directory[1],
                Lane = new Lane(0, MergePolicy.MultiValue),
                HasValue = true,
                Seen = [new SeenTotal(author, new ExactNumber(0x0102, 0))],
            },
        ];
        using ByteWriter written = new();

        CellMarks.Write(written, marks);

        Assert.Equal("01" + "012700" + "01" + string.Concat(Enumerable.Repeat("ab", 32)) + "00020201", Convert.ToHexStringLower(written.Written));
        List<CellMark> read = [];
        Assert.True(CellMarks.TryRead(written.Written, 3, Directory, default, read));
        Assert.False(CellMarks.TryRead(written.Written, 2, Directory, default, read));
        Assert.False(CellMarks.TryRead(written.Written, 3, Directory, [0b101], read)); // without a value
        byte[] beforeTime = written.Written.ToArray();
        beforeTime[^1] = 0xFF;
        Assert.False(CellMarks.TryRead(beforeTime, 3, Directory, default, read));
    }

    [Fact]
    public void Marks_of_sets_have_their_golden_bytes()
    {
        var author = new PublicKey([.. Enumerable.Repeat((byte)0xAB, PublicKey.Length)]);
        List<CellMark> marks =
        [
            new()
            {
                Position = 3,
                Column = Directory[3],
                Lane = new Lane(0, MergePolicy.Set),
                HasValue = true,
                Seen = [new SeenTotal(author, new ExactNumber(0x0102, 0))],
                Dots = [[new MemberDot(0, 0)], [new MemberDot(0, 300), new MemberDot(1, 0x0100)]],
            },
        ];
        using ByteWriter written = new();

        CellMarks.Write(written, marks);

        Assert.Equal("01" + "032500" + "01" + string.Concat(Enumerable.Repeat("ab", 32)) + "00020201" + "02" + "01" + "0000" + "02" + "00ac02" + "0102",
            Convert.ToHexStringLower(written.Written));
        List<CellMark> read = [];
        Assert.True(CellMarks.TryRead(written.Written, 4, Directory, default, read));
        Assert.Equal([.. marks[0].Dots[1]], read[0].Dots[1].ToArray());
        Assert.False(CellMarks.TryRead(written.Written, 3, Directory, default, read));
        Assert.False(CellMarks.TryRead(written.Written, 4, Directory, [0b0111], read)); // without a value
    }

    [Theory]
    [InlineData("01" + "000500" + "00")]                // of INT
    [InlineData("01" + "030500")]                       // no dots
    [InlineData("01" + "030500" + "01" + "00")]         // a member that nobody added
    [InlineData("01" + "030500" + "01" + "01" + "0101")] // by an author that was not seen
    [InlineData("01" + "030500" + "01" + "02" + "0000" + "0001")] // by the writer twice
    [InlineData("01" + "030500" + "7f")]                // more members than bytes
    public void What_does_not_fit_is_no_mark_of_a_set(string bytes) =>
        Assert.False(CellMarks.TryRead(Convert.FromHexString(bytes), 4, Directory, default, []));

    [Fact]
    public void An_adding_that_was_not_seen_is_no_mark()
    {
        string seen = "01" + string.Concat(Enumerable.Repeat("ab", 32)) + "000109";

        Assert.True(CellMarks.TryRead(Convert.FromHexString("01" + "032500" + seen + "01" + "01" + "0108"), 4, Directory, default, []));
        Assert.False(CellMarks.TryRead(Convert.FromHexString("01" + "032500" + seen + "01" + "01" + "0109"), 4, Directory, default, []));
    }

    [Fact]
    public void Marks_of_a_text_have_their_golden_bytes()
    {
        var author = new PublicKey([.. Enumerable.Repeat((byte)0xAB, PublicKey.Length)]);
        TextEdits edits = new()
        {
            Limit = new TextLimit(255, true),
            Authors = [author],
            Base = new TextName(1, 7),
            Insertions =
            [
                new TextInsertion(0, 300, [new TextRun(3, TextPlace.Root)]), new TextInsertion(0, 0, [new TextRun(1, new TextPlace(1, 7, 2, true))]),
                new TextInsertion(1, 9, [new TextRun(2, TextPlace.Root)], IsFormer: true),
            ],
            Removed = [new TextRange(0, 300, 1, 2), new TextRange(1, 7, 0, 1)],
        };
        List<CellMark> marks =
        [
            new() { Position = 1, Column = Directory[1], Lane = new Lane(0, MergePolicy.Text), HasValue = false, Edits = edits, Text = "xyzw"u8.ToArray() },
        ];
        using ByteWriter written = new();

        CellMarks.Write(written, marks);

        Assert.Equal("01" + "011600" + "0478797a77" + "ff03" + "01" + string.Concat(Enumerable.Repeat("ab", 32)) + "0207" + "03" + "00ac02" + "01" + "0300"
            + "0000" + "01" + "01040702" + "0309" + "01" + "0200" + "02" + "00ac020102" + "01070001", Convert.ToHexStringLower(written.Written));
        List<CellMark> read = [];
        Assert.True(CellMarks.TryRead(written.Written, 5, Directory, [0b101], read));
        Assert.False(CellMarks.TryRead(written.Written, 4, Directory, [0b101], read));
        CellMarks.TryRead(written.Written, 5, Directory, [0b101], read);
        using ByteWriter again = new();
        CellMarks.Write(again, read);
        Assert.Equal(written.Written.ToArray(), again.Written.ToArray());
    }

    [Theory]
    [InlineData("010600" + "03" + "00" + "00" + "00" + "00", true)]                              // of nothing
    [InlineData("010600" + "03" + "00" + "00" + "01" + "00000100", false)]                        // a run that ends
    [InlineData("010600" + "03" + "00" + "00" + "01" + "0000010000" + "00", false)]               // a run of nothing
    [InlineData("010600" + "03" + "00" + "00" + "01" + "0000010100" + "00", true)]
    [InlineData("000600" + "03" + "00" + "00" + "01" + "0000010100" + "00", false)]               // an integer
    [InlineData("011600" + "00" + "03" + "00" + "00" + "01" + "0000010100" + "00", false)]        // a byte that its text lacks
    [InlineData("010600" + "03" + "00" + "00" + "01" + "0000" + "00" + "00", false)]              // no run
    [InlineData("010600" + "03" + "00" + "00" + "01" + "0309010100" + "00", false)]        // an author that is not named
    [InlineData("010600" + "03" + "00" + "00" + "02" + "0000010100" + "0009010100" + "00", false)] // the operation at hand is the latest
    [InlineData("010600" + "03" + "00" + "00" + "02" + "0009010100" + "0009010100" + "00", false)] // an insertion twice
    [InlineData("010600" + "03" + "00" + "00" + "00" + "02" + "00090002" + "00090201", false)]    // ranges that touch
    [InlineData("010600" + "03" + "00" + "00" + "00" + "01" + "00090000", false)]                 // a range of nothing
    [InlineData("010600" + "ffffffffff7f" + "00" + "00" + "00" + "00", false)]                    // no limit
    [InlineData("010600" + "03" + "00" + "0100" + "00" + "00", true)]                      // the operation at hand begins the text anew
    [InlineData("010600" + "03" + "00" + "0209" + "00" + "00", false)]                     // a stranger did
    [InlineData("010600" + "03" + "00" + "00" + "01" + "0109010100" + "00", true)]         // a value from before
    [InlineData("010600" + "03" + "00" + "00" + "01" + "0100010100" + "00", false)]        // one that is written now
    public void Edits_fit_together_or_are_no_mark(string bytes, bool isMark) =>
        Assert.Equal(isMark, CellMarks.TryRead([1, .. Convert.FromHexString(bytes)], 5, Directory, default, []));

    [Theory]
    [InlineData("01" + "010900" + "00" + "000100" + "00")]              // of strings
    [InlineData("01" + "000900" + "00" + "000101" + "00")]              // uses of a counter that only grows
    [InlineData("01" + "001900" + "00" + "000105" + "000100" + "00")]   // a total
    [InlineData("01" + "000A00" + "00" + "0001FF" + "00")]              // a use below zero
    [InlineData("01" + "000A00" + "00" + "000100" + "01" + "000001FF")] // an amount below zero
    [InlineData("01" + "000A00" + "00" + "000100" + "02" + "00000101" + "00000102")] // an entry twice
    [InlineData("01" + "000A00" + "00" + "000100" + "01" + "04000101")] // an unknown form
    [InlineData("01" + "000A00" + "00" + "000100")]                     // no grants
    public void What_does_not_fit_is_no_mark_of_rights(string bytes) =>
        Assert.False(CellMarks.TryRead(Convert.FromHexString(bytes), 2, Directory, default, []));
}
