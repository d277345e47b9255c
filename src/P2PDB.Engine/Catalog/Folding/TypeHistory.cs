using System.Collections;
using System.Collections.Immutable;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>
/// The types a column has and had, each with the last operation that gave it, in the order of <see cref="Register{T}"/>: the last
/// one is the present type. A function of the set of operations, in whatever order they are added.
/// </summary>
internal sealed class TypeHistory : IReadOnlyList<Register<SqlType>>
{
    /// <summary>Types kept, the latest ones: no operation may make the next ones slower without end.</summary>
    public const int CountMax = 64;

    private readonly List<Register<SqlType>> _types = [];

    /// <inheritdoc/>
    public int Count => _types.Count;

    /// <inheritdoc/>
    public Register<SqlType> this[int index] => _types[index];

    /// <summary>Takes note of a type.</summary>
    public void Add(in DefinitionStamp stamp, bool isAltered, SqlType type)
    {
        Register<SqlType> added = default;
        int known = _types.FindIndex(register => register.Value == type);
        if (known >= 0)
        {
            added = _types[known];
            _types.RemoveAt(known);
        }

        added.Set(stamp, isAltered, type);
        int place = _types.Count;
        while (place > 0 && IsLater(_types[place - 1], added))
            place--;
        _types.Insert(place, added);
        if (_types.Count > CountMax)
            _types.RemoveAt(0);
    }

    /// <summary>The types alone, the present one last.</summary>
    public ImmutableArray<SqlType> ToTypes()
    {
        ImmutableArray<SqlType>.Builder types = ImmutableArray.CreateBuilder<SqlType>(_types.Count);
        foreach (Register<SqlType> type in _types)
            types.Add(type.Value);
        return types.MoveToImmutable();
    }

    /// <inheritdoc/>
    public IEnumerator<Register<SqlType>> GetEnumerator() => _types.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsLater(in Register<SqlType> left, in Register<SqlType> right) =>
        left.IsAltered != right.IsAltered ? left.IsAltered : left.Stamp > right.Stamp;
}
