using P2PDB.Network.Negotiation;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: multistream messages one after the other. Each that is accepted encodes to the same bytes; each prefix of it is incomplete.</summary>
internal sealed class MultistreamTarget : IFuzzTarget
{
    private readonly byte[] _encoded = new byte[MultistreamMessage.EncodedLengthMax];

    public string Name => "multistream";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Negotiation/MultistreamMessage.cs"];

    public IEnumerable<byte[]> Seeds =>
    [
        "\u0013/multistream/1.0.0\n\u0007/noise\n"u8.ToArray(),
        "\u0003na\n\u0003ls\n"u8.ToArray(),
        [0x81, 0x01, .. new byte[128], (byte)'\n'],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        while (true)
        {
            MultistreamStatus status = MultistreamMessage.TryDecode(input, out ReadOnlySpan<byte> text, out int consumed);
            probe.Reached((int)status);
            if (status != MultistreamStatus.Decoded)
                return status == MultistreamStatus.Incomplete && input.IsEmpty;

            probe.Reached(16 + text.Length);
            int length = MultistreamMessage.Encode(text, _encoded);
            FuzzLaw.RequireSame(input[..consumed], _encoded.AsSpan(0, length), "written as read");
            FuzzLaw.Require(
                MultistreamMessage.TryDecode(input[..(consumed - 1)], out _, out _) == MultistreamStatus.Incomplete, "a cut message is incomplete");
            input = input[consumed..];
        }
    }
}
