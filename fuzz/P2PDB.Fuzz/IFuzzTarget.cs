namespace P2PDB.Fuzz;

/// <summary>
/// One decoder under fuzz. Add a file with a class that implements this to Targets/: every class of the assembly that
/// does is found by itself.
/// </summary>
/// <remarks>
/// <see cref="Run"/> must return for every input. An exception is a failure: one from the decoder, which must not throw
/// on data, or one that the target throws because a law does not hold (<see cref="FuzzLaw"/>): accepted input encodes to
/// the same bytes, two ways agree. So is allocating over 8 × the input's length + <see cref="AllocationSlack"/>.
/// </remarks>
public interface IFuzzTarget
{
    /// <summary>The name on the command line: lower case, words joined by hyphens.</summary>
    public string Name { get; }

    /// <summary>Valid inputs, small ones first, from which mutation starts.</summary>
    public IEnumerable<byte[]> Seeds { get; }

    /// <summary>The longest input that is tried, in bytes.</summary>
    public int InputLengthMax => 4096;

    /// <summary>Bytes that a run may allocate beside 8 × the input's length.</summary>
    public int AllocationSlack => 4096;

    /// <summary>
    /// Decodes <paramref name="input"/>; true when it was accepted. What <paramref name="probe"/> is told of makes the
    /// input worth mutating further.
    /// </summary>
    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe);
}
