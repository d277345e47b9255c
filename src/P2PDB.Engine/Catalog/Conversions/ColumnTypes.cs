using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Conversions;

/// <summary>
/// The types a column has and had: values that were stored under a former one keep its form, and are read through a conversion.
/// Immutable; a function of the column's definitions alone, so all nodes convert alike.
/// </summary>
internal sealed class ColumnTypes
{
    private readonly ImmutableArray<SqlType> _known;
    private readonly long _changedMicroseconds;
    private readonly bool _isKey;

    /// <summary>
    /// Takes the present type and all the column ever had, the latest last. <paramref name="changedMicroseconds"/> says when it got
    /// the present one: the day of a TIME that is now a date. Rows go by their primary key, so the columns of one are read as
    /// they are wherever they can be.
    /// </summary>
    public ColumnTypes(SqlType present, ImmutableArray<SqlType> known, long changedMicroseconds, bool isKey)
    {
        Present = present;
        _known = known;
        _changedMicroseconds = changedMicroseconds;
        _isKey = isKey;
    }

    /// <summary>The present type.</summary>
    public SqlType Present { get; }

    /// <summary>All types the column has or had, the latest last.</summary>
    public ReadOnlySpan<SqlType> Known => _known.AsSpan();

    /// <summary>
    /// How values of a stored form are read. False where they are none of this column's: no type that it has or had has that form.
    /// Without a conversion they are read as they are.
    /// </summary>
    public bool TryFind(StoredColumn stored, out ValueConversion? conversion)
    {
        conversion = null;
        bool isReadable = LayoutFactory.IsReadableAs(stored, Present);
        if (isReadable && _isKey)
            return true;

        SqlType? source = null, timestamp = null;
        bool isHeld = isReadable;
        foreach (SqlType former in _known)
        {
            if (LayoutFactory.FormOf(stored.Id, former) != stored)
                continue;
            isHeld &= TypeRange.Holds(Present, former);
            if (former.Kind == SqlTypeKind.Timestamp)
                timestamp = former;
            else if (!(Present.IsText && source is { IsBinaryString: true }))   // bytes that may be no text are to be looked at
                source = former;
        }

        if (isHeld)
            return true;
        if ((source ?? timestamp) is not { } from)
            return false;
        conversion = new ValueConversion(from, timestamp, Present, _changedMicroseconds);
        return true;
    }

    /// <summary>Writes what the keys of an index over the column depend on besides the present type's own encoding.</summary>
    public void WriteConversions(ByteWriter target, StoredColumn present)
    {
        bool isConverted = false, isDated = false;
        foreach (SqlType former in _known)
        {
            isConverted |= TryFind(LayoutFactory.FormOf(present.Id, former), out ValueConversion? conversion) && conversion is not null;
            isDated |= Present.HasDate && former.Kind == SqlTypeKind.Time;
        }

        target.WriteByte((byte)(isConverted ? 1 : 0));
        if (!isConverted)
            return;
        DefinitionWriter.WriteType(target, Present);
        foreach (SqlType former in _known)
            DefinitionWriter.WriteType(target, former);
        if (isDated)
            target.WriteUInt64((ulong)_changedMicroseconds);
    }
}
