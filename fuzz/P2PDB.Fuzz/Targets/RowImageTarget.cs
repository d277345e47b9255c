using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>Row images of a layout with every storage code: what validates writes back to the same bytes.</summary>
internal sealed class RowImageTarget : IFuzzTarget
{
    private static readonly RowLayout Layout = MakeLayout();
    private static readonly ByteWriter Writer = new();

    public string Name => "row-image";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Types/RowImageValidation.cs", "P2PDB.Engine/Types/RowLayout.cs"];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            using var empty = new ByteWriter();
            new RowImageWriter(Layout, empty).Finish();
            yield return empty.Written.ToArray();
            using var zeros = new ByteWriter();
            var writer = new RowImageWriter(Layout, zeros);
            for (int i = 0; i < Layout.ColumnCount; i++)
            {
                if (Layout.IsVariable(i))
                    writer.SetBytes(i, "ab"u8);
                else if (Layout.CodeOf(i) is StorageCode.Dec8 or StorageCode.Dec16 or StorageCode.Dec32)
                    writer.SetDecimal(i, SqlDecimal.One);
                else if (Layout.CodeOf(i) is StorageCode.F32 or StorageCode.F64)
                    writer.SetDouble(i, 1.5);
                else
                    writer.SetInt64(i, 0);
            }

            writer.Finish();
            yield return zeros.Written.ToArray();
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (!Layout.TryValidate(input))
            return false;
        Writer.Clear();
        var writer = new RowImageWriter(Layout, Writer);
        for (int i = 0; i < Layout.ColumnCount; i++)
        {
            if (RowLayout.IsNull(input, i))
                continue;
            switch (Layout.CodeOf(i))
            {
                case StorageCode.Bytes or StorageCode.Json: writer.SetBytes(i, Layout.GetBytes(input, i)); break;
                case StorageCode.F32 or StorageCode.F64: writer.SetDouble(i, Layout.GetDouble(input, i)); break;
                case StorageCode.Dec8 or StorageCode.Dec16 or StorageCode.Dec32:
                    writer.SetDecimal(i, Layout.GetDecimal(input, i));
                    break;
                default: writer.SetInt64(i, Layout.GetInt64(input, i)); break;
            }
        }

        writer.Finish();
        FuzzLaw.RequireSame(input, Writer.Written, "a valid image writes back to itself");
        return true;
    }

    private static RowLayout MakeLayout()
    {
        var codes = new List<StorageCode>();
        for (StorageCode code = StorageCode.I8; code <= StorageCode.Year2; code++)
            codes.Add(code);
        return new RowLayout(codes.ToArray(), new byte[codes.Count]);
    }
}
