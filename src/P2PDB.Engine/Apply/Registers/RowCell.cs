using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Apply.Registers;

/// <summary>One column of a row that is being merged: a plain register, or the registers of authors, or both.</summary>
internal sealed class RowCell(ColumnId id)
{
    /// <summary>The column.</summary>
    public ColumnId Id { get; } = id;

    /// <summary>The latest plain write; null where none is left, or the last INSERT gave the column no value.</summary>
    public ShownCell? Plain { get; private set; }

    /// <summary>The registers of authors.</summary>
    public List<CellRegister> Registers { get; } = [];

    /// <summary>What the registers show, as the record has it; null where that is to be read from them: they changed, or there are none.</summary>
    public ShownCell? Shown { get; private set; }

    /// <summary>True where the column shows nothing of its own.</summary>
    public bool IsEmpty => Plain is null && Registers.Count == 0;

    /// <summary>Takes a plain write, which counts where it is later than the one that stands, or else than the row's base.</summary>
    public void TakePlain(in CellValue value, in Stamp stamp, in Stamp baseStamp, StampOrder order)
    {
        if (order.Compare(stamp, Plain?.Stamp ?? baseStamp) > 0)
            (Plain, Shown) = (new ShownCell(value, stamp), null);
    }

    /// <summary>An INSERT gave the column no value.</summary>
    public void ClearPlain(in Stamp stamp, StampOrder order)
    {
        if (Plain is { } plain && order.Compare(plain.Stamp, stamp) <= 0)
            (Plain, Shown) = (null, null);
    }

    /// <summary>
    /// Takes an author's word, which counts where it is the author's last. Of rights it takes the place of an earlier one only where it
    /// takes nothing back: else both are kept, and what counts is the greater of each number. Honest authors have one word always.
    /// </summary>
    public void Take(CellRegister register, ChainDirectory chains)
    {
        AuthorKey author = chains.AuthorOf(register.Chain);
        Lane top = Lane.Plain;
        foreach (CellRegister known in Registers)
            top = known.Lane.CompareTo(top) > 0 ? known.Lane : top;
        // Only words of the highest lane show: one of another lane is no reason to read them again, which may be much.
        bool isShown = register.Lane.CompareTo(top) >= 0;
        for (int i = Registers.Count - 1; i >= 0; i--)
        {
            CellRegister known = Registers[i];
            if (known.Kind != register.Kind || chains.AuthorOf(known.Chain) != author)
                continue;
            bool isKnownLater = chains.Compare(known.Stamp(), register.Stamp()) >= 0;
            if (isKnownLater && Covers(known, register))
                return;
            if (!isKnownLater && Covers(register, known))
            {
                isShown |= known.Lane == top;
                Registers.RemoveAt(i);
            }
        }

        Registers.Add(register);
        Shown = isShown ? null : Shown;
    }

    private static bool Covers(CellRegister register, CellRegister other)
    {
        if (register.Kind != RegisterKind.Rights || register.Stamp() == other.Stamp())
            return true;
        int byLane = register.Lane.CompareTo(other.Lane);
        return byLane > 0 || (byLane == 0 && register.Rights!.Covers(other.Rights!));
    }

    /// <summary>Takes what the record of the row says of a plain column.</summary>
    public void Load(in ShownCell plain) => Plain = plain;

    /// <summary>Takes one of the registers that the record has of the column, which shows <paramref name="shown"/>.</summary>
    public void Load(CellRegister register, in ShownCell shown)
    {
        Shown = shown;
        if (register.Kind == RegisterKind.Plain)
            Plain = new ShownCell(register.Value, register.Stamp());
        else
            Registers.Add(register);
    }

    /// <summary>Takes back what was set at or before a floor.</summary>
    public void Cut(ChainDirectory chains, DefinitionStamp floor)
    {
        Shown = null;
        if (Plain is { } plain && (plain.Stamp.Hlc.Value == 0 || !chains.IsLater(plain.Stamp, floor)))
            Plain = null;
        Registers.RemoveAll(register => !chains.IsLater(register.Stamp(), floor));
    }

    /// <summary>
    /// Lists all registers in an order of their own for the record. A plain write stays beside others only while it is later
    /// than all of them: else no TRUNCATE can take them back and leave it.
    /// </summary>
    public void List(List<CellRegister> target, ChainDirectory chains)
    {
        target.Clear();
        target.AddRange(Registers);
        if (Registers.Count == 0)
            return;
        target.Sort((left, right) => chains.Compare(left.Stamp(), right.Stamp()) is var order && order != 0
            ? order
            : left.Kind.CompareTo(right.Kind));
        if (Plain is { } plain && chains.Compare(plain.Stamp, target[^1].Stamp()) > 0)
        {
            target.Add(new CellRegister
            {
                Kind = RegisterKind.Plain,
                Hlc = plain.Stamp.Hlc,
                Chain = plain.Stamp.Chain,
                Op = plain.Stamp.Op,
                Lane = Lane.Plain,
                Form = plain.Value.Form,
                Image = plain.Value.Image,
            });
        }
    }
}
