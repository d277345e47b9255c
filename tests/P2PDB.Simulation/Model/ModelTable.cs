using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Conversions;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Simulation.Model;

/// <summary>A table of the reference model. Operations come in the total order, so each one overwrites.</summary>
internal sealed class ModelTable(TableId id)
{
    private readonly SortedDictionary<ColumnId, ModelColumn> _columns = [];
    private readonly Dictionary<string, (IndexDefinition? Definition, int Created)> _indexes = [];
    private readonly Dictionary<string, (ForeignKeyDefinition? Definition, int Created)> _foreignKeys = [];
    private readonly Dictionary<string, (CheckDefinition? Definition, int Created)> _checks = [];
    private readonly HashSet<string> _taken = [];
    private IndexColumn[] _primaryKey = [];
    private int _created = -1;
    private ViewDefinition? _view;

    public TableId Id { get; } = id;

    public SortedDictionary<string, ModelRow> Rows { get; } = new(StringComparer.Ordinal);

    public bool Exists { get; set; }

    public bool IsAlive => Exists && _created >= 0;

    public bool IsTable => IsAlive && _view is null;

    public string? CreatedName { get; private set; }

    public string? NewName { get; set; }

    public int NewNameStamp { get; set; }

    public string ShownName { get; set; } = "";

    public int NameStamp => NewName is null ? _created : NewNameStamp;

    private IEnumerable<ModelColumn> ShownColumns => _columns.Values
        .Where(column => column.Created is not null && (column.Exists || IsKey(column)))
        .OrderBy(column => column.Position).ThenBy(column => column.Id);

    private IEnumerable<(string Name, IndexDefinition Definition, IndexColumn[] Parts)> ShownIndexes =>
        from index in _indexes
        where index.Value.Definition is not null
        orderby index.Value.Created, index.Key
        let parts = index.Value.Definition.Columns.Where(part => ShownColumns.Any(c => c.Id == part.Column)).ToArray()
        where parts.Length > 0
        select (index.Key, index.Value.Definition, parts);

    public void Create(TableDefinition table, int stamp)
    {
        if (_created < 0)
            _created = stamp;
        Exists = true;
        CreatedName = table.Name;
        _primaryKey = [.. table.PrimaryKey];
        foreach (ColumnDefinition column in table.Columns)
            AddColumn(column, stamp);
        foreach (IndexDefinition index in table.Indexes)
            SetIndex(index.Name, index, stamp);
    }

    /// <summary>CREATE VIEW; what a CREATE says of a view that was ever replaced does not count.</summary>
    public void Create(ViewDefinition view, int stamp)
    {
        if (_created < 0)
            _created = stamp;
        Exists = true;
        CreatedName = view.Name;
        if (view.IsReplacement || _view?.IsReplacement != true)
            _view = view;
    }

    public void Alter(Alteration alteration, int stamp)
    {
        ModelColumn column = ColumnOf(alteration.Column);
        switch (alteration.Action)
        {
            case AlterAction.AddColumn:
                AddColumn(alteration.Added!, stamp);
                break;
            case AlterAction.DropColumn:
                column.Exists = false;
                break;
            case AlterAction.RenameColumn:
                (column.NewName, column.NewNameStamp) = (alteration.Name, stamp);
                break;
            case AlterAction.ModifyColumn:
                column.Modify(alteration.Shape!);
                break;
            case AlterAction.MoveColumn:
                column.NewPosition = alteration.Number;
                break;
        }
    }

    public void SetIndex(string name, IndexDefinition? index, int stamp) => SetNamed(_indexes, name, index, stamp);

    public void SetForeignKey(string name, ForeignKeyDefinition? key, int stamp) => SetNamed(_foreignKeys, name, key, stamp);

    public void SetCheck(string name, CheckDefinition? check, int stamp) => SetNamed(_checks, name, check, stamp);

    public void TakeRow(OpKind kind, in RowOp operation, StoredColumn[] directory, AuthorKey author, int stamp, ulong time)
    {
        string key = Convert.ToHexStringLower(operation.Key);
        if (!Rows.TryGetValue(key, out ModelRow? row))
            Rows.Add(key, row = new ModelRow());
        if (row.IsAppended)
            return;
        row.IsAppended = kind == OpKind.Append;
        row.Existence = stamp;
        row.IsDead = kind == OpKind.Delete;
        if (kind == OpKind.Delete)
            return;
        if (row.IsAppended)
            row.Cells.Clear();
        if (kind.IsInsert())
        {
            row.Base = stamp;
            row.Plain.Clear();
        }

        StoredColumn[] columns = kind.IsInsert() ? directory : ReferenceModel.Selected(directory, operation.Columns);
        RowLayout layout = LayoutFactory.Create(columns);
        byte[] image = operation.Image.ToArray();
        Dictionary<ColumnId, ModelValue> values = [];
        for (int i = 0; i < columns.Length; i++)
            values[columns[i].Id] = new ModelValue(columns[i], layout, image, i, stamp);
        foreach (CellMark mark in ReferenceModel.Marks(operation, directory))
        {
            if (!row.Cells.TryGetValue(mark.Column.Id, out ModelCell? cell))
                row.Cells.Add(mark.Column.Id, cell = new ModelCell());
            values.Remove(mark.Column.Id, out ModelValue? value);
            if (mark.Text is not null)
                value = new ModelValue(mark.Column, LayoutFactory.Create(mark.Column), CellValue.OfText(mark.Column, mark.Text).Image, 0, stamp);
            cell.Take(author, mark, value, stamp, time);
        }

        foreach ((ColumnId column, ModelValue value) in values)
            row.Plain[column] = value;
    }

