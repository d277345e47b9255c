using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the start of a journal record. Signatures that are read are written again as the same bytes.</summary>
internal sealed class OwedSignaturesTarget : IFuzzTarget
{
    private const int HeaderLength = 8;
    private const int ItemLength = EntryFormat.HashLength + EntryFormat.SignatureLength;

    public string Name => "owed-signatures";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/OwedSignatures.cs"];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (int count in (int[])[0, 1, 5])
            {
                var owed = new OwedSignatures();
                for (int i = 0; i < count; i++)
                    owed.Add(default, Enumerable.Repeat((byte)i, EntryFormat.SignatureLength).ToArray());
                yield return [.. Encode(owed), .. "entries"u8];
            }
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length >= HeaderLength + ItemLength)
        {
            "P2S1"u8.CopyTo(buffer);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[4..], (length - HeaderLength) / ItemLength);
        }

        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        var owed = new OwedSignatures();
        probe.BeginDecoding();
        bool isWhole = owed.TryRead(input, out ReadOnlySpan<byte> rest);
        probe.EndDecoding();
        if (!isWhole)
            return false;
        probe.Reached(Math.Min(owed.Count, 100));
        FuzzLaw.RequireSame(input[..^rest.Length], Encode(owed), "written as read");
        return true;
    }

    private static byte[] Encode(OwedSignatures owed)
    {
        using var bytes = new ByteWriter();
        owed.WriteTo(bytes);
        return bytes.Written.ToArray();
    }
}
