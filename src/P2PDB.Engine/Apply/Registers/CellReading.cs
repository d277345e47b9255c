// WHAT A CELL SHOWS
//
// A cell that merges by a policy is a map from authors to their last words on it, each a register of the last writer. So
// merging is the plainest there is, and TRUNCATE takes back what it must, whatever came first. All that policies are is a
// way to read the map. Only the registers of the highest lane count:
//
//   last writer    the value with the latest stamp
//   first writer   of the values that are not NULL, the one with the earliest stamp
//   max, min       the greatest, or the least that is not NULL; of equal ones the earliest
//   counter        the value with the latest stamp, the base, plus of each author the part of its total that the base's
//                  writer had not seen; without a base, the sum of the totals
//   several values   of the values whose place no other author's took that had seen them, the one with the latest stamp
//   set            the members that some author added and nobody took away who had seen that (SetJoin), those that the latest word
//                  has first; where there are none, NULL if that word is
//   text           what all authors inserted and nobody took away (TextJoin), as much of it as the column holds by its latest word; where
//                  there is none, NULL if that word is
//   growing and      what authors brought in, less what they used (RightsMatrix); never below 0, which only lies, forks and
//   bounded counter  careless takeovers of rights could make it
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Log;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Apply.Registers;

/// <summary>Reads what a cell shows from its registers; see the prose above.</summary>
internal static class CellReading
{
    /// <summary>What registers show, of which there is one at least.</summary>
    public static ShownCell Read(List<CellRegister> registers, ChainDirectory chains, MergeFaults faults)
    {
        Lane lane = Lane.Plain;
        foreach (CellRegister register in registers)
            lane = register.Lane.CompareTo(lane) > 0 ? register.Lane : lane;
        if (lane.Policy == MergePolicy.Counter)
            return ReadCounter(registers, lane, chains);
        if (lane.Policy.HasRights())
            return ReadRights(registers, lane, chains);
        if (lane.Policy == MergePolicy.Set)
            return ReadSet(registers, lane, chains, faults);
        if (lane.Policy == MergePolicy.Text)
            return ReadText(registers, lane, chains, faults);
        if (lane.Policy == MergePolicy.MultiValue)
        {
            CellRegister shown = Values(registers, lane, chains)[^1];
            return new ShownCell(shown.Value, shown.Stamp());
        }

        Collation? collation = CollationOf(registers, lane, chains);
        CellRegister? best = null;
        foreach (CellRegister register in registers)
        {
            if (register.Lane == lane && (best is null || IsBetter(register, best, lane.Policy, collation, chains)))
                best = register;
        }

        return new ShownCell(best!.Value, best.Stamp());
    }

    /// <summary>
    /// The values of a lane of several that stand beside each other, the one that shows last; one at least. Where all took each other's
    /// place, which only liars can bring about, all stand.
    /// </summary>
    public static List<CellRegister> Values(List<CellRegister> registers, Lane lane, ChainDirectory chains)
    {
        List<CellRegister> values = registers.FindAll(register => register.Lane == lane && register.Kind == RegisterKind.Value);
        List<CellRegister> standing = values.FindAll(value => !values.Exists(other => TakesPlaceOf(other, value, chains)));
        List<CellRegister> shown = standing.Count > 0 ? standing : values;
        shown.Sort((left, right) => chains.Compare(left.Stamp(), right.Stamp()));
        return shown;
    }

    private static bool TakesPlaceOf(CellRegister value, CellRegister other, ChainDirectory chains)
    {
        AuthorKey author = chains.AuthorOf(other.Chain);
        foreach (SeenTotal seen in value.Seen)
        {
            if (seen.Author == author.Key)
                return seen.Total.Unscaled >= other.Hlc.Value && chains.AuthorOf(value.Chain) != author;
        }

        return false;
    }

    private static bool IsBetter(
        CellRegister candidate, CellRegister best, MergePolicy policy, Collation? collation, ChainDirectory chains)
    {
        bool isEarlier = chains.Compare(candidate.Stamp(), best.Stamp()) < 0;
        if (policy == MergePolicy.LastWriter)
            return !isEarlier;
        CellValue value = candidate.Value;
        CellValue held = best.Value;
        if (policy != MergePolicy.Max && value.IsNull != held.IsNull)
            return held.IsNull; // NULL is no write where the first counts, and never the least
        int order = policy == MergePolicy.FirstWriter ? 0 : ValueOrder.Compare(value, held, collation);
        return order == 0 ? isEarlier : order > 0 == (policy == MergePolicy.Max);
    }

    /// <summary>The collation that the lane's latest write names: where peers changed it apart, one must hold for all values.</summary>
    private static Collation? CollationOf(List<CellRegister> registers, Lane lane, ChainDirectory chains)
    {
        CellRegister? latest = null;
        foreach (CellRegister register in registers)
        {
            if (register.Lane == lane && register.Collation != 0 && IsLater(register, latest, chains))
                latest = register;
        }

        return latest is null ? null : Collation.Find(latest.Collation);
    }

