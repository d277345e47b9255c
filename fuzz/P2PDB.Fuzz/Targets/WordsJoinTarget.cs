using System.Numerics;
using P2PDB.Engine.Apply;
using P2PDB.Engine.Apply.Registers;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 policy (even: text, odd: set), then two words or three of authors on one cell: u8 author (of three), plus 128 for NULL; u8 time; varint
/// length, marks of the cell's column; varint length, value. In whatever order they come, and however often, they give the same row, in work that
/// grows with what they say; and what somebody honest writes over them shows, and can be read.
/// </summary>
internal sealed class WordsJoinTarget : IFuzzTarget, IDisposable
{
    private const int WordCountMax = 3;

    private static readonly StoredColumn TextColumn = new(new ColumnId(1), StorageCode.Bytes, 0);
    private static readonly StoredColumn SetColumn = new(new ColumnId(1), StorageCode.Json, 0);
    private static readonly int[][] Orders = [[0, 1, 2], [2, 1, 0], [1, 0, 2, 1], [0, 2, 0, 1], [2, 0, 1], [1, 2, 0, 0]];

    private readonly ByAuthor _chains = new();
    private readonly RowMerge _merge = new();
    private readonly RowLayouts _layouts = new();
    private readonly List<CellMark> _marks = [];
    private readonly ByteWriter _written = new();

    public string Name => "words-join";

    public IReadOnlyList<string> Decoder =>
    [
        "P2PDB.Engine/Catalog/Merging/MemberDots.cs", "P2PDB.Engine/Catalog/Merging/SetWord.cs", "P2PDB.Engine/Catalog/Merging/SetJoin.cs",
        "P2PDB.Engine/Catalog/Merging/Texts/",
    ];

    public int InputLengthMax => 1024;

    // An insertion of five bytes is a block with lists of its parts, and the text of one more; a dot of two bytes is one in a list and one sorted.
    public int AllocationFactor => 512;

    public int AllocationSlack => 8192;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            TextWord first = TextEditing.Edit(_chains.Key(0), [], null, new TextLimit(255, false), "the cat sat"u8);
            TextWord second = TextEditing.Edit(_chains.Key(1), [first with { Time = 5 }], null, new TextLimit(255, false), "the black cat"u8);
            TextWord third = TextEditing.Edit(_chains.Key(2), [second with { Time = 6 }, first with { Time = 5 }], null, new TextLimit(9, true), "a black cat"u8);
            yield return [0, .. SeedOf(0, 5, first), .. SeedOf(1, 6, second)];
            yield return [0, .. SeedOf(0, 5, first), .. SeedOf(1, 6, second), .. SeedOf(2, 9, third)];
            byte[] dots = [1, 0, 5, 0, 2, 1, 0, 0, 1, 0, 0];
            byte[] seen = [1, 0, 37, 0, 1, .. _chains.Key(0).AsSpan(), 0, 1, 5, 1, 1, 1, 0];
            yield return [1, 0, 5, (byte)dots.Length, .. dots, 6, .. "[1, 2]"u8, 1, 6, (byte)seen.Length, .. seen, 3, .. "[2]"u8];
            yield return [1, 0, 5, (byte)dots.Length, .. dots, 6, .. "[1, 2]"u8, 129, 6, 4, 1, 0, 5, 0, 0, 2, 7, 4, 1, 0, 5, 0, 0];
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        StoredColumn column = (input[0] & 1) == 0 ? TextColumn : SetColumn;
        List<Word> words = [];
        var reader = new ByteReader(input[1..]);
        while (!reader.IsAtEnd)
        {
            if (words.Count == WordCountMax || !TryRead(ref reader, column, out Word word) || words.Exists(known => known.Stamp == word.Stamp))
                return false;
            words.Add(word);
        }

        if (words.Count < 2 || words.Exists(word => word.Mark.Lane.Policy != words[0].Mark.Lane.Policy))
            return false;
        List<CellRegister> registers = RegistersOf(words);
        Action honest = column == TextColumn ? JoinTexts(registers, probe) : JoinSets(registers, probe);
        probe.EndDecoding();

