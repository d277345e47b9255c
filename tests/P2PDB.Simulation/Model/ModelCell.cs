using System.Numerics;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Simulation.Model;

/// <summary>
/// A cell of the reference model that merges by a policy: each author's last word. Words come in the total order, so that later
/// ones simply replace.
/// </summary>
internal sealed class ModelCell
{
    private const int Scale = 30;

    private readonly Dictionary<(AuthorKey Author, bool IsTotal), ModelWord> _words = [];

    /// <summary>What authors said of rights: all of it that no later word of the author says too.</summary>
    private readonly List<ModelWord> _rights = [];

    public IEnumerable<ModelWord> Words => _words.Values.Concat(_rights);

    public void Take(AuthorKey author, CellMark mark, ModelValue? value, int stamp, ulong time)
    {
        if (mark.Rights is not null)
        {
            ModelWord said = new(author, mark, null, stamp, time);
            _rights.RemoveAll(word => word.Author == author
                && (word.Mark.Lane.CompareTo(mark.Lane) < 0 || (word.Mark.Lane == mark.Lane && Says(said, word))));
            _rights.Add(said);
            return;
        }

        if (value is not null)
            _words[(author, false)] = new ModelWord(author, mark, value, stamp, time);
        if (mark.Total is not null)
            _words[(author, true)] = new ModelWord(author, mark, null, stamp, time);
    }

    /// <summary>What the words of the highest lane show.</summary>
    public ModelValue Shown()
    {
        Lane lane = Words.Max(word => word.Mark.Lane);
        List<ModelWord> words = [.. Words.Where(word => word.Mark.Lane == lane).OrderBy(word => word.Stamp)];
        List<ModelValue> values = [.. words.Where(word => word.Value is not null).Select(word => word.Value!)];
        List<ModelValue> set = [.. values.Where(value => !IsNull(value))];
        Collation? collation = words.Select(word => word.Mark.Collation).LastOrDefault(id => id != 0) is var id && id != 0
            ? Collation.Find(id)
            : null;
        Comparer<ModelValue> order = Comparer<ModelValue>.Create((left, right) => Compare(left, right, collation));
        return lane.Policy switch
        {
            MergePolicy.LastWriter => values[^1],
            MergePolicy.MultiValue => (words.LastOrDefault(word => !words.Any(other => HasSeen(other, word))) ?? words[^1]).Value!,
            MergePolicy.Set => ModelSet.Shown(words),
            MergePolicy.Text => ModelText.Shown(words),
            MergePolicy.Counter => Count(words),
            MergePolicy.GrowingCounter or MergePolicy.BoundedCounter => Balance(words),
            _ when set.Count == 0 => values[0],
            MergePolicy.FirstWriter => set[0],
            MergePolicy.Max => set.OrderDescending(order).First(),
            _ => set.Order(order).First(),
        };
    }

    private static bool HasSeen(ModelWord word, ModelWord other) => word.Author != other.Author
        && word.Mark.Seen.Any(seen => seen.Author == other.Author.Key && seen.Total.Unscaled >= other.Time);

    private static bool Says(ModelWord later, ModelWord earlier) =>
        Entries(earlier).All(entry => Entries(later).Any(said => said.Name == entry.Name && said.Amount >= entry.Amount));

    /// <summary>Every number of a word under a name that says whose it is.</summary>
    private static IEnumerable<(string Name, BigInteger Amount)> Entries(ModelWord word) => word.Mark.Rights!.Grants
        .Select(grant => (grant.Form switch
        {
            GrantForm.Made => $"{word.Author} to {word.Author}",
            GrantForm.MadeByOther => $"{grant.Other} to {grant.Other}",
            GrantForm.Passed => $"{word.Author} to {grant.Other}",
            _ => $"{grant.Other} to {word.Author}",
        } + (grant.Form == GrantForm.Made || grant.Other != word.Author.Key ? "" : $" {grant.Form}"), Scaled(grant.Amount)))
        .Append(($"used by {word.Author}", Scaled(word.Mark.Rights.Used)));

    /// <summary>What all brought in less what all used, of each number the greatest that is said of it.</summary>
    private static ModelValue Balance(List<ModelWord> words)
    {
        List<(string Name, BigInteger Amount)> entries = [.. words.SelectMany(Entries).Select(entry => (Name(entry.Name), entry.Amount))
            .GroupBy(entry => entry.Item1, (name, all) => (name, all.Max(entry => entry.Amount)))];
        BigInteger sum = 0;
        bool isNull = true;
        foreach ((string name, BigInteger amount) in entries)
        {
            string[] parts = name.Split(' ');
            bool isMade = parts[0] == parts[2];
            isNull &= !isMade;
            sum += parts[0] == "used" ? -amount : isMade ? amount : 0;
        }

        ModelWord latest = words[^1];
        RowLayout layout = LayoutFactory.Create(latest.Mark.Column);
        return isNull ? new ModelValue(latest.Mark.Column, layout, Null(layout), 0, latest.Stamp) : Fitted(latest, BigInteger.Max(sum, 0));

        static string Name(string entry) => string.Join(' ', entry.Split(' ').Take(3));
    }

