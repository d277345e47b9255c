using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// What a node knows of a table that the log names, whether it is there or was dropped: the names that it and its columns have now, or had
/// last, and every type of its columns.
/// </summary>
internal sealed class LoggedTable
{
    private readonly TableState? _state;
    private readonly TableSchema? _schema;

    private LoggedTable(TableId id, TableState? state, TableSchema? schema, TablePlace? place)
    {
        _state = state;
        _schema = schema;
        Place = place;
        Name = schema?.Name ?? (state is { IsCreated: true } ? state.Name.Value : id.ToString());
    }

    /// <summary>Its name; its id where nobody created it.</summary>
    public string Name { get; }

    /// <summary>Where its rows lie; null where it never had any.</summary>
    public TablePlace? Place { get; }

    /// <summary>The columns of its primary key; none where rows go by hidden keys.</summary>
    public ReadOnlySpan<IndexColumn> PrimaryKey => _state is null ? default : _state.PrimaryKey.AsSpan();

    /// <summary>Finds a table in a snapshot.</summary>
    public static LoggedTable Find(StoreSnapshot snapshot, in Hash256 database, TableId id)
    {
        DatabaseSchema? schema = (snapshot.Companion as NodeSchema)?.Find(database);
        Span<byte> key = stackalloc byte[CatalogKey.TableKeyLength];
        CatalogKey.WriteTable(key, database, id);
        var registers = new RecordBuffer();
        TableState? state = snapshot.TryGet(TreeId.Catalog, key, registers) && TableStateReader.TryRead(registers.Span, out TableState read) ? read : null;
        TablePlace? place = null;
        foreach ((TableId known, TablePlace at) in schema?.Places ?? [])
        {
            if (known == id)
                place = at;
        }

        return new LoggedTable(id, state, schema?.FindTable(id), place);
    }

    /// <summary>The name of a column; its id where nobody created it.</summary>
    public string NameOf(ColumnId column)
    {
        int ordinal = _schema?.OrdinalOf(column) ?? -1;
        if (ordinal >= 0)
            return _schema!.Columns[ordinal].Name;
        return _state is not null && _state.Columns.TryGetValue(column, out ColumnState? state) && !state.Name.Stamp.IsNone
            ? state.Name.Value
            : column.Value.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>When the table was given its name; none where nobody created it.</summary>
    public DefinitionStamp NamedAt => _state?.NameStamp ?? default;

    /// <summary>When a column was given its name; none where nobody created it.</summary>
    public DefinitionStamp ColumnNamedAt(ColumnId column) =>
        _state is not null && _state.Columns.TryGetValue(column, out ColumnState? state) ? state.Name.Stamp : default;

    /// <summary>
    /// The type that a value was written under: of those with its stored form the one that the column had at the time, as far as the
    /// writer may have known, else any; where it never had one, the widest of the form.
    /// </summary>
    public SqlType TypeOf(StoredColumn stored, in DefinitionStamp written)
    {
        SqlType? found = null;
        if (_state is not null && _state.Columns.TryGetValue(stored.Id, out ColumnState? column))
        {
            foreach (Register<SqlType> type in column.Types)
            {
                if (LayoutFactory.FormOf(stored.Id, type.Value) == stored && (found is null || type.Stamp <= written))
                    found = type.Value;
            }
        }

        return found ?? WidestOf(stored);
    }

    /// <summary>The type that a column of the primary key was created with, which its keys are encoded by; null where nobody created it.</summary>
    public SqlType? KeyTypeOf(ColumnId column) =>
        _state is not null && _state.Columns.TryGetValue(column, out ColumnState? state) && !state.CreatedShape.Stamp.IsNone
            ? state.CreatedShape.Value.Type
            : null;

    private static SqlType WidestOf(StoredColumn stored) => stored.Code switch
    {
        StorageCode.I8 or StorageCode.I16 or StorageCode.I24 or StorageCode.I32 or StorageCode.I64 => SqlType.BigInt,
        StorageCode.F32 or StorageCode.F64 => SqlType.Double,
        StorageCode.Dec8 or StorageCode.Dec16 or StorageCode.Dec32 => SqlType.Decimal(SqlDecimal.PrecisionMax, stored.Scale),
        StorageCode.Date4 => SqlType.Date,
        StorageCode.Time8 => SqlType.Time(6),
        StorageCode.DateTime8 => SqlType.DateTime(6),
        StorageCode.Json => SqlType.Json,
        StorageCode.Bytes => SqlType.LongBlob,
        _ => SqlType.UnsignedBigInt,
    };
}
