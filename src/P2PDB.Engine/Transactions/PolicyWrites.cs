// HOW WRITES OF COLUMNS WITH A POLICY ARE LOGGED
//
// Each write says which lane of its cell it belongs to (Lane). The author knows the highest lane from the committed record and
// from what the transaction itself wrote before; by the rules here it stays in it, or begins the next:
//
//   INSERT      over nothing that merged by a policy: generation 0; else the next: the row lives anew. Of a set or a text over any
//               row that was there the next too, because a value from before the policy is members, or a text, as well
//   UPDATE      of a cell whose lane has the column's policy: that lane; of a plain one: generation 0; else the next
//
// Counters log what the author added up in the lane, the operation at hand included. A write that only adds to a cell whose
// lane is not a counter's yet makes the value before it the base. Any other write is a base too, which names the totals that
// its author has seen and that are part of it.
//
// A set is logged as a whole, with all that its author knows of it: whose addings of its members stand, and up to what time the
// author has seen what others added (SetJoin). Members that the write adds to the value before it are added by it; those that are
// gone are removed by not being there. A value from before the column merged as a set is taken for members that its writer added.
// Where others name more than a word should repeat (SetKnowledge), which only lies do or very many authors, the write begins anew.
//
// A text is logged as all that its author inserted and took away (TextEdits). What the write did is the difference between the text as
// the transaction knows it and the new one. A value from before the column merged as a text is taken for an insertion of its writer's,
// which everybody states who edits it. Where a word would come to more pieces than it may have, the write begins the text anew in its lane, and so does
// an INSERT where there is no next lane.
//
// One of several values names those of other authors that its author has seen, and takes their place.
//
// Counters with rights log what the author did in all, whatever form the write has (CounterSpending). One of which more was used
// than brought in, as a fork can make it, or a TRUNCATE apart, begins anew with the next write.
//
// A write that the lane would not show, which only foreign keys can make (statements are told before, MergeEffects), begins
// the next lane too: what the transaction sees is what the merge will show.
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Overlays;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Transactions;

/// <summary>Makes the marks of row operations of one table for one author; see the prose above. Reusable.</summary>
internal sealed class PolicyWrites : IDisposable
{
    private readonly Hash256 _database;
    private readonly TableSchema _table;
    private readonly StoredColumn[] _columns;
    private readonly ColumnSchema[] _schemas;
    private readonly RecordBuffer _record = new();
    private readonly List<CellMark> _marks = [];
    private readonly List<CellMark> _pending = [];
    private readonly ByteWriter _encoded = new();
    private readonly ByteWriter _encodedPending = new();
    private List<CellRegister> _registers = [];
    private bool _isStored;

    /// <summary>Prepares for a version of a table.</summary>
    public PolicyWrites(Hash256 database, TableSchema table)
    {
        _database = database;
        _table = table;
        _columns = [.. table.WriteLayout.Columns];
        _schemas = Array.ConvertAll(_columns, column => table.Columns[table.OrdinalOf(column.Id)]);
    }

    /// <summary>The marks of the operation that was planned last.</summary>
    public ReadOnlySpan<byte> Marks => _encoded.Written;

    /// <summary>Columns of the UPDATE that was planned last whose value is not logged, only their total: positions.</summary>
    public List<int> WithoutValue { get; } = [];

    /// <summary>Columns of it of which the value before the change is logged: positions.</summary>
    public List<int> WithFormerValue { get; } = [];

    /// <summary>The version of <see cref="Marks"/>.</summary>
    public int MarksVersion { get; private set; }

    /// <summary>Whose totals the operation carries; null where it carries none.</summary>
    public AuthorKey? CountsFor { get; private set; }

    /// <summary>True where columns of a table merge by a policy that rows carry marks for.</summary>
    public static bool AreNeededFor(TableSchema table)
    {
        foreach (ColumnSchema column in table.Columns)
        {
            if (LanePolicyOf(column) != MergePolicy.LastWriter)
                return true;
        }

        return false;
    }

