namespace P2PDB.Engine.Log;

/// <summary>
/// The access operations in the causal past of an entry, as ascending numbers of this node. Immutable; entries share one as long
/// as none of them adds to it.
/// </summary>
internal sealed class AccessSet
{
    private readonly int[] _numbers;
    private readonly List<AccessOp> _ops;
    private AccessState? _state;

    private AccessSet(int[] numbers, List<AccessOp> ops)
    {
        _numbers = numbers;
        _ops = ops;
    }

    /// <summary>Who may write, as this set has it.</summary>
    public AccessState State => _state ??= Fold([]);

    /// <summary>The empty set over the operations of one database.</summary>
    public static AccessSet Empty(List<AccessOp> ops) => new([], ops);

    /// <summary>Both sets' operations; one of the two where it has all.</summary>
    public AccessSet Union(AccessSet other)
    {
        if (ReferenceEquals(this, other) || other._numbers.Length == 0)
            return this;
        if (Contains(other))
            return this;
        if (other.Contains(this))
            return other;

        int[] union = new int[_numbers.Length + other._numbers.Length];
        int count = 0;
        for (int left = 0, right = 0; left < _numbers.Length || right < other._numbers.Length; count++)
        {
            if (right == other._numbers.Length || (left < _numbers.Length && _numbers[left] < other._numbers[right]))
            {
                union[count] = _numbers[left++];
            }
            else
            {
                union[count] = other._numbers[right];
                left += left < _numbers.Length && _numbers[left] == other._numbers[right] ? 1 : 0;
                right++;
            }
        }

        return new AccessSet(union[..count], _ops);
    }

    /// <summary>This set and one operation more, the newest of the database.</summary>
    public AccessSet With(AccessOp op) => new([.. _numbers, op.Number], _ops);

    /// <summary>Who might write if <paramref name="others"/>, which are not of the database yet, were of this set as well.</summary>
    public AccessState StateWith(List<AccessOp> others) => Fold(others);

    private bool Contains(AccessSet other)
    {
        int place = 0;
        foreach (int number in other._numbers)
        {
            while (place < _numbers.Length && _numbers[place] < number)
                place++;
            if (place == _numbers.Length || _numbers[place] != number)
                return false;
        }

        return true;
    }

    private AccessState Fold(List<AccessOp> others)
    {
        var ops = new AccessOp[_numbers.Length + others.Count];
        for (int i = 0; i < _numbers.Length; i++)
            ops[i] = _ops[_numbers[i]];
        others.CopyTo(ops, _numbers.Length);
        Array.Sort(ops, AccessOp.CompareInOrder);
        return AccessState.Fold(ops);
    }
}
