using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 version of the marks, u8 bitmap (0: a whole row), then the marks of an operation over a directory of six columns. Marks that are read are
/// written as the same bytes: there is one encoding.
/// </summary>
internal sealed class CellMarksTarget : IFuzzTarget, IDisposable
{
    private static readonly StoredColumn[] Directory =
    [
        new(new ColumnId(1), StorageCode.I32, 0), new(new ColumnId(2), StorageCode.Bytes, 0),
        new(new ColumnId(3), StorageCode.Dec16, 2), new(new ColumnId(4), StorageCode.F64, 0),
        new(new ColumnId(5), StorageCode.U64, 0), new(new ColumnId(6), StorageCode.Json, 0),
    ];

    private readonly List<CellMark> _marks = [];
    private readonly ByteWriter _written = new();

    public string Name => "cell-marks";

    public IReadOnlyList<string> Decoder =>
    [
        "P2PDB.Engine/Catalog/Merging/CellMarks.cs", "P2PDB.Engine/Catalog/Merging/ExactNumber.cs",
        "P2PDB.Engine/Catalog/Merging/CounterRights.cs", "P2PDB.Engine/Catalog/Merging/MemberDots.cs",
        "P2PDB.Engine/Catalog/Merging/Texts/TextEdits.cs",
    ];

    public int InputLengthMax => 512;

    // A mark or register of a few bytes becomes an object with a number in it.
    public int AllocationFactor => 64;

    public IEnumerable<byte[]> Seeds =>
    [
        [0, 0, 2, 0, 0, 1, 1, 2, 0, 0xFF, 1],
        [0, 31, 1, 2, 20, 0, 20, 2, 2, 0x80, 0],
        [0, 0, 1, 4, 36, 5, 0, 1, .. new byte[32], 0, 1, 7],
        [0, 2, 1, 0, 20, 0, 0, 0, 1, 0xFF],
        [2, 0, 1, 1, 39, 0, 1, .. new byte[32], 0, 1, 7],
        [3, 0, 1, 5, 37, 0, 1, .. new byte[32], 0, 1, 7, 2, 1, 0, 0, 2, 0, 9, 1, 2],
        [4, 0, 1, 1, 22, 0, 2, 65, 66, 25, 1, .. new byte[32], 2, 0, 9, 1, 3, 3, 7, 0, 0, 0, 1, 1, 0, 2, 0, 9, 1, 1, 1, 7, 0, 5],
        [4, 0, 1, 1, 6, 0, 25, 0, 1, 0, 0, 1, 4, 0, 0],
        [1, 2, 1, 0, 9, 0, 0, 0, 1, 0, 1, 0, 0, 1, 5],
        [1, 0, 1, 2, 10, 1, 20, 2, 1, 5, 3, 0, 0, 1, 9, 2, .. new byte[32], 0, 1, 7, 3, .. new byte[32], 0, 1, 0],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.Length < 2)
            return false;
        int version = 1 + (input[0] % MergePolicies.MarksVersionMax);
        input = input[1..];
        ReadOnlySpan<byte> bitmap = input[0] == 0 ? default : input[..1];
        if (!CellMarks.TryRead(input[1..], version, Directory, bitmap, _marks))
            return false;
        foreach (CellMark mark in _marks)
        {
            probe.Reached((int)mark.Lane.Policy + (mark.Total is null ? 0 : 16) + (mark.Seen.IsEmpty ? 0 : 32));
            FuzzLaw.Require(mark.HasValue || mark.Total is not null || mark.Rights is not null || mark.Text is not null, "a mark says something");
            FuzzLaw.Require(mark.Lane.Policy.MarksVersion() <= version, "no version has the policies of a later one");
        }

        _written.Clear();
        CellMarks.Write(_written, _marks);
        FuzzLaw.RequireSame(input[1..], _written.Written, "written as read");
        return true;
    }

    public void Dispose() => _written.Dispose();
}
