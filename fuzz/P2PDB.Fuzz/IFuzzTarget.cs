namespace P2PDB.Fuzz;

/// <summary>
/// One decoder under fuzz. Add a file with a class that implements this to Targets/: every class of the assembly that
/// does is found by itself.
/// </summary>
/// <remarks>
/// <see cref="Run"/> must return for every input. An exception is a failure: one from the decoder, which must not throw
/// on data but what its own doc names, or one that the target throws because a law does not hold (<see cref="FuzzLaw"/>):
/// accepted input encodes to the same bytes. So is allocating over <see cref="AllocationFactor"/> × the input's length +
/// <see cref="AllocationSlack"/>.
/// </remarks>
public interface IFuzzTarget
{
    /// <summary>Bytes that a decoder may allocate for each byte of its input, unless its target says why it needs more.</summary>
    public const int AllocationFactorUsual = 8;

    /// <summary>The name on the command line: lower case, words joined by hyphens.</summary>
    public string Name { get; }

    /// <summary>The decoder's source files, or folders of them, under src/: what the coverage of this target is counted in.</summary>
    public IReadOnlyList<string> Decoder { get; }

    /// <summary>Valid inputs, small ones first, from which mutation starts.</summary>
    public IEnumerable<byte[]> Seeds { get; }

    /// <summary>What the format's texts are made of, such as keywords: mutation puts them into inputs.</summary>
    public IReadOnlyList<byte[]> Words => [];

    /// <summary>The longest input that is tried, in bytes.</summary>
    public int InputLengthMax => 4096;

    /// <summary>Bytes that decoding may allocate for each byte of the input.</summary>
    public int AllocationFactor => AllocationFactorUsual;

    /// <summary>Bytes that decoding may allocate beside that: the objects that every input costs.</summary>
    public int AllocationSlack => 1024;

    /// <summary>
    /// Makes checksums, lengths and hashes of a changed input right again, so that what lies behind them is reached; most,
    /// not all changed inputs go through here. Returns the input's new length, at most the buffer's.
    /// </summary>
    public int Repair(Span<byte> buffer, int length) => length;

    /// <summary>
    /// Decodes <paramref name="input"/>; true when it was accepted. What <paramref name="probe"/> is told of makes the
    /// input worth mutating further.
    /// </summary>
    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe);
}