    /// <summary>Plans an INSERT of an image; false where no column needs a mark.</summary>
    public bool PlanInsert(Transaction transaction, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image)
    {
        Load(transaction, key);
        for (int i = 0; i < _columns.Length; i++)
        {
            MergePolicy policy = LanePolicyOf(_schemas[i]);
            Lane seen = SeenLaneOf(i);
            bool isFirst = seen == Lane.Plain && !(policy is MergePolicy.Set or MergePolicy.Text && _isStored);
            Lane lane = isFirst ? new Lane(0, policy) : seen.Next(policy);
            if (policy.HasRights())
                BeginRights(transaction, i, lane, image);
            else if (policy == MergePolicy.Set)
                AddMembers(transaction, i, lane, new SetKnowledge(transaction.OwnAuthor(_database).Key), [], image);
            else if (policy == MergePolicy.Text)
                _marks.Add(MarkOf(i, lane) with { Edits = BeginText(transaction, i, image, isBase: lane == seen) });
            else
                Mark(i, lane);
        }

        return Encode();
    }

    /// <summary>
    /// Plans an UPDATE from one image to another of the columns at <paramref name="changed"/>; <paramref name="deltas"/> are the
    /// ordinals of those that are only added to or taken from. Otherwise as an INSERT.
    /// </summary>
    public bool PlanUpdate(
        Transaction transaction, ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, List<int> changed,
        ReadOnlySpan<int> deltas)
    {
        Load(transaction, key);
        foreach (int i in changed)
        {
            MergePolicy policy = LanePolicyOf(_schemas[i]);
            Lane seen = SeenLaneOf(i);
            if (policy == MergePolicy.Counter)
                Count(transaction, i, seen, before, after, deltas.Contains(_schemas[i].Ordinal));
            else if (policy.HasRights())
                Spend(transaction, i, seen, before, after);
            else if (policy == MergePolicy.Set)
                ChangeMembers(transaction, i, seen, before, after);
            else if (policy == MergePolicy.Text)
                EditText(transaction, i, seen, before, after);
            else if (policy == MergePolicy.MultiValue && seen.Policy == policy)
                _marks.Add(MarkOf(i, seen) with { Seen = [.. SeenValuesOf(transaction, i, seen)] });
            else if (seen == Lane.Plain)
                Mark(i, new Lane(0, policy));
            else if (seen.Policy == policy && IsComparable(i, seen) && HasEffect(i, policy, before, after))
                Mark(i, seen);
            else
                Mark(i, seen.Next(policy));
        }

        return Encode();
    }

    /// <summary>
    /// Plans an operation on the rights to a counter alone, of a row whose counter merges with rights; <paramref name="change"/> says which.
    /// False where nobody wrote the counter yet.
    /// </summary>
    public bool PlanRights(Transaction transaction, ReadOnlySpan<byte> key, int ordinal, Action<CounterSpending> change)
    {
        Load(transaction, key);
        int position = Array.FindIndex(_schemas, column => column.Ordinal == ordinal);
        Lane seen = SeenLaneOf(position);
        if (seen.Policy != _schemas[position].Merge)
            return false;
        CounterSpending spending = SpendingOf(transaction, position, seen);
        change(spending);
        State(transaction, position, seen, spending);
        return Encode();
    }

    /// <summary>Plans a DELETE, which has no marks: what the transaction gave the row stays known.</summary>
    public void PlanDelete(Transaction transaction, ReadOnlySpan<byte> key)
    {
        Load(transaction, key);
        Encode();
    }

    /// <summary>Appends what the write set keeps of the marks of a row: their length, and the last of each column.</summary>
    public void WritePending(ByteWriter target)
    {
        target.WriteUInt32((uint)_encodedPending.Length);
        target.Write(_encodedPending.Written);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _encoded.Dispose();
        _encodedPending.Dispose();
    }

    private static MergePolicy LanePolicyOf(ColumnSchema column) =>
        column.Merge == MergePolicy.Row ? MergePolicy.LastWriter : column.Merge;

