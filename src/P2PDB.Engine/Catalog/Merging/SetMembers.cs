using System.Globalization;
using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// The members of values that merge as sets: of a SET the numbers of its members, of a JSON array the texts of its elements, as a JSON
/// column keeps them. So 1 and 1.0 are two members, and exact decimals keep all digits.
/// </summary>
internal static class SetMembers
{
    /// <summary>True where values of a form can be sets.</summary>
    public static bool IsFormOf(StorageCode code) => code is StorageCode.U64 or StorageCode.Json;

    /// <summary>The members of a value, each once, in its order; NULL has none. False where it is no set, but other JSON.</summary>
    public static bool TryRead(in CellValue value, List<string> members)
    {
        members.Clear();
        if (value.IsNull)
            return true;
        if (value.Form.Code == StorageCode.U64)
        {
            ulong bits = (ulong)value.Layout.GetInt64(value.Image, 0);
            for (int member = 0; member < 64; member++)
            {
                if ((bits >> member & 1) != 0)
                    members.Add(member.ToString(CultureInfo.InvariantCulture));
            }

            return true;
        }

        List<Range> elements = [];
        ReadOnlySpan<byte> array = value.Bytes;
        if (!JsonParser.TrySplit(array, elements))
            return false;
        HashSet<string> known = [];
        foreach (Range element in elements)
        {
            string text = Encoding.UTF8.GetString(array[element]);
            if (known.Add(text))
                members.Add(text);
        }

        return true;
    }

    /// <summary>The value that has some members, as <see cref="TryRead"/> names them.</summary>
    public static CellValue ToValue(StoredColumn form, List<string> members)
    {
        using ByteWriter image = new();
        RowImageWriter writer = new(LayoutFactory.Create(form), image);
        if (form.Code == StorageCode.U64)
        {
            ulong bits = 0;
            foreach (string member in members)
                bits |= 1UL << int.Parse(member, CultureInfo.InvariantCulture);
            writer.SetInt64(0, (long)bits);
        }
        else
        {
            writer.SetBytes(0, Encoding.UTF8.GetBytes($"[{string.Join(", ", members)}]"));
        }

        writer.Finish();
        return new CellValue(form, image.Written.ToArray());
    }
}