    /// <summary>TRUNCATE and DROP TABLE: what was appended stays.</summary>
    public void EndRows()
    {
        foreach (string key in Rows.Keys.Where(key => !Rows[key].IsAppended).ToArray())
            Rows.Remove(key);
    }

    /// <summary>Which rows do not stand under the key of their columns.</summary>
    public void Place()
    {
        foreach ((string key, ModelRow row) in Rows)
            row.IsMisplaced = !row.IsDead && !IsInPlace(key);
    }

    public bool IsInPlace(string key) => _primaryKey.Length == 0 || KeyOf(Rows[key], _primaryKey) == key;

    /// <summary>Which of some rows UNIQUE hides, greedily in order of seniority, after those that were asked before.</summary>
    public void Hide(Func<ModelRow, bool> isAsked)
    {
        List<(int Rank, string Key, ModelRow Row, List<string> Claims)> live = [];
        foreach ((string key, ModelRow row) in Rows.Where(row => isAsked(row.Value)))
        {
            List<string> claims = [];
            int rank = -1;
            foreach ((string name, IndexDefinition index, IndexColumn[] parts) in ShownIndexes)
            {
                (string claim, bool hasNull) = EncodeKey(row, parts);
                if (index.Kind != IndexKind.Unique || hasNull)
                    continue;
                claims.Add($"{name}:{claim}");
                foreach (IndexColumn part in parts)
                    rank = Math.Max(rank, row.Values.TryGetValue(part.Column, out ModelValue? set) ? set.Stamp : row.Base);
            }

            live.Add((rank, key, row, claims));
        }

        foreach ((_, _, ModelRow row, List<string> claims) in live.OrderBy(row => row.Rank)
            .ThenBy(row => row.Key, StringComparer.Ordinal))
        {
            row.IsHidden = claims.Any(_taken.Contains);
            if (!row.IsHidden)
                _taken.UnionWith(claims);
        }
    }

    /// <summary>The key of a row over some columns; null where one is NULL.</summary>
    public string? KeyOf(ModelRow row, IndexColumn[] columns) => EncodeKey(row, columns) is { HasNull: false } key ? key.Key : null;

    /// <summary>The foreign keys that hide or show rows: not by SET NULL, to a unique key, from columns with an index.</summary>
    public IEnumerable<ModelLink> Links(IReadOnlyDictionary<TableId, ModelTable> tables)
    {
        foreach ((ForeignKeyDefinition key, ModelTable? parent) in ForeignKeys(ShownNames(), tables))
        {
            if (parent is null || key.OnDelete == ReferenceRule.SetNull)
                continue;
            Dictionary<ColumnId, string> names = parent.ShownNames();
            List<IndexColumn> target = [];
            foreach (ReferencedColumn column in key.ParentColumns)
            {
                ColumnId? found = names.ContainsKey(column.Id) ? column.Id
                    : names.Where(name => name.Value.Equals(column.Name, StringComparison.OrdinalIgnoreCase)).Select(name => (ColumnId?)name.Key).FirstOrDefault();
                if (found is { } id && CatalogIds.HaveSameKeyForm(TypeOf(_columns[key.Columns[target.Count]]), parent.TypeOf(parent._columns[id])))
                    target.Add(new IndexColumn(id));
                else
                    break;
            }

            IndexColumn[] own = [.. key.Columns.Select(column => new IndexColumn(column))];
            bool isToPrimary = parent._primaryKey.SequenceEqual(target);
            bool isUnique = isToPrimary || parent.ShownIndexes.Any(index => index.Definition.Kind == IndexKind.Unique && index.Parts.SequenceEqual(target));
            bool isFound = _primaryKey.Take(own.Length).SequenceEqual(own) || ShownIndexes.Any(index => index.Parts.Take(own.Length).SequenceEqual(own));
            if (target.Count == own.Length && isUnique && isFound)
                yield return new ModelLink(this, parent, own, [.. target], key.OnDelete == ReferenceRule.Cascade, isToPrimary);
        }
    }