    private void Load(Transaction transaction, ReadOnlySpan<byte> key)
    {
        _marks.Clear();
        _pending.Clear();
        WithoutValue.Clear();
        WithFormerValue.Clear();
        CountsFor = null;
        _registers = [];
        _isStored = transaction.TryGetCommitted(_table, key, _record);
        if (_isStored)
        {
            StoredRow row = StoredRow.Read(_record.Span);
            _registers = CellRegisters.ReadAll(row, _table.Layouts[row.LayoutNumber]);
        }

        OverlayTree? written = transaction.Writes.Find(_table.RowTree);
        if (written?.TryGet(key, out ReadOnlySpan<byte> record) == true && OverlayRecord.Marks(record) is { IsEmpty: false } marks)
        {
            if (!CellMarks.TryRead(marks, MergePolicies.MarksVersionMax, _columns, default, _pending))
                throw new InvalidDataException("The marks that a transaction keeps of a row are damaged.");
        }
    }

    /// <summary>The highest lane that the transaction knows of.</summary>
    private Lane SeenLaneOf(int position)
    {
        Lane lane = _pending.Find(mark => mark.Position == position)?.Lane ?? Lane.Plain;
        foreach (CellRegister register in _registers)
        {
            if (register.Form.Id == _columns[position].Id && register.Lane.CompareTo(lane) > 0)
                lane = register.Lane;
        }

        return lane;
    }

    /// <summary>False where the type was altered to one whose values have no order with those of the lane.</summary>
    private bool IsComparable(int position, in Lane lane)
    {
        StoredColumn column = _columns[position];
        foreach (CellRegister register in _registers)
        {
            if (register.Form.Id == column.Id && register.Lane == lane && !ValueOrder.AreComparable(register.Form.Code, column.Code))
                return false;
        }

        return true;
    }

