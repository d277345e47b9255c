using P2PDB.Server.Transport;
using P2PDB.Tests;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: what a client sends after both sides agreed to compress. What comes out is no more than the headers announce. Then the input is
/// sent: what one side packs the other unpacks.
/// </summary>
internal sealed class MySqlCompressionTarget : IFuzzTarget
{
    private const int PieceLength = 4096;

    private readonly byte[] _piece = new byte[PieceLength];

    public string Name => "mysql-compression";

    public IReadOnlyList<string> Decoder => ["P2PDB.Server/Transport/CompressedWire.cs"];

    public int InputLengthMax => 4096;

    // zlib's own state, of either direction, and the stream that it packs into.
    public int AllocationSlack => 64 << 10;

    public IEnumerable<byte[]> Seeds =>
    [
        [],
        [3, 0, 0, 0, 0, 0, 0, 97, 98, 99],
        [0, 0, 0, 9, 0, 0, 0],
        [12, 0, 0, 0, 60, 0, 0, 0x78, 0x01, 0x4B, 0x4C, 0x24, 0x1F, 0x00, 0x00, 0xB5, 0xC0, 0x16, 0xBD],
        [1, 0, 0, 0, 0, 0, 0, 14, 2, 0, 0, 1, 9, 0, 0, 0x78, 0x01],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        var below = new ScriptedWire();
        below.Give(input.ToArray());
        using var wire = new CompressedWire(below, []);
        probe.BeginDecoding();
        long taken = Drain(wire, out WireStatus end);
        probe.EndDecoding();
        probe.Reached((int)end + (taken > 0 ? 4 : 0));
        FuzzLaw.Require(taken <= AnnouncedLength(input), "no more comes out than was announced");

        var sent = new ScriptedWire();
        using var sender = new CompressedWire(sent, []);
        FuzzLaw.Require(sender.Send(input), "a wire that takes everything takes packed bytes");
        var back = new ScriptedWire();
        back.Give(sent.Sent.ToArray());
        using var receiver = new CompressedWire(back, []);
        List<byte> unpacked = [];
        while (receiver.Receive(_piece, out int count) == WireStatus.Received)
            unpacked.AddRange(_piece.AsSpan(0, count));
        FuzzLaw.RequireSame(input, unpacked.ToArray(), "bytes come back as they were sent");
        return taken > 0;
    }

    private long Drain(CompressedWire wire, out WireStatus end)
    {
        long taken = 0;
        while ((end = wire.Receive(_piece, out int count)) == WireStatus.Received)
            taken += count;
        return taken;
    }

    private static long AnnouncedLength(ReadOnlySpan<byte> input)
    {
        long announced = 0;
        while (input.Length >= 7)
        {
            int length = input[0] | (input[1] << 8) | (input[2] << 16);
            int unpacked = input[4] | (input[5] << 8) | (input[6] << 16);
            announced += unpacked == 0 ? length : unpacked;
            input = input[Math.Min(input.Length, 7 + length)..];
        }

        return announced;
    }
}
