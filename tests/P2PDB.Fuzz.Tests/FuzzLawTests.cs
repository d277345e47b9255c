namespace P2PDB.Fuzz.Tests;

/// <summary>The checks can fail: decoders with a fault each are found, and one without is not.</summary>
public class FuzzLawTests
{
    private const int RunCount = 200_000;
    private static readonly byte[] ValidInput = [3, 1, 2, 3, 0];

    /// <summary>A decoder of: u8 length, bytes, u8 sum of them. Accepted input is returned as it would be encoded again.</summary>
    private delegate byte[]? Decode(ReadOnlySpan<byte> input);

    [Fact]
    public void Sound_decoder_holds() => Assert.Null(Run(input => input.ToArray()));

    [Fact]
    public void Decoder_that_throws_is_found()
    {
        FuzzFailure failure = Find(input => input.Length == 3 ? throw new FormatException() : input.ToArray());

        Assert.IsType<FormatException>(failure.Exception);
        Assert.Equal(3, failure.Input.Length);
    }

    [Fact]
    public void Decoder_that_accepts_a_second_encoding_is_found()
    {
        FuzzFailure failure = Find(input => [.. input[..^1], input[^1] == 77 ? (byte)0 : input[^1]]);

        Assert.IsType<FuzzLawException>(failure.Exception);
        Assert.Equal(77, failure.Input[^1]);
    }

    [Fact]
    public void Decoder_that_drops_what_follows_is_found() =>
        Assert.IsType<FuzzLawException>(Find(input => input[..Math.Min(input.Length, 2 + input[0])].ToArray()).Exception);

    [Fact]
    public void Decoder_that_believes_a_length_is_found()
    {
        FuzzFailure failure = Find(input =>
        {
            GC.KeepAlive(new byte[input[0] * 1000]);
            return input.ToArray();
        });

        Assert.Contains("allocated", failure.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_behind_a_checksum_is_found() => Assert.NotNull(Run(input => IsSummed(input)
        ? (input[0] == 9 && input.Length > 3 ? throw new InvalidOperationException() : input.ToArray()) : null));

    [Fact]
    public void Failing_input_fails_again_and_others_do_not()
    {
        var target = new PlantedTarget(input => input[0] == 1 ? throw new InvalidOperationException() : input.ToArray());
        var run = new FuzzRun(target, seed: 1, [], recorder: null);

        Assert.NotNull(run.Try([1]));
        Assert.NotNull(run.Try([1]));
        Assert.Null(run.Try([2]));
    }

    [Fact]
    public void Seed_repeats_a_run()
    {
        Decode decode = input => input.Length > 40 ? throw new InvalidOperationException() : input.ToArray();

        Assert.Equal(Find(decode).Input, Find(decode).Input);
    }

    private static FuzzFailure Find(Decode decode) =>
        Run(decode) ?? throw new Xunit.Sdk.XunitException("The planted fault was not found.");

    private static FuzzFailure? Run(Decode decode)
    {
        var run = new FuzzRun(new PlantedTarget(decode), seed: 1, [], recorder: null);
        return run.RunSeeds() ?? run.RunChanged(RunCount);
    }

    private static bool IsSummed(ReadOnlySpan<byte> input)
    {
        byte sum = 0;
        foreach (byte b in input[..^1])
            sum += b;
        return input[^1] == sum;
    }

    private sealed class PlantedTarget(Decode decode) : IFuzzTarget
    {
        public string Name => "planted";

        public IReadOnlyList<string> Decoder => [];

        public IEnumerable<byte[]> Seeds => [ValidInput];

        public int InputLengthMax => 64;

        public int Repair(Span<byte> buffer, int length)
        {
            if (length == 0)
                return 0;
            buffer[length - 1] = 0;
            foreach (byte b in buffer[..(length - 1)])
                buffer[length - 1] += b;
            return length;
        }

        public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
        {
            if (input.IsEmpty || decode(input) is not { } again)
                return false;
            probe.EndDecoding();
            FuzzLaw.RequireSame(input, again, "written as read");
            return true;
        }
    }
}
