using System.Diagnostics;

namespace P2PDB.Tests;

/// <summary>What a warm operation allocates in the whole process.</summary>
internal static class AllocationMeter
{
    /// <summary>Operations of a round.</summary>
    public const int OperationCount = 10_000;

    private const int WarmOperationCount = 3_000;
    private const int RoundCount = 4;

    /// <summary>
    /// Bytes that the process allocates in a second whatever operations do: once-a-second turns of database and server, the test
    /// runner. On a busy machine a round lasts long; an object for each operation would be 240,000 bytes of it at least.
    /// </summary>
    private const int AllowancePerSecond = 2_048;

    /// <summary>
    /// Fails unless a round of an operation allocates less than a byte for each, beside the allowance. Methods are compiled and buffers
    /// grow in a first round; later rounds may be better, since better compiled code keeps more on the stack.
    /// </summary>
    public static void RequireNothing(Action operation)
    {
        for (int i = 0; i < WarmOperationCount; i++)
            operation();
        long least = long.MaxValue;
        for (int round = 0; round < RoundCount && least >= OperationCount; round++)
        {
            var watch = Stopwatch.StartNew();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < OperationCount; i++)
                operation();
            long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            least = Math.Min(least, allocated - (long)(watch.Elapsed.TotalSeconds * AllowancePerSecond));
        }

        Assert.True(least < OperationCount, $"{least} bytes in {OperationCount} operations");
    }
}
