using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Keys;

namespace P2PDB.Simulation.Model;

/// <summary>
/// A state of the optimised OR-set: addings of members, and a version vector. States merge two by two, as published, where the engine joins
/// all words at once.
/// </summary>
internal sealed record ModelSet(HashSet<(string Member, PublicKey Author, ulong Time)> Dots, Dictionary<PublicKey, ulong> Vector)
{
    /// <summary>What words on a set show together, in the order of time.</summary>
    public static ModelValue Shown(List<ModelWord> words)
    {
        ModelWord latest = words[^1];
        List<ModelWord> alike = [.. words.Where(word => word.Mark.Column.Code == latest.Mark.Column.Code)];
        ModelSet state = alike.Select(Of).Aggregate((left, right) => left.Merge(right));
        HashSet<string> members = [.. state.Dots.Select(dot => dot.Member)];
        List<string> ordered = [.. Enumerable.Reverse(alike).SelectMany(Members).Distinct().Where(members.Contains)];
        if (ordered.Count == 0 && RowLayout.IsNull(latest.Value!.Image, latest.Value.Position))
            return Alone(CellValue(latest), latest);
        return Alone(SetMembers.ToValue(latest.Mark.Column, ordered), latest);
    }

    private ModelSet Merge(ModelSet other)
    {
        HashSet<(string, PublicKey, ulong)> dots = [.. Dots.Intersect(other.Dots)];
        dots.UnionWith(Dots.Where(dot => dot.Time > other.Vector.GetValueOrDefault(dot.Author)));
        dots.UnionWith(other.Dots.Where(dot => dot.Time > Vector.GetValueOrDefault(dot.Author)));
        Dictionary<PublicKey, ulong> vector = Vector.Concat(other.Vector).GroupBy(one => one.Key)
            .ToDictionary(one => one.Key, one => one.Max(entry => entry.Value));
        return new ModelSet(dots, vector);
    }

    /// <summary>A word as a state of its own; nothing in it is later than its operation, or as late where it is of others.</summary>
    private static ModelSet Of(ModelWord word)
    {
        Dictionary<PublicKey, ulong> vector = word.Mark.Seen.ToDictionary(
            seen => seen.Author, seen => Math.Min((ulong)seen.Total.Unscaled, word.Time - 1));
        vector[word.Author.Key] = word.Time;
        HashSet<(string, PublicKey, ulong)> dots = [];
        foreach ((string member, int place) in Members(word).Select((member, place) => (member, place)))
        {
            foreach (MemberDot dot in word.Mark.Dots[place])
            {
                PublicKey author = dot.Author == 0 ? word.Author.Key : word.Mark.Seen[dot.Author - 1].Author;
                ulong time = dot.Time == 0 ? word.Time : dot.Time;
                if (vector[author] > 0)
                    dots.Add((member, author, Math.Min(time, vector[author])));
            }
        }

        return new ModelSet(dots, vector);
    }

    private static List<string> Members(ModelWord word)
    {
        List<string> members = [];
        SetMembers.TryRead(CellValue(word), members);
        return members;
    }

    private static CellValue CellValue(ModelWord word)
    {
        ModelValue value = word.Value!;
        return CellRegisters.Shown(new StoredLayout(-1, [.. Enumerable.Repeat(value.Form, value.Position + 1)], value.Layout), value.Image, value.Position);
    }

    private static ModelValue Alone(CellValue value, ModelWord latest) => new(value.Form, value.Layout, value.Image, 0, latest.Stamp);
}
