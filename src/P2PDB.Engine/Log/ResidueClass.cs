namespace P2PDB.Engine.Log;

/// <summary>The generated keys that one writer may use: those that leave Residue when divided by Modulus.</summary>
internal readonly record struct ResidueClass(ulong Modulus, ulong Residue)
{
    /// <summary>Parts that a class is split into.</summary>
    public const int PartCount = 16;

    private const ulong ModulusMax = 1UL << 60;

    /// <summary>All keys: what the owner has before the first invite.</summary>
    public static ResidueClass Whole => new(1, 0);

    /// <summary>False when the class is too thin to be split.</summary>
    public bool CanSplit => Modulus < ModulusMax;

    /// <summary>True for a class that splitting <see cref="Whole"/> can give.</summary>
    public bool IsWellFormed =>
        ulong.IsPow2(Modulus) && Modulus <= ModulusMax && ulong.TrailingZeroCount(Modulus) % 4 == 0 && Residue < Modulus;

    /// <summary>One of the sixteen classes that together are this one.</summary>
    public ResidueClass Part(int index) => new(Modulus * PartCount, Residue + ((ulong)index * Modulus));

    /// <summary>True when every key of <paramref name="other"/> is one of this class.</summary>
    public bool Contains(ResidueClass other) => other.Modulus >= Modulus && other.Residue % Modulus == Residue;

    /// <summary>The smallest key of the class that is greater than <paramref name="value"/>; zero when there is none.</summary>
    public ulong NextAfter(ulong value)
    {
        if (value == ulong.MaxValue)
            return 0;
        ulong next = value + 1;
        ulong step = (Residue + Modulus - (next % Modulus)) % Modulus;
        return next > ulong.MaxValue - step ? 0 : next + step;
    }
}
