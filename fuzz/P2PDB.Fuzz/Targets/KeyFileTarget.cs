using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a kind byte, then a key file, which is written again as the same bytes or named as damage; or a life marker, which is
/// this directory's own or begins a new life.
/// </summary>
internal sealed class KeyFileTarget : IFuzzTarget
{
    private const string KeyPath = "node.key";
    private const string LifePath = "life";
    private const int KeyCheckOffset = 88;
    private const int LifeCheckOffset = 48;

    private static readonly byte[] LifeOfTwo = MakeLife();

    public string Name => "key-file";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/KeyFile.cs"];

    public int InputLengthMax => 200;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            using var volume = new MemoryVolume(new Random(1));
            KeyFile.Write(volume, KeyPath, new byte[32], default, 77);
            yield return [0, .. volume.TryReadAll(KeyPath)!];
            yield return [1, .. LifeOfTwo];
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
        // Opening makes key objects and perhaps a new marker, which is no decoding: its memory does not count.
        probe.EndDecoding();

        // The first file of the volume is the key, the second the marker, as where the valid one was made.
        KeyFile.Write(volume, KeyPath, new byte[32], default, 0);
        volume.Replace(LifePath, file);
        using NodeIdentity identity = NodeIdentity.Open(volume, target => target.Fill(7));
        probe.Reached(identity.IsNewLife ? 1 : 2);
        byte[] after = volume.TryReadAll(LifePath)!;
        FuzzLaw.Require(identity.IsNewLife || after.AsSpan().SequenceEqual(file), "a marker that is kept is not changed");
        FuzzLaw.Require(identity.IsNewLife || file[..8].SequenceEqual(LifeOfTwo.AsSpan(0, 8)), "only a marker is kept");
        FuzzLaw.Require(
            identity.IsNewLife || file[24..LifeCheckOffset].SequenceEqual(LifeOfTwo.AsSpan(24, LifeCheckOffset - 24)),
            "only this file's own marker is kept");
        return !identity.IsNewLife;
    }

    private static byte[] MakeLife()
    {
        using var volume = new MemoryVolume(new Random(1));
        KeyFile.Write(volume, KeyPath, new byte[32], default, 0);
        using (NodeIdentity.Open(volume, target => target.Fill(7)))
            return volume.TryReadAll(LifePath)!;
    }
}
