using P2PDB.Server.Packets;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a byte that says in which pieces the stream arrives, then the stream. What is taken and framed again is the
/// same bytes, and the pieces make no difference.
/// </summary>
internal sealed class MySqlFramingTarget : IFuzzTarget
{
    private const int PayloadLengthMax = 1_000;

    private static readonly PacketWriter Writer = new();

    public string Name => "mysql-framing";

    public IReadOnlyList<string> Decoder => ["P2PDB.Server/Packets/PacketAssembler.cs"];

    public IEnumerable<byte[]> Seeds =>
    [
        [1, 1, 0, 0, 0, 14],
        [3, 1, 0, 0, 0, 14, 2, 0, 0, 1, 3, 4, 0, 0, 0, 2],
        [9, 0, 0, 0, 0, 0, 0, 0, 1],
        [2, 255, 255, 255, 0, 7],
        [2, 5, 0, 0, 0, 1],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        int pieceLength = input[0] + 1;
        ReadOnlySpan<byte> stream = input[1..];
        using var whole = new PacketAssembler { PayloadLengthMax = PayloadLengthMax };
        PacketStatus expected = Feed(whole, stream, Math.Max(stream.Length, 1));
        int expectedLength = Writer.Length;
        FuzzLaw.RequireSame(stream[..expectedLength], Writer.Written, "framed as received");
        probe.Reached((int)expected);
        probe.Reached(16 + whole.Sequence);

        using var pieces = new PacketAssembler { PayloadLengthMax = PayloadLengthMax };
        PacketStatus actual = Feed(pieces, stream, pieceLength);
        FuzzLaw.Require(expected == actual && expectedLength == Writer.Length, "pieces make no difference");
        return expected == PacketStatus.Incomplete && expectedLength == stream.Length;
    }

    private static PacketStatus Feed(PacketAssembler assembler, ReadOnlySpan<byte> stream, int pieceLength)
    {
        Writer.Clear();
        Writer.Sequence = 0;
        while (true)
        {
            PacketStatus status;
            while ((status = assembler.TryTake(out ReadOnlySpan<byte> payload)) == PacketStatus.Complete)
            {
                FuzzLaw.Require(payload.Length <= PayloadLengthMax, "the limit holds");
                Writer.Begin();
                Writer.WriteBytes(payload);
                Writer.End();
            }

            if (status != PacketStatus.Incomplete || stream.IsEmpty)
                return status;

            Span<byte> space = assembler.GetSpace();
            int length = Math.Min(Math.Min(pieceLength, stream.Length), space.Length);
            stream[..length].CopyTo(space);
            assembler.Received(length);
            stream = stream[length..];
        }
    }
}