    public IEnumerable<string> SchemaLines(IReadOnlyDictionary<TableId, ModelTable> tables)
    {
        if (_view is not null)
        {
            yield return $"{Id} view {ShownName} {_view.Query}";
            yield break;
        }

        yield return $"{Id} table {ShownName}";
        Dictionary<ColumnId, string> names = ShownNames();
        foreach (ModelColumn column in ShownColumns)
            yield return $"{Id} column {column.Id} {names[column.Id]} {TypeOf(column).Kind}";
        foreach ((_, IndexDefinition index, IndexColumn[] parts) in ShownIndexes)
            yield return $"{Id} index {index.Name} {index.Kind} {string.Join(',', parts.Select(p => names[p.Column]))}";
        foreach ((ForeignKeyDefinition key, ModelTable? parent) in ForeignKeys(names, tables))
            yield return $"{Id} foreign key {key.Name} {string.Join(',', key.Columns.Select(column => names[column]))} {parent?.Id}";
        foreach ((_, (CheckDefinition? check, _)) in _checks.OrderBy(check => check.Value.Created).ThenBy(check => check.Key, StringComparer.Ordinal))
        {
            if (check is not null && check.Columns.All(column => names.ContainsKey(column.Id)))
                yield return $"{Id} check {check.Name} {check.Condition} {check.IsEnforced}";
        }
    }

    /// <summary>Foreign keys all of whose columns are shown, with the table that each means: by identity, else by the name it is shown under.</summary>
    private IEnumerable<(ForeignKeyDefinition Key, ModelTable? Parent)> ForeignKeys(Dictionary<ColumnId, string> names, IReadOnlyDictionary<TableId, ModelTable> tables) =>
        from key in _foreignKeys
        where key.Value.Definition is { } known && known.Columns.All(names.ContainsKey)
        orderby key.Value.Created, key.Key
        let definition = key.Value.Definition
        let byId = definition.Parent is { } id && tables.TryGetValue(id, out ModelTable? there) && there.IsTable ? there : null
        let parent = byId ?? tables.Values.FirstOrDefault(
            table => table.IsTable && table.ShownName.Equals(definition.ParentName, StringComparison.OrdinalIgnoreCase))
        select (definition, parent);

    private Dictionary<ColumnId, string> ShownNames()
    {
        Dictionary<ColumnId, string> names = [];
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (ModelColumn column in ShownColumns.OrderBy(column => column.NameStamp).ThenBy(column => column.Id))
        {
            string name = taken.Add(column.Name) ? column.Name : $"{column.Name}~{column.Id.ToString()[..6]}";
            taken.Add(name);
            names[column.Id] = name;
        }

        return names;
    }

    private static void SetNamed<T>(Dictionary<string, (T? Definition, int Created)> names, string name, T? definition, int stamp)
        where T : class
    {
        bool isKnown = names.TryGetValue(name.ToLowerInvariant(), out (T?, int Created) known);
        int created = isKnown && known.Created >= 0 ? known.Created : definition is null ? -1 : stamp;
        names[name.ToLowerInvariant()] = (definition, created);
    }

    private void AddColumn(ColumnDefinition definition, int stamp)
    {
        ModelColumn column = ColumnOf(definition.Id);
        column.Exists = true;
        column.Create(definition, stamp);
    }

    private ModelColumn ColumnOf(ColumnId column)
    {
        if (!_columns.TryGetValue(column, out ModelColumn? state))
            _columns.Add(column, state = new ModelColumn(column));
        return state;
    }

    private bool IsKey(ModelColumn column) => _primaryKey.Any(part => part.Column == column.Id);

    /// <summary>The type a column has: for key columns an alteration that would encode keys otherwise has no effect.</summary>
    private SqlType TypeOf(ModelColumn column)
    {
        SqlType created = column.Created!.Shape.Type;
        SqlType altered = column.NewShape?.Type ?? created;
        return IsKey(column) && !CatalogIds.HaveSameKeyForm(created, altered) ? created : altered;
    }

    private (string Key, bool HasNull) EncodeKey(ModelRow row, IndexColumn[] parts)
    {
        using ByteWriter key = new();
        bool hasNull = false;
        foreach (IndexColumn part in parts)
        {
            ModelColumn column = _columns[part.Column];

            // The workload has no TIME columns, so no value depends on when a type was changed.
            ColumnTypes types = new(TypeOf(column), [.. column.Types], changedMicroseconds: 0, IsKey(column));
            ModelValue value = row.Values.GetValueOrDefault(part.Column) ?? FillOf(column);
            if (!types.TryFind(value.Form, out _))
                value = FillOf(column);
            ColumnVector read = new(types.Present, 1);
            if (!types.TryFind(value.Form, out ValueConversion? conversion))
                read.SetNull(0);
            else if (conversion is not null)
                conversion.CopyTo(value.Layout, value.Image, value.Position, read, 0);
            else
                value.Layout.CopyTo(value.Image, value.Position, read, 0);
            hasNull |= !IndexKeys.Append(key, read, 0, part.PrefixLength);
        }

        return (Convert.ToHexStringLower(key.Written), hasNull);
    }

    private static ModelValue FillOf(ModelColumn column)
    {
        StoredColumn form = LayoutFactory.FormOf(column.Id, column.Created!.Shape.Type);
        return new ModelValue(form, LayoutFactory.Create([form]), column.Created.Fill, 0, -1);
    }
}
