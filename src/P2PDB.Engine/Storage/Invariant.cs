using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace P2PDB.Engine.Storage;

/// <summary>Checks that stay on in production, where going on would damage data.</summary>
internal static class Invariant
{
    /// <summary>Ends with <see cref="UnreachableException"/> unless <paramref name="holds"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
            Fail(what);
    }

    [DoesNotReturn]
    private static void Fail(string what) => throw new UnreachableException($"Broken invariant: {what}.");
}
