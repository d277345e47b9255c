using P2PDB.Engine.Types;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: text that holds a number. SQL reads the longest number at its start, in many forms: the law is that what was read, written
/// as SQL writes it, reads as the same value.
/// </summary>
internal sealed class NumberTextTarget : IFuzzTarget
{
    public string Name => "number-text";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Types/DecimalText.cs", "P2PDB.Engine/Types/NumberText.cs"];

    public int InputLengthMax => 512;

    public IReadOnlyList<byte[]> Words { get; } =
        Array.ConvertAll("0 9 . e E + - 00000000 99999999 .5 e308 e-320 e999999 1e 18446744073709551615 9223372036854775808".Split(' '), System.Text.Encoding.UTF8.GetBytes);

    public IEnumerable<byte[]> Seeds =>
    [
        "0"u8.ToArray(), "-1.25"u8.ToArray(), " +12.5e-3x"u8.ToArray(), ".5"u8.ToArray(), "5."u8.ToArray(), "18446744073709551615"u8.ToArray(), "-9223372036854775808"u8.ToArray(),
        "99999999999999999999999999999999999999999999999999999999999999999.999999"u8.ToArray(), "0.000000000000000000000000000001"u8.ToArray(),
        "1e65"u8.ToArray(), "1e-400"u8.ToArray(), "1.7976931348623157e308"u8.ToArray(), "123456789012345678"u8.ToArray(), "1e15"u8.ToArray(), "1.5e-15"u8.ToArray(),
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        DecimalParseStatus status = SqlDecimal.TryParse(input, out SqlDecimal value, out int consumed);
        double real = NumberText.ParseDouble(input, out bool isWhole);
        long integer = NumberText.ParseInteger(input, out bool isUnsigned, out bool isWholeInteger, out bool isOverflow);
        probe.EndDecoding();
        probe.Reached((int)status);
        probe.Reached(8 + (isWhole ? 1 : 0) + (isUnsigned ? 2 : 0) + (isWholeInteger ? 4 : 0) + (isOverflow ? 8 : 0));
        FuzzLaw.Require(consumed >= 0 && consumed <= input.Length, "consumed is in the text");
        FuzzLaw.Require(double.IsFinite(real), "a double is a number");
        FuzzLaw.Require(consumed > 0 || (real == 0 && integer == 0), "no digits, no value");
        FuzzLaw.Require(!isWholeInteger || isWhole, "a whole integer is a whole number");

        Span<byte> text = stackalloc byte[NumberText.FixedLengthMax + NumberText.LengthMax];
        int length = value.Format(text);
        FuzzLaw.Require(length <= NumberText.LengthMax, "a decimal fits its room");
        FuzzLaw.Require(SqlDecimal.TryParse(text[..length], out SqlDecimal again, out int all) is DecimalParseStatus.Parsed && all == length, "own decimals are read");
        FuzzLaw.Require(again.CompareTo(value) == 0 && again.Scale == value.Scale, "a decimal reads as it was written");
        length = NumberText.Format(real, text);
        FuzzLaw.Require(length <= NumberText.LengthMax, "a double fits its room");
        FuzzLaw.Require(NumberText.ParseDouble(text[..length], out isWhole) == real && isWhole, "a double reads as it was written");
        length = NumberText.Format(integer, isUnsigned, text);
        FuzzLaw.Require(NumberText.ParseInteger(text[..length], out _, out isWhole, out _) == integer && isWhole, "an integer reads as it was written");
        length = NumberText.FormatFloat(real, text);
        FuzzLaw.Require(length <= NumberText.LengthMax, "a float fits its room");
        return status != DecimalParseStatus.Empty;
    }
}
