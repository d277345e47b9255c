using System.Buffers.Binary;
using P2PDB.Host.Peering;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 length of the pieces that arrive, then a sync stream. The frames that are cut from it, written again, are the bytes up to where it breaks
/// or ends within a frame.
/// </summary>
internal sealed class SyncFramingTarget : IFuzzTarget, IDisposable
{
    private const int Capacity = 16;

    private readonly ByteWriter _again = new();

    public string Name => "sync-framing";

    public IReadOnlyList<string> Decoder => ["P2PDB.Host/Peering/SyncFraming.cs"];

    public IEnumerable<byte[]> Seeds =>
    [
        [0, 1, 0, 0, 0, 9],
        [7, 2, 0, 0, 0, 1, 2, 40, 0, 0, 0, .. new byte[40], 1, 0, 0, 0, 5],
        [200, 0, 1, 0, 0, .. new byte[256], 3, 0, 0, 0, 1],
        [3, 1, 0, 0, 0, 9, 0, 0, 0, 0],
        [3, 0, 0, 0x80, 0, 1, 2, 3],
    ];

    public int Repair(Span<byte> buffer, int length)
    {
        // The last frame ends with the input, or is cut short where its length is odd.
        for (int offset = 1; length - offset > SyncFraming.LengthLength;)
        {
            int left = length - offset - SyncFraming.LengthLength;
            int stated = BinaryPrimitives.ReadUInt16LittleEndian(buffer[offset..]) % 300;
            if (stated % 2 == 0)
                stated = Math.Clamp(stated, 1, left);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[offset..], stated);
            offset += SyncFraming.LengthLength + stated;
        }

        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        ReadOnlySpan<byte> rest = input[1..];
        _again.Clear();
        int frameCount = 0;
        probe.BeginDecoding();
        var framing = new SyncFraming(Capacity);
        while (!rest.IsEmpty && !framing.IsBroken)
        {
            Span<byte> room = framing.Room().Span;
            int length = Math.Min(Math.Min(room.Length, rest.Length), 1 + input[0]);
            rest[..length].CopyTo(room);
            framing.Advance(length);
            rest = rest[length..];
            while (framing.TryTake(out ReadOnlySpan<byte> frame))
            {
                frameCount++;
                SyncFraming.Write(frame, _again);
            }
        }

        probe.EndDecoding();
        ReadOnlySpan<byte> stream = input[1..];
        FuzzLaw.RequireSame(stream[.._again.Length], _again.Written, "written as read");
        ReadOnlySpan<byte> left = stream[_again.Length..];
        uint next = left.Length < SyncFraming.LengthLength ? 1 : BinaryPrimitives.ReadUInt32LittleEndian(left);
        FuzzLaw.Require(framing.IsBroken == next is 0 or > 5 << 20, "it breaks at a length that no frame has");
        FuzzLaw.Require(framing.IsBroken || left.Length < SyncFraming.LengthLength + next, "all whole frames are taken");
        probe.Reached(Math.Min(frameCount, 100));
        probe.Reached(200 + (framing.IsBroken ? 1 : 0) + (left.IsEmpty ? 2 : 0));
        return frameCount > 0 && !framing.IsBroken;
    }

    public void Dispose() => _again.Dispose();
}