    private static byte[] Null(RowLayout layout)
    {
        using ByteWriter image = new();
        new RowImageWriter(layout, image).Finish();
        return image.Written.ToArray();
    }

    private static ModelValue Count(List<ModelWord> words)
    {
        ModelWord? counted = words.LastOrDefault(word => word.Value is not null);
        ModelWord latest = words[^1];
        if (counted is not null && IsNull(counted.Value!))
            return counted.Value! with { Stamp = latest.Stamp };
        BigInteger sum = counted is null ? 0 : Scaled(counted.Value!);
        foreach (ModelWord word in words.Where(word => word.Value is null))
        {
            sum += Scaled(word.Mark.Total!.Value);
            foreach (SeenTotal seen in counted?.Mark.Seen.Where(seen => seen.Author.Equals(word.Author.Key)) ?? [])
                sum -= Scaled(seen.Total);
        }

        return Fitted(latest, sum);
    }

    /// <summary>The nearest value that the column of the latest word can have.</summary>
    private static ModelValue Fitted(ModelWord latest, BigInteger sum)
    {
        StoredColumn form = latest.Mark.Column;
        RowLayout layout = LayoutFactory.Create(form);
        byte[] image = new byte[layout.LengthMin];
        BigInteger unit = BigInteger.Pow(10, Scale - form.Scale);
        BigInteger value = BigInteger.DivRem(sum, unit, out BigInteger rest);
        if (BigInteger.Abs(rest) * 2 >= unit)
            value += sum.Sign;
        bool isUnsigned = (int)form.Code <= (int)StorageCode.U64 && (int)form.Code % 2 == 0;
        int bits = 8 * (image.Length - 1);
        BigInteger max = latest.Mark.Digits > 0 ? BigInteger.Pow(10, latest.Mark.Digits) - 1
            : (BigInteger.One << (isUnsigned ? bits : bits - 1)) - 1;
        BigInteger min = latest.Mark.Digits > 0 ? -max : isUnsigned ? 0 : -max - 1;
        value = BigInteger.Clamp(value, min, max);
        for (int i = 1; i < image.Length; i++)
            image[i] = (byte)((value >> (8 * (i - 1))) & 0xFF);
        return new ModelValue(form, layout, image, 0, latest.Stamp);
    }

    private static BigInteger Scaled(ModelValue value)
    {
        if (value.Form.Code is StorageCode.Dec8 or StorageCode.Dec16 or StorageCode.Dec32)
            return new BigInteger(value.Layout.GetFixed(value.Image, value.Position)) * BigInteger.Pow(10, Scale - value.Form.Scale);
        BigInteger number = value.Layout.GetInt64(value.Image, value.Position);
        return (value.Form.Code == StorageCode.U64 ? (BigInteger)(ulong)(long)number : number) * BigInteger.Pow(10, Scale);
    }

    private static BigInteger Scaled(ExactNumber number) => number.Unscaled * BigInteger.Pow(10, Scale - number.Scale);

    private static bool IsNull(ModelValue value) => RowLayout.IsNull(value.Image, value.Position);

    private static int Compare(ModelValue left, ModelValue right, Collation? collation)
    {
        int family = Family(left).CompareTo(Family(right));
        if (family != 0)
            return family;
        return Family(left) switch
        {
            0 => Scaled(left).CompareTo(Scaled(right)),
            1 => left.Layout.GetDouble(left.Image, left.Position).CompareTo(right.Layout.GetDouble(right.Image, right.Position)),
            5 => collation?.Compare(Bytes(left), Bytes(right)) ?? Bytes(left).SequenceCompareTo(Bytes(right)),
            6 => Bytes(left).SequenceCompareTo(Bytes(right)),
            _ => left.Layout.GetInt64(left.Image, left.Position).CompareTo(right.Layout.GetInt64(right.Image, right.Position)),
        };
    }

    private static ReadOnlySpan<byte> Bytes(ModelValue value) => value.Layout.GetBytes(value.Image, value.Position);

    private static int Family(ModelValue value) => value.Form.Code switch
    {
        StorageCode.F32 or StorageCode.F64 => 1,
        StorageCode.Date4 => 2,
        StorageCode.Time8 => 3,
        StorageCode.DateTime8 => 4,
        StorageCode.Bytes => 5,
        StorageCode.Json => 6,
        _ => 0,
    };
}