    private bool HasEffect(int position, MergePolicy policy, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        ValueOrder.Replaces(
            policy,
            CellRegisters.Shown(_table.WriteLayout, after, position),
            CellRegisters.Shown(_table.WriteLayout, before, position),
            _schemas[position].Type.Collation);

    private void Count(
        Transaction transaction, int position, Lane seen, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool isDelta)
    {
        bool isInLane = seen.Policy == MergePolicy.Counter;
        Lane lane = isInLane ? seen : seen == Lane.Plain ? new Lane(0, MergePolicy.Counter) : seen.Next(MergePolicy.Counter);
        CellMark mark = MarkOf(position, lane);
        CellValue former = CellRegisters.Shown(_table.WriteLayout, before, position);
        CellValue value = CellRegisters.Shown(_table.WriteLayout, after, position);
        List<SeenTotal> totals = isInLane ? TotalsOf(transaction, position, lane) : [];
        AuthorKey own = transaction.OwnAuthor(_database);
        if (isDelta && !former.IsNull && !value.IsNull)
        {
            ExactNumber total = totals.Find(one => one.Author.Equals(own.Key)).Total
                + (ExactNumber.Read(value.Form, value.Bytes) - ExactNumber.Read(former.Form, former.Bytes));
            if (total.IsWritable)
            {
                (isInLane ? WithoutValue : WithFormerValue).Add(position);
                CountsFor = own;
                _marks.Add(mark with { HasValue = !isInLane, Total = total });
                return;
            }
        }

        totals.Sort(static (left, right) => left.Author.CompareTo(right.Author));
        _marks.Add(mark with { Seen = [.. totals] });
    }

    private void BeginRights(Transaction transaction, int position, Lane lane, ReadOnlySpan<byte> image)
    {
        var spending = new CounterSpending(_schemas[position], transaction.OwnAuthor(_database).Key);
        spending.Begin(NumberOf(CellRegisters.Shown(_table.WriteLayout, image, position)));
        State(transaction, position, lane, spending);
    }

    private void Spend(Transaction transaction, int position, Lane seen, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        MergePolicy policy = _schemas[position].Merge;
        CounterSpending spending = SpendingOf(transaction, position, seen);
        Lane lane = seen;
        bool isInLane = seen.Policy == policy && !spending.IsOverdrawn;
        if (!isInLane)
        {
            lane = seen == Lane.Plain ? new Lane(0, policy) : seen.Next(policy);
            spending = new CounterSpending(_schemas[position], transaction.OwnAuthor(_database).Key);
        }

        ExactNumber? former = NumberOf(CellRegisters.Shown(_table.WriteLayout, before, position));
        if (NumberOf(CellRegisters.Shown(_table.WriteLayout, after, position)) is not { } value)
            throw MergeErrors.CounterNotNull(_schemas[position].Name).ToException();
        if (former is not { Unscaled.Sign: >= 0 } known)
        {
            spending.Begin(value);
        }
        else
        {
            if (!isInLane)
                spending.LoadFormer(WriterOf(transaction, position), known);
            spending.Change(known, value);
        }

        WithoutValue.Add(position);
        State(transaction, position, lane, spending);
    }

    /// <summary>A counter as the transaction knows it in a lane, its own changes included.</summary>
    private CounterSpending SpendingOf(Transaction transaction, int position, Lane lane)
    {
        PublicKey own = transaction.OwnAuthor(_database).Key;
        var spending = new CounterSpending(_schemas[position], own);
        foreach (CellRegister register in _registers)
        {
            if (register.Rights is not null && register.Lane == lane && register.Form.Id == _columns[position].Id)
                spending.Load(transaction.AuthorOf(_database, register.Chain).Key, register.Rights);
        }

        if (_pending.Find(mark => mark.Position == position && mark.Lane == lane)?.Rights is { } pending)
            spending.Load(own, pending);
        return spending;
    }

    private void State(Transaction transaction, int position, Lane lane, CounterSpending spending)
    {
        CountsFor = transaction.OwnAuthor(_database);
        _marks.Add(MarkOf(position, lane) with { HasValue = false, Rights = spending.Stated });
    }

    private void ChangeMembers(Transaction transaction, int position, Lane seen, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var known = new SetKnowledge(transaction.OwnAuthor(_database).Key);
        List<string> former = [];
        bool isSet = SetMembers.TryRead(CellRegisters.Shown(_table.WriteLayout, before, position), former);
        bool isInLane = seen.Policy == MergePolicy.Set && IsComparable(position, seen);
        if (_pending.Find(mark => mark.Position == position && mark.Lane == seen) is { } pending && isInLane)
        {
            known.Load(former, pending);
        }
        else if (isInLane)
        {
            known.Load(_registers.FindAll(register => register.Lane == seen && register.Form.Id == _columns[position].Id)
                .ConvertAll(register => new SetWord(transaction.AuthorOf(_database, register.Chain).Key, register)));
            if (known.IsTooMuch)
            {
                known = new SetKnowledge(transaction.OwnAuthor(_database).Key);
                isInLane = false;
            }
        }
        else if (isSet && _isStored)
        {
            StoredRow row = StoredRow.Read(_record.Span);
            (ulong time, int chain) = ColumnWriter.WriteOf(row, _table.Layouts[row.LayoutNumber], _columns[position].Id);
            if (time > 0)
                known.Load(former, transaction.AuthorOf(_database, chain).Key, time);
        }

        Lane lane = isInLane ? seen : seen == Lane.Plain ? new Lane(0, MergePolicy.Set) : seen.Next(MergePolicy.Set);
        AddMembers(transaction, position, lane, known, former, after);
    }

    /// <summary>Marks a set that was <paramref name="former"/> and now is what an image has of it.</summary>
    private void AddMembers(
        Transaction transaction, int position, Lane lane, SetKnowledge known, List<string> former, ReadOnlySpan<byte> image)
    {
        List<string> members = [];
        if (!SetMembers.TryRead(CellRegisters.Shown(_table.WriteLayout, image, position), members))
            throw MergeErrors.NotASet(_schemas[position].Name).ToException();
        CountsFor = transaction.OwnAuthor(_database);
        _marks.Add(MarkOf(position, lane) with { Seen = known.Seen, Dots = known.DotsOf(members, former) });
    }

    private TextEdits BeginText(Transaction transaction, int position, ReadOnlySpan<byte> image, bool isBase)
    {
        CellValue value = CellRegisters.Shown(_table.WriteLayout, image, position);
        PublicKey own = transaction.OwnAuthor(_database).Key;
        CountsFor = transaction.OwnAuthor(_database);
        return TextEditing.Begin(own, TextLimit.Of(_schemas[position].Type), TextWord.TextOf(value), isBase).Edits;
    }

    private void EditText(Transaction transaction, int position, Lane seen, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        PublicKey own = transaction.OwnAuthor(_database).Key;
        CellValue value = CellRegisters.Shown(_table.WriteLayout, after, position);
        TextWord? stated = null;
        List<TextWord> words = [];
        Lane lane = seen;
        if (seen.Policy == MergePolicy.Text)
        {
            words = WordsOf(transaction, position, seen, before);
            stated = words.Find(word => word.Author == own);
        }
        else
        {
            lane = seen == Lane.Plain ? new Lane(0, MergePolicy.Text) : seen.Next(MergePolicy.Text);
            stated = FormerText(transaction, position, before);
            if (stated is not null)
                words.Add(stated);
        }

        TextWord word = TextEditing.Edit(own, words, stated, TextLimit.Of(_schemas[position].Type), TextWord.TextOf(value));
        CountsFor = transaction.OwnAuthor(_database);
        if (!value.IsNull)
            WithoutValue.Add(position);
        _marks.Add(MarkOf(position, lane) with { HasValue = value.IsNull, Edits = word.Edits, Text = value.IsNull ? null : word.Text.ToArray() });
    }

    /// <summary>What all say of a text, the latest first; of this transaction's author what it wrote last.</summary>
    private List<TextWord> WordsOf(Transaction transaction, int position, Lane lane, ReadOnlySpan<byte> before)
    {
        PublicKey own = transaction.OwnAuthor(_database).Key;
        List<TextWord> words = [];
        foreach (CellRegister register in _registers)
        {
            if (register.Edits is not null && register.Lane == lane && register.Form.Id == _columns[position].Id)
                words.Add(TextWord.Of(transaction.AuthorOf(_database, register.Chain).Key, register));
        }

        if (_pending.Find(mark => mark.Position == position && mark.Lane == lane)?.Edits is { } edits)
        {
            // Where the transaction inserted the row, or emptied the text, its word has all of the value.
            byte[] text = _pending.Find(mark => mark.Position == position)!.Text
                ?? TextWord.TextOf(CellRegisters.Shown(_table.WriteLayout, before, position)).ToArray();
            words.RemoveAll(word => word.Author == own);
            words.Add(new TextWord(own, TextWord.AtHand, edits, text));
        }

        words.Sort(static (left, right) => right.Time != left.Time ? right.Time.CompareTo(left.Time) : right.Author.CompareTo(left.Author));
        return words;
    }

    /// <summary>
    /// A value from before the column merged as a text, as its writer's; null where nobody wrote it. As it was written, where that was a string: what all
    /// state alike must not go by the type that this node knows.
    /// </summary>
    private TextWord? FormerText(Transaction transaction, int position, ReadOnlySpan<byte> before)
    {
        if (!_isStored)
            return null;
        StoredRow row = StoredRow.Read(_record.Span);
        StoredLayout layout = _table.Layouts[row.LayoutNumber];
        (ulong time, int chain) = ColumnWriter.WriteOf(row, layout, _columns[position].Id);
        int stored = layout.PositionOf(_columns[position].Id);
        bool isAsWritten = stored >= 0 && layout.Columns[stored].Code == StorageCode.Bytes;
        CellValue former = isAsWritten ? CellRegisters.Shown(layout, row.Image, stored) : CellRegisters.Shown(_table.WriteLayout, before, position);
        byte[] text = TextWord.TextOf(former).ToArray();
        if (time == 0 || text.Length == 0)
            return null;
        TextEdits edits = new()
        {
            Limit = TextLimit.Of(_schemas[position].Type),
            Insertions = [new TextInsertion(0, 0, [new TextRun(text.Length, TextPlace.Root)], IsFormer: true)],
        };
        return new TextWord(transaction.AuthorOf(_database, chain).Key, time, edits, text);
    }

    /// <summary>Who wrote the value that a column shows; this node's author where nobody did.</summary>
    private PublicKey WriterOf(Transaction transaction, int position)
    {
        if (_isStored)
        {
            StoredRow row = StoredRow.Read(_record.Span);
            (ulong time, int chain) = ColumnWriter.WriteOf(row, _table.Layouts[row.LayoutNumber], _columns[position].Id);
            if (time > 0)
                return transaction.AuthorOf(_database, chain).Key;
        }

        return transaction.OwnAuthor(_database).Key;
    }

    private static ExactNumber? NumberOf(in CellValue value) => value.IsNull ? null : ExactNumber.Read(value.Form, value.Bytes);

    /// <summary>The values of other authors in a lane, by the times of their operations, in order of authors.</summary>
    private List<SeenTotal> SeenValuesOf(Transaction transaction, int position, Lane lane)
    {
        List<SeenTotal> values = [];
        PublicKey own = transaction.OwnAuthor(_database).Key;
        foreach (CellRegister register in _registers)
        {
            if (register.Kind != RegisterKind.Value || register.Lane != lane || register.Form.Id != _columns[position].Id)
                continue;
            PublicKey author = transaction.AuthorOf(_database, register.Chain).Key;
            if (author != own)
                values.Add(new SeenTotal(author, new ExactNumber(register.Hlc.Value, 0)));
        }

        values.Sort(static (left, right) => left.Author.CompareTo(right.Author));
        return values;
    }

    /// <summary>The totals of a lane as far as the transaction knows them, its own changes included.</summary>
    private List<SeenTotal> TotalsOf(Transaction transaction, int position, Lane lane)
    {
        List<SeenTotal> totals = [];
        foreach (CellRegister register in _registers)
        {
            if (register.Kind == RegisterKind.Total && register.Lane == lane && register.Form.Id == _columns[position].Id)
                totals.Add(new SeenTotal(transaction.AuthorOf(_database, register.Chain).Key, register.Total));
        }

        if (_pending.Find(mark => mark.Position == position && mark.Lane == lane)?.Total is { } pending)
        {
            AuthorKey own = transaction.OwnAuthor(_database);
            totals.RemoveAll(total => total.Author.Equals(own.Key));
            totals.Add(new SeenTotal(own.Key, pending));
        }

        return totals;
    }

    private void Mark(int position, Lane lane)
    {
        if (lane != Lane.Plain)
            _marks.Add(MarkOf(position, lane));
    }

    private CellMark MarkOf(int position, Lane lane)
    {
        StoredColumn column = _columns[position];
        SqlType type = _schemas[position].Type;
        bool isDecimalCounter = lane.Policy.IsCounter() && type.Kind == SqlTypeKind.Decimal;
        return new CellMark
        {
            Position = position,
            Column = column,
            Lane = lane,
            HasValue = true,
            Collation = CellMarks.HasCollation(lane.Policy, column.Code) ? type.Collation.Id : 0,
            Digits = isDecimalCounter ? (int)type.Precision : 0,
        };
    }

    private bool Encode()
    {
        _encoded.Clear();
        _encodedPending.Clear();
        MarksVersion = 1;
        if (_marks.Count > 0)
            CellMarks.Write(_encoded, _marks);
        foreach (CellMark mark in _marks)
        {
            MarksVersion = Math.Max(MarksVersion, mark.Lane.Policy.MarksVersion());
            // A base in the lane leaves the total as it is: the next delta goes on from there.
            CellMark? known = _pending.Find(known => known.Position == mark.Position);
            if (known is not null)
                _pending.Remove(known);
            _pending.Add(known?.Lane == mark.Lane ? mark with { Total = mark.Total ?? known.Total } : mark);
        }

        _pending.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        if (_pending.Count > 0)
            CellMarks.Write(_encodedPending, _pending);
        return _marks.Count > 0;
    }
}