        byte[] record = Folded(words, Orders[0]);
        foreach (int[] order in Orders.AsSpan(1))
            FuzzLaw.RequireSame(record, Folded(words, order), "words give one row, in whatever order and however often they come");
        honest();
        return true;
    }

    public void Dispose()
    {
        _merge.Dispose();
        _written.Dispose();
    }

    private bool TryRead(ref ByteReader reader, StoredColumn column, out Word word)
    {
        word = null!;
        if (!reader.TryReadByte(out byte author) || (author & 127) > 2 || !reader.TryReadByte(out byte time) || time == 0
            || !reader.TryReadVarint(reader.Remaining, out int length) || !reader.TryReadBytes(length, out ReadOnlySpan<byte> marks))
        {
            return false;
        }

        ReadOnlySpan<byte> value = default;
        bool isNull = (author & 128) != 0;
        if (!isNull && (!reader.TryReadVarint(reader.Remaining, out length) || !reader.TryReadBytes(length, out value)))
            return false;
        StoredLayout layout = _layouts.Get([column]);
        byte[] image = (isNull ? CellValue.Null(column) : CellValue.OfText(column, value)).Image;
        if (!CellMarks.TryRead(marks, MergePolicies.MarksVersionMax, [column], [1], _marks)
            || _marks[0].Lane.Policy is not (MergePolicy.Text or MergePolicy.Set) || !EntryValidation.AreValuesValid(layout, image, _marks))
        {
            return false;
        }

        word = new Word(new Stamp(new HlcTimestamp(time), author & 127, 0), _marks[0], image);
        return true;
    }

    /// <summary>The last word of each author, of the highest lane, the latest first.</summary>
    private List<CellRegister> RegistersOf(List<Word> words)
    {
        StoredRow row = StoredRow.Read(Folded(words, [.. Enumerable.Range(0, words.Count)]));
        List<CellRegister> registers = CellRegisters.ReadAll(row, _layouts[row.LayoutNumber]);
        Lane lane = registers.Max(register => register.Lane);
        registers.RemoveAll(register => register.Lane != lane);
        registers.Sort((left, right) => _chains.Compare(right.Stamp(), left.Stamp()));
        return registers;
    }

    private Action JoinTexts(List<CellRegister> registers, FuzzProbe probe)
    {
        List<TextWord> words = registers.ConvertAll(register => TextWord.Of(_chains.Key(register.Chain), register));
        TextJoin join = new(words);
        int pieces = 4 + words.Sum(word => word.Edits.PieceCount + word.Edits.Insertions.Length);
        probe.Reached(100 + Math.Min(join.Spans.Count, 50));
        probe.Reached(200 + Math.Min(join.Blocks.Count, 50));
        return () =>
        {
            FuzzLaw.Require(join.Steps <= 64 * pieces * (1 + BitOperations.Log2((uint)pieces)), "the work grows with the pieces");
            PublicKey own = _chains.Key(3);
            byte[] text = [.. join.Text.AsSpan(0, join.Text.Length / 2), (byte)'x', .. join.Text.AsSpan(join.Text.Length - (join.Text.Length / 4))];
            TextWord first = ReadAgain(TextEditing.Edit(own, words, null, new TextLimit(99, false), text), 300);
            FuzzLaw.RequireSame(text, new TextJoin([first, .. words]).Text, "what is written shows");
            text = [(byte)'y', .. text.AsSpan(text.Length / 3)];
            TextWord second = ReadAgain(TextEditing.Edit(own, [first, .. words], first, new TextLimit(99, false), text), 301);
            FuzzLaw.RequireSame(text, new TextJoin([second, .. words]).Text, "what is written again shows");
        };
    }

    private TextWord ReadAgain(TextWord word, ulong time)
    {
        _written.Clear();
        word.Edits.Write(_written);
        var reader = new ByteReader(_written.Written);
        FuzzLaw.Require(TextEdits.TryRead(ref reader, out TextEdits edits) && reader.IsAtEnd, "an honest word on a text is read");
        FuzzLaw.Require(edits.TextLength == word.Text.Length, "an honest word on a text has its text");
        return word with { Time = time, Edits = edits };
    }

    private Action JoinSets(List<CellRegister> registers, FuzzProbe probe)
    {
        List<SetWord> words = registers.ConvertAll(register => new SetWord(_chains.Key(register.Chain), register));
        SetJoin join = new(words);
        probe.Reached(300 + Math.Min(join.Members.Count, 50));
        return () =>
        {
            SetKnowledge known = new(_chains.Key(3));
            known.Load(words);
            FuzzLaw.Require(!known.IsTooMuch, "so few words are not too much");
            List<string> members = [.. join.Members.Skip(1), "\"new\""];
            CellValue value = SetMembers.ToValue(SetColumn, members);
            CellMark mark = new()
            {
                Position = 0,
                Column = SetColumn,
                Lane = new Lane(0, MergePolicy.Set),
                HasValue = true,
                Seen = known.Seen,
                Dots = known.DotsOf(members, join.Members),
            };
            _written.Clear();
            CellMarks.Write(_written, [mark]);
            FuzzLaw.Require(CellMarks.TryRead(_written.Written, MergePolicies.MarksVersionMax, [SetColumn], [1], _marks), "an honest word on a set is read");
            CellRegister register = RegisterOf(new Word(new Stamp(new HlcTimestamp(300), 3, 0), _marks[0], value.Image));
            List<string> shown = new SetJoin([new SetWord(_chains.Key(3), register), .. words]).Members;
            FuzzLaw.Require(shown.SequenceEqual(members.Distinct()), "what is written shows");
        };
    }

    private static CellRegister RegisterOf(Word word) => new()
    {
        Kind = RegisterKind.Value,
        Hlc = word.Stamp.Hlc,
        Chain = word.Stamp.Chain,
        Op = word.Stamp.Op,
        Lane = word.Mark.Lane,
        Form = word.Mark.Column,
        Image = word.Image,
        Seen = word.Mark.Seen,
        Dots = word.Mark.Dots,
    };

    private byte[] Folded(List<Word> words, int[] order)
    {
        byte[] record = [];
        foreach (int i in order)
        {
            if (i >= words.Count)
                continue;
            _written.Clear();
            StoredLayout layout = _layouts.Get([words[i].Mark.Column]);
            if (_merge.TryUpdate(_layouts, _chains, record, words[i].Stamp, layout, words[i].Image, [words[i].Mark], _written))
                record = _written.Written.ToArray();
        }

        return record;
    }

    private byte[] SeedOf(byte author, byte time, TextWord word)
    {
        _written.Clear();
        CellMark mark = new() { Position = 0, Column = TextColumn, Lane = new Lane(0, MergePolicy.Text), HasValue = true, Edits = word.Edits, Text = word.Text.ToArray() };
        CellMarks.Write(_written, [mark]);
        return [author, time, (byte)_written.Length, .. _written.Written, 0];
    }

    private sealed record Word(Stamp Stamp, CellMark Mark, byte[] Image);

    /// <summary>Chains of one author each.</summary>
    private sealed class ByAuthor : ChainDirectory
    {
        public PublicKey Key(int chain) => AuthorOf(chain).Key;

        public override AuthorKey AuthorOf(int chain)
        {
            byte[] key = new byte[PublicKey.Length];
            key[0] = (byte)(1 + chain);
            return new AuthorKey(new PublicKey(key));
        }

        public override EntryId EntryAt(int chain, HlcTimestamp hlc)
        {
            byte[] id = new byte[Hash256.Length];
            (id[0], id[1]) = ((byte)(1 + chain), (byte)hlc.Value);
            return new EntryId(new Hash256(id));
        }
    }
}
