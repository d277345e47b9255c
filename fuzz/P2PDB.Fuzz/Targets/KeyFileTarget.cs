using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a kind byte, then a key file, which is written again as the same bytes or named as damage; or a life file, which is
/// this directory's own and written again as the same bytes, or no life at all.
/// </summary>
internal sealed class KeyFileTarget : IFuzzTarget
{
    private const string KeyPath = "node.key";
    private const string LifePath = "life";
    private const int KeyCheckOffset = 88;
    private const int LifeCheckOffset = 48;

    public string Name => "key-file";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/KeyFile.cs", "P2PDB.Engine/Log/LifeFile.cs"];

    public int InputLengthMax => 200;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            using var volume = new MemoryVolume(new Random(1));
            KeyFile.Write(volume, KeyPath, new byte[32], default, 77);
            yield return [0, .. volume.TryReadAll(KeyPath)!];
            yield return [1, .. EncodeLife(77)];
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length == 0)
            return length;
        Span<byte> file = buffer[1..length];
        int checkOffset = (buffer[0] & 1) == 0 ? KeyCheckOffset : LifeCheckOffset;
        if (file.Length >= checkOffset + sizeof(uint))
        {
            ((buffer[0] & 1) == 0 ? "P2PDBKEY"u8 : "P2PDBLIF"u8).CopyTo(file);
            BinaryPrimitives.WriteUInt32LittleEndian(file[checkOffset..], Crc32C.Compute(file[..checkOffset]));
        }

        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        using var volume = new MemoryVolume(new Random(1));
        return (input[0] & 1) == 0 ? RunKey(volume, input[1..], probe) : RunLife(volume, input[1..], probe);
    }

    private static bool RunKey(MemoryVolume volume, ReadOnlySpan<byte> file, FuzzProbe probe)
    {
        volume.Replace(KeyPath, file);
        Span<byte> seed = stackalloc byte[32];
        try
        {
            probe.BeginDecoding();
            FuzzLaw.Require(KeyFile.TryRead(volume, KeyPath, seed, out AuthorKey previous, out UInt128 life), "the file is there");
            probe.EndDecoding();
            KeyFile.Write(volume, KeyPath, seed, previous, life);
        }
        catch (CorruptionException damage)
        {
            FuzzLaw.Require(damage.Offset == 0, "damage is named at the start");
            return false;
        }

        FuzzLaw.RequireSame(file, volume.TryReadAll(KeyPath), "written as read");
        return true;
    }

    private static bool RunLife(MemoryVolume volume, ReadOnlySpan<byte> file, FuzzProbe probe)
    {
        // The first file of its volume, as where a valid one is made: so they are the same file to the system.
        volume.Replace(LifePath, file);
        probe.BeginDecoding();
        bool isOwn = LifeFile.TryRead(volume, out UInt128 life);
        probe.EndDecoding();
        if (isOwn)
            FuzzLaw.RequireSame(file, EncodeLife(life), "written as read");
        return isOwn;
    }

    private static byte[] EncodeLife(UInt128 life)
    {
        using var volume = new MemoryVolume(new Random(1));
        LifeFile.Write(volume, life);
        return volume.TryReadAll(LifePath)!;
    }
}
