using P2PDB.Network.Negotiation;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 role and length of the pieces that arrive, then what a remote says in the negotiation of a protocol. It ends with its
/// input; what is agreed on is a protocol that was proposed and is served; nothing is read past the message that decides.
/// </summary>
internal sealed class MultistreamSelectTarget : IFuzzTarget
{
    private static readonly string[] Protocols = ["/a/1.0.0", "/b/2.0.0"];

    public string Name => "multistream-select";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Negotiation/MultistreamSelect.cs"];

    // A proposal as text, twice where it is answered, and the state of two methods that could wait.
    public int AllocationSlack => 2048;

    public IReadOnlyList<byte[]> Words { get; } =
        ["\u0013/multistream/1.0.0\n"u8.ToArray(), "\u0003na\n"u8.ToArray(), "\u0009/a/1.0.0\n"u8.ToArray(), "\u0009/b/2.0.0\n"u8.ToArray(), "\u0007/noise\n"u8.ToArray()];

    public IEnumerable<byte[]> Seeds =>
    [
        [0, .. Words[0], .. Words[2], 1, 2, 3],
        [1, .. Words[0], .. Words[4], .. Words[3]],
        [64, .. Words[0], .. Words[1], .. Words[3], 9],
        [65, .. Words[0], .. Words[2]],
        [129, .. Words[0], 0x81, 0x01, .. new byte[128], (byte)'\n'],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        bool isProposer = (input[0] & 1) == 0;
        byte[] remote = input[1..].ToArray();
        var channel = new ScriptedChannel(remote, 1 + (input[0] / 4));
        probe.BeginDecoding();
        string? agreed = null;
        Task negotiation = NegotiateAsync();
        probe.EndDecoding();

        FuzzLaw.Require(negotiation.IsCompletedSuccessfully, "negotiating ends with its input");
        probe.Reached((isProposer ? 0 : 1) + (agreed is null ? 0 : 2) + (channel.SendCount * 4));
        if (agreed is null)
            return false;
        FuzzLaw.Require(IsServed(agreed), "only a known protocol is agreed on");
        ReadOnlySpan<byte> last = Words[2 + Array.IndexOf(Protocols, agreed)];
        FuzzLaw.Require(remote.AsSpan(0, channel.Taken).EndsWith(last), "the message that decides is the last that is read");
        return true;

        async Task NegotiateAsync() => agreed = isProposer
            ? await MultistreamSelect.ProposeAsync(channel, Protocols, CancellationToken.None).ConfigureAwait(false)
            : await MultistreamSelect.AnswerAsync(channel, IsServed, CancellationToken.None).ConfigureAwait(false);
    }

    private static bool IsServed(string name) => Array.IndexOf(Protocols, name) >= 0;
}
