using P2PDB.Network.Muxers;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>Measures the whole process, so it runs alone.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    [Fact]
    public async Task Warm_round_trip_allocates_nothing_to_speak_of()
    {
        const int Rounds = 4_000;
        await using var pair = await SwarmPair.ConnectAsync("/test/echo/1", SwarmTests.EchoAsync);
        await using MuxedStream stream = await pair.OpenAsync("/test/echo/1");
        byte[] message = new byte[128];
        await RunAsync(stream, message, Rounds);

        // The whole process is counted, and code that is not compiled for good yet allocates where its final form does not: the
        // steady path is what the best of some runs shows. A single object per frame would be 24 bytes at least.
        long perRound = long.MaxValue;
        for (int run = 0; run < 10 && perRound > 8; run++)
        {
            long before = GC.GetTotalAllocatedBytes();
            await RunAsync(stream, message, Rounds);
            perRound = Math.Min(perRound, (GC.GetTotalAllocatedBytes() - before) / Rounds);
        }

        Assert.InRange(perRound, 0, 8);
    }

    private static async Task RunAsync(MuxedStream stream, byte[] message, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            await stream.WriteAsync(message, CancellationToken.None);
            int received = 0;
            while (received < message.Length)
                received += await stream.ReadAsync(message.AsMemory(received), CancellationToken.None);
        }
    }
}
