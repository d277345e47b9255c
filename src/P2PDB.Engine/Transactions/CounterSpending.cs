using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Transactions;

/// <summary>
/// What one author may write of a counter with rights, and how that is stated. A write of any form is the difference that it makes: more
/// is brought in by its author, less is used up of what the author holds. Errors 1264 where it may not.
/// </summary>
internal sealed class CounterSpending(ColumnSchema column, PublicKey own)
{
    private readonly RightsMatrix _matrix = new();

    /// <summary>What the author states, with the changes made here.</summary>
    public CounterRights Stated { get; private set; } = CounterRights.None;

    /// <summary>True where more was used than brought in.</summary>
    public bool IsOverdrawn => _matrix.Sum.Unscaled.Sign < 0;

    /// <summary>Takes what an author is known to state.</summary>
    public void Load(PublicKey author, CounterRights rights)
    {
        _matrix.Add(author, rights);
        if (author == own)
            Stated = Stated.Max(rights);
    }

    /// <summary>Takes a value as it was before the column merged this way: the rights to it are its writer's.</summary>
    public void LoadFormer(PublicKey writer, ExactNumber value)
    {
        GrantForm form = writer == own ? GrantForm.Made : GrantForm.MadeByOther;
        State(Stated.With(form, form == GrantForm.Made ? default : writer, value));
    }

    /// <summary>Begins with a first value; null is none.</summary>
    public void Begin(ExactNumber? value)
    {
        if (value is { Unscaled.Sign: < 0 })
            throw MergeErrors.CounterBelowZero(column.Name).ToException();
        if (value is { } amount)
            State(Stated.With(GrantForm.Made, default, amount));
    }

    /// <summary>Makes the counter go from one value to another.</summary>
    public void Change(ExactNumber before, ExactNumber after)
    {
        ExactNumber change = after - before;
        if (change.Unscaled.Sign >= 0)
        {
            State(Stated.With(GrantForm.Made, default, change));
            return;
        }

        if (column.Merge == MergePolicy.GrowingCounter)
            throw MergeErrors.CounterOnlyGrows(column.Name).ToException();
        Hold(before - after);
        State(Stated with { Used = Stated.Used + (before - after) });
    }

    /// <summary>Passes rights on to another author.</summary>
    public void Pass(PublicKey other, ExactNumber amount)
    {
        Hold(amount);
        State(Stated.With(GrantForm.Passed, other, amount));
    }

    /// <summary>Takes over what another author holds; how much that is.</summary>
    public ExactNumber Take(PublicKey other)
    {
        ExactNumber held = _matrix.HeldBy(other);
        if (held.Unscaled.Sign > 0)
            State(Stated.With(GrantForm.Taken, other, held));
        return held;
    }

    private void Hold(ExactNumber amount)
    {
        ExactNumber held = _matrix.HeldBy(own);
        if (held.CompareTo(amount) < 0)
            throw MergeErrors.CounterRightsMissing(column.Name, held.ToString()).ToException();
    }

    private void State(CounterRights rights)
    {
        if (!rights.IsWritable)
            throw SqlErrors.OutOfRangeColumn(column.Name, 1).ToException();
        Stated = rights;
        _matrix.Add(own, rights);
    }
}