    private static ShownCell ReadCounter(List<CellRegister> registers, Lane lane, ChainDirectory chains)
    {
        CellRegister? counted = null;
        CellRegister? latest = null;
        foreach (CellRegister register in registers)
        {
            if (register.Lane != lane)
                continue;
            if (IsLater(register, latest, chains))
                latest = register;
            if (register.Kind == RegisterKind.Value && IsLater(register, counted, chains))
                counted = register;
        }

        // The latest operation knows the column's type best.
        StoredColumn form = latest!.Form;
        if (counted?.Value is { IsNull: true } none)
            return new ShownCell(none, latest.Stamp());
        ExactNumber sum = counted is null ? default : ExactNumber.Read(counted.Form, counted.Value.Bytes);
        foreach (CellRegister register in registers)
        {
            if (register.Lane == lane && register.Kind == RegisterKind.Total)
                sum += register.Total - SeenBy(counted, chains.AuthorOf(register.Chain));
        }

        byte[] image = new byte[1 + RowLayout.WidthOf(form.Code)];
        sum.WriteTo(image.AsSpan(1), form, latest.Digits);
        return new ShownCell(new CellValue(form, image), latest.Stamp());
    }

    private static ShownCell ReadRights(List<CellRegister> registers, Lane lane, ChainDirectory chains)
    {
        RightsMatrix matrix = new();
        CellRegister? latest = null;
        foreach (CellRegister register in registers)
        {
            if (register.Lane != lane)
                continue;
            matrix.Add(chains.AuthorOf(register.Chain).Key, register.Rights!);
            if (IsLater(register, latest, chains))
                latest = register;
        }

        StoredColumn form = latest!.Form;
        byte[] image = new byte[1 + RowLayout.WidthOf(form.Code)];
        if (matrix.IsNull)
            return new ShownCell(CellValue.Null(form), latest.Stamp());
        ExactNumber sum = matrix.Sum;
        (sum.Unscaled.Sign < 0 ? default : sum).WriteTo(image.AsSpan(1), form, latest.Digits);
        return new ShownCell(new CellValue(form, image), latest.Stamp());
    }

    /// <summary>Words of another form than the latest are passed over: peers altered the type apart, and no member of one is one of the other.</summary>
    private static ShownCell ReadSet(List<CellRegister> registers, Lane lane, ChainDirectory chains, MergeFaults faults)
    {
        List<CellRegister> words = registers.FindAll(register => register.Lane == lane && register.Kind == RegisterKind.Value);
        words.Sort((left, right) => chains.Compare(right.Stamp(), left.Stamp()));
        CellRegister latest = words[0];
        words.RemoveAll(word => word.Form.Code != latest.Form.Code);
        SetJoin join = new(words.ConvertAll(word => new SetWord(chains.AuthorOf(word.Chain).Key, word)), faults.AreRemovalsForgotten);
        bool isNull = join.Members.Count == 0 && latest.Value.IsNull;
        return new ShownCell(isNull ? latest.Value : SetMembers.ToValue(latest.Form, join.Members), latest.Stamp());
    }

    /// <summary>A text of a lane, all of it, with the words of it that count, the latest first, and how many of its bytes the column holds.</summary>
    public static (List<CellRegister> Words, TextJoin Join, int Fitting) TextOf(List<CellRegister> registers, Lane lane, ChainDirectory chains, MergeFaults faults)
    {
        List<CellRegister> words = registers.FindAll(register => register.Lane == lane && register.Edits is not null);
        words.Sort((left, right) => chains.Compare(right.Stamp(), left.Stamp()));
        List<TextWord> said = words.ConvertAll(word => TextWord.Of(chains.AuthorOf(word.Chain).Key, word));
        TextJoin join = new(said, faults.AreSidesForgotten);
        int next = 0;
        words.RemoveAll(_ => said[next++].Base != join.Base);
        return (words, join, words[0].Edits!.Limit.Fit(join.Text));
    }

    private static ShownCell ReadText(List<CellRegister> registers, Lane lane, ChainDirectory chains, MergeFaults faults)
    {
        (List<CellRegister> words, TextJoin join, int fitting) = TextOf(registers, lane, chains, faults);
        CellRegister latest = words[0];
        bool isNull = join.Text.Length == 0 && latest.Value.IsNull;
        return new ShownCell(isNull ? latest.Value : CellValue.OfText(latest.Form, join.Text.AsSpan(0, fitting)), latest.Stamp());
    }

    private static ExactNumber SeenBy(CellRegister? counted, AuthorKey author)
    {
        foreach (SeenTotal seen in counted?.Seen ?? [])
        {
            if (seen.Author.Equals(author.Key))
                return seen.Total;
        }

        return default;
    }

    private static bool IsLater(CellRegister register, CellRegister? than, ChainDirectory chains) =>
        than is null || chains.Compare(register.Stamp(), than.Stamp()) > 0;
}
