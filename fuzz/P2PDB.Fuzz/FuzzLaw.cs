namespace P2PDB.Fuzz;

/// <summary>Laws that a target states about its decoder.</summary>
public static class FuzzLaw
{
    /// <summary>Fails the run unless <paramref name="holds"/>.</summary>
    public static void Require(bool holds, string law)
    {
        if (!holds)
            throw new FuzzLawException(law);
    }

    /// <summary>Fails the run unless both are the same bytes.</summary>
    public static void RequireSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string law)
    {
        if (expected.SequenceEqual(actual))
            return;
        int at = expected.CommonPrefixLength(actual);
        throw new FuzzLawException(
            $"{law}: lengths {expected.Length} and {actual.Length}, first difference at {at}");
    }
}

/// <summary>A law did not hold.</summary>
public sealed class FuzzLawException(string message) : Exception(message);
